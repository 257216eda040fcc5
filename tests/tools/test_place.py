"""What an installation remembers survives it, and one use at a time holds its servers."""

import json
import stat
import subprocess
import sys

import pytest

from tools.place import ROOT, Place, write_private
from tools.trouble import Trouble

HOLD = """
import sys
from pathlib import Path
from tools.place import Place
with Place(Path(sys.argv[1])).held(sys.argv[2]):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path / "var").make()


@pytest.fixture
def other_holder(place):
    """Another process that holds the place as the holder named."""
    running = []

    def hold(holder):
        command = [sys.executable, "-c", HOLD, str(place.var), holder]
        child = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        running.append(child)
        assert child.stdout.readline() == "held\n"
        return child

    yield hold
    for child in running:
        child.kill()
        child.communicate()


def test_the_secret_key_is_made_once_and_closed_to_others(place):
    key = place.secret_key()
    assert len(key) >= 50
    assert place.secret_key() == key
    assert stat.S_IMODE((place.var / "secret_key").stat().st_mode) == 0o600


def test_two_places_have_two_keys(tmp_path):
    first, second = (Place(tmp_path / name).make() for name in ("one", "two"))
    assert first.secret_key() != second.secret_key()


def test_facts_are_recalled_until_forgotten(place):
    place.remember("site", {"port": 8000})
    assert place.recall("site") == {"port": 8000}
    place.forget("site")
    assert place.recall("site") is None


def test_a_record_cut_by_a_crash_counts_as_none(place):
    (place.records / "site.json").write_text(json.dumps({"port": 8000})[:5])
    assert place.recall("site") is None


def test_a_private_file_leaves_no_draft_beside_it(tmp_path):
    write_private(tmp_path / "key", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_who_holds_the_servers_is_known_and_a_second_holder_is_refused(place, other_holder):
    assert place.holder() is None
    other_holder("manage")
    assert place.holder() == "manage"
    with pytest.raises(Trouble, match="wait until it has ended"), place.held("up"):
        pass
    assert place.recall("holder") == "manage"


def test_a_second_start_is_told_how_to_stop_the_first(place, other_holder):
    other_holder("up")
    with pytest.raises(Trouble, match=r"\./run down"), place.held("up"):
        pass


def test_a_killed_holder_holds_no_more(place, other_holder):
    child = other_holder("up")
    child.kill()
    child.wait()
    assert place.holder() is None
    with place.held("manage"):
        assert place.recall("holder") == "manage"


def test_another_folder_is_named_by_a_variable(monkeypatch, tmp_path):
    monkeypatch.setenv("DINAMIS_VAR", str(tmp_path))
    assert Place.usual().var == tmp_path
    monkeypatch.delenv("DINAMIS_VAR")
    assert Place.usual().var == ROOT / "var"
