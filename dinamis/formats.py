"""Figures, sizes and delays as people read them, in the active language."""

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.template import defaultfilters
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext, ngettext

NBSP = "\u00a0"
CENT = Decimal("0.01")
# A sentence may end with an instant: no "11:49 a.m.." in English, no bare "2026 11:49" in French.
_INSTANT, _FRENCH_INSTANT = "N j, Y, H:i", r"j F Y \à H:i"
MINUTE, HOUR, DAY = 60, 3600, 86400
ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def _is_french() -> bool:
    return (get_language() or "").startswith("fr")


def number(value: object, places: int | None = None) -> str:
    """Return a number with the language's separators; without `places`, at most two and no idle zero."""
    exact = Decimal(str(value))
    if places is None:
        exact = exact.quantize(CENT, ROUND_HALF_UP).normalize()
        places = max(0, -int(exact.as_tuple().exponent))
    exact = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return number_format(exact, decimal_pos=places, use_l10n=True, force_grouping=True)


def area(value: object, places: int | None = None) -> str:
    """Return km² with their unit."""
    return f"{number(value, places)}{NBSP}km²"


def percent(value: object, places: int | None = None) -> str:
    """Return a share given in percent; French leaves a space before the sign."""
    return f"{number(value, places)}{NBSP if _is_french() else ''}%"


def euros(value: object, places: int = 2) -> str:
    """Return an amount; 0 is written like any other."""
    amount = number(value, places)
    return f"{amount}{NBSP}€" if _is_french() else f"€{amount}"


def attempts(value: int) -> str:
    """Return a count of scene-equivalent attempts with its noun."""
    count = int(value)
    return ngettext("%(count)s attempt", "%(count)s attempts", count) % {"count": number(count)}


def file_size(value: int) -> str:
    """Return a size in bytes with the largest unit that leaves it at least 1 (thousands, not 1024)."""
    size, steps = float(value), 0
    while size >= 1000 and steps < 4:
        size, steps = size / 1000, steps + 1
    units = ("o", "ko", "Mo", "Go", "To") if _is_french() else ("B", "kB", "MB", "GB", "TB")
    places = 1 if steps and size < 100 else 0
    return f"{number(size, places)}{NBSP}{units[steps]}"


def ago(value: datetime, *, now: datetime | None = None) -> str:
    """Return how long ago an instant was; past two weeks, its day."""
    seconds = ((now or timezone.now()) - value).total_seconds()
    if seconds < MINUTE:
        return gettext("just now")
    if seconds < HOUR:
        count = int(seconds // MINUTE)
        return ngettext("%(count)s minute ago", "%(count)s minutes ago", count) % {"count": count}
    if seconds < DAY:
        count = int(seconds // HOUR)
        return ngettext("%(count)s hour ago", "%(count)s hours ago", count) % {"count": count}
    if seconds < 14 * DAY:
        count = int(seconds // DAY)
        return ngettext("%(count)s day ago", "%(count)s days ago", count) % {"count": count}
    return gettext("on %(day)s") % {"day": day(value)}


def until(value: datetime, *, now: datetime | None = None) -> str:
    """Return the time left before an instant, or how late it is."""
    seconds = (value - (now or timezone.now())).total_seconds()
    if seconds < 0:
        return gettext("late by %(span)s") % {"span": span(timedelta(seconds=-seconds))}
    return gettext("%(span)s left") % {"span": span(timedelta(seconds=seconds))}


def span(value: timedelta) -> str:
    """Return a duration in its two largest units among days, hours and minutes ("2 d 4 h")."""
    seconds = int(value.total_seconds())
    days, hours, minutes = seconds // DAY, seconds % DAY // HOUR, seconds % HOUR // MINUTE
    if days >= 7 or (days and not hours):
        return gettext("%(days)s d") % {"days": days}
    if days:
        return gettext("%(days)s d %(hours)s h") % {"days": days, "hours": hours}
    if hours:
        return gettext("%(hours)s h") % {"hours": hours}
    return gettext("%(minutes)s min") % {"minutes": max(1, minutes)}


def day(value: datetime | date) -> str:
    """Return a day, or that of an instant in the site's time zone, month in letters."""
    known = timezone.localtime(value) if isinstance(value, datetime) else value
    return _dated(known, "DATE_FORMAT")


def instant(value: datetime) -> str:
    """Return day and time of an instant in the site's time zone."""
    return _dated(timezone.localtime(value), "DATETIME_FORMAT")


def _dated(value: date, form: str) -> str:
    """In French the first of a month is an ordinal: "1er mars 2026"."""
    if not _is_french():
        return date_format(value, _INSTANT if form == "DATETIME_FORMAT" else form)
    return of_first(date_format(value, _FRENCH_INSTANT if form == "DATETIME_FORMAT" else form))


def in_template(value: object, form: str | None = None) -> str:
    """What the filter `date` writes: the two usual forms as everywhere here, any other as Django does."""
    if not isinstance(value, date) or form not in (None, "DATE_FORMAT", "DATETIME_FORMAT"):
        return str(defaultfilters.date(value, form))
    return _dated(value, form or "DATE_FORMAT")


def of_first(french: str) -> str:
    """A French date that begins with its day, as it is said."""
    return f"1er{french[1:]}" if french.startswith("1 ") else french


def dated(text: object) -> str:
    """Return a text whose ISO days ("2021-09-17") are written as people say them; others stay."""

    def said(found: re.Match[str]) -> str:
        try:
            return _dated(date.fromisoformat(found[0]), "DATE_FORMAT")
        except ValueError:
            return found[0]

    return ISO_DAY.sub(said, str(text))


def browser(user_agent: str) -> str:
    """Return “Firefox 140 · Linux” for what a browser says of itself; a word for what is not known."""
    # Imported here: half a second of regular expressions for one page.
    from ua_parser import parse

    told = parse(user_agent)
    program = told.user_agent and " ".join(
        filter(None, (told.user_agent.family, told.user_agent.major))
    )
    known = [part for part in (program, told.os and told.os.family) if part]
    return " · ".join(known) or gettext("another program")
