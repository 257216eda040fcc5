"""The environment is made once for each lock, and site settings reach the installer."""

import subprocess

import pytest

from tools import environment
from tools.place import ROOT, Place
from tools.trouble import Trouble


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path / "var").make()


@pytest.fixture
def deeds(monkeypatch, tmp_path):
    """A checkout whose tools only note that they were called; returns those notes."""
    noted = []
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(environment, "NODE_MODULES", tmp_path / "node_modules")
    monkeypatch.setattr(environment, "_pip_settings", dict)

    def perform(deed, command, **how):
        noted.append(deed)
        environment.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        environment.PYTHON.touch()
        environment.NODE_MODULES.mkdir(exist_ok=True)
        return ""

    monkeypatch.setattr(environment, "perform", perform)
    return noted


def test_a_second_start_installs_nothing(deeds, place):
    environment.ensure(place)
    assert deeds == ["Making .venv", "Installing uv", "Installing Python packages", "npm ci"]
    deeds.clear()
    environment.ensure(place)
    assert deeds == []


def test_a_changed_lock_installs_again_into_the_same_environment(deeds, place):
    environment.ensure(place)
    (environment.VENV / ".dinamis-stamp").write_text("of an older lock")
    deeds.clear()
    environment.ensure(place)
    assert deeds == ["Installing uv", "Installing Python packages"]


def test_an_environment_half_made_is_removed(deeds, monkeypatch, place):
    noting = environment.perform

    def fails(deed, command, **how):
        noting(deed, command, **how)
        if deed == "Installing Python packages":
            raise Trouble("the network cannot be reached")

    monkeypatch.setattr(environment, "perform", fails)
    with pytest.raises(Trouble):
        environment.ensure(place)
    assert not environment.VENV.exists()


def test_a_full_disk_is_told_before_anything_is_begun(deeds, monkeypatch, place):
    monkeypatch.setattr(environment, "ROOM", 10**18)
    with pytest.raises(Trouble, match="The disk is nearly full"):
        environment.ensure(place)
    assert deeds == []


def test_a_digest_changes_with_contents_and_with_names(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("a")
    first = environment.digest([one])
    assert environment.digest([one]) == first
    assert environment.digest([one], "more") != first
    one.rename(two)
    assert environment.digest([two]) != first
    two.write_text("b")
    assert environment.digest([two]) != environment.digest([two], "b")


def test_a_sites_pip_settings_are_said_in_the_installers_words(monkeypatch):
    listed = "\n".join(
        [
            "global.index-url='https://mirror.example/simple'",
            "global.find-links='/a\\n/b'",
            ":env:.cert='/ca.pem'",
            "global.timeout='9'",
        ]
    )
    answer = subprocess.CompletedProcess([], 0, stdout=listed)
    monkeypatch.setattr(environment.subprocess, "run", lambda *words, **how: answer)
    for name in environment._PIP_TO_UV.values():
        monkeypatch.delenv(name, raising=False)
    assert environment._pip_settings() == {
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "UV_FIND_LINKS": "/a,/b",
        "SSL_CERT_FILE": "/ca.pem",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }


def test_the_locks_name_no_place_of_a_machine():
    for path in (environment.LOCK, ROOT / "requirements.txt", *environment.NODE_FILES):
        text = path.read_text()
        assert "file://" not in text
        assert "--index" not in text
        assert "--find-links" not in text
