"""The catalogue as a Django app: what exists, wherever it is held."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from dinamis.navigation import Entry, register


class CatalogueConfig(AppConfig):
    name = "catalogue"
    verbose_name = _("catalogue")

    def ready(self) -> None:
        """Add the menu's entries."""
        register(Entry("images", "catalogue", _("Images"), order=10))
        register(Entry("search", "catalogue", _("Image identifier…"), place="search"))
