"""What stands in a person's calendar: windows, times of programmes, images to answer, quotes that end, reports due.

Only what is theirs to follow or to do, and nothing past: a calendar is for what comes.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from accounts.models import User
from orders.models import Acquisition, Line, Occurrence, ProjectReport, Quote
from orders.pricing.words import Kind
from orders.states import AcquisitionState, Approval, OccurrenceState, SeriesState, Supply
from orders.states.approval import WAITING
from orders.states.report import ReportState

MOST = 300  # of each kind
OPEN_SUPPLY = (Supply.TO_PLACE, Supply.PLACED, Supply.ATTEMPTING, Supply.PROPOSED)
DEADLINE = timedelta(minutes=30)  # drawn before the instant at which it is too late
REMINDED = timedelta(days=1)


def written(user: User) -> bytes:
    """The whole feed, in the person's language; the same things give the same bytes."""
    with translation.override(user.language):
        calendar = Calendar()
        calendar.add("prodid", f"-//DINAMIS//{settings.SITE_NAME}//{user.language.upper()}")
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        calendar.add("x-wr-calname", _("DINAMIS: windows and deadlines"))
        calendar.add("refresh-interval", timedelta(hours=4), parameters={"VALUE": "DURATION"})
        kinds = (_windows, _times, _proposals, _quotes, _reports)
        for event in (one for kind in kinds for one in kind(user)):
            calendar.add_component(event)
        return calendar.to_ical()


def _windows(user: User) -> Iterator[Event]:
    """The windows of taskings that are asked or under way, as whole days."""
    asked = [*WAITING, Approval.WAITING_QUOTA, Approval.ACCEPTED]
    lines = Line.objects.filter(
        order__requester=user,
        kind=Kind.TASKING,
        approval__in=asked,
        supply__in=[Supply.NONE, *OPEN_SUPPLY],
        window_ends_on__gte=timezone.localdate(),
    ).select_related("order", "sensor")
    for line in lines.order_by("window_ends_on", "pk")[:MOST]:
        yield _event(
            f"window-{line.pk}",
            _("Window of %(line)s, %(sensor)s") % {"line": line.reference, "sensor": line.sensor},
            line.state_since,
            _order_page(line),
            starts=line.window_starts_on,
            ends=line.window_ends_on + timedelta(days=1),
            is_free=True,
        )


def _times(user: User) -> Iterator[Event]:
    """The windows that a programme will ask for, while it runs."""
    ahead = Occurrence.objects.filter(
        series__requester=user,
        series__state=SeriesState.RUNNING,
        state__in=[OccurrenceState.PLANNED, OccurrenceState.TOLD],
        starts_on__gt=timezone.localdate(),
    ).select_related("series")
    for time in ahead.order_by("starts_on", "pk")[:MOST]:
        yield _event(
            f"time-{time.pk}",
            _("To come: %(title)s") % {"title": time.series.title},
            time.state_since,
            reverse("series", args=[time.series.reference]),
            starts=time.starts_on,
            ends=time.ends_on + timedelta(days=1),
            is_free=True,
        )


def _proposals(user: User) -> Iterator[Event]:
    waiting = Acquisition.objects.filter(
        line__order__requester=user,
        state=AcquisitionState.PROPOSED,
        due_at__gt=timezone.now(),
    ).select_related("line__order")
    for image in waiting.order_by("due_at", "pk")[:MOST]:
        title = _("Accept or refuse an image: %(line)s") % {"line": image.line.reference}
        page = _order_page(image.line)
        yield _deadline(f"proposal-{image.pk}", title, image.state_since, page, image.due_at)


def _quotes(user: User) -> Iterator[Event]:
    """Drafts, offers and places in the list whose quote ends; then quotes that became no order."""
    now = timezone.now()
    unsent = Line.objects.filter(
        order__requester=user,
        approval__in=[Approval.DRAFT, Approval.WAITING_QUOTA, Approval.OFFERED],
        quote__expires_at__gt=now,
    ).select_related("order", "quote")
    for line in unsent.order_by("quote__expires_at", "pk")[:MOST]:
        at = line.due_at if line.approval == Approval.OFFERED else line.quote.expires_at
        title = _("The quote of %(line)s ends") % {"line": line.reference}
        yield _deadline(f"line-{line.pk}", title, line.state_since, _order_page(line), at)
    loose = Quote.objects.filter(requester=user, line=None, proposed_for=None, expires_at__gt=now)
    for quote in loose.order_by("expires_at", "pk")[:MOST]:
        title = _("The quote %(quote)s ends") % {"quote": quote.reference}
        page = reverse("quote", args=[quote.key])
        yield _deadline(f"quote-{quote.pk}", title, quote.made_at, page, quote.expires_at)


def _reports(user: User) -> Iterator[Event]:
    asked = ProjectReport.objects.filter(
        project__lead=user, state=ReportState.ASKED, due_at__gt=timezone.now()
    ).select_related("project")
    for report in asked.order_by("due_at", "pk")[:MOST]:
        title = _("Report due: the project %(title)s") % {"title": report.project.title}
        page = reverse("project", args=[report.project.reference])
        yield _deadline(f"report-{report.pk}", title, report.state_since, page, report.due_at)


def _order_page(line: Line) -> str:
    return reverse("order", args=[line.order.reference])


def _deadline(key: str, title: str, since: datetime, page: str, at: datetime) -> Event:
    """The half-hour before it is too late, with a reminder a day before."""
    event = _event(key, title, since, page, starts=at - DEADLINE, ends=at)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -REMINDED)
    event.add_component(alarm)
    return event


def _event(
    key: str,
    title: str,
    since: datetime,
    page: str,
    *,
    starts: Any,
    ends: Any,
    is_free: bool = False,
) -> Event:
    event = Event()
    event.add("uid", f"{key}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", since)
    event.add("summary", title)
    event.add("dtstart", starts.astimezone(UTC) if _is_instant(starts) else starts)
    event.add("dtend", ends.astimezone(UTC) if _is_instant(ends) else ends)
    event.add("url", settings.SITE_URL + page)
    event.add("description", settings.SITE_URL + page)
    event.add("transp", "TRANSPARENT" if is_free else "OPAQUE")
    return event


def _is_instant(moment: Any) -> bool:
    return isinstance(moment, datetime)
