"""What time does with programmes: a time is announced, asked, and given up once its window begins.

A time is announced three weeks before its window and asked two weeks before, in the requester's name, as
they asked in advance: their licence, their affiliation, the rules and the quota of the day decide, like
for any order, and what they refuse is told and tried again every day until the window begins.
"""

from datetime import date, datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Organisation
from accounts.policies import check_is_member
from dinamis.actors import Actor
from dinamis.errors import NotAllowed, Refused
from orders.models import Occurrence, Series
from orders.services.asking import quotes
from orders.services.lines import history, orders
from orders.services.tasking.series import (
    ASKED_DAYS,
    CLOCK,
    TO_COME,
    end_if_over,
    locked,
    locked_time,
    move,
    note,
    wish_of,
)
from orders.states import OccurrenceState, SeriesState

log = structlog.get_logger(__name__)

TOLD_DAYS = 21  # before a window begins


def tick(now: datetime | None = None, *, most: int = 100) -> dict[str, int]:
    """Announce, ask and give up what is due; each time is a transaction of its own."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    soon = today + timedelta(days=TOLD_DAYS)
    asked = today + timedelta(days=ASKED_DAYS)
    # Announced already, it waits for the day on which it is asked; paused, for the one it is missed on.
    due = Occurrence.objects.filter(
        Q(due_at=None) | Q(due_at__lte=now),
        Q(state=OccurrenceState.PLANNED, starts_on__lte=soon)
        | Q(state=OccurrenceState.TOLD, starts_on__lte=asked),
        Q(series__state=SeriesState.RUNNING) | Q(starts_on__lte=today),
    )
    done = {"series_told": 0, "series_asked": 0, "series_missed": 0}
    for found in (
        due.exclude(series__state=SeriesState.ENDED)
        .select_related("series")
        .order_by("starts_on", "pk")[:most]
    ):
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
        # In the order of a merger: the organisation before what belongs to it.
        Organisation.objects.hold_still(occurrence.series.organisation_id)
        series = locked(occurrence.series)
        occurrence = locked_time(occurrence)
        if occurrence.state not in TO_COME or series.state == SeriesState.ENDED:
            return ""
        if occurrence.starts_on <= today:
            with override(series.requester.language):
                reason = occurrence.refusal or _("The programme was paused.")
            move(occurrence, "miss", by=CLOCK, reason=reason)
            end_if_over(series)
            return "series_missed"
        if series.state == SeriesState.PAUSED:
            return ""
        if occurrence.starts_on <= today + timedelta(days=ASKED_DAYS):
            return "series_asked" if _ask(series, occurrence) else ""
        if occurrence.state == OccurrenceState.PLANNED:
            move(occurrence, "tell", by=CLOCK)
            return "series_told"
    return ""


def _ask(series: Series, occurrence: Occurrence) -> bool:
    """Order one time in the requester's name; refused, say why once and try again tomorrow."""
    by = Actor.of(series.requester)
    try:
        with transaction.atomic(), override(series.requester.language):
            _check_at_home(series)
            wish = wish_of(series, occurrence.starts_on, occurrence.ends_on)
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
            note(series, "refuse", occurrence=occurrence, reason=said, by=CLOCK)
        return False
    occurrence.line, occurrence.refusal = order.lines.get(), ""
    history.note(occurrence.line, "from_series", by=CLOCK, series=series.reference)
    move(occurrence, "ask", by=CLOCK)
    end_if_over(series)
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
