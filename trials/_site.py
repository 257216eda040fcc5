"""A site of a campaign's own: servers, web and worker, and the world that a campaign makes in it first."""

import importlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tools import application, processes
from tools.application import Site
from tools.servers import Servers
from tools.temporary import temporary
from trials.readiness import await_page, free_port


@contextmanager
def site_with(world: Callable[[], Any]) -> Iterator[tuple[str, Any, Callable[..., Any]]]:
    """Give the address of a running site, what `world` returned, and a caller for more of its kind.

    `world` and whatever the caller is given run inside Django, in the site's own environment.
    """
    with temporary(durable=True) as servers:
        site = Site(port=free_port(), demo=False)
        env = application.variables(servers.place, servers, site)
        env["API_RATE_USER"] = "1000000/min"  # the limits are tried elsewhere
        application.prepare(servers.place, servers, env, demo=False)

        def inside(act: Callable[..., Any], *arguments: Any) -> Any:
            with _environment(env):
                importlib.import_module("django").setup()
                try:
                    return act(*arguments)
                finally:
                    importlib.import_module("django.db").connections.close_all()

        made = inside(world)
        with _running(servers, site, env):
            yield site.address, made, inside


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
