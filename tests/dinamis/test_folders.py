"""A folder for a moment: gone with its use, and after a process that was killed with the next one that asks."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from accounts.services import typesetting
from dinamis import folders
from dinamis.sandbox import ROOT, ChildFailed, run_child

HOLD = """
import sys, time
from dinamis import folders
with folders.own("child") as folder:
    (folder / "half").write_text("x")
    print(folder, flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """A temporary directory of this test's own, nobody having looked at it yet."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def holder(place: Path) -> tuple[subprocess.Popen, Path]:
    """Another process, and the folder that it holds."""
    env = {**os.environ, "TMPDIR": str(place)}
    started = subprocess.Popen(
        [sys.executable, "-c", HOLD], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
    )
    return started, Path(started.stdout.readline().strip())


def kill(process: subprocess.Popen) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


def age(folder: Path) -> None:
    """As if it had been made an hour ago."""
    os.utime(folder, (time.time() - 3600,) * 2)


def test_a_folder_is_empty_alone_and_gone_afterwards(place):
    with folders.own("child") as one, folders.own("child") as other:
        assert one != other
        assert {one.parent, other.parent} == {place}
        assert list(one.iterdir()) == []
        (one / "file").write_text("x")
    assert list(place.iterdir()) == []
    with pytest.raises(ZeroDivisionError), folders.own("upload"):
        _ = 1 / 0
    assert list(place.iterdir()) == []


def test_what_a_killed_process_leaves_is_removed_by_the_next_and_what_lives_stays(place):
    living, held = holder(place)
    dead, left = holder(place)
    try:
        kill(dead)
        for folder in (held, left):
            age(folder)
        assert left.is_dir()
        with folders.own("child"):
            assert (held.is_dir(), left.exists()) == (True, False)
    finally:
        kill(living)


def test_what_is_young_or_no_folder_of_ours_is_left_alone(place):
    young = place / "dinamis-child-young"
    young.mkdir()
    others = [place / "dinamis-run-other", place / "tmpdir"]
    for other in others:
        other.mkdir()
        age(other)
    target = place / "precious"
    target.mkdir()
    age(target)
    (place / "dinamis-child-link").symlink_to(target)
    (place / "dinamis-upload-file").write_text("x")
    assert folders.sweep(place) == 0
    assert len(list(place.iterdir())) == 6
    age(young)
    assert folders.sweep(place) == 1


def test_a_process_looks_once_and_not_again_for_a_while(place, monkeypatch):
    asked = []
    monkeypatch.setattr(folders, "sweep", asked.append)
    for _time in range(3):
        with folders.own("pdf"):
            pass
    assert asked == [place]


def test_an_unknown_kind_is_a_mistake(place):
    with pytest.raises(ValueError, match="no folder"), folders.own("run"):
        pass


def test_a_child_and_a_printed_page_have_such_a_folder_and_leave_nothing(place, monkeypatch):
    kinds = []
    whole = folders.own
    monkeypatch.setattr(folders, "own", lambda kind: kinds.append(kind) or whole(kind))
    with pytest.raises(ChildFailed):
        run_child("tests.dinamis.sandbox_probe", {"do": "fail"}, seconds=10, memory_mb=512)
    page = (
        '<html lang="en"><head><title>One</title><style>@font-face {font-family: G; src:'
        " url(font:geist-latin-wght-normal)} body {font-family: G}</style></head><body>One</body></html>"
    )
    assert typesetting.pages(page).startswith(b"%PDF")
    assert kinds == ["child", "pdf"]
    assert list(place.iterdir()) == []
