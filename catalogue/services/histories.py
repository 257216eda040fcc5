"""The history of this room for the trail: who took which image."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from accounts.services.histories import while_belonging
from catalogue.models import Download
from dinamis import trail
from dinamis.trail import History, Scope


def _downloads(scope: Scope) -> QuerySet[Any]:
    return while_belonging(Download.objects.select_related("user", "product", "file"), scope)


def _told(row: Download) -> str:
    what = f"{row.product.title}, {row.file.name}" if row.file else row.product.title
    return f"{what} ({row.get_how_display()})"


def register() -> None:
    """Called once, when the app is ready."""
    trail.register(
        History(
            "download",
            gettext_lazy("Downloads"),
            _downloads,
            lambda row: str(row.user),
            _told,
            ("user__full_name",),
            ("product__title", "file__name"),
        )
    )
