"""The histories of this room for the trail: who took which image, and to whom it was passed on."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from accounts.services.trust.histories import BY, while_belonging
from catalogue.models import Download, PassingEvent
from dinamis import trail
from dinamis.trail import History, Scope, said


def _downloads(scope: Scope) -> QuerySet[Any]:
    return while_belonging(
        Download.objects.select_related("user", "product", "file", "use__theme"), scope
    )


def _told(row: Download) -> str:
    what = f"{row.product.title}, {row.file.name}" if row.file else row.product.title
    text = f"{what} ({row.get_how_display()})"
    return f"{text} — {row.use}" if row.use else text


def _passings(scope: Scope) -> QuerySet[Any]:
    """What the organisation gave to others; for a person, what they gave or took back."""
    rows = PassingEvent.objects.select_related("passing__product", "by_user", "by_link")
    if scope.person is not None:
        return rows.filter(Q(passing__by_user=scope.person) | Q(by_user=scope.person))
    return rows.filter(passing__organisation=scope.organisation)


def _passing(row: PassingEvent) -> str:
    one = row.passing
    return said(f"{one.product.title} → {one.name}, {one.body}", row.label, row.reason)


def register() -> None:
    """Called once, when the app is ready."""
    trail.register(
        History(
            "passing",
            gettext_lazy("Products passed on"),
            _passings,
            lambda row: row.by_name,
            _passing,
            BY,
            ("passing__product__title", "passing__name", "passing__body", "reason", "step"),
        )
    )
    trail.register(
        History(
            "download",
            gettext_lazy("Downloads"),
            _downloads,
            lambda row: str(row.user),
            _told,
            ("user__full_name",),
            ("product__title", "file__name", "use__use", "use__project"),
        )
    )
