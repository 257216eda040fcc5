"""One round of one worker with one supplier: the calls that are due first, then the polls.

One worker at a time talks to a supplier (the lane), at the supplier's rate, with nothing open in the
database while it waits for an answer.
"""

import time
import uuid
from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dinamis.errors import NotNow
from orders.models import Supplier, SupplierCall
from orders.services.supplying import asks, calls, connectors, handed, polling, pulse
from orders.services.supplying.calls import Claimed
from orders.services.supplying.intents import wake
from orders.suppliers.protocol import (
    Banned,
    Connector,
    Refused,
    Report,
    Stage,
    SupplierError,
    Temporary,
    Unknown,
    Verb,
)

log = structlog.get_logger(__name__)

ROUND_SECONDS = 45.0  # a round ends well before the task's time limit; the next one goes on


def work(supplier: Supplier, *, seconds: float = ROUND_SECONDS) -> int:
    """Do what is due for a supplier; return how many things were asked.

    Nothing is done while another worker has the lane, or nobody may ask.
    """
    if supplier.is_by_hand or not pulse.may_ask(supplier):
        return 0
    lane = pulse.take_lane(supplier)
    if lane is None:
        return 0
    asked, until = 0, time.monotonic() + seconds
    try:
        connector = connectors.make(supplier, pace=lambda: _pace(supplier, lane))
        while time.monotonic() < until and pulse.may_ask(supplier):
            if not pulse.keep_lane(supplier, lane) or not _one(supplier, connector):
                break
            asked += 1
    except NotNow as refused:
        log.error("supplier_cannot_be_asked", supplier=supplier.key, code=refused.code)
    finally:
        pulse.leave_lane(supplier, lane)
    if is_due(supplier):
        with transaction.atomic():
            wake(supplier, due_at=timezone.now() + timedelta(seconds=1))
    return asked


def is_due(supplier: Supplier) -> bool:
    """True when something may be asked of it now."""
    if not pulse.may_ask(supplier):
        return False
    waiting = SupplierCall.objects.filter(supplier=supplier).due(timezone.now()).exists()
    return waiting or handed.is_due(supplier) or polling.is_due(supplier)


def sweep() -> int:
    """Promise a round for every supplier with something due: nothing waits for a wake-up that was lost."""
    found = [one for one in Supplier.objects.by_program() if is_due(one)]
    for supplier in found:
        with transaction.atomic():
            wake(supplier)
    return len(found)


def _pace(supplier: Supplier, lane: uuid.UUID) -> None:
    """Before each request: the lane is still ours, and the supplier's rate allows it."""
    if not pulse.keep_lane(supplier, lane):
        raise Temporary(_("another worker has the lane by now"), code="lane_lost")
    pulse.wait_for_slot(supplier)


def _one(supplier: Supplier, connector: Connector) -> bool:
    """The next call that is due, or else the files of an order, or the next question of the poll."""
    claimed = calls.claim(supplier)
    if claimed is not None:
        _carry_out(claimed, connector)
        return True
    try:
        return handed.step(supplier, connector) or polling.step(supplier, connector)
    except SupplierError as error:
        pulse.failed(supplier, error)
    except Exception as error:
        log.exception("supplier_poll_failed", supplier=supplier.key)
        pulse.failed(supplier, Temporary(type(error).__name__, code="own_fault"))
    return False


def _carry_out(claimed: Claimed, connector: Connector) -> None:
    """Make one call, and write down what came of it, whatever that is."""
    call = claimed.call
    if not claimed.looks_up:
        forbidden = calls.still_wanted(call)
        if forbidden is not None:
            calls.dropped(claimed, str(forbidden.sentence))
            return
    try:
        report = _looked_up(call, connector) if claimed.looks_up else _asked(call, connector)
    except Banned as error:
        pulse.failed(call.supplier, error)
        calls.put_off(claimed, error.sentence, until=error.until)
    except Temporary as error:
        pulse.failed(call.supplier, error)
        calls.put_off(claimed, error.sentence)
    except Refused as error:
        pulse.answered(call.supplier)
        # Refused a look, we still do not know what became of the order.
        act = calls.doubt if claimed.looks_up else calls.refused
        act(claimed, error.sentence)
    except Exception as error:  # noqa: BLE001 whatever went wrong after sending, it may have been taken
        fault = error if isinstance(error, SupplierError) else Unknown(type(error).__name__)
        log.warning("supplier_answer_lost", call=call.key, error=type(error).__name__)
        pulse.failed(call.supplier, fault)
        calls.doubt(claimed, fault.sentence)
    else:
        pulse.answered(call.supplier)
        if report is None:
            calls.missed(claimed)
        else:
            calls.finish(claimed, report)


def _asked(call: SupplierCall, connector: Connector) -> Report:
    order = call.order
    if call.verb == Verb.PLACE:
        return connector.place(asks.thawed(order.asked))
    if call.verb == Verb.CANCEL:
        return connector.cancel(order.their_reference)
    return connector.decide(
        order.their_reference, call.facts["acquisition"], accept=call.facts["accept"]
    )


def _looked_up(call: SupplierCall, connector: Connector) -> Report | None:
    """What they have of a call whose answer was lost; None when it never reached them."""
    order = call.order
    if call.verb == Verb.PLACE:
        return connector.look_up(asks.thawed(order.asked))
    report = connector.status(order.their_reference)
    if call.verb == Verb.CANCEL:
        return report if report.stage == Stage.CANCELLED else None
    wanted = "accepted" if call.facts["accept"] else "refused"
    done = any(
        seen.identifier == call.facts["acquisition"] and seen.answer == wanted
        for seen in report.acquisitions
    )
    return report if done else None
