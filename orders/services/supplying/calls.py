"""The life of a call: claimed by one worker, sent once, and what its answer does to the line."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dinamis.actors import Actor
from dinamis.errors import Invalid
from dinamis.errors import Refused as RuleRefused
from dinamis.lifecycle import advance
from orders.models import Line, Supplier, SupplierCall, SupplierOrder
from orders.policies.lines import obstacle
from orders.services.lines.history import locked, note
from orders.services.lines.steps import take
from orders.services.supplying import pulse, reading
from orders.states import SUPPLIER_CALL, CallState, Supply
from orders.suppliers.protocol import Report, Stage, Verb

log = structlog.get_logger(__name__)

BY = Actor.system("suppliers")
MAX_ATTEMPTS = 8
# Wait before the next attempt, by how many were made.
BACK_OFF = tuple(timedelta(seconds=one) for one in (5, 30, 120, 600, 1800, 3600))
# What a supplier answers to an order that it does not take after all.
NOT_TAKEN = frozenset({Stage.REJECTED, Stage.CANCELLED, Stage.FAILED, Stage.EXPIRED})


@dataclass(frozen=True, slots=True)
class Claimed:
    """A call in this worker's hands. `looks_up` says that its answer was lost: look, do not send."""

    call: SupplierCall
    token: uuid.UUID
    looks_up: bool


def claim(supplier: Supplier) -> Claimed | None:
    """Take the next call that is due; what is to be sent is marked as sent before it is.

    A call that a dead worker had sent is doubtful from now on. One tried too often is given up, one
    whose line may not be placed any more is dropped; the next is looked at then.
    """
    while True:
        with transaction.atomic():
            now = timezone.now()
            due = SupplierCall.objects.filter(supplier=supplier).due(now)
            call = due.select_for_update(skip_locked=True, of=("self",)).first()
            if call is None:
                return None
            claimed = _claimed(call, now)
        if claimed is not None:
            return claimed


def _claimed(call: SupplierCall, now: datetime) -> Claimed | None:
    if call.state == CallState.SENT:  # its worker is dead
        settled_at = call.sent_at + timedelta(seconds=call.supplier.settle_seconds)
        _step(call, "doubt", claim=None, claimed_until=None, next_at=max(now, settled_at))
        if settled_at > now:
            return None
    if call.attempts >= MAX_ATTEMPTS:
        _step(call, "give_up", claim=None, claimed_until=None)
        log.error("supplier_call_needs_attention", call=call.key, supplier=call.supplier.key)
        return None
    token, facts = uuid.uuid4(), {"attempts": call.attempts + 1}
    looks_up = call.state == CallState.DOUBTFUL
    if not looks_up:
        _step(call, "send", sent_at=now)
    _write(call, claim=token, claimed_until=now + pulse.lease(), **facts)
    return Claimed(call, token, looks_up)


def still_wanted(call: SupplierCall) -> RuleRefused | None:
    """What forbids to place a line that was to be sent a while ago, or None."""
    if call.verb != Verb.PLACE:
        return None
    return obstacle(
        "send", Line.objects.select_related("order__organisation").get(pk=call.order.line_id)
    )


@transaction.atomic
def finish(claimed: Claimed, report: Report) -> bool:
    """Their answer is here: write it down and take in what it says; False when we are too late."""
    line, order, call = _ours(claimed)
    if call is None:
        return False
    if call.verb == Verb.PLACE and report.stage in NOT_TAKEN:
        _refused(call, line, order, report.reason or report.stage.value)
        return True
    _step(
        call,
        "find" if claimed.looks_up else "finish",
        claim=None,
        claimed_until=None,
        answered_at=timezone.now(),
        answer_digest=reading.digest_of(report),
        outcome="",
    )
    if call.verb == Verb.PLACE:
        _acknowledge(line, order, report)
    if call.verb == Verb.CANCEL:
        _note_cancelled(line, order, report)
    reading.take_in(order, report)
    return True


@transaction.atomic
def refused(claimed: Claimed, sentence: str) -> bool:
    """They said no: the line is at the desk again, or the desk is told what they would not do."""
    line, order, call = _ours(claimed)
    if call is None:
        return False
    _refused(call, line, order, sentence)
    return True


@transaction.atomic
def put_off(claimed: Claimed, sentence: str, *, until: datetime | None = None) -> bool:
    """Nothing was taken there: later, by the ladder or when a ban is over. A look-up stays one."""
    _line, _order, call = _ours(claimed)
    if call is None:
        return False
    wait = BACK_OFF[min(call.attempts, len(BACK_OFF)) - 1]
    facts = {"claim": None, "claimed_until": None, "outcome": sentence[:2000]}
    facts["next_at"] = until or timezone.now() + wait
    if until is not None:  # a ban is not the call's fault
        facts["attempts"] = call.attempts - 1
    if claimed.looks_up:
        _write(call, **facts)
    else:
        _step(call, "put_off", **facts)
    return True


