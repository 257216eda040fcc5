"""The sockets' folder is short, private and ours; a closed way is named."""

import os
import stat
import tempfile
from pathlib import Path

import pytest

from tools import sockets
from tools.place import Place
from tools.trouble import Trouble

STRANGER = (12345, 12345)


@pytest.fixture
def place(tmp_path):
    place = Place(tmp_path / "var").make()
    yield place
    sockets.remove(place)


def test_the_folder_is_closed_recorded_and_used_again(place):
    folder = sockets.folder(place)
    assert stat.S_IMODE(folder.stat().st_mode) & 0o066 == 0
    assert sockets.folder(place) == folder
    assert place.recall("sockets") == str(folder)


def test_a_temporary_folder_too_long_for_a_socket_is_not_used(place, monkeypatch, tmp_path):
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    folder = sockets.folder(place)
    assert folder.parent != long
    assert len(os.fsencode(folder / "postgresql" / ".s.PGSQL.5432.lock")) <= sockets.LONGEST


def test_a_recorded_folder_that_is_a_link_is_not_trusted(place, tmp_path):
    place.remember("sockets", str(tmp_path / "link"))
    (tmp_path / "link").symlink_to(tmp_path)
    folder = sockets.folder(place)
    assert folder != tmp_path / "link"
    assert not folder.is_symlink()


def test_a_recorded_folder_that_others_may_write_is_not_trusted(place, tmp_path):
    open_to_all = tmp_path / "open"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    place.remember("sockets", str(open_to_all))
    assert sockets.folder(place) != open_to_all
    sockets.remove(place)
    assert open_to_all.exists()


def test_removing_forgets_the_folder(place):
    folder = sockets.folder(place)
    sockets.remove(place)
    assert not folder.exists()
    assert place.recall("sockets") is None


def test_the_first_closed_folder_on_the_way_is_named(monkeypatch, tmp_path):
    closed = tmp_path / "closed"
    inner = closed / "inner"
    inner.mkdir(parents=True)
    monkeypatch.setattr(
        sockets, "may_enter", lambda folder, who: closed not in (folder, *folder.parents)
    )
    with pytest.raises(Trouble, match=f"{closed} is closed .* `chmod o\\+x {closed}`"):
        sockets.check_way(inner / "var", STRANGER)


def test_our_own_way_is_not_asked_about(monkeypatch):
    monkeypatch.setattr(sockets, "may_enter", lambda folder, who: False)
    sockets.check_way(Path("/"), None)


def test_data_of_somebody_else_are_not_opened(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(Trouble, match="belongs to"):
        sockets.account("postgres", tmp_path)


def test_root_runs_no_server_as_root(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert sockets.account("no such user", tmp_path / "new")[0] > 0
