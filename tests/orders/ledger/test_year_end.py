"""At the minute the year changes, and on a leap day: a lowered budget, a refund given twice, a delivery in parts."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine

from dinamis.errors import NotNow
from orders.ledger import services
from orders.ledger.check import faults
from orders.ledger.errors import CutTooDeep, HeldTooSmall, KeyReused
from orders.ledger.models import Movement
from orders.ledger.sums import allotted, budgeted
from tests.orders.ledger.conftest import BY, balance, words

# In Paris: the last second of 2026, the first of 2027.
LAST_SECOND = datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC)
MIDNIGHT = datetime(2026, 12, 31, 23, 0, 0, tzinfo=UTC)


def at(instant):
    return time_machine.travel(instant, tick=False)


def test_a_budget_is_lowered_to_what_is_used_and_not_a_hundredth_below(period, budget, allotment):
    """Of 1,000 km², 500 are an organisation's; 320 of them are held or consumed."""
    services.hold([allotment], Decimal(320), line="L-1", **words())
    services.capture("L-1", Decimal(200), consumer=1, **words())
    with at(LAST_SECOND):
        services.set_allotment(allotment, Decimal(320), **words())
        for instant in (LAST_SECOND, MIDNIGHT):
            with at(instant):
                with pytest.raises(CutTooDeep) as refusal:
                    services.set_budget(period, Decimal("319.99"), **words())
                assert refusal.value.details["available"] == "680.00"
                with pytest.raises(CutTooDeep) as refusal:
                    services.set_allotment(allotment, Decimal("319.99"), **words())
                assert refusal.value.details["available"] == "0.00"
        services.set_budget(period, Decimal(320), **words())
    assert (budgeted(period), allotted(allotment), balance(budget)) == (320, 320, 0)
    assert faults() == []


def test_a_refund_given_twice_is_given_once_whatever_the_year(period, allotment):
    services.hold([allotment], Decimal(100), line="L-1", **words())
    services.settle("L-1", captured=Decimal(100), consumer=1, **words())
    used = services.account_of(period, "consumed", 1)

    def refund(key, amount):
        return services.adjust(
            used, Decimal(amount), to_account=allotment, key=key, by=BY, reason="unusable image"
        )

    with at(LAST_SECOND):
        first = refund("refund:L-1", 100)
    with at(MIDNIGHT):
        assert refund("refund:L-1", 100) == first
        with pytest.raises(KeyReused):
            refund("refund:L-1", 50)
        with pytest.raises(CutTooDeep) as refusal:
            refund("refund:L-1:again", 100)
        assert refusal.value.details["available"] == "0.00"
    assert (balance(allotment), balance(used)) == (500, 0)
    assert Movement.objects.filter(kind="adjust").count() == 1
    assert faults() == []


def test_a_delivery_in_parts_over_midnight_stays_in_the_year_it_was_held_in(
    period, pleiades, allotment
):
    following = services.open_period(pleiades, year=2027, by=BY)
    services.hold([allotment], Decimal(100), line="L-1", **words())
    with at(LAST_SECOND):
        services.capture("L-1", Decimal("40.25"), consumer=1, **words())
    with at(MIDNIGHT):
        services.expire(period, **words())
        with pytest.raises(HeldTooSmall) as refusal:
            services.capture("L-1", Decimal(60), consumer=1, **words())
        assert refusal.value.details["available"] == "59.75"
        services.settle("L-1", captured=Decimal("30.75"), consumer=1, **words())
        assert (services.held("L-1"), balance(allotment)) == (0, 29)
        services.expire(period, **words())
    assert balance(services.account_of(period, "consumed", 1)) == 71
    assert balance(allotment) == 0
    assert not Movement.objects.filter(to_account__period=following).exists()
    assert faults() == []


def test_the_leap_day_is_of_its_quarter_to_the_last_second_and_its_hold_is_settled_there(pleiades):
    """2028, in Paris: 29 February, midnight after it, and the quarter's end a month later."""
    quarter = services.open_period(pleiades, year=2028, quarter=1, by=BY)
    following = services.open_period(pleiades, year=2028, quarter=2, by=BY)
    for opened in (quarter, following):
        services.grant_budget(opened, Decimal(100), **words("grant"))
    quota = services.account_of(quarter, "allotment", 1)
    services.set_allotment(quota, Decimal(80), **words())
    for instant in (
        datetime(2028, 2, 28, 23, 0, tzinfo=UTC),
        datetime(2028, 2, 29, 22, 59, 59, tzinfo=UTC),
        datetime(2028, 2, 29, 23, 0, tzinfo=UTC),
        datetime(2028, 3, 31, 21, 59, 59, tzinfo=UTC),  # summer time since the 26th
    ):
        assert services.period_at(pleiades, instant) == quarter
    assert services.period_at(pleiades, datetime(2028, 3, 31, 22, tzinfo=UTC)) == following
    with at(datetime(2028, 2, 29, 22, 59, 59, tzinfo=UTC)):
        services.hold([quota], Decimal(60), line="L-1", **words())
        with pytest.raises(NotNow) as refusal:
            services.expire(quarter, **words())
        assert refusal.value.code == "period_still_runs"
    with at(datetime(2028, 3, 31, 22, tzinfo=UTC)):
        services.expire(quarter, **words())
        services.settle("L-1", captured=Decimal(45), consumer=1, **words())
        services.expire(quarter, **words())
    assert balance(services.account_of(quarter, "consumed", 1)) == 45
    assert (balance(quota), balance(services.account_of(following, "budget"))) == (0, 100)
    assert faults() == []
