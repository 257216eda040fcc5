"""The cycle of polls: every open order of a supplier is looked at, page by page, at its own rate.

A cycle is kept in the pulse (since when, which page), so that a worker that dies costs one page. What
the pages did not show, and what a callback hinted at, is looked at singly.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from dinamis.actors import Actor
from orders.models import Supplier, SupplierOrder, SupplierPulse
from orders.services.supplying import pulse, reading
from orders.suppliers.protocol import Connector, Refused, Unable

# A change that their clock dates a little before ours is asked for again.
OVERLAP = timedelta(minutes=10)
# All orders are read again so often, whatever they say changed.
WHOLE_EVERY = timedelta(hours=24)


def is_due(supplier: Supplier) -> bool:
    """True when a cycle is under way or due, or an order is to be looked at singly."""
    now, state = timezone.now(), pulse.of(supplier)
    if (
        state.cycle_began_at
        or SupplierOrder.objects.filter(supplier=supplier).to_look_at(now).exists()
    ):
        return True
    due = state.next_poll_at is None or state.next_poll_at <= now
    return due and SupplierOrder.objects.running().filter(supplier=supplier).exists()


def step(supplier: Supplier, connector: Connector) -> bool:
    """Ask one thing: the next page of the cycle, or one order; False when nothing is due.

    Raises the supplier's errors, with nothing written: the same is asked again later.
    """
    if not is_due(supplier):
        return False
    state = pulse.of(supplier)
    hinted = SupplierOrder.objects.filter(supplier=supplier).to_look_at(timezone.now()).first()
    if hinted is not None:
        look_at(hinted, connector)
    elif state.cycle_began_at is None:
        _begin(state)
    else:
        _page(supplier, state, connector)
    return True


def look_at(order: SupplierOrder, connector: Connector) -> bool:
    """Ask where one order stands, and take it in."""
    try:
        report = connector.status(order.their_reference)
    except Refused as refused:
        pulse.answered(order.supplier)
        reading.note_gone(order, refused.sentence)
        return False
    pulse.answered(order.supplier)
    changed = reading.take_in(order, report)
    SupplierOrder.objects.filter(pk=order.pk).update(next_look_at=None)
    return changed


def _begin(state: SupplierPulse) -> None:
    now = timezone.now()
    recent = state.polled_at and now - state.polled_at < WHOLE_EVERY
    state.cycle_began_at, state.cycle_cursor = now, ""
    state.cycle_since = state.polled_at - OVERLAP if recent else None
    state.save(update_fields=["cycle_began_at", "cycle_cursor", "cycle_since"])


def _page(supplier: Supplier, state: SupplierPulse, connector: Connector) -> None:
    try:
        page = connector.changed(state.cycle_since, state.cycle_cursor)
    except Unable:
        _look_at_all(supplier, state)
    except Refused:
        if not state.cycle_cursor:
            raise
        state.cycle_cursor = ""  # the page is gone there: the cycle begins again
        state.save(update_fields=["cycle_cursor"])
    else:
        pulse.answered(supplier)
        reading.take_in_many(supplier, page.reports)
        if page.cursor:
            state.cycle_cursor = page.cursor
            state.save(update_fields=["cycle_cursor"])
        else:
            _end(supplier, state)


def _look_at_all(supplier: Supplier, state: SupplierPulse) -> None:
    """They list nothing: each order is looked at singly, at the same rate."""
    SupplierOrder.objects.running().filter(supplier=supplier).update(next_look_at=timezone.now())
    _close(supplier, state)


def _end(supplier: Supplier, state: SupplierPulse) -> None:
    """What a whole listing did not show is asked for by name."""
    if state.cycle_since is None:
        unseen = SupplierOrder.objects.running().filter(supplier=supplier)
        unseen = unseen.exclude(looked_at__gte=state.cycle_began_at)
        unseen.filter(made_at__lt=state.cycle_began_at).update(next_look_at=timezone.now())
    _close(supplier, state)


def _close(supplier: Supplier, state: SupplierPulse) -> None:
    state.polled_at = state.cycle_began_at
    state.next_poll_at = timezone.now() + timedelta(minutes=supplier.poll_minutes)
    state.cycle_began_at, state.cycle_since, state.cycle_cursor = None, None, ""
    state.save(
        update_fields=["polled_at", "next_poll_at", "cycle_began_at", "cycle_since", "cycle_cursor"]
    )


@transaction.atomic
def poll_now(supplier: Supplier, *, by: Actor) -> None:
    """Let the next cycle begin at once."""
    pulse.record(supplier, "poll", by=by)
    pulse.of(supplier)
    SupplierPulse.objects.filter(supplier=supplier).update(next_poll_at=None)


def soon(order: SupplierOrder) -> None:
    """Look at one order at the worker's next round: somebody hinted that it changed."""
    SupplierOrder.objects.running().filter(pk=order.pk).update(next_look_at=timezone.now())
