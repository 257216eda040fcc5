"""Programmes of taskings that come back: made at once, asked one time after another when its turn comes.

A time is announced three weeks before its window and asked two weeks before, in the requester's name, as
they asked in advance: their licence, their affiliation, the rules and the quota of the day decide, like
for any order, and what they refuse is told and tried again every day until the window begins.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import structlog
from dateutil.relativedelta import relativedelta
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.policies import check_is_member
from catalogue.models import Sensor
from dinamis import geo
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, Refused
from dinamis.lifecycle import advance
from dinamis.outbox import after_commit
from orders.models import Occurrence, Project, Series, SeriesEvent
from orders.pricing.words import Mode
from orders.services.asking import quotes
from orders.services.asking.wishes import Tasking, checked
from orders.services.lines import history, orders
from orders.services.lines.references import next_reference
from orders.services.projects import project_use
from orders.services.rules.rules import version_in_force
from orders.states import OCCURRENCE, SERIES, OccurrenceState, SeriesState

log = structlog.get_logger(__name__)

CLOCK = Actor.system("programmes")
TOLD_DAYS, ASKED_DAYS = 21, 14  # before a window begins
MOST_TIMES, MOST_YEARS = 40, 10
TO_COME = (OccurrenceState.PLANNED, OccurrenceState.TOLD)


class Every(models.TextChoices):
    WEEKS = "weeks", gettext_lazy("weeks")
    MONTHS = "months", gettext_lazy("months")
    YEARS = "years", gettext_lazy("years, in the same season")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The first window, then the same again every so many weeks, months or years, so many times."""

    starts_on: date
    ends_on: date
    every: int
    unit: str
    times: int

    def windows(self) -> list[tuple[date, date]]:
        """Each window, the first included; raises Invalid where they overlap or last too long."""
        if self.unit not in Every.values or not 1 <= self.every <= 60:
            raise Invalid("rhythm_unknown", _("Say every how many weeks, months or years."))
        if not 2 <= self.times <= MOST_TIMES:
            raise Invalid(
                "times_out_of_range",
                _("A programme has between 2 and %(most)s times.") % {"most": MOST_TIMES},
            )
        steps = [relativedelta(**{self.unit: self.every * n}) for n in range(self.times)]
        found = [(self.starts_on + one, self.ends_on + one) for one in steps]
        if found[1][0] <= found[0][1]:
            raise Invalid(
                "windows_overlap",
                _("Each window ends before the next begins: make them shorter, or rarer."),
            )
        if found[-1][0] > self.starts_on + relativedelta(years=MOST_YEARS):
            raise Invalid(
                "series_too_long",
                _("A programme lasts %(years)s years at most.") % {"years": MOST_YEARS},
            )
        return found


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
    wish = _wish(wanted, *windows[0])
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
    _note(series, "make", by=by)
    return series


@transaction.atomic
def take_step(series: Series, name: str, *, by: Actor) -> Series:
    """Pause, resume or end a programme. Raises NotAllowed (another's), NotNow (not from this state)."""
    series = _locked(series)
    row = SERIES.steps.get(name)
    if row is None:
        raise Invalid("step_unknown", _("There is no such step."))
    _check_owner(series, by)
    advance(series, SERIES, name, at=timezone.now())
    series.save(update_fields=["state", "state_since", "due_at"])
    _note(series, name, by=by)
    return series


@transaction.atomic
def skip(occurrence: Occurrence, *, by: Actor) -> Occurrence:
    """Leave one time out. Raises NotNow when it was asked already."""
    series = _locked(occurrence.series)
    _check_owner(series, by)
    occurrence = _locked_time(occurrence)
    _move(occurrence, "skip", by=by)
    _end_if_over(series)
    return occurrence


