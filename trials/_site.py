"""A site of a campaign's own: servers, web and worker, and the world that a campaign makes in it first."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from celery import Celery

from tools import application, processes
from tools.application import MANAGE, Site
from tools.environment import PYTHON
from tools.place import ROOT
from tools.servers import Servers
from tools.temporary import temporary
from trials.readiness import await_page, free_port


@dataclass(frozen=True, slots=True)
class Running:
    """A site that serves: its address, and what the world that was made in it printed."""

    address: str
    made: Any
    env: dict[str, str]

    def faults(self) -> int:
        """How many faults a check of the ledger finds."""
        return faults_of(self.env)

    @property
    def inbox(self) -> Path:
        """Where suppliers hand in deliveries."""
        return Path(urlsplit(self.env["INBOX_URL"]).path)

    def send(self, task: str) -> None:
        """Ask a worker for one of the clock's tasks: here nothing comes by itself."""
        parts = urlsplit(self.env["REDIS_URL"])
        number = parts.query.removeprefix("db=") or "0"
        broker = f"redis+socket://{parts.path}?virtual_host={number}"
        with Celery(broker=broker, set_as_current=False) as app:
            app.send_task(task)


@contextmanager
def site_with(world: str) -> Iterator[tuple[str, Any, Callable[[], int]]]:
    """Give the address of a running site, what the lines `world` printed as JSON, and a check of the ledger."""
    with running(world) as site:
        yield site.address, site.made, site.faults


@contextmanager
def running(world: str, *, undo_seconds: int = 0) -> Iterator[Running]:
    """Give a running site in which the lines `world` were run first.

    Django runs in processes of its own: this one may go on to other campaigns, with other servers.
    """
    with temporary(durable=True) as servers:
        site = Site(port=free_port(), demo=False)
        env = application.variables(servers.place, servers, site)
        env["INBOX_URL"] = f"file://{servers.place.var / 'inbox'}"
        env["API_RATE_USER"] = "1000000/min"  # the limits are tried elsewhere
        env["DESK_UNDO_SECONDS"] = str(undo_seconds)  # and so is, mostly, the moment to undo
        application.prepare(servers.place, servers, env, demo=False)
        told = application.manage(env, "shell", "-v", "0", "-c", world, deed="Making the world")
        made = json.loads(told)
        with _serving(servers, site, env):
            yield Running(site.address, made, env)


def played(world: str) -> tuple[Any, int]:
    """Run the lines `world` in a site that serves nobody; return what they printed, and the ledger's faults."""
    with temporary(durable=True) as servers:
        env = application.variables(servers.place, servers, Site(port=free_port(), demo=False))
        application.prepare(servers.place, servers, env, demo=False)
        return told(env, world), faults_of(env)


def told(env: dict[str, str], lines: str) -> Any:
    """Run Python lines inside the site; return the JSON that they printed last.

    Before it stand words of the log, of what was played to go wrong.
    """
    said = application.manage(env, "shell", "-v", "0", "-c", lines, deed="Playing it")
    return json.loads(said.strip().splitlines()[-1])


def faults_of(env: dict[str, str]) -> int:
    command = [str(PYTHON), str(MANAGE), "check_ledger", "--json"]
    done = subprocess.run(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=False
    )
    return 0 if done.returncode == 0 else max(1, len(json.loads(done.stdout)))


@contextmanager
def _serving(servers: Servers, site: Site, env: dict[str, str]) -> Iterator[None]:
    """The web server and a worker, as on a real site."""
    parts = application.parts(servers.place, site)
    started = {}
    try:
        for name in ("web", "worker"):
            started[name] = processes.start(servers.place, name, parts[name], env=env)
        await_page(site)
        yield
    finally:
        for name, child in started.items():
            processes.end(servers.place, name, child)
