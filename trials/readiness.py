"""Whatever the site stands on is taken away: /readyz says so at once and recovers, /healthz stays."""

import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

from benchmarks import Measurement, Scale, at_most, exactly
from tools import application, processes
from tools.application import Site
from tools.servers import Servers
from tools.temporary import temporary

TOLD_WITHIN = 10.0  # seconds, of database, broker and storage
SILENT_WITHIN = 180.0  # seconds, of a worker, whose heartbeat must first grow old
RECOVERED_WITHIN = 30.0  # seconds


def run(scale: Scale) -> Iterator[Measurement]:
    """Yield how long each loss went untold, how long the way back took, and whether we stayed alive."""
    with temporary(durable=True) as servers:
        site = Site(port=free_port(), demo=False)
        env = application.variables(servers.place, servers, site)
        application.prepare(servers.place, servers, env, demo=False)
        started = _start(servers, site, env)
        try:
            _seconds_until(lambda: _down(site) == set(), 120)
            yield from _losses(servers, site)
            if scale == "full":
                yield from _worker_lost(servers, site, env, started)
        finally:
            for name, child in started.items():
                processes.end(servers.place, name, child)


def _losses(servers: Servers, site: Site) -> Iterator[Measurement]:
    """Take each away once and give it back."""
    store = servers.place.var / "storage"
    aside = store.with_name("storage.aside")
    ways: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "database": (
            lambda: _stop(servers, "postgresql"),
            lambda: servers.start_again("postgresql"),
        ),
        "broker": (lambda: _stop(servers, "redis"), lambda: servers.start_again("redis")),
        "storage": (
            lambda: (store.rename(aside), store.touch()),
            lambda: (store.unlink(), aside.rename(store)),
        ),
    }
    for name, (take, give_back) in ways.items():
        take()
        told = _seconds_until(lambda name=name: name in _down(site), TOLD_WITHIN * 2)
        yield at_most(f"{name} lost: told by /readyz after", told, TOLD_WITHIN, "s")
        yield exactly(f"{name} lost: status of /healthz", status_of(site, "healthz"), 200, "")
        give_back()
        recovered = _seconds_until(lambda: _down(site) == set(), RECOVERED_WITHIN * 2)
        yield at_most(f"{name} back: ready again after", recovered, RECOVERED_WITHIN, "s")


def _worker_lost(
    servers: Servers, site: Site, env: dict[str, str], started: dict[str, subprocess.Popen[bytes]]
) -> Iterator[Measurement]:
    processes.end(servers.place, "worker", started.pop("worker"))
    told = _seconds_until(lambda: "workers" in _down(site), SILENT_WITHIN * 2)
    yield at_most("workers lost: told by /readyz after", told, SILENT_WITHIN, "s")
    started |= _start(servers, site, env, only="worker")
    recovered = _seconds_until(lambda: _down(site) == set(), RECOVERED_WITHIN * 2)
    yield at_most("workers back: ready again after", recovered, RECOVERED_WITHIN, "s")


def _start(
    servers: Servers, site: Site, env: dict[str, str], only: str = ""
) -> dict[str, subprocess.Popen[bytes]]:
    """Start web and worker, without beat: a new worker takes a heartbeat by itself."""
    parts = application.parts(servers.place, site)
    names = [only] if only else ["web", "worker"]
    return {name: processes.start(servers.place, name, parts[name], env=env) for name in names}


def _stop(servers: Servers, name: str) -> None:
    server = next(server for server in servers.needed if server.name == name)
    processes.end(servers.place, name, servers.children[name], server.signals)


def _down(site: Site) -> set[str]:
    """Return what /readyz calls down; everything while there is no answer at all."""
    try:
        with urllib.request.urlopen(f"{site.address}/readyz", timeout=20):  # noqa: S310 (our own)
            return set()
    except urllib.error.HTTPError as error:
        return {name for name, word in json.loads(error.read()).items() if word == "down"}
    except OSError:
        return {"everything"}


def await_page(site: Site) -> None:
    """Wait until the web server answers, two minutes at most."""
    until = time.monotonic() + 120
    while status_of(site, "healthz") != 200 and time.monotonic() < until:
        time.sleep(0.1)


def status_of(site: Site, path: str) -> int:
    try:
        with urllib.request.urlopen(f"{site.address}/{path}", timeout=20) as answer:  # noqa: S310
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def _seconds_until(holds: Callable[[], bool], patience: float) -> float:
    """Return the seconds it took, or the whole patience if it never came."""
    start = time.monotonic()
    while not holds() and time.monotonic() - start < patience:
        time.sleep(0.1)
    return time.monotonic() - start


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]
