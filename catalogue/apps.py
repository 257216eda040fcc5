"""The catalogue as a Django app: what exists, wherever it is held."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "catalogue"
    verbose_name = _("catalogue")

    def ready(self) -> None:
        """Add the menu's entries, the room's history to the trail, its mailed link and what it listens to."""
        from catalogue import handlers, menus  # the models are ready only now
        from catalogue.services import histories, passing

        handlers.register()
        menus.register()
        histories.register()
        passing.register()
