"""Held for a line, captured, released: which purse carries it, where it goes back, what a retry finds."""

from decimal import Decimal

import pytest
from django.db import IntegrityError

from dinamis.errors import NotNow
from orders.ledger import services
from orders.ledger.errors import HeldTooSmall, KeyReused, QuotaTooSmall
from orders.ledger.kinds import MovementKind
from orders.ledger.models import Account, Movement
from orders.ledger.services.booking import constraint_of
from tests.orders.ledger.conftest import BY, balance, key, words

LINE = "C-2026-0001-1"


def hold(purses, amount, **more):
    return services.hold(purses, Decimal(amount), line=LINE, **words("hold", **more))


def consumed(period, organisation=1):
    return balance(services.account_of(period, "consumed", organisation))


def test_the_first_purse_that_can_carry_it_all_carries_it(period, allotment, common):
    [held] = hold([allotment, common], 500)
    assert (held.kind, held.from_account, held.amount) == ("hold", allotment, 500)
    assert (balance(allotment), balance(common), services.held(LINE)) == (0, 300, 500)


def test_the_next_purse_carries_what_the_first_cannot(period, allotment, common):
    services.hold([allotment], Decimal(450), line="other", **words())
    [held] = hold([allotment, common], 51)
    assert held.from_account == common
    assert (balance(allotment), balance(common)) == (50, 249)


def test_a_quota_too_small_says_available_and_required_and_changes_nothing(
    period, allotment, common
):
    with pytest.raises(QuotaTooSmall) as refusal:
        hold([allotment, common], "500.01")
    assert refusal.value.status == 409
    assert refusal.value.code == "quota_too_small"
    assert refusal.value.details == {"available": "500.00", "required": "500.01", "unit": "km2"}
    assert "500" in str(refusal.value.sentence)
    assert (balance(allotment), balance(common), services.held(LINE)) == (500, 300, 0)
    assert not Account.objects.filter(kind="held").exists()
    assert not Movement.objects.filter(kind="hold").exists()


def test_several_purses_carry_it_together_only_when_asked(period, allotment, common):
    parts = hold([allotment, common], 700, split=True)
    assert [(part.from_account, part.amount) for part in parts] == [(allotment, 500), (common, 200)]
    assert len({part.deed for part in parts}) == 1
    with pytest.raises(QuotaTooSmall) as refusal:
        services.hold([allotment, common], Decimal(101), line="other", split=True, **words())
    assert refusal.value.details["available"] == "100.00"
    assert (balance(allotment), balance(common)) == (0, 100)


def test_without_a_purse_nothing_is_held(db):
    with pytest.raises(NotNow) as refusal:
        hold([], 1)
    assert refusal.value.code == "no_purse"


def test_purses_of_two_periods_are_a_mistake(allotment, attempts):
    with pytest.raises(ValueError, match="one period"):
        hold([allotment, services.account_of(attempts, "reserve")], 1)


def test_a_retry_on_a_spent_purse_finds_its_line(period, allotment, common):
    name = key("hold")
    first = hold([allotment], 500, key=name)
    assert hold([allotment], 500, key=name) == first
    assert hold([common, allotment], "500.00", key=name) == first
    assert (balance(allotment), balance(common)) == (0, 300)


def test_a_key_of_another_line_or_amount_is_refused(period, allotment):
    name = key("hold")
    hold([allotment], 100, key=name)
    for line, amount in ((LINE, 101), ("other", 100)):
        with pytest.raises(KeyReused):
            services.hold([allotment], Decimal(amount), line=line, key=name, by=BY, reason="")
    assert balance(allotment) == 400


def test_delivered_is_captured_and_the_rest_released_in_one_deed(period, allotment):
    hold([allotment], 120)
    deed = services.settle(LINE, captured=Decimal(112), consumer=1, **words("settle"))
    assert [(m.kind, m.amount) for m in deed] == [("capture", 112), ("release", 8)]
    assert (balance(allotment), consumed(period), services.held(LINE)) == (388, 112, 0)


def test_a_delivery_of_nothing_releases_all_and_one_of_all_releases_nothing(period, allotment):
    hold([allotment], 120)
    none = services.settle(LINE, captured=Decimal(0), consumer=1, **words("settle"))
    assert [(m.kind, m.amount) for m in none] == [("release", 120)]
    hold([allotment], 120)
    whole = services.settle(LINE, captured=Decimal(120), consumer=1, **words("settle"))
    assert [(m.kind, m.amount) for m in whole] == [("capture", 120)]
    assert (balance(allotment), consumed(period)) == (380, 120)


