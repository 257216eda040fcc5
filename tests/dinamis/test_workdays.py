"""Working days in France: eleven holidays a year, three of them moving with Easter."""

from datetime import date, timedelta

import pytest
from dateutil.easter import easter

from dinamis import workdays


def test_easter_is_that_of_another_library_for_three_centuries():
    assert [workdays.easter(year) for year in range(1900, 2200)] == [
        easter(year) for year in range(1900, 2200)
    ]


def test_the_holidays_of_2026_are_those_of_the_service_public():
    assert sorted(workdays.holidays(2026)) == [
        date(2026, 1, 1), date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 8),
        date(2026, 5, 14), date(2026, 5, 25), date(2026, 7, 14), date(2026, 8, 15),
        date(2026, 11, 1), date(2026, 11, 11), date(2026, 12, 25),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 11, 27), 1, date(2026, 11, 30)),  # a Friday
        (date(2026, 4, 3), 1, date(2026, 4, 7)),  # Good Friday, then Easter Monday
        (date(2026, 4, 30), 2, date(2026, 5, 5)),  # 1 May is a Friday
        (date(2026, 12, 24), 5, date(2027, 1, 4)),  # Christmas and the New Year
        (date(2028, 2, 28), 1, date(2028, 2, 29)),  # a leap day
        (date(2026, 11, 28), 0, date(2026, 11, 28)),
    ],
)
def test_so_many_working_days_after_a_day(start, days, end):
    assert workdays.after(start, days) == end


def test_what_lies_between_is_what_was_added_and_the_last_start_is_the_last():
    for offset in range(400):
        start = date(2026, 1, 1) + timedelta(days=offset)
        for days in (1, 5, 10):
            end = workdays.after(start, days)
            assert workdays.between(start, end) == days
        today = start
        begun = workdays.begun_before(today, 5)
        assert workdays.after(begun, 5) < today
        assert workdays.after(begun + timedelta(days=1), 5) >= today
    assert workdays.between(date(2026, 5, 2), date(2026, 5, 1)) == 0
