"""The catalogue as a Django app: what exists, wherever it is held."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "catalogue"
    verbose_name = _("catalogue")

    def ready(self) -> None:
        """Add to menus, trail, mailed links and figures what is this room's, and listen to those below."""
        from catalogue import families, handlers, menus  # the models are ready only now
        from catalogue.services import fixity, histories, passing

        families.register_these()
        handlers.register()
        menus.register()
        histories.register()
        passing.register()
        fixity.register()
