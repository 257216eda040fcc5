"""The ledger as programs read it: every movement once, as of an instant; sizes set, and who may see what."""

from decimal import Decimal

import pytest

from accounts.models import Affiliation
from orders.api import quota as api
from orders.ledger.check import faults
from orders.ledger.models import Movement
from tests.orders import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def purse(laboratory):
    year = make.period(budget=10_000)
    return make.allotment(laboratory, 1_000, in_period=year)


def pages(client, address):
    """Every movement of every page, and how many pages there were."""
    found, count = [], 0
    while address:
        answer = client.get(address).json()
        found += answer["movements"]
        address, count = answer["next"], count + 1
    return found, count


def movements_of(purse):
    return f"/api/v1/quota/periods/{purse.period_id}/movements"


def test_every_movement_is_given_once_page_after_page(as_, quota_administrator, purse, monkeypatch):
    monkeypatch.setattr(api, "MOST", 2)
    for size in (900, 800, 700):
        make._share(purse, size)
    found, count = pages(as_(quota_administrator), movements_of(purse))
    assert [one["id"] for one in found] == list(
        Movement.objects.in_order().values_list("pk", flat=True)
    )
    assert count == 3


def test_what_is_booked_while_pages_are_turned_is_on_none_of_them(
    as_, quota_administrator, purse, monkeypatch
):
    monkeypatch.setattr(api, "MOST", 1)
    client = as_(quota_administrator)
    first = client.get(movements_of(purse)).json()
    make._share(purse, 500)
    rest, _count = pages(client, first["next"])
    assert len(first["movements"] + rest) == 2
    assert Movement.objects.count() == 3


def test_the_sum_of_the_movements_is_what_the_purses_say(as_, quota_administrator, purse):
    client = as_(quota_administrator)
    found, _count = pages(client, movements_of(purse))
    balances: dict[int, Decimal] = {}
    for one in found:
        amount = Decimal(one["amount"])
        for end, sign in (("from_account", -1), ("to_account", 1)):
            pk = one[end]["id"]
            balances[pk] = balances.get(pk, Decimal(0)) + sign * amount
    purses = client.get(f"/api/v1/quota/periods/{purse.period_id}/purses").json()["purses"]
    free = {one["account"]["id"]: Decimal(one["free"]) for one in purses}
    assert {pk: amount for pk, amount in free.items() if amount} == {
        pk: balance for pk, balance in balances.items() if balance > 0
    }
    assert sorted(balances.values()) == [-10_000, 1_000, 9_000]


def test_a_member_reads_the_own_accounts_and_nobody_elses(as_, researcher, purse, park):
    make.allotment(park, 500, in_period=purse.period)
    client = as_(researcher)
    found, _count = pages(client, movements_of(purse))
    assert [one["amount"] for one in found] == ["1000.00"]
    purses = client.get(f"/api/v1/quota/periods/{purse.period_id}/purses").json()["purses"]
    assert [(one["name"], one["granted"]) for one in purses] == [
        (Affiliation.objects.get(user=researcher).organisation.name, "1000.00")
    ]


def test_an_instant_without_a_time_zone_is_refused(as_, researcher, purse):
    answer = as_(researcher).get(movements_of(purse) + "?at=2026-01-01T00:00:00")
    assert (answer.status_code, answer.json()["code"]) == (422, "instant_misshapen")


def resize(client, purse, **asked):
    return client.post(
        f"/api/v1/quota/periods/{purse.period_id}/sizes",
        {"what": "allotment", "reason": "Shared out anew.", **asked},
        content_type="application/json",
    )


def test_a_size_is_set_and_answered_with_its_movements(as_, quota_administrator, purse, laboratory):
    client = as_(quota_administrator)
    answer = resize(client, purse, owner=str(laboratory.pk), amount="400")
    assert answer.status_code == 201
    assert [(one["kind"], one["amount"]) for one in answer.json()] == [("adjust", "600.00")]
    purse.refresh_from_db()
    assert purse.balance == 400
    assert resize(client, purse, owner=str(laboratory.pk), amount="400").json() == []
    assert faults() == []


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"what": "budget", "owner": "", "amount": "10"}, 409, "cut_too_deep"),
        ({"what": "budget", "owner": "1", "amount": "10"}, 422, "quota_unknown"),
        ({"what": "common", "owner": "nobody", "amount": "10"}, 422, "quota_unknown"),
        ({"owner": "9999999", "amount": "10"}, 404, "not_found"),
        ({"owner": "1", "amount": "-10"}, 400, "invalid"),
    ],
)
def test_a_size_that_cannot_be_is_refused_and_nothing_moves(
    as_, quota_administrator, purse, asked, status, code
):
    before = Movement.objects.count()
    answer = resize(as_(quota_administrator), purse, **asked)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert Movement.objects.count() == before


def test_a_cut_too_deep_says_how_deep_it_may_be(as_, quota_administrator, purse):
    answer = resize(as_(quota_administrator), purse, what="budget", amount="10")
    assert answer.json()["available"] == "9000.00"
