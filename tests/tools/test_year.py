"""The year's arithmetic must be able to fail: a figure that is not borne out is found, whichever it is."""

import copy
from decimal import Decimal

import pytest

from trials import _year_accounts as accounts
from trials._year_played import Line, Year

BUDGET = {"id": 1, "kind": "budget", "owner_kind": "", "owner_key": ""}
SOURCE = {"id": 2, "kind": "source", "owner_kind": "", "owner_key": ""}
PURSE = {"id": 3, "kind": "allotment", "owner_kind": "organisation", "owner_key": "7"}
HELD = {"id": 4, "kind": "held", "owner_kind": "line", "owner_key": "C-1/1"}
CONSUMED = {"id": 5, "kind": "consumed", "owner_kind": "organisation", "owner_key": "7"}


def moved(pk, kind, giver, taker, amount, hold=None):
    return {
        "id": pk, "at": f"2026-01-01T00:00:0{pk}Z", "kind": kind, "from_account": giver,
        "to_account": taker, "amount": amount, "hold": hold,
    }  # fmt: skip


MOVEMENTS = [
    moved(1, "grant", SOURCE, BUDGET, "100.00"),
    moved(2, "transfer", BUDGET, PURSE, "60.00"),
    moved(3, "hold", PURSE, HELD, "3.00"),
    moved(4, "capture", HELD, CONSUMED, "2.00", hold=3),
    moved(5, "release", HELD, PURSE, "1.00", hold=3),
]
SHOWN = {
    "purses": [
        {"account": BUDGET, "free": "40.00", "held": "0", "consumed": "0", "granted": "40.00"},
        {"account": PURSE, "free": "58.00", "held": "0", "consumed": "2", "granted": "60.00"},
    ]
}


@pytest.fixture
def year():
    line = Line("C-1", "C-1/1", "spot67", units=Decimal(3), attempts=2, ended=True)
    return Year("", None, lines=[line])


def book(movements=MOVEMENTS):
    return accounts._booked(movements)


def test_what_is_true_is_found_true(year):
    assert accounts._differing(book(), SHOWN) == 0
    assert accounts._wrong_lines(year, "spot67", book()) == 0
    assert book().overdrawn == 0
    assert sum(book().balance.values()) == 0


@pytest.mark.parametrize("name", ["free", "held", "consumed", "granted"])
def test_one_figure_that_is_not_so_is_found(name):
    shown = copy.deepcopy(SHOWN)
    shown["purses"][1][name] = "59.00"
    assert accounts._differing(book(), shown) == 1


def test_a_purse_that_is_not_shown_is_found():
    assert accounts._differing(book(), {"purses": SHOWN["purses"][:1]}) == 1


def test_an_attempt_that_nobody_counted_is_found(year):
    year.lines[0].attempts = 3
    assert accounts._wrong_lines(year, "spot67", book()) == 1


def test_a_line_that_still_holds_something_at_its_end_is_found(year):
    assert accounts._wrong_lines(year, "spot67", book(MOVEMENTS[:-1])) == 1


def test_a_quota_that_was_overdrawn_in_between_is_found():
    early = [MOVEMENTS[0], MOVEMENTS[2], MOVEMENTS[1]]
    assert book(early).overdrawn == 1
