"""The desk as a supplier: an officer works the supplier's own portal, and types what it says.

Nothing is called. What a program would read there is what was typed here.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from orders.models import Line, Supplier
from orders.states import Supply
from orders.suppliers.protocol import (
    Ability,
    Ask,
    Chance,
    Handed,
    Page,
    Price,
    Product,
    Report,
    Stage,
    Unable,
)

STAGES = {
    Supply.PLACED: Stage.PLACED,
    Supply.ATTEMPTING: Stage.TASKING,
    Supply.PROPOSED: Stage.PROPOSED,
    Supply.IN_PRODUCTION: Stage.PRODUCING,
    Supply.DELIVERED: Stage.DELIVERED,
    Supply.FAILED: Stage.FAILED,
    Supply.CLOSED: Stage.EXPIRED,
}


class ByHand:
    """Reads what officers typed; everything that would change something is an officer's to do."""

    abilities = frozenset({Ability.LOOK_UP})

    def __init__(self, supplier: Supplier) -> None:
        self.supplier = supplier

    def products(self) -> list[Product]:
        """The services written down for it."""
        rows = self.supplier.services.select_related("sensor")
        return [
            Product(row.product or f"{row.service}-{row.sensor_id}", str(row.sensor))
            for row in rows
        ]

    def look_up(self, ask: Ask) -> Report | None:
        """The line placed by hand under this reference."""
        line = self._placed().filter(reference=ask.reference).first()
        return _report(line) if line else None

    def status(self, reference: str) -> Report:
        line = self._placed().filter(supplier_reference=reference).first()
        if line is None:
            raise Unable(_("Nobody typed this reference."), code="gone")
        return _report(line)

    def changed(self, since: datetime | None, cursor: str = "") -> Page:
        """Everything placed by hand; one page."""
        found = self._placed()
        if since is not None:
            found = found.filter(state_since__gte=since)
        return Page(tuple(_report(line) for line in found))

    def told(self, message: dict[str, Any]) -> Report | None:
        return None

    def feasibility(self, ask: Ask) -> list[Chance]:
        raise _by_an_officer()

    def quote(self, ask: Ask) -> Price:
        raise _by_an_officer()

    def place(self, ask: Ask) -> Report:
        raise _by_an_officer()

    def decide(self, reference: str, acquisition: str, *, accept: bool) -> Report:
        raise _by_an_officer()

    def cancel(self, reference: str) -> Report:
        raise _by_an_officer()

    def deliveries(self, reference: str) -> list[Handed]:
        raise _by_an_officer()

    def _placed(self) -> Any:
        """Lines with a typed reference, at no supplier that is asked by program."""
        rows = Line.objects.exclude(supplier_reference="").filter(supply__in=STAGES)
        return rows.filter(supplier_orders=None).order_by("pk")


def _report(line: Line) -> Report:
    return Report(
        line.supplier_reference,
        STAGES[Supply(line.supply)],
        line.state_since,
        ours=line.reference,
    )


def _by_an_officer() -> Unable:
    return Unable(_("An officer does this at the supplier's own portal."), code="by_hand")
