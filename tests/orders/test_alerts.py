"""Quotas that are nearly used: each level told once for each size, to those who look after it."""

from datetime import datetime
from decimal import Decimal

import pytest
import time_machine

from orders.ledger import services as ledger
from orders.ledger.models import PARIS
from orders.models import AlertRule
from orders.services.purse import alerts
from tests.orders import make


@pytest.fixture
def purse(laboratory, referent, year):
    return ledger.account_of(year, "allotment", laboratory.pk, owner_kind="organisation")


@pytest.fixture
def administrator(reference):
    return make.person("queen", "quota_administrator")


def hold(account, amount, line):
    ledger.hold([account], Decimal(amount), line=line, key=f"hold:{line}", by=make.BY, reason="x")


def test_referents_hear_at_each_level_once(purse, mailoutbox, administrator):
    hold(purse, "499.99", "L-1")
    assert alerts.tell() == 0
    hold(purse, "0.01", "L-2")
    assert (alerts.tell(), alerts.tell()) == (1, 0)
    assert mailoutbox[0].to == ["bob@example.org"]
    assert mailoutbox[0].subject.startswith("50% of the quota are used: Coast Laboratory")
    assert "500 km² are held, 0 km² consumed and 500 km² free" in mailoutbox[0].body
    hold(purse, 460, "L-3")  # past 80 and 95 at once: one mail, of the highest
    assert (alerts.tell(), alerts.tell()) == (1, 0)
    assert mailoutbox[1].subject.startswith("95%")


def test_a_release_and_another_hold_tell_nothing_twice_but_a_larger_quota_does(purse, mailoutbox):
    hold(purse, 600, "L-1")
    assert alerts.tell() == 1
    ledger.release("L-1", key="release:1", by=make.BY, reason="x")
    assert alerts.tell() == 0
    hold(purse, 700, "L-2")
    assert alerts.tell() == 0
    ledger.set_allotment(purse, Decimal(1300), key="more", by=make.BY, reason="x")
    assert alerts.tell() == 1  # 700 of 1,300


def test_the_schemes_own_purses_are_told_to_the_administrators(
    year, administrator, mailoutbox, reference
):
    common = make.common("research", 100, in_period=year)
    hold(common, 85, "L-1")
    assert alerts.tell() == 1
    assert mailoutbox[0].to == ["queen@example.org"]


def test_levels_are_rows_of_the_rules_and_periods_past_are_left_alone(purse, year, mailoutbox):
    hold(purse, 300, "L-1")
    make.rewrite(AlertRule, {"account_kind": "allotment", "percent": 50}, percent=30)
    after = datetime(year.ends_on.year + 1, 1, 1, tzinfo=PARIS)
    with time_machine.travel(after, tick=False):
        assert alerts.tell() == 0
    assert alerts.tell() == 1
