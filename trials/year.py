"""A year of the scheme asked through the API alone; every figure is what the published movements make of it."""

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks import Measurement, Scale
from tools import application, processes
from tools.application import Site
from tools.servers import Servers
from tools.temporary import temporary
from trials._year_accounts import judged
from trials._year_played import SIZES, played
from trials.readiness import await_page, free_port


def run(scale: Scale) -> Iterator[Measurement]:
    """Yield what was asked and refused, then each kind of figure that the movements do not bear out."""
    size = SIZES[scale]
    with temporary(durable=True) as servers:
        site = Site(port=free_port(), demo=False)
        env = application.variables(servers.place, servers, site)
        env["API_RATE_USER"] = "1000000/min"  # the limits are tried elsewhere
        application.prepare(servers.place, servers, env, demo=False)
        with _environment(env):
            importlib.import_module("django").setup()
            keys = importlib.import_module("trials._year_world").made(size)
            importlib.import_module("django.db").connections.close_all()
        with _running(servers, site, env):
            year = played(site.address, keys, size)
            yield from year.told()
            yield from judged(year)


@contextmanager
def _environment(env: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(env)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _running(servers: Servers, site: Site, env: dict[str, str]) -> Iterator[None]:
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
