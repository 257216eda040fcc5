"""Only processes that are ours are found and ended."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tools import processes
from tools.place import MEGABYTE, Place
from tools.trouble import Trouble

SLEEPER = [sys.executable, "-c", "import time; print('here', flush=True); time.sleep(60)"]
DEAF = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path / "var").make()


@pytest.fixture
def started(place):
    """Start a process of ours; whatever the test leaves alive is ended after it."""
    children = []

    def start(name, command=SLEEPER):
        child = processes.start(place, name, command, env=os.environ)
        children.append(child)
        _until(lambda: processes.last_words(place, name))
        return child

    yield start
    for child in children:
        processes.Found(child.pid, processes.birth(child.pid) or "").tell(
            signal.SIGKILL, group=True
        )
        child.wait()


def test_a_started_process_is_found_again_and_its_words_are_kept(place, started):
    child = started("web")
    assert processes.recall(place, "web").pid == child.pid
    assert processes.last_words(place, "web") == "here"


def test_a_process_leads_a_group_of_its_own(started):
    child = started("web")
    assert os.getpgid(child.pid) == child.pid != os.getpgid(0)


def test_an_ended_process_is_forgotten(place, started):
    child = started("web")
    processes.end(place, "web", child)
    assert child.returncode == -signal.SIGTERM
    assert place.recall("web.pid") is None


def test_a_number_used_again_is_not_mistaken_for_ours(place, started):
    stranger = started("stranger")
    place.remember("web.pid", {"pid": stranger.pid, "born": "another boot:1"})
    assert processes.recall(place, "web") is None
    processes.Found(stranger.pid, "another boot:1").end()
    assert stranger.poll() is None


def test_a_dead_process_not_yet_collected_counts_as_gone(started):
    child = started("web")
    found = processes.Found(child.pid, processes.birth(child.pid))
    os.kill(child.pid, signal.SIGKILL)
    assert found.gone_within(5)


def test_one_that_does_not_listen_is_killed_with_all_it_started(place, started):
    child = started("deaf", [sys.executable, "-c", DEAF])
    grandchild = int(processes.last_words(place, "deaf"))
    found = processes.Found(child.pid, processes.birth(child.pid))
    found.end(((signal.SIGTERM, 0.3), (signal.SIGKILL, 5.0)))
    assert child.wait() == -signal.SIGKILL
    _until(lambda: processes.birth(grandchild) is None)


def test_a_log_grown_too_long_starts_anew_and_is_kept_once(place, started):
    log = place.logs / "web.log"
    log.write_bytes(b"x" * (10 * MEGABYTE + 1))
    started("web")
    assert log.read_text() == "here\n"
    assert (place.logs / "web.log.1").stat().st_size == 10 * MEGABYTE + 1


def test_a_tool_answers_without_its_warnings_and_both_are_logged(tmp_path):
    log = tmp_path / "log"
    command = ["/bin/sh", "-c", "echo answer; echo warning >&2"]
    assert processes.perform("Asking", command, log=log) == "answer\n"
    assert log.read_text().splitlines()[1:] == ["answer", "warning"]


def test_a_tool_that_fails_is_trouble(tmp_path):
    with pytest.raises(Trouble, match=r"^Asking failed: no idea\.$"):
        processes.perform("Asking", ["/bin/sh", "-c", "echo no idea >&2; exit 3"])


def test_a_process_that_ended_is_told_nothing():
    child = subprocess.Popen(["/bin/true"])
    born = processes.birth(child.pid) or "gone"
    child.wait()
    processes.Found(child.pid, born).tell(signal.SIGKILL)
    assert child.returncode == 0


def _until(holds, patience=10.0):
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


TIDY = """
import time
from tools import processes
processes.leave_in_order()
try:
    print("here", flush=True)
    time.sleep(60)
finally:
    print("stopped", flush=True)
"""


@pytest.mark.parametrize("which", processes.ENDINGS)
def test_whoever_is_told_to_end_stops_what_was_started(which):
    """Even where a shell began it in the background, and so with SIGINT ignored."""
    deaf = f"trap '' INT; exec {sys.executable} -c '{TIDY}'"
    with subprocess.Popen(["sh", "-c", deaf], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "here\n"
        child.send_signal(which)
        assert child.stdout.read() == "stopped\n"
    assert child.returncode == 128 + which
