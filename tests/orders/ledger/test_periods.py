"""Years and quarters in the days of Paris, opened once, closed by what is left."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine

from dinamis.errors import Invalid, NotFound, NotNow
from orders.ledger import services
from orders.ledger.models import Account, Movement, Period
from orders.ledger.services.periods import span
from tests.orders.ledger.conftest import BY, balance, key, words


@pytest.mark.parametrize(
    ("year", "quarter", "first", "last"),
    [
        (2026, None, date(2026, 1, 1), date(2026, 12, 31)),
        (2028, 1, date(2028, 1, 1), date(2028, 3, 31)),
        (2026, 2, date(2026, 4, 1), date(2026, 6, 30)),
        (2026, 3, date(2026, 7, 1), date(2026, 9, 30)),
        (2026, 4, date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_a_year_has_four_quarters(year, quarter, first, last):
    assert span(year, quarter) == (first, last)


def test_there_is_no_fifth_quarter(pleiades):
    with pytest.raises(Invalid):
        services.open_period(pleiades, year=2026, quarter=5, by=BY)
    assert not Period.objects.exists()


def test_opening_twice_opens_once(pleiades):
    first = services.open_period(pleiades, year=2026, by=BY)
    assert services.open_period(pleiades, year=2026, by=BY) == first
    assert (first.unit, first.label, first.by_part) == ("km2", "2026", "test")
    kinds = first.accounts.values_list("kind", flat=True)
    assert sorted(kinds) == ["budget", "reserve", "source"]


def test_periods_of_a_sensor_never_overlap_but_follow_and_differ(pleiades, spot):
    services.open_period(pleiades, year=2026, by=BY)
    services.open_period(pleiades, year=2027, quarter=1, by=BY)
    services.open_period(spot, year=2026, quarter=1, by=BY)
    with pytest.raises(NotNow) as refusal:
        services.open_period(pleiades, year=2026, quarter=3, by=BY)
    assert refusal.value.code == "period_overlaps"
    assert Period.objects.count() == 3


def test_the_year_changes_at_midnight_in_paris(pleiades):
    old = services.open_period(pleiades, year=2026, by=BY)
    new = services.open_period(pleiades, year=2027, by=BY)
    assert services.period_at("pleiades", datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC)) == old
    assert services.period_at("pleiades", datetime(2026, 12, 31, 23, 0, tzinfo=UTC)) == new


def test_a_leap_day_belongs_to_its_quarter(pleiades):
    leap = services.open_period(pleiades, year=2028, quarter=1, by=BY)
    assert services.period_at(pleiades, datetime(2028, 2, 29, 12, tzinfo=UTC)) == leap


def test_without_a_period_there_is_nothing_to_draw_on(pleiades):
    with pytest.raises(NotFound) as refusal:
        services.period_at(pleiades, datetime(2031, 1, 1, tzinfo=UTC))
    assert refusal.value.code == "no_period_open"


def test_what_is_free_expires_when_the_period_is_over_and_not_before(period, allotment, common):
    services.hold([allotment], Decimal(120), line="L-1", **words())
    with time_machine.travel(datetime(2026, 12, 31, 22, 59, tzinfo=UTC), tick=False):
        with pytest.raises(NotNow) as refusal:
            services.expire(period, **words("expire"))
        assert refusal.value.code == "period_still_runs"
    name = key("expire")
    with time_machine.travel(datetime(2026, 12, 31, 23, 0, tzinfo=UTC), tick=False):
        deed = services.expire(period, key=name, by=BY, reason="end of 2026")
        assert services.expire(period, key=name, by=BY, reason="end of 2026") == deed
    assert sorted(m.amount for m in deed) == [200, 300, 380]
    assert balance(services.account_of(period, "source")) == -120
    assert Account.objects.quotas().filter(balance__gt=0).count() == 0


def test_what_was_held_over_the_end_is_released_and_expires_later(period, allotment):
    services.hold([allotment], Decimal(120), line="L-1", **words())
    with time_machine.travel(datetime(2027, 1, 5, tzinfo=UTC), tick=False):
        services.expire(period, **words("expire"))
        services.settle("L-1", captured=Decimal(100), consumer=1, **words())
        assert balance(allotment) == 20
        [last] = services.expire(period, **words("expire"))
    assert (last.kind, last.amount, balance(allotment)) == ("expire", 20, 0)
    assert balance(services.account_of(period, "source")) == -100
    assert Movement.objects.filter(kind="expire").count() == 3
