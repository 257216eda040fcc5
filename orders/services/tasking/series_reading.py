"""A programme as its page shows it: each time with its line, what all of it holds and counted, its history."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dinamis import formats
from orders.ledger import services as ledger
from orders.models import Line, Occurrence, Series, SeriesEvent
from orders.policies.series import may_change
from orders.services.lines.reading import Turn, sentence
from orders.services.tasking.series import ASKED_DAYS, TO_COME
from orders.states import OccurrenceState, SeriesState, Supply

BADGES = {
    OccurrenceState.PLANNED: "st-off",
    OccurrenceState.TOLD: "st-house",
    OccurrenceState.ASKED: "st-out",
    OccurrenceState.SKIPPED: "st-off",
    OccurrenceState.MISSED: "st-bad",
}
TITLES = {
    "make": gettext_lazy("Programme made"),
    "pause": gettext_lazy("Paused"),
    "resume": gettext_lazy("Resumed"),
    "end": gettext_lazy("Ended"),
    "tell": gettext_lazy("Time %(number)s announced"),
    "ask": gettext_lazy("Time %(number)s asked"),
    "refuse": gettext_lazy("Time %(number)s could not be asked"),
    "skip": gettext_lazy("Time %(number)s left out"),
    "miss": gettext_lazy("Time %(number)s was not asked"),
}


@dataclass(frozen=True, slots=True)
class Time:
    """One time: its line's sentence once it was asked, and whether the reader may leave it out."""

    occurrence: Occurrence
    badge: str
    turn: Turn | None
    may_skip: bool


@dataclass(frozen=True, slots=True)
class Whole:
    """The sums of a programme in the unit of its lines; `unit` is "" while nothing was asked."""

    times: list[Time]
    unit: str
    held: Decimal
    asked: int
    delivered: int
    to_come: int
    next_on: date | None


def whole(series: Series, reader: Any) -> Whole:
    """Everything about a programme on one page, two queries a line asked aside."""
    found = list(series.occurrences.select_related(*_WITH))
    asked = [one.line for one in found if one.line is not None]
    ahead = [one for one in found if one.state in TO_COME]
    runs = series.state != SeriesState.ENDED
    return Whole(
        times=[_time(series, one, reader) for one in found],
        unit=asked[0].quote.unit if asked else "",
        held=sum((ledger.held(line.reference) for line in asked), Decimal(0)),
        asked=len(asked),
        delivered=sum(line.supply == Supply.DELIVERED for line in asked),
        to_come=len(ahead) if runs else 0,
        next_on=ahead[0].starts_on if ahead and runs else None,
    )


def told(series: Series) -> str:
    """Where a programme stands, in one sentence."""
    if series.state == SeriesState.ENDED:
        return _("Ended: nothing more is asked.")
    if series.state == SeriesState.PAUSED:
        return _("Paused: nothing is asked until it is resumed.")
    ahead = series.occurrences.filter(state__in=TO_COME).order_by("starts_on").first()
    if ahead is None:
        return _("Nothing is to come.")
    if ahead.refusal:
        return _("Time %(number)s cannot be asked yet: %(why)s") % {
            "number": ahead.number,
            "why": ahead.refusal,
        }
    days = {"from": formats.day(ahead.starts_on), "to": formats.day(ahead.ends_on)}
    if ahead.starts_on <= timezone.localdate() + timedelta(days=ASKED_DAYS):
        return _("Next window: from %(from)s to %(to)s; it is being asked.") % days
    return _("Next window: from %(from)s to %(to)s, asked two weeks before.") % days


def history(series: Series) -> list[dict[str, Any]]:
    """What was done, oldest first, for components/timeline.html."""
    found = series.events.select_related("occurrence", "by_user").order_by("at", "pk")
    return [_entry(event) for event in found]


def _entry(event: SeriesEvent) -> dict[str, Any]:
    number = event.occurrence.number if event.occurrence else ""
    title = str(TITLES[event.step]) % {"number": number}
    if event.reason:
        title = f"{title} : {event.reason}"
    kind = {"miss": "bad", "refuse": "bad", "ask": "out"}.get(event.step, "")
    return {"title": title, "who": event.by_name, "at": event.at, "kind": kind}


def _time(series: Series, one: Occurrence, reader: Any) -> Time:
    line: Line | None = one.line
    turn = sentence(line, reader) if line is not None else None
    may_skip = (
        one.state in TO_COME and series.state != SeriesState.ENDED and may_change(reader, series)
    )
    return Time(one, turn.badge if turn else BADGES[OccurrenceState(one.state)], turn, may_skip)


_WITH = (
    "line__order__organisation",
    "line__order__requester",
    "line__quote",
    "line__sensor",
    "line__proposed_quote",
)
