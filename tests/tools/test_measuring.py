"""`./run bench` and `./run trial` print what they found and fail when a goal does not hold."""

import json
import sys
from types import ModuleType

import pytest

from benchmarks import Measurement, __main__, at_least, at_most, exactly

FAST = '"""Speed."""\nfrom benchmarks import at_most\ndef run(scale):\n    yield at_most("page", 40, {limit}, "ms")\n'


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package of campaigns of the test's own; gives the folder its modules are written to."""
    made = ModuleType("campaigns_of_a_test")
    made.__path__ = [str(tmp_path)]
    monkeypatch.setitem(sys.modules, made.__name__, made)
    monkeypatch.setitem(__main__.PACKAGES, "trials", made)
    monkeypatch.setattr(__main__, "NOTES", tmp_path / "trials.md")
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith(f"{made.__name__}.")]:
        del sys.modules[name]


def test_a_goal_that_holds_ends_well_and_is_printed_as_json(package, capsys):
    (package / "fast.py").write_text(FAST.format(limit=50))
    assert __main__.main(["trials", "fast", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"name": "page", "value": 40, "unit": "ms", "goal": "at most 50", "holds": True}
    ]


def test_a_goal_that_does_not_hold_ends_with_1(package, capsys):
    (package / "fast.py").write_text(FAST.format(limit=30))
    assert __main__.main(["trials", "fast"]) == 1
    assert "at most 30: FAILS" in capsys.readouterr().out


def test_without_a_name_every_campaign_runs(package, capsys):
    for name in ("one", "two"):
        (package / f"{name}.py").write_text(FAST.format(limit=50))
    assert __main__.main(["trials", "--small"]) == 0
    printed = capsys.readouterr().out
    assert "one: Speed." in printed
    assert "two: Speed." in printed


def test_an_unknown_name_is_answered_with_the_known_ones(package, capsys):
    (package / "fast.py").write_text(FAST.format(limit=50))
    assert __main__.main(["trials", "slow"]) == 2
    assert "there are: fast" in capsys.readouterr().err


def test_a_note_takes_the_place_of_the_one_before(package):
    (package / "fast.py").write_text(FAST.format(limit=50))
    (package / "able.py").write_text(FAST.format(limit=60))
    for _ in range(2):
        __main__.main(["trials", "fast", "--note"])
    __main__.main(["trials", "able", "--note", "--small"])
    text = (package / "trials.md").read_text()
    assert [line for line in text.splitlines() if line.startswith("## ")] == ["## able", "## fast"]
    assert "`./run trial able --small` on " in text
    assert text.count("| page | 40 ms | at most 50 | yes |") == 1


@pytest.mark.parametrize(
    ("found", "holds"),
    [
        (at_most("x", 5, 5, "s"), True),
        (at_most("x", 5.1, 5, "s"), False),
        (at_least("x", 5, 5, "s"), True),
        (at_least("x", 4.9, 5, "s"), False),
        (exactly("x", 10, 10, "orders"), True),
        (exactly("x", 11, 10, "orders"), False),
        (Measurement("x", 1, "s"), True),
    ],
)
def test_a_promise_is_kept_up_to_its_figure_and_not_beyond(found, holds):
    assert found.holds is holds
