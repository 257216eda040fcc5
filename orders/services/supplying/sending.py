"""What is to be asked of a supplier, written down in the transaction that decides it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dinamis.actors import Actor
from dinamis.errors import Invalid, NotNow
from orders.models import Line, LineEvent, Supplier, SupplierCall, SupplierOrder
from orders.services.lines.history import locked
from orders.services.lines.steps import take
from orders.services.supplying import asks, calls, pulse
from orders.services.supplying.intents import intend, wake
from orders.suppliers.protocol import Verb

BY = Actor.system("suppliers")


def choices(line: Line) -> list[Supplier]:
    """The suppliers by program that a line may be sent to now, the preferred first."""
    found = Supplier.objects.serving(line.kind, line.sensor_id, timezone.localdate())
    return list(found.exclude(kind=Supplier.Kind.DESK))


def send_by_itself(line: Line) -> SupplierCall | None:
    """Send a line to the preferred supplier, if that one is asked without an officer.

    None where the preferred one is the desk's work, or the line has moved on meanwhile.
    """
    found = Supplier.objects.serving(line.kind, line.sensor_id, timezone.localdate()).first()
    if found is None or found.is_by_hand or not found.places_by_itself:
        return None
    try:
        return send(line, supplier=found, by=BY)
    except NotNow:
        return None  # withdrawn, placed by hand, or its payer's order number is awaited


@transaction.atomic
def send(line: Line, *, supplier: Supplier, by: Actor) -> SupplierCall:
    """Write down that a line is to be ordered from a supplier; a worker does it soon after.

    Raises NotNow (the line is not to be placed, the supplier is not active) and Invalid (it does not
    serve this).
    """
    line = locked(line)
    if supplier not in choices(line):
        raise Invalid(
            "supplier_does_not_serve",
            _("%(supplier)s does not serve this kind of request.") % {"supplier": supplier},
        )
    take(line, "supply", "send", by=by, supplier=supplier)
    reference = _reference(line)
    order = SupplierOrder.objects.create(
        supplier=supplier,
        line=line,
        reference=reference,
        asked=asks.frozen(asks.of(line, supplier=supplier, reference=reference)),
        made_at=timezone.now(),
    )
    return intend(order, Verb.PLACE, key=f"{reference}:place")


def answer(event: LineEvent) -> SupplierCall | None:
    """Write down the answer for a proposed image that a step of the line's history gave."""
    order = SupplierOrder.objects.filter(line=event.line_id, ended_at=None).first()
    images = event.line.acquisitions.exclude(identifier="").exclude(state="proposed")
    image = images.filter(state_since__lte=event.at).order_by("-state_since", "-pk").first()
    if order is None or image is None:
        return None
    with transaction.atomic():
        return intend(
            order,
            Verb.DECIDE,
            key=f"{order.reference}:decide:{image.identifier}",
            acquisition=image.identifier,
            accept=image.state == "accepted",
        )


@transaction.atomic
def replay(call: SupplierCall, *, by: Actor) -> SupplierCall:
    """An officer lets a stuck call be tried again: it is looked up first, so nothing is done twice."""
    call = calls.moved(call, "replay", attempts=0, next_at=timezone.now(), outcome="")
    pulse.record(call.supplier, "replay", by=by, about=call.key)
    wake(call.supplier)
    return call


def _reference(line: Line) -> str:
    """Ours, unique for ever: the line's, with a number when another supplier said no before."""
    before = line.supplier_orders.count()
    return line.reference if not before else f"{line.reference}-{before + 1}"
