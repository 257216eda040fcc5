"""What the desk decides: it waits thirty seconds in which it can be undone, then it is taken, once.

Nothing of the line moves before: no hold, no mail, no placing. The wait is a promise in the database;
a worker that dies leaves it to the next one, and the clock finds what no promise tells of.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import shapely
import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import check_is_desk, is_desk
from catalogue.models import Product
from dinamis import geo
from dinamis.actors import Actor
from dinamis.again import again
from dinamis.errors import Gone, Invalid, NotAllowed, NotFound, NotNow, Refused
from dinamis.geo.convert import polygons_of, together
from dinamis.outbox import after_commit
from orders.models import Decision, DecisionEvent, DeskNote, Line, Order, ReasonText
from orders.policies.lines import check_is_possible, check_may_take
from orders.services.asking import quotes
from orders.services.lines import lines
from orders.services.lines.history import locked
from orders.states import APPROVAL, DECISION, Approval, DecisionState

log = structlog.get_logger(__name__)
BY = Actor.system("decisions")
MOST_AT_ONCE = 100
KEPT_FACTS = ("state", "step")  # what a refusal says of the line, and of nobody
SHOWN = ("line__order__organisation", "line__order__requester", "by_user")
MOST_DUE = 200  # decisions that one tick of the clock takes


@dataclass(frozen=True, slots=True)
class Part:
    """What is offered instead of the whole: a smaller area, or fewer attempts."""

    area: Any = None
    tries: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one line of several decided together."""

    line: Line
    decision: Decision | None
    sentence: str = ""


def _take(decision: Decision, by: Actor) -> Line:
    line, reason = decision.line, decision.reason
    if decision.verb == Decision.Verb.ACCEPT:
        return lines.accept(line, by=by)
    if decision.verb == Decision.Verb.REFUSE:
        return lines.refuse(line, by=by, reason=reason)
    if decision.verb == Decision.Verb.ASK_TO_COMPLETE:
        return lines.ask_to_complete(line, by=by, reason=reason)
    return lines.offer_part(line, quote=decision.quote, by=by, reason=reason)


@again
@transaction.atomic
def decide(
    line: Line,
    verb: str,
    *,
    by: Actor,
    reason: str = "",
    part: Part | None = None,
    batch: uuid.UUID | None = None,
) -> Decision:
    """Decide on a line of the desk's queue. It takes effect once the moment to undo it is over.

    Raises NotFound (no such decision), NotAllowed (not the desk's officer, or one's own request),
    NotNow (decided already, not possible now), Invalid (no reason, the part counts no less).
    """
    check_is_desk(by.user)
    if verb not in Decision.Verb.values:
        raise NotFound("decision_unknown", _("There is no such decision."))
    line = locked(line)
    _check_possible(line, verb, by=by)
    reason = reason.strip()[:2000]
    if APPROVAL.steps[verb].needs_reason and not reason:
        raise Invalid("reason_missing", _("Say why: the other side will read it."), field="reason")
    offered = None
    if verb == Decision.Verb.OFFER_PART:
        part = part or Part()
        offered = quotes.less(line, area=_inside(line, part.area), tries=part.tries)
    now = timezone.now()
    decision = Decision.objects.create(
        line=line,
        verb=verb,
        reason=reason,
        quote=offered,
        batch=batch or uuid.uuid4(),
        made_at=now,
        takes_effect_at=now + timedelta(seconds=settings.DESK_UNDO_SECONDS),
        **by.columns(),
    )
    _write(decision, "decide", by=by)
    if settings.DESK_UNDO_SECONDS:
        due_at = decision.takes_effect_at
        after_commit("orders.tasks.take_decision", decision.pk, due_at=due_at)
    else:
        _settle(decision, lambda: _take(decision, by))
    return decision


def is_decided_here(line: Line, name: str, user: Any) -> bool:
    """True for a step that an officer decides on a line of the queue, with a moment to undo it."""
    return name in Decision.Verb.values and line.approval == Approval.SUBMITTED and is_desk(user)


def decide_each(
    found: Iterable[Line], verb: str, *, by: Actor, reason: str = "", batch: uuid.UUID
) -> list[Outcome]:
    """Decide the same of several lines, each in its own transaction: one that cannot be stops no other."""
    told = []
    for line in found:
        try:
            decision = decide(line, verb, by=by, reason=reason, batch=batch)
        except Refused as refused:
            told.append(Outcome(line, None, str(refused.sentence)))
        else:
            told.append(Outcome(line, decision))
    return told


def foreseen(found: Iterable[Line], verb: str, *, by: Actor) -> list[Outcome]:
    """The preview of `decide_each`: what stands in the way of each line, and nothing written."""
    told = []
    for line in found:
        try:
            _check_possible(line, verb, by=by)
        except Refused as refused:
            told.append(Outcome(line, None, str(refused.sentence)))
        else:
            told.append(Outcome(line, None))
    return told


@again
@transaction.atomic
def undo(decision: Decision, *, by: Actor) -> Decision:
    """Take a decision back while nothing has happened.

    Raises NotAllowed for others than the decider, Gone once its moment is over.
    """
    decision = _locked(decision.pk)
    if by.user is None or by.user.pk != decision.by_user_id:
        raise NotAllowed("not_yours", _("A decision is undone by whoever took it."))
    if decision.state == DecisionState.UNDONE:
        return decision
    if decision.state != DecisionState.PENDING or decision.takes_effect_at <= timezone.now():
        raise Gone("too_late", _("It is too late to undo this: it has taken effect."))
    _move(decision, "undo", by=by)
    return decision


