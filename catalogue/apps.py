"""The catalogue as a Django app: what exists, wherever it is held."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "catalogue"
    verbose_name = _("catalogue")

    def ready(self) -> None:
        """Add the menu's entries and the room's history to the trail."""
        from catalogue import menus  # the models are ready only now
        from catalogue.services import histories

        menus.register()
        histories.register()
