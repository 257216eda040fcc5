"""A life's table refuses what it does not hold, and says whose turn each state is."""

from datetime import UTC, datetime

import pytest
from django.db import models

from dinamis import lifecycle
from dinamis.errors import NotNow
from dinamis.lifecycle import Life, advance, step


class Door(models.TextChoices):
    OPEN = "open", "Open"
    SHUT = "shut", "Shut"
    WALLED = "walled", "Walled up"


STEPS = {
    "shut": step("open", to="shut", by="owner", label="Shut"),
    "open": step("shut", to="open", by=("owner", "guest"), label="Open"),
    "wall": step("open", "shut", to="walled", by="owner", label="Wall up", books="bricks"),
}
TURNS = {"open": "owner", "shut": "guest", "walled": ""}


@pytest.fixture
def door(monkeypatch):
    monkeypatch.setattr(lifecycle, "LIVES", {})
    return Life("door", "A door", Door, "open", STEPS, TURNS)


class Row:
    state = "open"
    state_since = None
    due_at = None


def test_a_step_moves_the_row_and_says_since_when(door):
    row, now = Row(), datetime(2026, 11, 22, tzinfo=UTC)
    assert advance(row, door, "shut", at=now).target == "shut"
    assert (row.state, row.state_since, row.due_at) == ("shut", now, None)


def test_a_step_that_does_not_leave_this_state_is_refused_and_changes_nothing(door):
    row = Row()
    with pytest.raises(NotNow) as refused:
        advance(row, door, "open", at=datetime(2026, 11, 22, tzinfo=UTC))
    assert refused.value.details == {"state": "open", "step": "open"}
    assert (row.state, row.state_since) == ("open", None)


def test_what_nothing_leaves_is_final(door):
    assert door.final == {"walled"}
    assert list(door.open_from("shut")) == ["open", "wall"]


def test_every_walk_and_every_pair_is_told(door):
    assert set(door.walks()) == {
        (),
        ("shut",),
        ("shut", "open"),
        ("shut", "open", "wall"),
        ("shut", "wall"),
        ("wall",),
    }
    assert ("open", "shut", "wall") in set(door.pairs())
    assert not [pair for pair in door.pairs() if pair[1] == "wall"]


def test_a_table_that_forgets_a_turn_or_names_an_unknown_state_cannot_be_made(monkeypatch):
    monkeypatch.setattr(lifecycle, "LIVES", {})
    with pytest.raises(ValueError, match="whose turn"):
        Life("door", "A door", Door, "open", STEPS, {"open": "owner"})
    with pytest.raises(ValueError, match="unknown state"):
        Life(
            "door", "A door", Door, "open", {"x": step("ajar", to="open", by="a", label="")}, TURNS
        )
    assert lifecycle.LIVES == {}


def test_the_printed_page_shows_every_step_and_turn(door):
    page = lifecycle.printed()
    assert "open --> walled: wall" in page
    assert "| wall | open, shut | walled | owner | bricks |" in page
    assert "| walled | Walled up | nobody |" in page
