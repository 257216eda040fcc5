"""A child that reads untrusted files has no secrets, little time, little memory and no way out."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dinamis import nests
from dinamis.sandbox import ROOT, ChildFailed, run_child

PROBE = "tests.dinamis.sandbox_probe"


def ask(do, *, seconds=10, memory_mb=512, readable=None, writable=None, env=None, **request):
    request = {"do": do, **request}
    options = {"readable": readable, "writable": writable, "env": env}
    return run_child(PROBE, request, seconds=seconds, memory_mb=memory_mb, **options)["ok"]


def reason(do, **options):
    with pytest.raises(ChildFailed) as failure:
        ask(do, **options)
    return failure.value.reason


def test_a_child_answers_and_what_its_libraries_print_does_not_matter():
    words = {"accents": "éàü", "list": [1, 2.5, None]}
    assert ask("echo", words=words) == words


def test_a_child_knows_no_secret_and_no_django(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgis://a-secret")
    seen = ask("look_around", env={"OGR_SKIP": "OGR_VRT"})
    assert seen["modules"] == []
    assert "OGR_SKIP" in seen["environment"]
    known = {"DATABASE_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE", "PYTHONPATH"}
    assert known.isdisjoint(seen["environment"])


def test_the_folder_of_a_child_is_gone_after_it(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert Path(ask("look_around")["folder"]).parent == tmp_path
    assert reason("fail") == "crash"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("do", ["spin", "wait"])
def test_a_child_that_takes_too_long_is_ended(do):
    start = time.monotonic()
    assert reason(do, seconds=1) == "time"
    assert time.monotonic() - start < 30


def test_what_a_child_started_ends_with_it(tmp_path):
    assert reason("start_another", seconds=2, writable=tmp_path, folder=str(tmp_path)) == "time"
    other = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and _is_running(other):
        time.sleep(0.05)
    assert not _is_running(other)


def test_a_child_that_wants_too_much_memory_is_ended():
    assert reason("hoard") == "memory"


@pytest.mark.parametrize("do", ["abort", "fail"])
def test_a_child_that_breaks_gives_no_answer(do):
    assert reason(do) == "crash"


def test_a_child_cannot_fill_the_disk():
    assert ask("fill", megabytes=10) is None
    assert reason("fill", megabytes=100) == "crash"


def test_a_child_reads_what_it_is_given_and_writes_where_it_may(tmp_path):
    given, results = tmp_path / "given", tmp_path / "results"
    given.write_text("an upload")
    results.mkdir()
    assert ask("read", path=str(given), readable=given) == "an upload"
    ask("write", path=str(results / "out"), writable=results)
    assert (results / "out").read_text() == "written"


def test_a_child_sees_no_other_file_where_the_kernel_can_forbid_it(tmp_path):
    """The control is the second half: without Landlock the file is read, and the test says so."""
    secret, given = tmp_path / "secret", tmp_path / "given"
    secret.write_text("a secret")
    given.write_text("an upload")
    if ask("kernel_can_hide_files"):
        assert reason("read", path=str(secret), readable=given) == "crash"
        assert reason("write", path=str(given), readable=given) == "crash"
        assert given.read_text() == "an upload"
    assert ask("read", path=str(secret), readable=tmp_path) == "a secret"


def test_a_child_calls_nobody_where_the_kernel_can_forbid_it():
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.2)
        with contextlib.suppress(ChildFailed):
            ask("call", port=trap.getsockname()[1])
        if ask("kernel_can_part_networks"):
            with pytest.raises(TimeoutError):
                trap.accept()


def test_children_are_forked_from_one_nest_and_have_nothing_of_it():
    first, second = ask("where"), ask("where")
    assert first["nest"] == second["nest"] != os.getpid()
    assert first["process"] != second["process"]
    # The answer is kept apart from what libraries print; nothing else is open.
    assert [len(one["files"]) for one in (first, second)] == [1, 1]
    assert not any("socket" in file for file in (*first["files"], *second["files"]))


def test_children_that_are_alive_together_do_not_hold_each_other_up():
    with ThreadPoolExecutor(6) as pool:
        slow = [pool.submit(reason, "wait", seconds=3) for _child in range(3)]
        quick = [pool.submit(ask, "echo", words=number) for number in range(12)]
        assert [one.result() for one in quick] == [*range(12)]
        assert [one.result() for one in slow] == ["time"] * 3


def test_a_child_whose_nest_dies_is_done_again_by_itself(tmp_path):
    nest = ask("where")["nest"]
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask, "linger", path=str(tmp_path / "begun"), writable=tmp_path)
        deadline = time.monotonic() + 10
        while not (tmp_path / "begun").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        os.kill(nest, signal.SIGKILL)
        assert asked.result() == "over"
    assert ask("where")["nest"] not in (nest, os.getpid())


def test_a_forked_process_has_a_nest_of_its_own():
    mine = ask("where")["nest"]
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(write, b"%d" % ask("where")["nest"])
            nests.close_all()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    theirs = int(os.read(read, 20))
    assert theirs != mine
    assert ask("where")["nest"] == mine


def test_a_nest_ends_with_who_asked_it():
    """Even where that one is killed: its socket closes."""
    told = (
        "import os, signal; from dinamis.sandbox import run_child\n"
        "said = run_child('tests.dinamis.sandbox_probe', {'do': 'where'}, seconds=20, memory_mb=512)\n"
        "print(said['ok']['nest'], flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    asked = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, check=False)
    nest = int(asked.stdout)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and _is_running(nest):
        time.sleep(0.05)
    assert not _is_running(nest)


def _is_running(pid):
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
