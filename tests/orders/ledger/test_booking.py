"""The way into the ledger: what it refuses, and that a key books once."""

from decimal import Decimal
from itertools import product

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from dinamis.errors import Invalid
from orders.ledger import services
from orders.ledger.errors import CutTooDeep, KeyReused, QuotaTooSmall
from orders.ledger.kinds import OWNERS, AccountKind, MovementKind, is_route
from orders.ledger.models import Account, Movement
from orders.ledger.services.booking import Entry, constraint_of
from tests.orders.ledger.conftest import BY, balance, by_hand, key, now, words


def refused_by(statement, *, because: str) -> None:
    """Assert that the database refuses, naming this constraint."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        statement()
    assert constraint_of(refusal.value) == because


def sql(text: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(text, values)


def movement(**columns: object) -> Movement:
    name = key("raw")
    plain = {"deed": name, "key": name, "reason": "raw", "amount": Decimal(1), **BY.columns()}
    return Movement.objects.create(**{**plain, **columns})


def test_a_movement_moves_both_balances_and_says_when(period, budget):
    allotment = services.account_of(period, "allotment", 1)
    before = now()
    moved = services.transfer(budget, Decimal("12.345"), to_account=allotment, **words())
    assert moved.amount == Decimal("12.35")
    assert before <= moved.at <= now()
    assert balance(budget) == Decimal("987.65")
    assert balance(allotment) == Decimal("12.35")
    assert balance(services.account_of(period, "source")) == -1000


@pytest.mark.parametrize("kind", MovementKind)
def test_the_database_knows_the_same_routes_as_the_table(period, kind):
    owners = {"": "", "category": "research", "organisation": "1", "pool": "1", "line": "L-1"}
    accounts = {
        account_kind: services.account_of(period, account_kind, owners[OWNERS[account_kind][0]])
        for account_kind in AccountKind
    }
    with connection.cursor() as cursor:
        for giver, taker in product(accounts, repeat=2):
            cursor.execute("SELECT ledger_is_route(%s, %s, %s)", [kind, giver, taker])
            assert cursor.fetchone()[0] is is_route(kind, giver, taker), (kind, giver, taker)
            if (
                not is_route(kind, giver, taker)
                and giver != taker
                and kind
                not in (
                    MovementKind.CAPTURE,
                    MovementKind.RELEASE,
                )
            ):
                refused_by(
                    lambda a=accounts[giver], b=accounts[taker]: movement(
                        kind=kind, from_account=a, to_account=b
                    ),
                    because="movement_follows_a_route",
                )


def test_an_overdraft_is_refused_by_a_named_constraint_and_nothing_changes(period, budget):
    allotment = services.account_of(period, "allotment", 1)
    refused_by(
        lambda: movement(
            kind="transfer", from_account=budget, to_account=allotment, amount=Decimal("1000.01")
        ),
        because="quota_not_overdrawn",
    )
    assert balance(budget) == 1000
    assert balance(allotment) == 0


def test_no_amount_no_movement(period, budget):
    source = services.account_of(period, "source")
    for amount in (Decimal(0), Decimal(-5)):
        refused_by(
            lambda amount=amount: movement(
                kind="grant", from_account=source, to_account=budget, amount=amount
            ),
            because="movement_has_an_amount",
        )


def test_a_movement_never_leaves_its_period_nor_its_account(period, attempts, budget):
    other = services.account_of(attempts, "reserve")
    refused_by(
        lambda: movement(kind="transfer", from_account=budget, to_account=other),
        because="movement_stays_in_its_period",
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        movement(kind="transfer", from_account=budget, to_account=budget)
    assert balance(budget) == 1000


def test_attempts_are_whole_everywhere(attempts):
    budget = services.account_of(attempts, "budget")
    allotment = services.account_of(attempts, "allotment", 1)
    with pytest.raises(Invalid) as refusal:
        services.transfer(budget, Decimal("1.5"), to_account=allotment, **words())
    assert refusal.value.code == "attempts_are_whole"
    refused_by(
        lambda: movement(
            kind="transfer", from_account=budget, to_account=allotment, amount=Decimal("1.5")
        ),
        because="attempts_are_whole",
    )
    assert balance(budget) == 20


@pytest.mark.parametrize("amount", ["0", "-1", "0.004", "NaN", "Infinity", "1e13"])
def test_what_is_not_an_amount_is_refused(period, budget, amount):
    allotment = services.account_of(period, "allotment", 1)
    with pytest.raises(Invalid):
        services.transfer(budget, Decimal(amount), to_account=allotment, **words())
    assert balance(budget) == 1000


def test_a_decision_gives_its_reason(period, budget):
    with pytest.raises(Invalid) as refusal:
        services.grant_budget(period, Decimal(1), **words(reason=""))
    assert refusal.value.code == "reason_missing"
    refused_by(
        lambda: movement(
            kind="grant",
            from_account=services.account_of(period, "source"),
            to_account=budget,
            reason="",
        ),
        because="movement_gives_its_reason",
    )


def test_a_key_books_once_and_a_retry_finds_its_line(period, budget):
    name = key("grant")
    first = services.grant_budget(period, Decimal(10), key=name, by=BY, reason="once")
    again = services.grant_budget(period, Decimal("10.00"), key=name, by=BY, reason="twice")
    assert first == again
    assert again.reason == "once"
    assert balance(budget) == 1010


def test_the_same_key_with_other_figures_is_refused(period, budget):
    name = key("grant")
    services.grant_budget(period, Decimal(10), key=name, by=BY, reason="once")
    with pytest.raises(KeyReused) as refusal:
        services.grant_budget(period, Decimal(11), key=name, by=BY, reason="once")
    assert (refusal.value.status, refusal.value.details) == (409, {"key": name})
    assert balance(budget) == 1010


def test_a_key_booked_between_look_up_and_insertion_is_found_all_the_same(period, budget):
    name = key("grant")
    source = services.account_of(period, "source")
    entries = [Entry(MovementKind.GRANT, source, budget, Decimal(10))]
    first = services.book(entries, deed=name, by=BY, reason="once")
    assert services.booking.book_new(entries, deed=name, by=BY, reason="once") == first
    assert balance(budget) == 1010


def test_a_deed_of_several_movements_is_booked_whole_or_not_at_all(period, budget):
    one = services.account_of(period, "allotment", 1)
    two = services.account_of(period, "allotment", 2)
    share = [Entry(MovementKind.TRANSFER, budget, account, Decimal(600)) for account in (one, two)]
    with pytest.raises(QuotaTooSmall) as refusal:
        services.book(share, deed=key(), by=BY, reason="share")
    assert refusal.value.details == {"available": "1000.00", "required": "1200", "unit": "km2"}
    assert [balance(account) for account in (budget, one, two)] == [1000, 0, 0]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE orders_movement SET reason = 'other'",
        "DELETE FROM orders_movement",
        "TRUNCATE orders_movement CASCADE",
        "UPDATE orders_account SET balance = balance + 1",
        "UPDATE orders_account SET owner_key = '9'",
        "DELETE FROM orders_account",
        "TRUNCATE orders_account CASCADE",
        "UPDATE orders_period SET unit = 'attempt'",
    ],
)
def test_what_is_booked_is_never_changed(allotment, statement):
    with pytest.raises(DatabaseError, match=r"Cannot update|never emptied"):
        sql(statement)
    assert Movement.objects.count() == 2
    assert balance(allotment) == 500


def test_an_account_opens_empty_whatever_was_asked(period):
    account = Account.objects.create(
        period=period,
        kind="allotment",
        owner_kind="organisation",
        owner_key="1",
        balance=Decimal(99),
        movements=7,
    )
    account.refresh_from_db()
    assert (account.balance, account.movements, account.moved_at) == (0, 0, None)


def test_an_account_has_a_fitting_owner(period):
    refused_by(
        lambda: Account.objects.create(
            period=period, kind="common", owner_kind="organisation", owner_key="1"
        ),
        because="account_has_a_fitting_owner",
    )
    refused_by(
        lambda: Account.objects.create(period=period, kind="pool", owner_kind="pool"),
        because="account_owner_is_named",
    )


def test_instants_of_an_account_grow_even_when_the_clock_stepped_back(period, budget):
    by_hand("orders_account", "moved_at = '2030-01-01T00:00:00Z'", budget)
    moved = services.grant_budget(period, Decimal(1), **words())
    assert moved.at.isoformat() == "2030-01-01T00:00:00.000001+00:00"


def test_a_cut_says_how_far_it_can_go(period, budget, allotment):
    with pytest.raises(CutTooDeep) as refusal:
        services.adjust(allotment, Decimal(501), to_account=budget, **words())
    assert refusal.value.details == {"available": "500.00", "required": "501.00", "unit": "km2"}
    assert balance(allotment) == 500
