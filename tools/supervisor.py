"""One process that starts all of DINAMIS, starts again what dies, and stops all of it."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tools import application, processes, servers
from tools.application import Site
from tools.place import Place
from tools.processes import last_words
from tools.trouble import Trouble

PARTS = ("web", "beat", "worker")
# A worker asked twice gives its task back to the queue; the third time it is not asked.
SIGNALS = ((signal.SIGTERM, 20.0), (signal.SIGQUIT, 15.0), (signal.SIGKILL, 5.0))
READY_WITHIN = 120.0  # seconds
DEATHS, WINDOW = 5, 60.0  # so many deaths of one process in so many seconds are the end


class Stop(BaseException):
    """Somebody asked us to end: Ctrl-C, `./run down`, the machine going down."""


class Supervisor:
    """All processes of one place, from the first start to the last end."""

    def __init__(self, place: Place, site: Site) -> None:
        self.place = place
        self.site = site
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.deaths: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=DEATHS))

    def run(self, *, when_ready: Callable[[], object]) -> None:
        """Start everything, call `when_ready`, and stay until asked to stop.

        Raises Trouble when something does not start or dies again and again; all is stopped then.
        """
        with self.place.held("up", patience=2), _asked_to_stop():
            try:
                self._start()
                when_ready()
                while True:
                    time.sleep(0.5)
                    self._replace_dead()
            except Stop:
                print("Stopping", flush=True)
            finally:
                _ignore_signals()
                self._stop()

    def _start(self) -> None:
        servers.end_leftovers(self.place, PARTS)  # since the first look, somebody may have run
        processes.remember(self.place, "supervisor", os.getpid())
        self.site.keep(self.place)
        self.servers = servers.Servers(self.place)
        self.servers.start()
        self.env = application.variables(self.place, self.servers, self.site)
        application.prepare(self.place, self.servers, self.env, demo=self.site.demo)
        self.parts = application.parts(self.place, self.site)
        for name in self.parts:
            self._start_part(name)
        self._wait_until_ready()

    def _start_part(self, name: str) -> None:
        command = self.parts[name]
        self.children[name] = processes.start(self.place, name, command, env=self.env)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while not ready(self.site):
            for name, child in self.children.items():
                if child.poll() is not None:
                    raise Trouble(
                        f"The {name} process ended at once. Its last words, from "
                        f"{self.place.logs / name}.log:\n{last_words(self.place, name)}"
                    )
            if time.monotonic() > deadline:
                raise Trouble(
                    f"Not ready after {READY_WITHIN:.0f} seconds: {readiness(self.site)}; "
                    f"the logs are in {self.place.logs}."
                )
            time.sleep(0.2)

    def _replace_dead(self) -> None:
        for name, child in [*self.servers.children.items(), *self.children.items()]:
            if child.poll() is None:
                continue
            self._count_death(name, child.returncode)
            if name in self.children:
                self._start_part(name)
            else:
                self.servers.start_again(name)

    def _count_death(self, name: str, code: int) -> None:
        now = time.monotonic()
        print(f"{name} ended with code {code} and is started again", flush=True)
        self.deaths[name].append(now)
        if len(self.deaths[name]) == DEATHS and now - self.deaths[name][0] < WINDOW:
            raise Trouble(
                f"{name} died {DEATHS} times within {WINDOW:.0f} seconds, so everything is stopped; "
                f"see {self.place.logs / name}.log."
            )

    def _stop(self) -> None:
        """Stop the application side by side, then what it stands on."""
        for name, child in self.children.items():
            processes.Found(child.pid, processes.birth(child.pid) or "").tell(signal.SIGTERM)
            self.deaths.pop(name, None)
        for name in PARTS:
            if child := self.children.get(name):
                processes.end(self.place, name, child, SIGNALS)
        if hasattr(self, "servers"):
            self.servers.stop()
        self.place.forget("supervisor.pid")


def ready(site: Site) -> bool:
    """Tell whether /readyz answers 200."""
    return readiness(site) == "ready"


def readiness(site: Site) -> str:
    """Return "ready", or what /readyz says is down."""
    try:
        with urllib.request.urlopen(f"{site.address}/readyz", timeout=5) as answer:  # noqa: S310 (our own)
            return "ready" if answer.status == 200 else str(answer.status)
    except urllib.error.HTTPError as error:
        try:
            words = json.loads(error.read())
        except ValueError:
            return f"status {error.code}"
        return ", ".join(name for name, word in words.items() if word == "down") + " down"
    except OSError as error:
        return f"no answer ({error})"


def check_port(site: Site) -> None:
    """Raise Trouble when the address cannot be listened on."""
    family = socket.AF_INET6 if ":" in site.host else socket.AF_INET
    with socket.socket(family) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((site.host, site.port))
        except PermissionError as error:
            raise Trouble(
                f"Port {site.port} is below 1024, which this account may not listen on: "
                "choose another with --port."
            ) from error
        except OSError as error:
            raise Trouble(_why_not(site, error)) from error


def down(place: Place) -> bool:
    """Stop what runs in a place and wait for its end; tell whether anything did."""
    found = processes.recall(place, "supervisor")
    if found:
        found.tell(signal.SIGTERM)
        if not found.gone_within(90):
            found.end(((signal.SIGKILL, 5.0),))
    if place.holder():
        return bool(found)
    with place.held("down", patience=2):
        left = servers.end_leftovers(place, PARTS)
    return bool(found) or left


def _why_not(site: Site, error: OSError) -> str:
    if isinstance(error, socket.gaierror) or error.errno == 99:  # EADDRNOTAVAIL
        return f"This machine has no address {site.host}: choose another with --host."
    return (
        f"Port {site.port} on {site.host} is taken: stop what listens there, "
        "or choose another with --port."
    )


@contextmanager
def _asked_to_stop() -> Iterator[None]:
    """Turn the signals that end us into Stop while we run."""

    def stop(number: int, frame: object) -> None:
        raise Stop

    before = {which: signal.signal(which, stop) for which in processes.ENDINGS}
    try:
        yield
    finally:
        for which, handler in before.items():
            signal.signal(which, handler)


def _ignore_signals() -> None:
    for which in processes.ENDINGS:
        signal.signal(which, signal.SIG_IGN)
