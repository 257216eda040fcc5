"""The shares of a joint request that was placed: what each line holds, and what an attempt or a delivery takes.

Each line was quoted alone, and held that. Placed as one, it is held to its share of the whole.
"""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from dinamis.actors import Actor
from orders.ledger import services as ledger
from orders.models import JointPart, JointRequest, Line
from orders.pricing.split import draw
from orders.services.asking import quotes
from orders.services.lines.history import move, note
from orders.states.joint import JointState


def part_of(line: Line) -> JointPart | None:
    """The line's part of a joint request that was placed; None where it was asked for alone."""
    placed = JointPart.objects.filter(line=line, joint__state=JointState.PLACED)
    return placed.select_related("joint").first() if line.is_tasking else None


def book(joint: JointRequest, parts: Sequence[JointPart], *, by: Actor) -> None:
    """Give back what each line holds above its share, as one deed, and quote each anew at its share.

    The lines of the parts are locked. Raises HeldTooSmall where a line holds less than it was quoted.
    """
    ledger.settle_together(
        [ledger.Part(one.line.reference, release=one.alone - one.share) for one in parts],
        key=f"joint:{joint.pk}:split",
        by=by,
        reason=_reason(joint),
        rule_version=parts[0].line.quote.rule_version.code,
    )
    bodies = len({one.line.order.organisation_id for one in parts})
    for one in parts:
        line, given = one.line, one.alone - one.share
        quotes.apply(line, quotes.shared(line, one, parties=bodies))
        if given:
            step = "hold_less" if one.share else "release"
            move(line, "money", step, by=by, units=given, unit=joint.unit)


def count_attempt(joint: JointRequest, units: Decimal, *, number: int, by: Actor) -> None:
    """Count one attempt of the whole, once, whichever of its lines it is written down for.

    It is taken from whoever has most of its share left, attempt by attempt, so that all of them together
    make the shares that were agreed. Nothing is counted when no share is left.
    """
    JointRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=joint.pk)
    key = f"joint:{joint.pk}:attempt:{number}"
    if ledger.booked(key):
        return
    parts = list(joint.parts.select_related("line__order", "line__quote__rule_version"))
    taken = draw(units, [ledger.held(one.line.reference) for one in parts])
    ledger.settle_together(
        [
            ledger.Part(one.line.reference, capture=part, consumer=one.line.order.organisation_id)
            for one, part in zip(parts, taken, strict=True)
        ],
        key=key,
        by=by,
        reason=_reason(joint),
        rule_version=parts[0].line.quote.rule_version.code,
    )
    # Only noted: the other lines are not locked, and their money stays held.
    for one, part in zip(parts, taken, strict=True):
        if part:
            note(one.line, "count_attempt", by=by, units=part, unit=joint.unit, attempt=number)


def _reason(joint: JointRequest) -> str:
    """What the statements of all parties read: the request they agreed to, and nobody's name."""
    return _("Joint request no. %(number)s") % {"number": joint.pk}


def delivered(line: Line, km2: Decimal) -> Decimal:
    """The part of a delivered area that counts for a line: in proportion to its share, if it has one."""
    part = part_of(line)
    return km2 if part is None else km2 * part.share / part.alone


def counted(line: Line) -> Decimal | None:
    """What attempts have counted of a line's share so far; None where it was asked for alone."""
    part = part_of(line)
    return None if part is None else max(part.share - ledger.held(line.reference), Decimal(0))