@transaction.atomic
def doubt(claimed: Claimed, sentence: str) -> bool:
    """It was sent and no answer came: nothing more is sent before it was looked up."""
    _line, _order, call = _ours(claimed)
    if call is None:
        return False
    settle = timedelta(seconds=call.supplier.settle_seconds)
    facts = {"claim": None, "claimed_until": None, "outcome": sentence[:2000]}
    if claimed.looks_up:
        wait = BACK_OFF[min(call.attempts, len(BACK_OFF)) - 1]
        _write(call, next_at=timezone.now() + wait, **facts)
    else:
        _step(call, "doubt", next_at=timezone.now() + settle, **facts)
    return True


@transaction.atomic
def missed(claimed: Claimed) -> bool:
    """Looked up, and they do not have it: it may be sent again."""
    _line, _order, call = _ours(claimed)
    if call is None:
        return False
    _step(call, "miss", claim=None, claimed_until=None, next_at=timezone.now())
    return True


@transaction.atomic
def dropped(claimed: Claimed, sentence: str) -> bool:
    """It may not be sent any more: the line is at the desk, and says why."""
    line, order, call = _ours(claimed)
    if call is None:
        return False
    _step(call, "put_off", claim=None, claimed_until=None)
    _drop(call, line, order, sentence)
    return True


@transaction.atomic
def drop(call: SupplierCall, *, reason: str, by: Actor) -> SupplierCall:
    """An officer takes a call that waits or is stuck off; its line is at the desk again."""
    if not reason.strip():
        raise Invalid("reason_missing", _("Say why: the other side will read it."))
    line = locked(Line.objects.get(supplier_orders=call.order_id))
    order = SupplierOrder.objects.select_for_update(of=("self",)).get(pk=call.order_id)
    call = _locked(call)
    _drop(call, line, order, reason)
    pulse.record(call.supplier, "drop", by=by, about=call.key, reason=reason)
    return call


@transaction.atomic
def moved(call: SupplierCall, name: str, **facts: Any) -> SupplierCall:
    """Take one plain step of a call's life, with the columns that change with it."""
    call = _locked(call)
    _step(call, name, **facts)
    return call


def _drop(call: SupplierCall, line: Line, order: SupplierOrder, reason: str) -> None:
    _step(call, "drop", answered_at=timezone.now(), outcome=reason[:2000])
    if call.verb == Verb.PLACE:
        _put_back(line, order, reason)


def _refused(call: SupplierCall, line: Line, order: SupplierOrder, sentence: str) -> None:
    now = timezone.now()
    facts = {"claim": None, "claimed_until": None, "answered_at": now, "outcome": sentence[:2000]}
    _step(call, "refuse", **facts)
    if call.verb == Verb.PLACE:
        _put_back(line, order, sentence)
        return
    order.trouble = sentence[:2000]
    order.save(update_fields=["trouble"])
    if call.verb == Verb.CANCEL:
        note(line, "not_cancelled_there", by=BY, reason=sentence[:2000], supplier=order.supplier)


def _acknowledge(line: Line, order: SupplierOrder, report: Report) -> None:
    order.their_reference = report.reference
    order.save(update_fields=["their_reference"])
    line.supplier_reference = report.reference[:80]
    take(
        line,
        "supply",
        "acknowledge",
        by=BY,
        changed=("supplier_reference",),
        supplier=order.supplier,
        supplier_reference=line.supplier_reference,
    )


def _note_cancelled(line: Line, order: SupplierOrder, report: Report) -> None:
    """Write down what they said to a cancellation; that it goes on all the same is told to the desk."""
    facts = {"supplier": order.supplier, "by": BY, "reason": report.reason[:2000]}
    stopped = report.stage in NOT_TAKEN
    note(line, "cancelled_there" if stopped else "not_cancelled_there", **facts)


def _put_back(line: Line, order: SupplierOrder, reason: str) -> None:
    now = timezone.now()
    order.ended_at, order.stage, order.stage_at, order.reason = (
        now,
        Stage.REJECTED,
        now,
        reason[:2000],
    )
    order.save(update_fields=["ended_at", "stage", "stage_at", "reason"])
    if line.supply == Supply.PLACING:
        take(line, "supply", "put_back", by=BY, reason=reason[:2000], supplier=order.supplier)


def _ours(claimed: Claimed) -> tuple[Line, SupplierOrder, SupplierCall | None]:
    """The rows, locked line first; no call when another worker has it by now."""
    line = locked(Line.objects.get(supplier_orders=claimed.call.order_id))
    orders = SupplierOrder.objects.select_for_update(of=("self",)).select_related("supplier")
    order = orders.get(pk=claimed.call.order_id)
    call = _locked(claimed.call)
    if call.claim != claimed.token:
        log.info("supplier_answer_too_late", call=call.key)
        return line, order, None
    return line, order, call


def _locked(call: SupplierCall) -> SupplierCall:
    rows = SupplierCall.objects.select_for_update(of=("self",)).select_related("supplier")
    return rows.get(pk=call.pk)


def _step(call: SupplierCall, name: str, **facts: Any) -> None:
    advance(call, SUPPLIER_CALL, name, at=timezone.now())
    _write(call, **facts, state=call.state, state_since=call.state_since, due_at=call.due_at)


def _write(call: SupplierCall, **facts: Any) -> None:
    for name, value in facts.items():
        setattr(call, name, value)
    call.save(update_fields=list(facts))
