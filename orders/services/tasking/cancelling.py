"""A tasking that the supplier has is cancelled: what it costs, told before and done after."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dinamis.actors import Actor
from orders.ledger import services as ledger
from orders.models import Attempt, Line
from orders.policies.lines import check_may_take
from orders.pricing.words import Unit
from orders.services.lines.history import locked
from orders.services.lines.steps import take
from orders.services.supplying import intents
from orders.services.tasking import question_rows, tasking
from orders.states import SUPPLY, AttemptState

SYSTEM = Actor.system("cancelling")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a cancellation comes to, in the line's unit.

    `counted` was counted already; `late` are passes nearer than `hours`: they are made and count;
    `given_back` returns to the quota.
    """

    unit: str
    hours: int
    counted: Decimal
    late: tuple[Attempt, ...]
    late_units: Decimal
    given_back: Decimal


def cost(line: Line, *, at: datetime | None = None) -> Cost:
    """What cancelling now would cost. Of km² nothing: only images count them."""
    hours = line.quote.rule_version.rules.tasking[line.sensor_id].cancel_hours
    near = (at or timezone.now()) + timedelta(hours=hours)
    planned = line.attempts.filter(state=AttemptState.PLANNED, planned_at__lte=near)
    late = tuple(planned.order_by("planned_at"))
    held = ledger.held(line.reference)
    by_attempt = line.quote.unit == Unit.ATTEMPT
    late_units = (
        min(held, sum((one.units for one in late), Decimal(0))) if by_attempt else Decimal(0)
    )
    made = line.attempts.exclude(state__in=[AttemptState.PLANNED, AttemptState.MISSED])
    counted = sum((one.units for one in made), Decimal(0)) if by_attempt else Decimal(0)
    return Cost(line.quote.unit, hours, counted, late, late_units, held - late_units)


@transaction.atomic
def cancel(line: Line, *, by: Actor, reason: str = "") -> Line:
    """Stop a tasking; passes too near to be stopped are made and count.

    A supplier that is asked by program is told by a call, written down here; any other by the desk.

    Raises what the step of the line raises (NotAllowed, NotNow).
    """
    line = locked(line)
    check_may_take(by, "cancel", SUPPLY.steps["cancel"], line)
    SUPPLY.check("cancel", line.supply)
    found = cost(line)
    for attempt in found.late:
        tasking.attempted(attempt, by=SYSTEM)
    late = {one.pk for one in found.late}
    for attempt in line.attempts.filter(state=AttemptState.PLANNED).exclude(pk__in=late):
        tasking.missed(attempt, by=SYSTEM, reason=_("The tasking was cancelled."))
    waiting = question_rows.open_of(line)
    if waiting is not None:
        question_rows.free(line, waiting, "take_back", by=SYSTEM, reason=_("Cancelled."))
    line = locked(line)
    facts = {"late": len(late), "given_back": found.given_back}
    take(line, "supply", "cancel", by=by, reason=reason[:2000], **facts)
    intents.cancel(line)
    return line
