"""The attempts of a tasking line: planned, made, and counted whatever the clouds."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue.models import Platform
from dinamis.actors import Actor
from dinamis.again import again
from dinamis.errors import Invalid, NotNow
from dinamis.lifecycle import advance
from orders.models import Attempt, Line
from orders.policies.attempts import check_may_take
from orders.pricing.words import Unit
from orders.services.lines.history import locked, note
from orders.services.lines.steps import take
from orders.services.purse import money
from orders.services.tasking import windows
from orders.states import ATTEMPT, Supply


@transaction.atomic
def plan(
    line: Line,
    *,
    planned_at: datetime,
    by: Actor,
    platform: Platform | None = None,
    units: Decimal | None = None,
) -> Attempt:
    """Write down a pass the supplier will try. `units` is what it will count: one try's, by default.

    The line must be with the supplier; its first attempt says that tasking has begun. Raises
    Invalid when the pass lies outside the window, the platform is another sensor's, or more is to
    be counted than one try does.
    """
    line = locked(line)
    check_may_take(by, "attempt", line)
    windows.check_planned(line, planned_at)
    if line.supply == Supply.PLACED:
        take(line, "supply", "start_attempts", by=by)
    if line.supply != Supply.ATTEMPTING:
        raise NotNow(
            "not_being_attempted",
            _("No attempt can be recorded now: this line is not being attempted."),
            supply=line.supply,
        )
    if platform is not None and platform.sensor_id != line.sensor_id:
        raise Invalid("platform_of_another_sensor", _("This satellite is not of that sensor."))
    attempt = Attempt.objects.create(
        line=line,
        number=line.attempts.count() + 1,
        platform=platform,
        planned_at=planned_at,
        units=_units(line, units),
        state_since=timezone.now(),
    )
    note(line, "plan_attempt", by=by, attempt=attempt.number, planned_at=planned_at.isoformat())
    return attempt


@again
@transaction.atomic
def attempted(attempt: Attempt, *, by: Actor) -> Attempt:
    """The satellite tried: it counts, cloudy or not. Raises HeldTooSmall when no try is left."""
    line, attempt = _both(attempt)
    _move(attempt, line, "attempt", by=by)
    money.count_attempt(line, attempt.units, number=attempt.number, by=by)
    return attempt


@transaction.atomic
def missed(attempt: Attempt, *, by: Actor, reason: str) -> Attempt:
    """The satellite did not try; nothing counts."""
    line, attempt = _both(attempt)
    _move(attempt, line, "miss", by=by, reason=reason)
    return attempt


@transaction.atomic
def cloudy(attempt: Attempt, *, by: Actor, cloud_cover: float) -> Attempt:
    """What was taken is too cloudy, in per cent; tasking goes on."""
    line, attempt = _both(attempt)
    if not 0 <= cloud_cover <= 100:
        raise Invalid("cloud_not_a_share", _("Cloud is a share between 0 and 100 %."))
    attempt.cloud_cover = cloud_cover
    _move(attempt, line, "cloud_over", by=by, cloud_cover=cloud_cover)
    return attempt


def move_to_proposed(attempt: Attempt, line: Line, *, by: Actor, cloud_cover: float) -> None:
    """The attempt gave an image that is being proposed; the caller holds the line's lock."""
    attempt.cloud_cover = cloud_cover
    _move(attempt, line, "propose", by=by)


def _both(attempt: Attempt) -> tuple[Line, Attempt]:
    line = locked(attempt.line)
    return line, Attempt.objects.select_for_update(of=("self",), no_key=True).get(pk=attempt.pk)


def _move(attempt: Attempt, line: Line, name: str, *, by: Actor, reason: str = "", **facts) -> None:
    check_may_take(by, name, line)
    row = advance(attempt, ATTEMPT, name, at=timezone.now())
    if row.needs_reason and not reason.strip():
        raise Invalid("reason_missing", _("Say why: the other side will read it."), step=name)
    attempt.save(update_fields=["state", "state_since", "due_at", "cloud_cover"])
    note(line, f"attempt_{attempt.state}", by=by, reason=reason, attempt=attempt.number, **facts)


def _units(line: Line, units: Decimal | None) -> Decimal:
    """What one attempt counts: nothing in km², one try in attempts, or the part of it that is said."""
    if line.quote.unit != Unit.ATTEMPT:
        return Decimal(0)
    one_try = line.quote.units_per_try
    if units is None:
        return one_try
    if not 0 < units <= one_try:
        raise Invalid(
            "attempt_counts_too_much",
            _("One attempt counts between 1 and %(units)s here.") % {"units": one_try},
        )
    return units
