"""Instants and intervals as RFC 3339 and OGC API Features write them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from dinamis.errors import Malformed

_FORM = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d):(\d\d)(\.\d{1,12})?([Zz]|[+-]\d\d:\d\d))?"
)
_LAST = timedelta(microseconds=999_999)


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment, and the last one that the same words can mean: the end of a day for a date."""

    at: datetime
    until: datetime


def read_instant(text: str) -> Instant:
    """`2019-10-28T14:10:11Z`, or a day, in UTC. Raises Malformed (datetime_wrong)."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise _wrong()
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    try:
        if hour is None:
            start = datetime(int(year), int(month), int(day), tzinfo=UTC)
            return Instant(start, start + timedelta(days=1, microseconds=-1))
        leap = second == "60"  # UTC has them, datetime has not
        at = datetime.fromisoformat(
            f"{year}-{month}-{day}T{hour}:{minute}:{'59' if leap else second}"
            f"{(fraction or '.0')[:7]:0<7}{'+00:00' if zone in 'Zz' else zone}"
        ).astimezone(UTC)
    except (ValueError, OverflowError) as fault:
        raise _wrong() from fault
    at += _LAST if leap else timedelta()
    return Instant(at, at)


def read_interval(text: str) -> tuple[datetime | None, datetime | None]:
    """Both ends, included; None for an open one. An instant is an interval of itself."""
    ends = text.split("/")
    if len(ends) == 1:
        only = read_instant(text)
        return only.at, only.until
    if len(ends) != 2:
        raise _wrong()
    begins = None if ends[0] in ("", "..") else read_instant(ends[0]).at
    stops = None if ends[1] in ("", "..") else read_instant(ends[1]).until
    if begins is None and stops is None:
        raise Malformed(
            "datetime_wrong", _("An interval is open at one end at most."), field="datetime"
        )
    if begins and stops and begins > stops:
        raise Malformed(
            "datetime_wrong", _("The interval ends before it begins."), field="datetime"
        )
    return begins, stops


def written(at: datetime) -> str:
    """As STAC writes it: UTC, with Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def stamped(at: datetime) -> str:
    """The time of a record of ours, cut to milliseconds.

    GDAL keeps seconds as single floats, and pyogrio stops at those that round to a full second.
    """
    return written(at.replace(microsecond=at.microsecond // 1000 * 1000))


def _wrong() -> Malformed:
    return Malformed(
        "datetime_wrong",
        _(
            "An instant is written such as 2019-10-28T14:10:11Z, an interval with / between its ends."
        ),
        field="datetime",
    )
