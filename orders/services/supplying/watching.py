"""What the desk reads of its suppliers: how each answers, what waits, what needs a person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.models import Supplier, SupplierCall, SupplierOrder, SupplierPulse
from orders.services.supplying import pulse
from orders.states import CallState
from orders.states.supplier_call import OPEN


@dataclass(frozen=True, slots=True)
class Watched:
    """One supplier: `badge` is a class of the components, `label` its word, `until` when it changes."""

    supplier: Supplier
    pulse: SupplierPulse
    badge: str
    label: Any
    until: datetime | None
    waiting: int
    stuck: int
    running: int
    troubled: int

    @property
    def needs_a_person(self) -> int:
        return self.stuck + self.troubled


def every() -> list[Watched]:
    """All suppliers, those that need a person first."""
    found = [one(supplier) for supplier in Supplier.objects.all()]
    return sorted(found, key=lambda one: (-one.needs_a_person, one.supplier.preference))


def one(supplier: Supplier) -> Watched:
    state = pulse.of(supplier)
    badge, label, until = _said(supplier, state, timezone.now())
    counted = SupplierCall.objects.filter(supplier=supplier).aggregate(
        waiting=Count("pk", filter=Q(state__in=OPEN)),
        stuck=Count("pk", filter=Q(state=CallState.STUCK)),
    )
    orders = SupplierOrder.objects.filter(supplier=supplier)
    return Watched(
        supplier,
        state,
        badge,
        label,
        until,
        counted["waiting"],
        counted["stuck"],
        orders.running().count(),
        troubled(supplier).count(),
    )


def troubled(supplier: Supplier) -> QuerySet[SupplierOrder]:
    """Orders that an officer should look at, the newest trouble first."""
    found = SupplierOrder.objects.filter(supplier=supplier).exclude(trouble="")
    return found.select_related("line__order").order_by("-looked_at", "-pk")


def calls(supplier: Supplier) -> QuerySet[SupplierCall]:
    """Open and stuck calls, those that need a person first, then who has waited longest."""
    found = SupplierCall.objects.filter(supplier=supplier, state__in=OPEN | {CallState.STUCK})
    return found.select_related("order__line__order").order_by("-state", "made_at", "pk")


def waiting_for_a_person() -> list[QuerySet[Any]]:
    """Everything at the suppliers that waits for an officer."""
    return [
        SupplierCall.objects.filter(state=CallState.STUCK),
        SupplierOrder.objects.exclude(trouble=""),
    ]


def _said(
    supplier: Supplier, state: SupplierPulse, now: datetime
) -> tuple[str, Any, datetime | None]:
    if not supplier.is_active:
        return "off", _("Not active"), None
    if supplier.is_by_hand:
        return "house", _("Worked by hand"), None
    if state.paused_at:
        return "you", _("Paused"), None
    if state.banned_until and state.banned_until > now:
        return "bad", _("They do not want to hear us"), state.banned_until
    if state.open_until and state.open_until > now:
        return "bad", _("Does not answer"), state.open_until
    if state.faults:
        return "out", _("Answers badly"), None
    if state.last_success_at:
        return "done", _("Answers"), None
    return "off", _("Not asked yet"), None