@again
@transaction.atomic
def take(pk: int) -> bool:
    """Let a decision take effect, once; False when it was undone, taken, or its time has not come.

    Rights are asked again. What is not possible any more (withdrawn, say) is left, and says why.
    """
    decision = _locked(pk)
    if decision.state != DecisionState.PENDING or decision.takes_effect_at > timezone.now():
        return False
    by = Actor.of(decision.by_user)
    _settle(decision, lambda: _take(decision, by))
    return decision.state == DecisionState.TAKEN


def take_due(at: datetime) -> int:
    """Take what is due and nobody took: a promise that failed too often, a worker that died for good."""
    late = Decision.objects.due(at - timedelta(minutes=1)).order_by("takes_effect_at", "pk")
    return sum(take(pk) for pk in list(late.values_list("pk", flat=True)[:MOST_DUE]))


@transaction.atomic
def write_note(order: Order, text: str, *, by: Actor) -> DeskNote:
    """Keep a note of the desk about an order; the requester does not read it."""
    check_is_desk(by.user)
    text = text.strip()
    if not text or len(text) > 2000:
        raise Invalid("note_missing", _("Write a note of at most 2,000 characters."), field="text")
    return DeskNote.objects.create(order=order, text=text, at=timezone.now(), **by.columns())


def reason_of(text: ReasonText | None, words: str, *, language: str) -> str:
    """The reason that is sent: the chosen text in the requester's language, then what was typed."""
    parts = [text.text(language) if text else "", words.strip()]
    return "\n\n".join(part for part in parts if part)


def shown_beside(line: Line | None, user: Any) -> tuple[list[Decision], Decision | None]:
    """What an officer decided that is pending, or could not be taken in the last hour; and what anybody's
    decision on a line is, while it is pending. One query.
    """
    since = timezone.now() - timedelta(hours=1)
    pending = Q(state=DecisionState.PENDING)
    recent = Q(by_user=user) & (pending | Q(state=DecisionState.OVERTAKEN, settled_at__gte=since))
    found = Decision.objects.filter(recent | pending & Q(line=line) if line else recent)
    rows = list(found.select_related(*SHOWN).order_by("-made_at", "-pk")[:21])
    mine = [one for one in rows if one.by_user_id == user.pk][:20]
    of_line = (one for one in rows if line is not None and one.line_id == line.pk)
    return mine, next((one for one in of_line if one.state == DecisionState.PENDING), None)


def without_existing(line: Line) -> Any:
    """The part of a line's area that no member's image covers; None when that is all or nothing of it."""
    shape = geo.to_shapely(line.area)
    near = Product.objects.published().filter(
        footprint__intersects=line.area, scene__platform__sensor=line.sensor_id
    )
    known = [geo.to_shapely(one.footprint) for one in near.order_by("-scene__datetime")[:50]]
    if not known:
        return None
    rest = together(list(polygons_of(shapely.difference(shape, shapely.union_all(known)))))
    return None if rest.is_empty or rest.equals(shape) else rest


def _inside(line: Line, area: Any) -> Any:
    """The part of an offered area that was asked: what nobody asked for is not offered."""
    if area is None:
        return None
    common = shapely.intersection(geo.to_shapely(line.area), geo.to_shapely(area))
    pieces = list(polygons_of(common))
    if not pieces:
        raise Invalid(
            "area_outside_request", _("This area lies outside what is asked."), field="area"
        )
    return together(pieces)


def _check_possible(line: Line, verb: str, *, by: Actor) -> None:
    if line.order.requester_id == by.user.pk:
        raise NotAllowed("own_request", _("Nobody decides on their own request."))
    row = APPROVAL.steps[verb]
    check_may_take(by, verb, row, line)
    APPROVAL.check(verb, line.approval)
    check_is_possible(verb, line)
    if taken := line.decisions.pending().first():
        raise NotNow(
            "decided_already",
            _("%(who)s has just decided on this request: “%(what)s”.")
            % {"who": taken.by_name, "what": taken.get_verb_display()},
        )


def _settle(decision: Decision, act: Callable[[], Line]) -> None:
    """Act in a savepoint: what is refused changes nothing, and the decision says why it was left."""
    try:
        with transaction.atomic():
            act()
    except Refused as refused:
        if not settings.DESK_UNDO_SECONDS:
            raise
        decision.obstacle_code = refused.code[:60]
        decision.obstacle_facts = {
            name: str(fact)[:200] for name, fact in refused.details.items() if name in KEPT_FACTS
        }
        log.info("decision_overtaken", decision=decision.pk, code=refused.code)
        _move(decision, "overtake")
    else:
        _move(decision, "take")


def _move(decision: Decision, name: str, *, by: Actor = BY) -> None:
    decision.state = DECISION.check(name, decision.state).target
    decision.settled_at = timezone.now()
    decision.save(update_fields=["state", "settled_at", "obstacle_code", "obstacle_facts"])
    _write(decision, name, by=by)


def _write(decision: Decision, step: str, *, by: Actor) -> None:
    DecisionEvent.objects.create(
        decision=decision, step=step, target=decision.state, at=timezone.now(), **by.columns()
    )


def _locked(pk: int) -> Decision:
    """The line first, then its decision: the order in which deciding locks them."""
    line = Decision.objects.values_list("line", flat=True).get(pk=pk)
    Line.objects.select_for_update(of=("self",), no_key=True).get(pk=line)
    rows = Decision.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("line__order", "quote", "by_user").get(pk=pk)