def tick(now: datetime | None = None, *, most: int = 100) -> dict[str, int]:
    """Announce, ask and give up what is due; each time is a transaction of its own."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    soon = today + timedelta(days=TOLD_DAYS)
    due = Occurrence.objects.filter(
        models.Q(due_at=None) | models.Q(due_at__lte=now), state__in=TO_COME, starts_on__lte=soon
    )
    done = {"series_told": 0, "series_asked": 0, "series_missed": 0}
    for found in due.exclude(series__state=SeriesState.ENDED).order_by("starts_on", "pk")[:most]:
        try:
            what = _turn(found, today)
        except Refused as refused:
            log.info("programme_too_late", occurrence=found.pk, code=refused.code)
            continue
        if what:
            done[what] += 1
    return done


def _turn(occurrence: Occurrence, today: date) -> str:
    """Do for one time what its day asks; the key of what was done, or ""."""
    with transaction.atomic():
        series = _locked(occurrence.series)
        occurrence = _locked_time(occurrence)
        if occurrence.state not in TO_COME or series.state == SeriesState.ENDED:
            return ""
        if occurrence.starts_on <= today:
            reason = occurrence.refusal or _("The programme was paused.")
            _move(occurrence, "miss", by=CLOCK, reason=reason)
            _end_if_over(series)
            return "series_missed"
        if series.state == SeriesState.PAUSED:
            return ""
        if occurrence.starts_on <= today + timedelta(days=ASKED_DAYS):
            return "series_asked" if _ask(series, occurrence) else ""
        if occurrence.state == OccurrenceState.PLANNED:
            _move(occurrence, "tell", by=CLOCK)
            return "series_told"
    return ""


def _ask(series: Series, occurrence: Occurrence) -> bool:
    """Order one time in the requester's name; refused, say why once and try again tomorrow."""
    by = Actor.of(series.requester)
    try:
        with transaction.atomic(), override(series.requester.language):
            _check_at_home(series)
            wish = _wish(series, occurrence.starts_on, occurrence.ends_on)
            quote = quotes.make(wish, by=by, project=series.project)
            order = orders.place(
                [quote],
                title=f"{series.title} ({occurrence.number})"[:200],
                purpose=series.purpose,
                submission=f"{series.reference}-{occurrence.number}",
                by=by,
                wait=True,
            )
    except Refused as refused:
        said = str(refused.sentence)[:500]
        is_new = said != occurrence.refusal
        occurrence.refusal, occurrence.due_at = said, timezone.now() + timedelta(days=1)
        occurrence.save(update_fields=["refusal", "due_at"])
        if is_new:
            _note(series, "refuse", occurrence=occurrence, reason=said, by=CLOCK)
        return False
    occurrence.line, occurrence.refusal = order.lines.get(), ""
    history.note(occurrence.line, "from_series", by=CLOCK, series=series.reference)
    _move(occurrence, "ask", by=CLOCK)
    _end_if_over(series)
    return True


def _check_at_home(series: Series) -> None:
    """The requester still acts for the body whose quota the programme was made for."""
    organisation = check_is_member(series.requester).organisation
    if organisation.pk != series.organisation_id:
        raise NotAllowed(
            "programme_of_another_organisation",
            _("This programme was made for %(organisation)s, for which you do not act now.")
            % {"organisation": series.organisation},
        )


def _wish(wanted: Wanted | Series, starts_on: date, ends_on: date) -> Tasking:
    facts = {name: getattr(wanted, name) for name in NAMES}
    area = geo.to_shapely(wanted.area) if isinstance(wanted, Series) else wanted.area
    return Tasking(area=area, starts_on=starts_on, ends_on=ends_on, **facts)


def _locked(series: Series) -> Series:
    rows = Series.objects.select_for_update(of=("self",), no_key=True)
    related = ("requester", "organisation", "project", "sensor")
    return rows.select_related(*related).get(pk=series.pk)


def _locked_time(occurrence: Occurrence) -> Occurrence:
    return Occurrence.objects.select_for_update(of=("self",), no_key=True).get(pk=occurrence.pk)


def _check_owner(series: Series, by: Actor) -> None:
    if by.user is None or by.user.pk != series.requester_id:
        raise NotAllowed("step_is_not_yours", _("Only who made a programme changes it."))


def _move(occurrence: Occurrence, name: str, *, by: Actor, reason: str = "") -> None:
    advance(occurrence, OCCURRENCE, name, at=timezone.now())
    occurrence.save(update_fields=["state", "state_since", "due_at", "line", "refusal"])
    _note(occurrence.series, name, occurrence=occurrence, reason=reason, by=by)


def _end_if_over(series: Series) -> None:
    if series.state == SeriesState.ENDED:
        return
    if not series.occurrences.filter(state__in=TO_COME).exists():
        advance(series, SERIES, "end", at=timezone.now())
        series.save(update_fields=["state", "state_since", "due_at"])
        _note(series, "end", by=CLOCK)


TOLD = frozenset({"tell", "ask", "refuse", "miss"})


def _note(
    series: Series,
    step: str,
    *,
    by: Actor,
    occurrence: Occurrence | None = None,
    reason: str = "",
) -> SeriesEvent:
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
