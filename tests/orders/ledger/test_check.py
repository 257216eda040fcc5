"""check_ledger is green on what was booked, and names what was changed by hand, whatever the column."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from orders.ledger import services
from orders.ledger.check import examine, faults
from orders.ledger.models import Account, Movement
from tests.orders.ledger.conftest import by_hand, undone, words


@pytest.fixture
def booked(period, allotment, common):
    """A little of every kind, with names that are not plain ASCII."""
    services.hold(
        [allotment, common], Decimal(600), line="L-1", split=True,
        **words("hold", reason='forêt "à l\'été"\n\t€ \\ 𝄞 \x01', rule_version="2026-01"),
    )  # fmt: skip
    services.settle("L-1", captured=Decimal(450), consumer=1, **words("settle"))
    services.hold([common], Decimal(7), line="L-2", **words("hold"))
    return Movement.objects.get(kind="capture")


def codes() -> set[str]:
    return {fault.code for fault in faults()}


def test_what_was_booked_is_found_right(booked):
    report = examine()
    assert report.faults == []
    assert (report.movements, report.accounts) == (9, 8)
    out = StringIO()
    call_command("check_ledger", stdout=out)
    assert out.getvalue() == "9 movements, 8 accounts: all balance\n"


def test_an_empty_ledger_is_right(db):
    assert faults() == []


MOVEMENT_CHANGES = {
    "amount": "amount = amount + 0.01",
    "reason": "reason = 'becausf'",
    "key": "key = key || 'x'",
    "deed": "deed = deed || 'x'",
    "at": "at = at + interval '1 microsecond'",
    "kind": "kind = 'release'",
    "rule_version": "rule_version = 'x'",
    "by_part": "by_part = 'tesu'",
    "from_account_id": "from_account_id = (SELECT max(id) FROM orders_account)",
    "to_account_id": "to_account_id = (SELECT min(id) FROM orders_account)",
    "hold_id": "hold_id = hold_id + 1",
    "digest": "digest = set_byte(digest, 31, get_byte(digest, 31) # 1)",
    "id": "id = id + 1000",
    "by_user_id": None,  # only with another actor's column: the CHECK on actors refuses it alone
    "by_link_id": None,
}
ACCOUNT_CHANGES = {
    "balance": "balance = balance + 0.01",
    "movements": "movements = movements + 1",
    "moved_at": "moved_at = moved_at - interval '1 microsecond'",
    "seal": "seal = set_byte(seal, 0, get_byte(seal, 0) # 1)",
    "kind": "kind = 'pool', owner_kind = 'pool'",
    "owner_kind": "owner_kind = 'project'",
    "owner_key": "owner_key = '2'",
    "period_id": "period_id = period_id + 1",
    "id": "id = id + 1000",
}


def test_every_column_is_among_the_changes_tried():
    assert {field.column for field in Movement._meta.fields} == set(MOVEMENT_CHANGES)
    assert {field.column for field in Account._meta.fields} == set(ACCOUNT_CHANGES)


@pytest.mark.parametrize("change", [change for change in MOVEMENT_CHANGES.values() if change])
def test_a_movement_changed_by_hand_is_named(booked, change):
    with undone():
        by_hand("orders_movement", change, booked)
        found = faults()
    assert "movement_changed" in {fault.code for fault in found}
    assert any(booked.key in fault.sentence for fault in found)


@pytest.mark.parametrize("change", list(ACCOUNT_CHANGES.values()))
def test_an_account_changed_by_hand_is_named(booked, allotment, change):
    with undone():
        by_hand("orders_account", change, allotment)
        assert codes()
    assert not codes()


def test_another_actor_written_by_hand_is_found(booked, django_user_model):
    user = django_user_model.objects.create_user(email="somebody@example.org", password=None)
    by_hand("orders_movement", f"by_part = '', by_user_id = {user.pk}", booked)
    assert codes() == {"movement_changed"}


def test_a_movement_taken_away_is_found(booked):
    by_hand("orders_movement", "gone", Movement.objects.filter(kind="hold").last())
    assert {"balance_differs", "movements_missing", "seal_broken"} <= codes()


def test_a_movement_taken_away_with_its_balances_set_right_is_still_found(booked, common):
    last = Movement.objects.filter(kind="hold").last()
    by_hand("orders_movement", "gone", last)
    before = Movement.objects.touching(common).in_order().last().at.isoformat()
    by_hand(
        "orders_account",
        f"balance = balance + {last.amount}, movements = movements - 1, moved_at = '{before}'",
        common,
    )
    by_hand(
        "orders_account",
        "balance = 0, movements = 0, moved_at = NULL",
        Account.objects.get(pk=last.to_account_id),
    )
    assert codes() == {"seal_broken"}


def test_a_movement_written_past_the_triggers_is_found(booked, period, budget):
    reserve = services.account_of(period, "reserve")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE orders_movement DISABLE TRIGGER USER")
        cursor.execute(
            "INSERT INTO orders_movement (deed, key, kind, from_account_id, to_account_id, amount,"
            " reason, rule_version, by_part) VALUES ('x', 'x/1', 'hold', %s, %s, 5, '', '', 'me')",
            [budget.pk, reserve.pk],
        )
        cursor.execute("ALTER TABLE orders_movement ENABLE TRIGGER USER")
    assert {"movement_changed", "no_such_route", "balance_differs"} <= codes()


def test_the_command_ends_red_and_names_each_fault(booked, allotment):
    by_hand("orders_account", "balance = balance + 0.01", allotment)
    out = StringIO()
    with pytest.raises(CommandError, match="9 movements, 8 accounts: 2 faults") as refusal:
        call_command("check_ledger", stdout=out)
    assert refusal.value.returncode == 1
    first, second = out.getvalue().splitlines()
    assert first == (f"account {allotment.pk} (allotment 1) says 50.01; its movements make 50.00.")
    assert "sum to 0.01, not 0" in second


def test_the_command_speaks_to_programs(booked):
    out = StringIO()
    call_command("check_ledger", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"movements": 9, "accounts": 8, "faults": []}
