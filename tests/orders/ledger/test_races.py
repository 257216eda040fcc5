"""Many at once on the last of a quota: exactly what is there is granted, and the control shows why."""

from decimal import Decimal
from itertools import count

import pytest
from django.db import OperationalError, transaction
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from orders.ledger import services
from orders.ledger.check import faults
from orders.ledger.errors import QuotaTooSmall
from orders.ledger.models import Account, Movement
from tests.orders.ledger.conftest import BY, balance, key, words
from trials._ledger_model import LedgerMachine
from trials._races import at_once, without_the_constraint

THREADS = 40
_years = count(2101)


@pytest.fixture
def purse(pleiades):
    """A quota of 10 orders of 100 km²."""
    period = services.open_period(pleiades, year=next(_years), by=BY)
    services.grant_budget(period, Decimal(1000), **words())
    account = services.account_of(period, "allotment", 1)
    services.set_allotment(account, Decimal(1000), **words())
    return account


def race(purse: Account) -> list[object]:
    """Let every thread hold 100 km² for a line of its own; all see the quota free before any books."""
    return at_once(
        [
            lambda n=number: services.hold([purse], Decimal(100), line=f"L-{n}", **words("race"))
            for number in range(THREADS)
        ],
        looking_at=purse,
    )


def granted(results: list[object]) -> int:
    return sum(isinstance(result, list) for result in results)


@pytest.mark.django_db(transaction=True)
def test_forty_threads_racing_for_a_quota_of_ten_orders_are_granted_exactly_ten(purse):
    results = race(purse)
    refused = [result for result in results if not isinstance(result, list)]
    assert granted(results) == 10
    assert {type(result) for result in refused} == {QuotaTooSmall}
    assert {result.details["available"] for result in refused} == {"0.00"}
    assert balance(purse) == 0
    assert Movement.objects.filter(kind="hold").count() == 10
    assert faults() == []


@pytest.mark.django_db(transaction=True)
def test_control_without_the_constraint_the_same_race_oversells(purse):
    with without_the_constraint():
        assert granted(race(purse)) == THREADS
        assert balance(purse) == 1000 - 100 * THREADS
    assert {fault.code for fault in faults()} == {"overdrawn"}


@pytest.mark.django_db(transaction=True)
def test_a_double_click_holds_once(purse):
    name = key("click")
    results = at_once(
        [
            lambda: services.hold([purse], Decimal(600), line="L-1", key=name, by=BY, reason="")
            for _ in range(8)
        ]
    )
    assert [type(result) for result in results] == [list] * 8
    assert len({movement.pk for result in results for movement in result}) == 1
    assert balance(purse) == 400


@pytest.mark.django_db(transaction=True)
def test_a_line_settled_twice_at_once_is_settled_once(purse):
    services.hold([purse], Decimal(600), line="L-1", **words())
    name = key("settle")
    calls = [
        lambda: services.settle(
            "L-1", captured=Decimal(500), consumer=1, key=name, by=BY, reason=""
        )
    ] * 4 + [lambda: services.release("L-1", **words("release"))] * 4
    results = at_once(calls)
    assert services.held("L-1") == 0
    assert balance(purse) in (500, 1000)
    assert all(isinstance(result, list | QuotaTooSmall) for result in results), results
    assert faults() == []


@pytest.mark.django_db(transaction=True)
def test_transfers_in_opposite_directions_never_wait_for_each_other(purse):
    other = services.account_of(purse.period, "allotment", 2)
    services.transfer(purse, Decimal(500), to_account=other, **words())

    def many(giver: Account, taker: Account) -> int:
        for _ in range(100):
            services.transfer(giver, Decimal(1), to_account=taker, **words())
        return 100

    assert at_once([lambda: many(purse, other), lambda: many(other, purse)]) == [100, 100]
    assert (balance(purse), balance(other)) == (500, 500)


def two_deeds(first: Account, second: Account, *, locked: bool) -> str:
    """Hold on two quotas in one transaction, the way an order of two lines does."""
    with transaction.atomic():
        if locked:
            services.lock([first, second])
        services.hold([first], Decimal(1), line=key("L"), **words())
        services.hold([second], Decimal(1), line=key("L"), **words())
    return "booked"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False])
def test_a_transaction_of_several_deeds_takes_its_accounts_first(purse, locked):
    """The control, without `lock`, ends in a deadlock sooner or later."""
    other = services.account_of(purse.period, "allotment", 2)
    services.transfer(purse, Decimal(500), to_account=other, **words())
    seen = set()
    for _ in range(10 if locked else 40):
        results = at_once(
            [
                lambda: two_deeds(purse, other, locked=locked),
                lambda: two_deeds(other, purse, locked=locked),
            ]
        )
        seen |= {type(result) for result in results}
        if OperationalError in seen:
            break
    assert (OperationalError in seen) is not locked


@pytest.mark.django_db
def test_the_ledger_never_differs_from_its_model():
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=10,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
