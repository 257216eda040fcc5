"""`./run up` and `./run down`, with a small web server standing for the application."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tools import processes
from tools.place import ROOT, Place

# The real commands, with other processes to start: what they do is not the matter here.
STAND_IN = """
import sys
from tools import application, main, running
web = [sys.executable, {web!r}]
sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
application.parts = lambda place, site: dict(web=[*web, str(site.port)], worker=sleep, beat=sleep)
application.prepare = lambda *words, **how: None
application.log_ins = lambda env: '[{{"email": "ada@x.example", "password": "p", "role": "r"}}]'
running.install = lambda place: None
sys.exit(main.main(sys.argv[1:]))
"""
WEB = """
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Ready(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()

HTTPServer(("127.0.0.1", int(sys.argv[1])), Ready).serve_forever()
"""
PARTS = ("supervisor", "web", "worker", "beat")


class Site:
    """One installation under test and its commands."""

    def __init__(self, folder: Path) -> None:
        self.place = Place(folder / "var").make()
        self.port = _free_port()
        self.web = folder / "web.py"
        self.web.write_text(WEB)

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-c", STAND_IN.format(web=str(self.web)), *words]

    def environment(self) -> dict[str, str]:
        real = {"DATABASE_URL": "postgis://elsewhere/x", "REDIS_URL": "redis://elsewhere"}
        ours = {"DINAMIS_VAR": str(self.place.var), "SITE_URL": f"http://127.0.0.1:{self.port}"}
        return os.environ | real | ours

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*words),
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def up(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.run("up", "--detach", "--port", str(self.port), *words)

    def pid(self, name: str) -> int | None:
        found = processes.recall(self.place, name)
        return found.pid if found else None

    def alive(self) -> set[str]:
        return {name for name in PARTS if self.pid(name)}

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.port}/readyz", timeout=2
            ) as answer:
                return answer.status == 200
        except OSError:
            return False


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    yield site
    site.run("down")


def test_up_returns_when_ready_and_shows_address_and_log_ins(site):
    done = site.up()
    assert done.returncode == 0
    assert done.stderr == ""
    assert f"DINAMIS is at http://127.0.0.1:{site.port}" in done.stdout
    assert "ada@x.example  p  r" in done.stdout
    assert site.answers()
    assert site.alive() == set(PARTS)


def test_down_stops_everything_and_a_second_one_finds_nothing(site):
    site.up()
    pids = [site.pid(name) for name in PARTS]
    assert site.run("down").stdout == "Stopped.\n"
    assert not any(processes.birth(pid) for pid in pids)
    assert not site.answers()
    assert site.run("down").stdout == "Nothing runs here.\n"


def test_a_second_up_of_the_same_site_is_content(site):
    site.up()
    before = [site.pid(name) for name in PARTS]
    again = site.up()
    assert again.returncode == 0
    assert "runs here already" in again.stdout
    assert "ada@x.example  p  r" in again.stdout
    assert [site.pid(name) for name in PARTS] == before


def test_a_second_up_of_another_site_is_refused_and_changes_nothing(site):
    site.up()
    before = [site.pid(name) for name in PARTS]
    other = site.run("up", "--port", str(_free_port()))
    assert other.returncode == 1
    assert other.stderr.count("\n") == 1
    assert "was started otherwise: `./run down` stops it" in other.stderr
    assert [site.pid(name) for name in PARTS] == before


def test_what_dies_is_started_again(site):
    site.up()
    for name in ("web", "worker"):
        before = site.pid(name)
        os.kill(before, signal.SIGKILL)
        _until(lambda name=name, before=before: site.pid(name) not in (None, before))
    _until(site.answers)
    assert (
        "worker ended with code -9 and is started again"
        in (site.place.logs / "run.log").read_text()
    )


def test_one_that_dies_again_and_again_ends_the_whole_and_says_so(site):
    site.up()
    supervisor = site.pid("supervisor")
    site.web.write_text("raise SystemExit('broken by the test')")
    os.kill(site.pid("web"), signal.SIGKILL)
    _until(lambda: processes.birth(supervisor) is None)
    assert site.alive() == set()
    assert "web died 5 times within 60 seconds" in (site.place.logs / "run.log").read_text()


def test_a_start_that_fails_leaves_nothing_behind_and_shows_the_last_words(site):
    site.web.write_text("raise SystemExit('broken by the test')")
    done = site.up()
    assert done.returncode == 1
    assert "The web process ended at once" in done.stderr
    assert "broken by the test" in done.stderr
    assert site.alive() == set()


def test_a_killed_supervisor_is_cleared_away_by_the_next_up(site):
    site.up()
    left = site.pid("web")
    os.kill(site.pid("supervisor"), signal.SIGKILL)
    _until(lambda: site.pid("supervisor") is None)
    assert processes.birth(left)
    assert site.up().returncode == 0
    assert processes.birth(left) is None
    assert site.alive() == set(PARTS)


def test_a_killed_supervisor_is_cleared_away_by_down(site):
    site.up()
    os.kill(site.pid("supervisor"), signal.SIGKILL)
    assert site.run("down").stdout == "Stopped.\n"
    assert site.alive() == set()
    assert not site.answers()


def test_ctrl_c_stops_everything(site):
    with subprocess.Popen(
        site.command("up", "--port", str(site.port)),
        cwd=ROOT,
        env=site.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as child:
        _until(site.answers)
        _until(lambda: site.alive() == set(PARTS))
        os.killpg(child.pid, signal.SIGINT)
        printed = child.communicate(timeout=30)[0]
    assert child.returncode == 0, printed
    assert site.alive() == set()
    assert not site.answers()


def test_a_port_taken_is_one_sentence(site):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", site.port))
        taken.listen()
        done = site.up()
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        f"./run up: Port {site.port} on 127.0.0.1 is taken: stop what listens there, "
        "or choose another with --port.\n"
    )
    assert site.alive() == set()


def test_the_demonstration_is_not_opened_to_a_network(site):
    done = site.up("--host", "0.0.0.0")
    assert done.returncode == 1
    assert "passwords are public" in done.stderr
    assert site.alive() == set()


def test_data_with_public_passwords_are_not_opened_as_a_real_site(site, monkeypatch):
    (site.place.records / "prepared.json").write_text(json.dumps({"demo": True}))
    monkeypatch.setattr(site, "environment", lambda: os.environ | _only_redis(site))
    done = site.up("--empty")
    assert done.returncode == 1
    assert "demonstration's accounts" in done.stderr


@pytest.mark.parametrize("words", [["dance"], ["up", "--port", "0"], ["up", "--port", "x"]])
def test_a_command_that_is_not_one_is_told_how_they_are_written(site, words):
    done = site.run(*words)
    assert done.returncode == 2
    assert "usage" in done.stderr


def _only_redis(site: Site) -> dict[str, str]:
    return {"DATABASE_URL": "", "REDIS_URL": "redis://x", "DINAMIS_VAR": str(site.place.var)}


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def _until(holds, patience=20.0):
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
