"""Joint requests: wishes of several organisations over one place, found, proposed, agreed, split.

Before all have agreed a party is told how many others there are and what it would save. Neither who they
are, nor where, nor when they answered.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import reduce
from typing import Any

import shapely
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import is_desk
from dinamis import geo
from dinamis.actors import Actor
from dinamis.errors import NotFound, NotNow
from dinamis.geo.convert import polygons_of, together
from dinamis.lifecycle import advance
from dinamis.outbox import after_commit
from orders.models import JointEvent, JointPart, JointRequest, Line
from orders.pricing.charge import charge
from orders.pricing.split import split_at_most
from orders.pricing.words import Kind, Unit
from orders.services.asking import quotes
from orders.states import Approval, Supply
from orders.states.joint import JOINT, JointState

BY = Actor.system("joint requests")
LEAST_OVERLAP = Decimal("0.2")  # of the smaller of two areas
LEAST_DAYS = 14  # that two windows have in common
MOST = 12  # parties of one request
UNDECIDED = (JointState.PROPOSED, JointState.AGREED)
BUSY = (*UNDECIDED, JointState.PLACED)


@dataclass(frozen=True, slots=True)
class Told:
    """What a party is told: how many other organisations. `parties` names them once all have agreed, not before."""

    part: JointPart
    state: str
    others: int
    share: Decimal
    saved: Decimal
    unit: str
    parties: list[Line]
    # The desk may place it as one; all of it is accepted and waits for nothing else.
    at_desk: bool = False
    ready: bool = False


@transaction.atomic
def find(line: Line) -> JointRequest | None:
    """Propose a joint request to a waiting line and those that want the same; None when it saves nothing.

    All are locked in order of id, so that no line is proposed twice at once. A joint request that the line
    is in and that does not stand any more (its area or its price changed) lapses first.
    """
    for old in JointRequest.objects.filter(parts__line=line, state__in=UNDECIDED):
        lapse_if_over(old)
    if not _open(line):
        return None
    candidates = [other.pk for other in _near(line)][: MOST - 1]
    rows = Line.objects.select_for_update(of=("self",), no_key=True).filter(
        pk__in=[line.pk, *candidates]
    )
    together_ = rows.select_related("order", "quote__rule_version", "sensor").order_by("pk")
    found = [one for one in together_ if _open(one)]
    if line not in found or len({one.order.organisation_id for one in found}) < 2:
        return None
    return _proposed(found)


@transaction.atomic
def answer(part: JointPart, *, agrees: bool, by: Actor) -> JointRequest:
    """Agree or not, for one's own line. The last to agree makes it one; one who does not ends it for all.

    Raises NotFound (not one's line), NotNow (decided already, or a line went on meanwhile).
    """
    joint = locked(part.joint)
    part = JointPart.objects.select_related("line__order").get(pk=part.pk)
    if by.user is None or part.line.order.requester_id != by.user.pk:
        raise NotFound("joint_unknown", _("There is no such joint request."))
    JOINT.check("agree" if agrees else "decline", joint.state)
    if part.agrees is not None:
        raise NotNow("answered_already", _("You have answered already."))
    part.agrees = agrees
    part.save(update_fields=["agrees"])
    _note(joint, "agree" if agrees else "decline", part=part, by=by)
    if not agrees:
        _move(joint, "decline")
    elif not joint.parts.filter(Q(agrees=None) | Q(agrees=False)).exists():
        if not still_stands(joint):
            raise NotNow(
                "joint_over", _("One of the requests has gone on: this is not possible now.")
            )
        _move(joint, "agree")
        _note(joint, "agreed", by=BY)
    return joint


def told(line: Line, reader: Any) -> Told | None:
    """The joint request of a line for a reader: its owner, and once all have agreed whoever sees the line."""
    part = line.joint_parts.select_related("joint").order_by("-pk").first()
    if part is None or part.joint.state in {JointState.DECLINED, JointState.LAPSED}:
        return None
    joint = part.joint
    known = joint.state in {JointState.AGREED, JointState.PLACED}
    if not known and line.order.requester_id != reader.pk:
        return None
    # What went on alone meanwhile lapses at the next sweep; until then nobody is asked about it.
    if (
        joint.state == JointState.PROPOSED
        and not Line.objects.waiting().filter(pk=line.pk).exists()
    ):
        return None
    others = joint.parts.exclude(pk=part.pk)
    parties: list[Line] = []
    if known:
        lines = Line.objects.filter(joint_parts__in=others)
        parties = list(lines.select_related("order__organisation", "order__requester"))
    saved = part.alone - part.share
    return Told(
        part,
        joint.state,
        organisations(joint) - 1,
        part.share,
        saved,
        joint.unit,
        parties,
        at_desk=joint.state == JointState.AGREED and is_desk(reader),
        ready=all(is_ready(one) for one in (line, *parties)),
    )


def organisations(joint: JointRequest) -> int:
    """How many bodies take part: one may have several lines in it."""
    return joint.parts.values("line__order__organisation").distinct().count()


def tick() -> int:
    """Let those lapse whose lines went on or changed, or whose window is over; return how many."""
    found = JointRequest.objects.filter(state__in=UNDECIDED).order_by("pk")[:200]
    return sum(lapse_if_over(one) for one in found)


@transaction.atomic
def lapse_if_over(found: JointRequest) -> bool:
    """Let one that is not placed lapse where it stands no more; those that still wait are looked at again."""
    joint = locked(found)
    if joint.state not in UNDECIDED or still_stands(joint):
        return False
    advance_to(joint, "lapse", by=BY)
    for line in Line.objects.waiting().filter(joint_parts__joint=joint):
        after_commit("orders.tasks.find_joint", line.pk)
    return True


def locked(joint: JointRequest) -> JointRequest:
    """The joint request as it is now, ours until the transaction ends."""
    return JointRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=joint.pk)


def advance_to(joint: JointRequest, step: str, *, by: Actor, reason: str = "") -> None:
    """Take a step of a locked joint request and write it down; its parties are told."""
    _move(joint, step)
    _note(joint, step, by=by, reason=reason)


def is_ready(line: Line) -> bool:
    """True when the desk has accepted a line and nothing but the supplier is awaited."""
    return line.approval == Approval.ACCEPTED and line.supply == Supply.TO_PLACE


def _open(line: Line) -> bool:
    """A tasking that nobody has placed, whose order and project are open to it, proposed to nobody now."""
    order = line.order
    project = order.project
    busy = line.joint_parts.filter(joint__state__in=BUSY)
    quote = line.quote
    return (
        line.kind == Kind.TASKING
        # Whoever pays has given an order number for a price: that is not split behind their back.
        and 0 < quote.quota_units == quote.units
        and Line.objects.waiting().filter(pk=line.pk).exists()
        and order.joins_requests
        and (project is None or project.joins_requests)
        and not busy.exists()
    )


def _near(line: Line) -> list[Line]:
    """Waiting lines of other organisations over the same place, in dates that have enough in common."""
    rows = (
        Line.objects.waiting()
        .filter(kind=Kind.TASKING, sensor=line.sensor_id, mode=line.mode)
        .filter(area__intersects=line.area, order__joins_requests=True)
        .filter(Q(order__project=None) | Q(order__project__joins_requests=True))
        .filter(quote__quota_units__gt=0, quote__quota_units=F("quote__units"))
        .exclude(order__organisation=line.order.organisation_id)
        .exclude(joint_parts__joint__in=_declined(line))
        .select_related("order")
        .order_by("pk")[:50]
    )
    return [one for one in rows if _compatible(line, one)]


def _declined(line: Line) -> Any:
    """Where one of the parties did not want to join: they are not asked again."""
    return JointRequest.objects.filter(parts__line=line, state=JointState.DECLINED)


def _compatible(one: Line, other: Line) -> bool:
    starts_on = max(one.window_starts_on, other.window_starts_on)
    ends_on = min(one.window_ends_on, other.window_ends_on)
    if (ends_on - max(starts_on, timezone.localdate())).days + 1 < LEAST_DAYS:
        return False
    common = geo.overlap_km2(one.area, other.area)
    return common >= LEAST_OVERLAP * min(one.area_km2, other.area_km2)


def _proposed(found: list[Line]) -> JointRequest | None:
    """Price the union of the areas once, and split it; nothing is proposed that saves nobody anything."""
    starts_on = max(line.window_starts_on for line in found)
    ends_on = min(line.window_ends_on for line in found)
    if (ends_on - starts_on).days + 1 < LEAST_DAYS:
        return None
    units, unit, per_try = _counted(found)
    alone = [line.quote.units for line in found]
    if units >= sum(alone, Decimal(0)) or {line.quote.unit for line in found} != {unit}:
        return None
    shares = split_at_most(units, [line.area_km2 for line in found], alone, unit)
    now = timezone.now()
    joint = JointRequest.objects.create(
        sensor=found[0].sensor,
        mode=found[0].mode,
        unit=unit,
        units=units,
        units_per_try=per_try,
        starts_on=starts_on,
        ends_on=ends_on,
        made_at=now,
        state_since=now,
    )
    for line, share, before in zip(found, shares, alone, strict=True):
        JointPart.objects.create(joint=joint, line=line, share=share, alone=before)
    _note(joint, "propose", by=BY)
    return joint


def _counted(found: list[Line]) -> tuple[Decimal, str, Decimal | None]:
    """What one request over the union of the areas would count, in which unit, and one attempt of it.

    Under the first line's rules, with as many tries as the one of them that allows most.
    """
    shapes = [geo.to_shapely(line.area) for line in found]
    union = together(list(polygons_of(reduce(shapely.union, shapes))))
    area = geo.area_km2(union)
    first = found[0].quote
    tries = max((line.tries or 1) for line in found)
    measure = replace(
        quotes.measure_of_quote(first), asked_km2=area, served_km2=area, subtracted_km2=Decimal(0),
        tries=tries,
    )  # fmt: skip
    priced = charge(measure, first.rule_version.rules)
    return priced.units, Unit(priced.unit), priced.units_per_try


def still_stands(joint: JointRequest) -> bool:
    """True while every line waits and counts what it did, and the common window is not over."""
    lines = Line.objects.waiting().filter(
        joint_parts__joint=joint,
        joint_parts__alone=F("quote__units"),
        window_starts_on__lte=joint.starts_on,
        window_ends_on__gte=joint.ends_on,
    )
    return lines.count() == joint.parts.count() and joint.ends_on >= timezone.localdate()


def _move(joint: JointRequest, step: str) -> None:
    advance(joint, JOINT, step, at=timezone.now())
    joint.save(update_fields=["state", "state_since", "due_at"])


def _note(
    joint: JointRequest,
    step: str,
    *,
    by: Actor,
    part: JointPart | None = None,
    reason: str = "",
) -> None:
    event: Any = JointEvent.objects.create(
        joint=joint, part=part, step=step, reason=reason, at=timezone.now(), **by.columns()
    )
    after_commit("orders.tasks.tell_joint", event.pk)
