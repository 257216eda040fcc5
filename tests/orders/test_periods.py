"""The end of a period at the minute it comes: carried over by the rules, expired, held on; closed once, by two."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from catalogue.models import Sensor
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from orders.ledger import services as ledger
from orders.ledger.check import faults
from orders.ledger.models import Account, Movement, Period
from orders.ledger.sums import allotted, budgeted
from orders.models import CarryRule, Closing, ClosingEvent
from orders.services.purse import budgets, periods
from orders.services.purse.closing_figures import figures, following, span_after
from orders.services.purse.periods import EndMoved
from tests.orders import make
from tests.orders.ledger.conftest import balance
from trials._races import at_once

# In Paris: the last second of 2026, and the first instant of 2027.
LAST_SECOND = datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC)
MIDNIGHT = datetime(2026, 12, 31, 23, 0, 0, tzinfo=UTC)


@pytest.fixture
def one(reference):
    return make.person("queen", "quota_administrator")


@pytest.fixture
def two(reference):
    return make.person("king", "quota_administrator")


@pytest.fixture
def bodies(reference):
    return [make.organisation(f"{name} Laboratory") for name in ("Alpine", "Bay")]


@pytest.fixture
def year(bodies):
    """2026, Pléiades: a budget of 10,000, allotments of 1,000 and 2,000, research 500, reserve 300."""
    period = opened("pleiades", 2026, budget=10_000)
    for body, size in zip(bodies, (1000, 2000), strict=True):
        make.allotment(body, size, in_period=period)
    make.common("research", 500, in_period=period)
    make._share(ledger.account_of(period, "reserve"), 300)
    return period


def opened(sensor, year, quarter=None, *, budget=0):
    period = ledger.open_period(
        Sensor.objects.get(code=sensor), year=year, quarter=quarter, by=make.BY
    )
    if budget:
        ledger.grant_budget(
            period, Decimal(budget), key=f"budget:{period.pk}", by=make.BY, reason="the State's"
        )
    return period


def of(period, kind, owner=""):
    owner_kind = "organisation" if kind == "allotment" else None
    return ledger.account_of(period, kind, owner, owner_kind=owner_kind)


def hold(account, amount, line="L-1"):
    ledger.hold([account], Decimal(amount), line=line, key=f"hold:{line}", by=make.BY, reason="x")


def carry(kind, percent, sensor="pleiades"):
    make.rewrite(CarryRule, {"sensor": sensor, "account_kind": kind}, up_to_percent=percent)


def close(period, one, two):
    row = periods.propose(period, seen="", by=Actor.of(one))
    return periods.close(row, seen="", by=Actor.of(two))


def closed_at(when, period, one, two):
    with time_machine.travel(when, tick=False):
        return close(period, one, two)


def test_a_year_is_closed_from_midnight_in_paris_and_not_a_second_before(year, one, two):
    with time_machine.travel(LAST_SECOND, tick=False), pytest.raises(NotNow) as refusal:
        periods.propose(year, seen="", by=Actor.of(one))
    assert refusal.value.code == "period_still_runs"
    assert not Closing.objects.exists()
    row = closed_at(MIDNIGHT, year, one, two)
    assert (row.state, row.carried, row.expired) == ("closed", 0, 10_000)
    assert Account.objects.quotas().filter(period=year, balance__gt=0).count() == 0
    assert balance(of(year, "source")) == 0


def test_what_the_rules_carry_goes_to_the_same_owners_and_the_rest_expires(year, bodies, one, two):
    for kind, percent in (("allotment", 10), ("common", 100), ("reserve", 50), ("budget", 1)):
        carry(kind, percent)
    after = opened("pleiades", 2027)
    hold(of(year, "allotment", bodies[0].pk), 950)
    row = closed_at(MIDNIGHT, year, one, two)
    # 10 % of 1,000 would be 100, and 50 are free; 10 % of 2,000; 500; 50 % of 300; 1 % of 6,200
    assert (row.carried, row.expired) == (50 + 200 + 500 + 150 + 62, 9050 - 962)
    assert balance(of(after, "allotment", bodies[0].pk)) == 50
    assert balance(of(after, "allotment", bodies[1].pk)) == 200
    assert balance(of(after, "common", "research")) == 500
    assert (balance(of(after, "reserve")), balance(of(after, "budget"))) == (150, 62)
    assert balance(of(after, "source")) == -962
    assert balance(of(year, "source")) == -950  # what is held
    reasons = set(Movement.objects.filter(deed=f"close:{year.pk}:carried").values_list("reason"))
    assert reasons == {(f"Carried over from {year}",)}
    assert faults() == []


def test_attempts_are_carried_whole(bodies, one, two):
    period = opened("spot67", 2026, budget=100)
    make.allotment(bodies[0], 19, in_period=period)
    carry("allotment", 10, "spot67")
    after = opened("spot67", 2027)
    assert closed_at(MIDNIGHT, period, one, two).carried == 1
    assert balance(of(after, "allotment", bodies[0].pk)) == 1


def test_what_is_held_follows_its_delivery_and_what_comes_back_expires_at_night(
    year, bodies, one, two
):
    purse = of(year, "allotment", bodies[0].pk)
    hold(purse, 120)
    closed_at(MIDNIGHT, year, one, two)
    with time_machine.travel(datetime(2027, 1, 5, tzinfo=UTC), tick=False):
        words = {"key": "settle:1", "by": make.BY, "reason": "delivered"}
        ledger.settle("L-1", captured=Decimal(100), consumer=bodies[0].pk, **words)
        assert balance(purse) == 20
        assert periods.expire_returns() == 1
        assert periods.expire_returns() == 0
    assert (balance(purse), balance(of(year, "consumed", bodies[0].pk))) == (0, 100)
    assert balance(of(year, "source")) == -100
    assert faults() == []


def test_nothing_is_carried_into_a_period_that_is_not_open(year, one, two):
    carry("allotment", 50)
    with time_machine.travel(MIDNIGHT, tick=False):
        with pytest.raises(NotNow) as refusal:
            periods.propose(year, seen="", by=Actor.of(one))
        assert (refusal.value.code, refusal.value.details["carried"]) == (
            "next_period_missing",
            "1500.00",
        )
        assert not Movement.objects.filter(kind="expire").exists()


def test_it_takes_two_and_is_done_once(year, one, two):
    with time_machine.travel(MIDNIGHT, tick=False):
        row = periods.propose(year, seen="", by=Actor.of(one))
        assert periods.propose(year, seen="", by=Actor.of(two)) == row
        with pytest.raises(NotAllowed) as refusal:
            periods.close(row, seen="", by=Actor.of(one))
        assert refusal.value.code == "second_person_needed"
        assert balance(of(year, "budget")) == 6200
        done = periods.close(row, seen="", by=Actor.of(two))
        assert periods.close(row, seen="", by=Actor.of(two)) == done
    assert Movement.objects.filter(kind="expire").count() == 5
    assert list(ClosingEvent.objects.values_list("step", "by_user")) == [
        ("propose", one.pk),
        ("close", two.pk),
    ]


def test_a_closing_given_up_can_be_proposed_again(year, one, two):
    with time_machine.travel(MIDNIGHT, tick=False):
        row = periods.propose(year, seen="", by=Actor.of(one))
        with pytest.raises(Invalid):
            periods.drop(row, reason=" ", by=Actor.of(two))
        periods.drop(row, reason="One delivery is missing.", by=Actor.of(two))
        assert close(year, two, one).state == "closed"
    assert Closing.objects.count() == 2


def test_figures_that_moved_since_are_not_booked(year, bodies, one, two):
    with time_machine.travel(MIDNIGHT, tick=False):
        row = periods.propose(year, seen=figures(year).digest, by=Actor.of(one))
        seen = figures(year).digest
        hold(of(year, "allotment", bodies[0].pk), 10)
        with pytest.raises(EndMoved):
            periods.close(row, seen=seen, by=Actor.of(two))
    assert balance(of(year, "budget")) == 6200


def test_a_closed_period_takes_no_budget_and_no_allotment(year, bodies, one, two):
    closed_at(MIDNIGHT, year, one, two)
    by = Actor.of(one)
    for act in (
        lambda: budgets.set_budget(year, Decimal(5), reason="x", key="a", by=by),
        lambda: budgets.set_organisation(year, bodies[0], Decimal(5), reason="x", key="b", by=by),
    ):
        with pytest.raises(NotNow) as refusal:
            act()
        assert refusal.value.code == "period_is_closed"


@pytest.mark.parametrize(
    ("year", "quarter", "ends", "after"),
    [
        (2026, None, date(2026, 12, 31), (2027, None)),
        (2028, 1, date(2028, 3, 31), (2028, 2)),  # with a leap day in it
        (2027, 4, date(2027, 12, 31), (2028, 1)),
        (2028, None, date(2028, 12, 31), (2029, None)),  # of 366 days
    ],
)
def test_a_year_is_followed_by_a_year_and_a_quarter_by_a_quarter(
    reference, year, quarter, ends, after
):
    period = opened("pleiades", year, quarter)
    assert period.ends_on == ends
    assert span_after(period) == after
    assert following(period) is None
    assert following(period) != opened("pleiades", *after) == following(period)


def test_a_quarter_ends_with_summer_time_at_midnight_in_paris(bodies, one, two):
    quarter = opened("pleiades", 2028, 1, budget=50)  # ends on 31 March, in summer time
    with (
        time_machine.travel(datetime(2028, 3, 31, 21, 59, 59, tzinfo=UTC), tick=False),
        pytest.raises(NotNow),
    ):
        close(quarter, one, two)
    assert closed_at(datetime(2028, 3, 31, 22, tzinfo=UTC), quarter, one, two).expired == 50


class TestNext:
    def test_it_is_proposed_from_the_last_one_and_shared_out_as_one_deed(self, year, bodies, one):
        opening = periods.proposal(year, budget=Decimal(9000), percent=Decimal(50))
        assert (opening.given, opening.free) == (1900, 7100)
        opened_next = periods.open_next(year, opening, by=Actor.of(one))
        assert periods.open_next(year, opening, by=Actor.of(one)) == opened_next
        assert (opened_next.starts_on, budgeted(opened_next)) == (date(2027, 1, 1), 9000)
        assert allotted(of(opened_next, "allotment", bodies[1].pk)) == 1000
        assert balance(of(opened_next, "reserve")) == 150
        assert faults() == []

    def test_a_budget_smaller_than_its_shares_opens_nothing(self, year, one):
        opening = periods.proposal(year, budget=Decimal(3799))
        with pytest.raises(NotNow) as refusal:
            periods.open_next(year, opening, by=Actor.of(one))
        assert refusal.value.details["missing"] == "1.00"
        assert Period.objects.count() == 1

    def test_what_is_carried_over_adds_to_what_was_shared_out(self, year, bodies, one, two):
        carry("allotment", 100)
        after = periods.open_next(year, periods.proposal(year), by=Actor.of(one))
        closed_at(MIDNIGHT, year, one, two)
        assert balance(of(after, "allotment", bodies[0].pk)) == 2000


class TestReminding:
    def test_once_a_week_from_the_day_after_until_it_is_closed(self, year, one, two, mailoutbox):
        assert periods.remind(date(2026, 11, 30)) == 0
        assert periods.remind(date(2026, 12, 1)) == 2  # no next period, 30 days before
        assert periods.remind(date(2026, 12, 31)) == 0
        for day, sent in ((1, 2), (2, 0), (6, 0), (7, 2)):
            assert periods.remind(date(2027, 1, day)) == sent
        assert mailoutbox[-1].subject == f"{year} is over and is to be closed"
        closed_at(datetime(2027, 1, 8, tzinfo=UTC), year, one, two)
        assert periods.remind(date(2027, 1, 20)) == 0

    def test_on_a_leap_day_too(self, reference, one, mailoutbox):
        quarter = opened("pleiades", 2028, 1)
        assert periods.remind(date(2028, 2, 29)) == 0
        assert periods.remind(date(2028, 3, 1)) == 1
        assert following(quarter) is None


@pytest.mark.django_db(transaction=True)
def test_two_who_close_at_once_close_once(year, one, two):
    three = make.person("jack", "quota_administrator")
    with time_machine.travel(MIDNIGHT, tick=False):
        row = periods.propose(year, seen="", by=Actor.of(one))
        calls = [
            lambda who=who: periods.close(row, seen="", by=Actor.of(who))
            for who in (two, three, two)
        ]
        results = at_once(calls)
    assert [type(result) for result in results] == [Closing] * 3
    assert Movement.objects.filter(kind="expire").count() == 5
    assert faults() == []


class TestPages:
    @pytest.fixture
    def client(self, client):
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        return client

    def test_it_is_proposed_and_closed_on_its_page(self, client, year, one, two):
        there = reverse("period_close", args=[year.pk])
        client.force_login(one)
        assert "as if it ended now" in client.get(there).content.decode()
        assert client.post(there).status_code == 409
        with time_machine.travel(datetime(2027, 1, 2, tzinfo=UTC), tick=False):
            client.force_login(one)
            assert "Propose to close it" in client.get(there).content.decode()
            seen = figures(year).digest
            assert client.post(there, {"seen": seen}).status_code == 302
            assert client.post(f"{there}close", {"seen": seen}).status_code == 403
            client.force_login(two)
            assert "Yours: close it" in client.get(there).content.decode()
            assert client.post(f"{there}close", {"seen": "0" * 64}).status_code == 409
            assert client.post(f"{there}close", {"seen": seen}).status_code == 302
            page = client.get(there).content.decode()
        assert "Closed on" in page
        assert "6,200" in page

    def test_the_next_period_is_looked_at_then_opened(self, client, year, one):
        client.force_login(one)
        there = reverse("period_next", args=[year.pk])
        assert "Open 2027" in client.get(there).content.decode()
        sent = {"budget": "8000", "percent": "100", "act": "look"}
        assert client.post(there, sent).status_code == 200
        assert Period.objects.count() == 1
        assert client.post(there, sent | {"act": "open"}).status_code == 302
        assert budgeted(Period.objects.get(label="2027")) == 8000
