"""Working days in France: not a Saturday, not a Sunday, not a public holiday of the whole country."""

from datetime import date, timedelta
from functools import cache

_FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
# Easter Monday, Ascension, Whit Monday: days after Easter Sunday.
_AFTER_EASTER = (1, 39, 50)
_DAY = timedelta(days=1)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous computus of 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> frozenset[date]:
    """The eleven public holidays of a year."""
    sunday = easter(year)
    moving = {sunday + days * _DAY for days in _AFTER_EASTER}
    return frozenset({date(year, month, day) for month, day in _FIXED} | moving)


def is_working(day: date) -> bool:
    return day.weekday() < 5 and day not in holidays(day.year)


def after(start: date, days: int) -> date:
    """The last day of so many working days that begin on the day after `start`."""
    day = start
    while days > 0:
        day += _DAY
        days -= is_working(day)
    return day


def between(start: date, end: date) -> int:
    """How many working days lie after `start`, up to and with `end`; 0 when it is not later."""
    span = (end - start).days
    return sum(is_working(start + number * _DAY) for number in range(1, span + 1))


def begun_before(today: date, days: int) -> date:
    """The last start of so many working days that were over before `today`."""
    day = today - _DAY
    while after(day, days) >= today:
        day -= _DAY
    return day
