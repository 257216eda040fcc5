"""The steps of a line that are still to come, each with the day that the application knows of.

What is under way comes first; nothing comes after a line that is over. Days are those of the rules in
force (the targets of each stage, the usual delays) and of the line's own clock; where nobody knows one
none is told, and none of what follows it either.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from dinamis import formats, workdays
from orders.models import Line, LineEvent, OrderPreference
from orders.pricing.rules import Rules
from orders.pricing.words import Kind, Stage
from orders.services.desk import lateness
from orders.services.lines.reading import state_of
from orders.states import APPROVAL, Approval, AttemptState, Money, Supply
from orders.states.supply import OVER

# The stations of a line, in order; a tasking has three of its own, production and delivery are everyone's.
SEND, QUOTA, REFERENT, ANSWER, DECIDE, NUMBER, PLACE, TRY, CHOOSE, PRODUCE, DELIVER = range(11)
ONLY_TASKING = {TRY, CHOOSE}
# Where a line stands, from the one word that its lives come to.
AT = {
    "draft": SEND,
    "waiting_quota": QUOTA,
    "awaiting_referent": REFERENT,
    "submitted": DECIDE,
    "to_complete": ANSWER,
    "to_confirm": ANSWER,
    "offered": ANSWER,
    "due": NUMBER,
    "to_place": PLACE,
    "placing": PLACE,
    "attempting": TRY,
    "proposed": CHOOSE,
    "in_production": DELIVER,
}
STAGES = {REFERENT: Stage.REFERENT, DECIDE: Stage.DECIDE, PLACE: Stage.PLACE}
# The steps by which a request leaves its requester.
SENT = {"submit", "submit_to_referent", "serve", "serve_to_referent"}


@dataclass(frozen=True, slots=True)
class Coming:
    """A step to come, in a few words, and when; "" where nobody knows."""

    title: str
    when: str


def steps(line: Line, events: Iterable[LineEvent], rules: Rules | None) -> list[Coming]:
    """What is still to come, the step that is under way first."""
    if line.approval in APPROVAL.final | {Approval.LAPSED} or line.supply in OVER:
        return []
    stations = _stations(line)
    days = _expected(line, stations, rules)
    found = []
    for station in stations:
        if station == DELIVER:
            when = _usual(line, events, rules)
        else:
            when = _when(line, station, days.get(station), is_now=station == stations[0])
        found.append(Coming(_title(line, station), when))
    return found


def _stations(line: Line) -> list[int]:
    """The stations from where the line stands, without those that it does not have."""
    state = state_of(line)
    if state.startswith("asked_"):
        return [ANSWER, TRY, CHOOSE, PRODUCE, DELIVER]
    placed = TRY if line.is_tasking else PRODUCE
    now = AT.get(state, placed)
    left = list(range(now, DELIVER + 1))
    without = set() if line.is_tasking else set(ONLY_TASKING)
    without |= {QUOTA, ANSWER, REFERENT, NUMBER} - {now}
    if state == "offered":
        without.add(DECIDE)  # the part that is taken is accepted by that
    if now < REFERENT and OrderPreference.objects.referent_approves(line.order.organisation):
        without.remove(REFERENT)
    if now < NUMBER and _owes(line):
        without.remove(NUMBER)
    return [one for one in left if one not in without]


def _owes(line: Line) -> bool:
    """True where something is to be paid and nobody has said by which order."""
    return line.quote.price_eur > 0 and line.money in {Money.NONE, Money.HELD, Money.DUE}


def _expected(line: Line, stations: Sequence[int], rules: Rules | None) -> dict[int, date]:
    """The day by which each stage with a target is to be over, one after the other.

    A stage that is late is over today at the earliest. Days end at the first station without one.
    """
    targets = rules.targets if rules else {}
    today, found = timezone.localdate(), {}
    day: date | None = lateness.due_on(line, targets)
    if day is None:
        return {}
    found[stations[0]] = day
    for station in stations[1:]:
        days = lateness.days_of(targets, STAGES[station], line.kind) if station in STAGES else None
        if days is None:
            break
        day = workdays.after(max(day, today), days)
        found[station] = day
    return found


def _when(line: Line, station: int, day: date | None, *, is_now: bool) -> str:
    if is_now and line.due_at is not None:
        return _("before %(until)s") % {"until": formats.instant(line.due_at)}
    if station == TRY:
        return _attempts(line)
    if day is None:
        return ""
    if day < timezone.localdate():
        return _("late: it was due on %(day)s") % {"day": formats.day(day)}
    return _("on %(day)s at the latest") % {"day": formats.day(day)}


def _attempts(line: Line) -> str:
    """The next pass that is planned, and the last day of the window."""
    said = []
    if line.supply == Supply.ATTEMPTING:
        planned = line.attempts.filter(
            state=AttemptState.PLANNED, planned_at__gt=timezone.now()
        ).order_by("planned_at")
        if (found := planned.first()) is not None:
            said.append(_("next pass on %(at)s") % {"at": formats.instant(found.planned_at)})
    window = {
        "first": formats.day(line.window_starts_on),
        "last": formats.day(line.window_ends_on),
    }
    if line.window_starts_on > timezone.localdate():
        said.append(_("from %(first)s to %(last)s") % window)
    else:
        said.append(_("until %(last)s") % window)
    return ", ".join(said)


def _usual(line: Line, events: Iterable[LineEvent], rules: Rules | None) -> str:
    """The usual delay of an image of the archive, as days of the calendar once it is placed."""
    delay = rules.delays.get((line.sensor_id, line.kind)) if rules else None
    if delay is None or line.kind != Kind.PRODUCTION:
        return ""
    least, most = delay
    is_placed = line.supply in {Supply.PLACED, Supply.IN_PRODUCTION}
    sent = [event.at for event in events if event.life == "approval" and event.step in SENT]
    if sent and is_placed:
        begun, today = timezone.localdate(max(sent)), timezone.localdate()
        first, last = begun + timedelta(days=least), begun + timedelta(days=most)
        known = {"first": formats.day(first), "last": formats.day(last)}
        if first > today:
            return _("usually between %(first)s and %(last)s") % known
        if last >= today:
            return _("usually by %(last)s") % known
    return _("usually %(least)s to %(most)s days after the request") % {
        "least": least,
        "most": most,
    }


def _title(line: Line, station: int) -> str:
    if station == ANSWER:
        return _answer(line)
    titles: dict[int, Any] = {
        SEND: _("The request is sent"),
        QUOTA: _("Quota comes back, in its turn"),
        REFERENT: _("Agreement of the referent"),
        DECIDE: _("Decision of the DINAMIS desk"),
        NUMBER: _("Order number of the payer"),
        PLACE: _("Placing with the supplier"),
        TRY: _("Attempts of the satellite"),
        CHOOSE: _("Answer to the image proposed"),
        PRODUCE: _("Production of the image"),
        DELIVER: _("Delivery, then free for every member"),
    }
    return titles[station]


def _answer(line: Line) -> str:
    """What the requester is asked now."""
    if line.approval == Approval.TO_CONFIRM:
        return _("Confirmation of the new quote")
    if line.approval == Approval.OFFERED:
        return _("Answer to the part offered")
    return _("Answer of the requester")