def test_a_settlement_is_booked_once(period, allotment):
    hold([allotment], 120)
    name = key("settle")
    again = [
        services.settle(LINE, captured=Decimal(112), consumer=1, key=name, by=BY, reason="")
        for _ in range(2)
    ]
    assert again[0] == again[1]
    finer = services.settle(
        LINE, captured=Decimal("112.004"), consumer=1, key=name, by=BY, reason=""
    )
    assert finer == again[0]
    with pytest.raises(KeyReused):
        services.settle(LINE, captured=Decimal(113), consumer=1, key=name, by=BY, reason="")
    with pytest.raises(KeyReused):
        services.settle("other", captured=Decimal(112), consumer=1, key=name, by=BY, reason="")
    assert (balance(allotment), consumed(period)) == (388, 112)


def test_a_release_goes_back_to_the_purse_it_came_from_once(period, allotment, common):
    hold([allotment, common], 400)
    name = key("release")
    for _ in range(2):
        [back] = services.release(LINE, key=name, by=BY, reason="cancelled")
    assert (back.kind, back.to_account, back.amount) == ("release", allotment, 400)
    assert Movement.objects.filter(kind="release").count() == 1
    assert (balance(allotment), services.held(LINE)) == (500, 0)
    assert services.release(LINE, **words("release")) == []


def test_a_split_is_consumed_from_its_first_purse_and_given_back_to_its_last(
    period, allotment, common
):
    hold([allotment, common], 700, split=True)
    services.release(LINE, amount=Decimal(150), **words())
    assert (balance(allotment), balance(common)) == (0, 250)
    services.release(LINE, amount=Decimal(60), **words())
    assert (balance(allotment), balance(common)) == (10, 300)
    deed = services.capture(LINE, Decimal(490), consumer=1, **words())
    assert {m.hold.from_account for m in deed} == {allotment}
    assert services.held(LINE) == 0


def test_no_more_is_captured_or_released_than_is_held(period, allotment):
    hold([allotment], 100)
    services.capture(LINE, Decimal(40), consumer=1, **words())
    for verb in (
        lambda: services.capture(LINE, Decimal("60.01"), consumer=1, **words()),
        lambda: services.release(LINE, amount=Decimal("60.01"), **words()),
        lambda: services.settle(LINE, captured=Decimal("60.01"), consumer=1, **words()),
    ):
        with pytest.raises(HeldTooSmall) as refusal:
            verb()
        assert refusal.value.details["available"] == "60.00"
    assert (services.held(LINE), consumed(period), balance(allotment)) == (60, 40, 400)


def test_nothing_is_captured_for_a_line_that_never_held(db):
    with pytest.raises(HeldTooSmall) as refusal:
        services.capture("nobody", Decimal(1), consumer=1, **words())
    assert refusal.value.details == {"available": "0.00", "required": "1", "unit": "km2"}


def test_attempts_are_captured_one_by_one_and_the_unused_released(attempts):
    allotment = services.account_of(attempts, "allotment", 1)
    services.set_allotment(allotment, Decimal(10), **words())
    hold([allotment], 6)
    services.capture(LINE, Decimal(2), consumer=1, **words("try"))
    services.capture(LINE, Decimal(2), consumer=1, **words("try"))
    services.release(LINE, **words("accepted"))
    assert (balance(allotment), consumed(attempts), services.held(LINE)) == (6, 4, 0)


def test_a_line_may_hold_more_later_and_be_settled_whole(period, allotment, common):
    hold([allotment], 100)
    hold([common], 50)
    deed = services.settle(LINE, captured=Decimal(120), consumer=2, **words())
    assert [(m.kind, m.amount, m.hold.from_account) for m in deed] == [
        ("capture", 100, allotment),
        ("capture", 20, common),
        ("release", 30, common),
    ]
    assert (balance(allotment), balance(common), consumed(period, 2)) == (400, 280, 120)


def test_a_hold_is_never_settled_beyond_itself_nor_elsewhere(period, allotment, common):
    _, on_common = hold([allotment, common], 600, split=True)
    for purse, amount in ((common, Decimal("100.01")), (allotment, Decimal(1))):
        entry = services.Entry(MovementKind.RELEASE, on_common.to_account, purse, amount, on_common)
        with pytest.raises(IntegrityError) as refusal:
            services.book([entry], deed=key(), by=BY, reason="wrong")
        assert constraint_of(refusal.value) == "movement_settles_its_hold"
    assert (balance(allotment), balance(common), services.held(LINE)) == (0, 200, 600)


def test_a_correction_is_a_new_movement(period, allotment):
    hold([allotment], 100)
    services.settle(LINE, captured=Decimal(100), consumer=1, **words())
    account = services.account_of(period, "consumed", 1)
    services.adjust(account, Decimal(20), to_account=allotment, **words(reason="clouds, regraded"))
    assert (balance(allotment), balance(account)) == (420, 80)
