"""Intervals of instants, as STAPI asks, and windows of whole days, as a tasking is asked here."""

import re
from datetime import date, datetime, time, timedelta, tzinfo

from django.utils.translation import gettext as _

from dinamis.errors import Invalid

OPEN = ("..", "")
MOST_CHARACTERS = 100
# RFC 3339, with a zone: an instant without one could be a day off.
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)


def read(text: str, *, today: date, zone: tzinfo, longest: int) -> tuple[date, date]:
    """The first and the last day, in `zone`, of an interval of two instants.

    An open beginning is tomorrow; an open end is as far as a window may go, `longest` days. An end at
    midnight ends the day before. Raises Invalid (datetime_malformed).
    """
    ends = text.strip().split("/")
    if len(text) > MOST_CHARACTERS or len(ends) != 2:
        raise _malformed()
    first, last = (None if one in OPEN else _instant(one) for one in ends)
    if first is not None and last is not None and last < first:
        raise Invalid(
            "datetime_reversed", _("This interval ends before it begins."), field="datetime"
        )
    try:
        starts_on = today + timedelta(days=1) if first is None else first.astimezone(zone).date()
        if last is None:
            return starts_on, starts_on + timedelta(days=longest - 1)
        ends_on = (last - timedelta(microseconds=1)).astimezone(zone).date()
    except OverflowError:
        raise _malformed() from None
    return starts_on, ends_on


def write(starts_on: date, ends_on: date, *, zone: tzinfo) -> str:
    """The closed interval of a window: from the first midnight to the one after the last day."""
    first = datetime.combine(starts_on, time(), zone)
    last = datetime.combine(ends_on + timedelta(days=1), time(), zone)
    return f"{first.isoformat()}/{last.isoformat()}"


def _instant(text: str) -> datetime:
    if not _INSTANT.fullmatch(text):
        raise _malformed()
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        raise _malformed() from None


def _malformed() -> Invalid:
    return Invalid(
        "datetime_malformed",
        _(
            "Give two instants with their zone and a slash between, such as"
            " 2027-05-01T00:00:00Z/2027-07-01T00:00:00Z; “..” leaves an end open."
        ),
        field="datetime",
    )
