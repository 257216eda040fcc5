"""The instants of a tasking's window: what may be planned for it, and what was taken within it."""

from datetime import UTC, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from dinamis import formats
from dinamis.errors import Invalid
from orders.models import Line

_TICK = timedelta(minutes=1)


def bounds(line: Line) -> tuple[datetime, datetime]:
    """From the first instant of a tasking line's window to the one after its last.

    A window is whole days, both included: suppliers read them in UTC, people in the site's time, and
    what lies within by either of them lies within.
    """
    after = line.window_ends_on + timedelta(days=1)
    zones = (UTC, timezone.get_default_timezone())
    opens_at = min(datetime.combine(line.window_starts_on, time(), zone) for zone in zones)
    return opens_at, max(datetime.combine(after, time(), zone) for zone in zones)


def ends(line: Line) -> tuple[datetime, datetime]:
    """The first and the last minute of the window."""
    opens_at, closes_at = bounds(line)
    return opens_at, closes_at - _TICK


def within(line: Line, at: datetime) -> datetime:
    """The instant of the window that is nearest to another one."""
    first, last = ends(line)
    return max(first, min(at, last))


def check_planned(line: Line, at: datetime) -> None:
    """Raise Invalid (pass_outside_the_window) for a pass on a day that nobody asked for."""
    if not _contains(line, at):
        said = _("This pass lies outside the window that was asked: %(first)s to %(last)s.")
        raise _refusal("pass_outside_the_window", said, line, field="planned_at")


def check_taken(line: Line, at: datetime, *, now: datetime | None) -> None:
    """Raise Invalid for an image of another time (image_outside_the_window), or one taken after `now`."""
    if not _contains(line, at):
        said = _("This image was taken outside the window that was asked: %(first)s to %(last)s.")
        raise _refusal("image_outside_the_window", said, line, field="acquired_at")
    if now is not None and at > now:
        said = _("This image would have been taken in the future.")
        raise Invalid("image_of_the_future", said, field="acquired_at")


def days_of(line: Line) -> dict[str, str]:
    """The first and the last day of the window as people read them, for a sentence."""
    return {
        "first": formats.day(line.window_starts_on),
        "last": formats.day(line.window_ends_on),
    }


def _contains(line: Line, at: datetime) -> bool:
    opens_at, closes_at = bounds(line)
    return opens_at <= at < closes_at


def _refusal(code: str, said: str, line: Line, *, field: str) -> Invalid:
    days = {
        "starts_on": line.window_starts_on.isoformat(),
        "ends_on": line.window_ends_on.isoformat(),
    }
    return Invalid(code, said % days_of(line), field=field, **days)
