"""A deed of many movements in one trip: the same as one by one, booked once, and the ledger agrees."""

from decimal import Decimal

import pytest

from orders.ledger import services
from orders.ledger.check import faults
from orders.ledger.errors import KeyReused, QuotaTooSmall
from orders.ledger.kinds import MovementKind
from orders.ledger.models import Movement
from orders.ledger.services import Entry
from tests.orders.ledger.conftest import BY, balance


@pytest.fixture
def shares(period, budget):
    accounts = [services.account_of(period, "allotment", key) for key in range(1, 41)]
    return [Entry(MovementKind.TRANSFER, budget, one, Decimal("12.50")) for one in accounts]


def test_many_movements_are_one_deed_in_order_and_nothing_is_wrong_with_them(shares, budget):
    done = services.book_in_bulk(shares, deed="share:1", by=BY, reason="shared out")
    assert [one.key for one in done] == [f"share:1/{n}" for n in range(1, 41)]
    assert balance(budget) == 500
    instants = [one.at for one in done]
    assert instants == sorted(set(instants))
    assert faults() == []


def test_a_deed_of_many_is_booked_once(shares, budget):
    first = services.book_in_bulk(shares, deed="share:1", by=BY, reason="shared out")
    assert services.book_in_bulk(shares, deed="share:1", by=BY, reason="shared out") == first
    with pytest.raises(KeyReused):
        services.book_in_bulk(shares[1:], deed="share:1", by=BY, reason="shared out")
    assert (balance(budget), Movement.objects.filter(deed="share:1").count()) == (500, 40)


def test_a_deed_of_many_that_overdraws_books_nothing_and_says_what_is_left(shares, budget):
    too_many = shares * 2 + shares[:1]
    with pytest.raises(QuotaTooSmall) as refusal:
        services.book_in_bulk(too_many, deed="share:1", by=BY, reason="shared out")
    assert refusal.value.details == {"available": "1000.00", "required": "1012.50", "unit": "km2"}
    assert balance(budget) == 1000
