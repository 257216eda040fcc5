"""Programmes of taskings that come back: made at once, paused, ended; one time left out.

What happens when a time comes is in `series_clock`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import check_is_member
from catalogue.models import Sensor
from dinamis import geo
from dinamis.actors import Actor
from dinamis.errors import Invalid
from dinamis.lifecycle import advance
from dinamis.outbox import after_commit
from orders.models import Occurrence, Project, Series, SeriesEvent
from orders.policies.series import check_may_change, check_may_take
from orders.pricing.words import Mode
from orders.services.asking.wishes import Tasking, checked
from orders.services.lines.references import next_reference
from orders.services.projects import project_use
from orders.services.rules.rules import version_in_force
from orders.services.tasking.rhythms import Rhythm
from orders.states import OCCURRENCE, SERIES, OccurrenceState, SeriesState

CLOCK = Actor.system("programmes")
ASKED_DAYS = 14  # before its window begins, a time is asked
TOLD = frozenset({"tell", "ask", "refuse", "miss"})  # steps that the requester is told
TO_COME = (OccurrenceState.PLANNED, OccurrenceState.TOLD)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What each time asks; None takes the default of the rules of its day."""

    sensor: Sensor
    area: Any
    mode: str = Mode.MONO
    max_cloud: int | None = None
    accept_cloud: int | None = None
    max_incidence: int | None = None
    min_bh: Decimal | None = None
    max_bh: Decimal | None = None
    tries: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


NAMES = (
    "sensor",
    "mode",
    "max_cloud",
    "accept_cloud",
    "max_incidence",
    "min_bh",
    "max_bh",
    "tries",
    "options",
)


@transaction.atomic
def make(
    wanted: Wanted,
    rhythm: Rhythm,
    *,
    title: str,
    purpose: str,
    submission: str,
    by: Actor,
    project: Project | None = None,
) -> Series:
    """Begin a programme; nothing is asked or held yet. The same `submission` returns what it made.

    The first time must keep the rules of today. Raises NotAllowed (no active affiliation), Invalid
    (words, rhythm, the wish), and what the use of the project raises.
    """
    organisation = check_is_member(by.user).organisation
    title, purpose = title.strip(), purpose.strip()
    if not title or not purpose:
        raise Invalid("words_missing", _("Give the programme a title, and say what it is for."))
    windows = rhythm.windows()
    wish = wish_of(wanted, *windows[0])
    project_use.check(project, by.user, wish)
    found = checked(wish, version_in_force().rules)
    now = timezone.now()
    series, new = Series.objects.get_or_create(
        requester=by.user,
        submission=submission[:80],
        defaults={
            **{name: getattr(wanted, name) for name in NAMES},
            "options": found.columns["options"],
            "area": found.asked_area,
            "area_km2": found.asked_km2,
            "reference": next_reference("S"),
            "organisation": organisation,
            "project": project,
            "title": title[:200],
            "purpose": purpose[:4000],
            "made_at": now,
            "state_since": now,
        },
    )
    if not new:
        return series
    Occurrence.objects.bulk_create(
        Occurrence(series=series, number=number, starts_on=first, ends_on=last, state_since=now)
        for number, (first, last) in enumerate(windows, start=1)
    )
    note(series, "make", by=by)
    return series


@transaction.atomic
def take_step(series: Series, name: str, *, by: Actor) -> Series:
    """Pause, resume or end a programme. Raises NotAllowed (another's), NotNow (not from this state)."""
    series = locked(series)
    row = SERIES.steps.get(name)
    if row is None:
        raise Invalid("step_unknown", _("There is no such step."))
    check_may_take(by, row, series)
    advance(series, SERIES, name, at=timezone.now())
    series.save(update_fields=["state", "state_since", "due_at"])
    note(series, name, by=by)
    return series


@transaction.atomic
def skip(occurrence: Occurrence, *, by: Actor) -> Occurrence:
    """Leave one time out. Raises NotNow when it was asked already."""
    series = locked(occurrence.series)
    check_may_change(by, series)
    occurrence = locked_time(occurrence)
    move(occurrence, "skip", by=by)
    end_if_over(series)
    return occurrence


def wish_of(wanted: Wanted | Series, starts_on: date, ends_on: date) -> Tasking:
    """What one time asks, within its window."""
    facts = {name: getattr(wanted, name) for name in NAMES}
    area = geo.to_shapely(wanted.area) if isinstance(wanted, Series) else wanted.area
    return Tasking(area=area, starts_on=starts_on, ends_on=ends_on, **facts)


def locked(series: Series) -> Series:
    """A fresh row that nobody else changes meanwhile, with what asking reads."""
    rows = Series.objects.select_for_update(of=("self",), no_key=True)
    related = ("requester", "organisation", "project", "sensor")
    return rows.select_related(*related).get(pk=series.pk)


def locked_time(occurrence: Occurrence) -> Occurrence:
    return Occurrence.objects.select_for_update(of=("self",), no_key=True).get(pk=occurrence.pk)


def move(occurrence: Occurrence, name: str, *, by: Actor, reason: str = "") -> None:
    """Take one step of a time, with its place in the history of its programme."""
    advance(occurrence, OCCURRENCE, name, at=timezone.now())
    occurrence.save(update_fields=["state", "state_since", "due_at", "line", "refusal"])
    note(occurrence.series, name, occurrence=occurrence, reason=reason, by=by)


def end_if_over(series: Series) -> None:
    """End a programme of which no time is to come."""
    if series.state == SeriesState.ENDED:
        return
    if not series.occurrences.filter(state__in=TO_COME).exists():
        advance(series, SERIES, "end", at=timezone.now())
        series.save(update_fields=["state", "state_since", "due_at"])
        note(series, "end", by=CLOCK)


def note(
    series: Series,
    step: str,
    *,
    by: Actor,
    occurrence: Occurrence | None = None,
    reason: str = "",
) -> SeriesEvent:
    """Add one row to the history; what is to be told is promised."""
    event = SeriesEvent.objects.create(
        series=series,
        occurrence=occurrence,
        step=step,
        reason=reason,
        at=timezone.now(),
        **by.columns(),
    )
    if step in TOLD:
        after_commit("orders.tasks.tell_series", event.pk)
    return event
