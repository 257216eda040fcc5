"""The journey as a site gives it: its second start, its pages, an area sent, an order until its image."""

import http.cookiejar
import importlib
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import Measurement, Scale, at_most, p95
from tools import application, totp
from tools.application import Site
from tools.place import ROOT, Place
from tools.servers import Servers

ROUNDS = {"small": 20, "full": 100}
STARTS = {"small": 1, "full": 5}
ORDERS = {"small": 2, "full": 10}
PAGE_LIMIT, SEARCH_LIMIT, START_LIMIT = 800, 300, 20  # ms, ms, s
AREA = {
    "type": "Polygon",
    "coordinates": [[[-52.4, 4.8], [-52.2, 4.8], [-52.2, 5.0], [-52.4, 5.0], [-52.4, 4.8]]],
}
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
# The site measured is private: nothing of a real one may be touched.
_REAL = ("DATABASE_URL", "REDIS_URL", "STORAGE_URL", "EMAIL_URL", "TESTING", "DEMO", "SITE_URL")


def run(scale: Scale) -> Iterator[Measurement]:
    """Start the demonstration twice, then ask it, as people and through the services."""
    with _site() as (site, env):
        yield at_most(
            "second start of everything", _starts(env, site, STARTS[scale]), START_LIMIT, "s"
        )
        readers = {one["role"]: Reader(site.address, one) for one in _log_ins(env)}
        yield from _pages(readers, ROUNDS[scale])
        yield from _areas(readers["researcher"], ROUNDS[scale])
        yield from _orders(env, site, ORDERS[scale])


class Reader:
    """One person signed in over HTTP."""

    def __init__(self, address: str, log_in: dict[str, str]) -> None:
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.address, self.opener = address, urllib.request.build_opener(cookies)
        token = self.token("/accounts/login/")
        fields = {"login": log_in["email"], "password": log_in["password"]}
        form = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": token}).encode()
        page = self.ask("/accounts/login/", form)
        if secret := log_in.get("totp_secret"):
            fields = {"code": totp.code(secret), "csrfmiddlewaretoken": _TOKEN.search(page)[1]}
            self.ask("/accounts/2fa/authenticate/", urllib.parse.urlencode(fields).encode())
        if 'name="password"' in self.ask("/account/"):
            raise RuntimeError(f"{log_in['email']} could not sign in")

    def ask(self, path: str, data: bytes | None = None, **headers: str) -> str:
        """The body of an answer; an answer other than 2xx raises HTTPError."""
        request = urllib.request.Request(self.address + path, data, headers)  # noqa: S310 loopback
        with self.opener.open(request, timeout=60) as answer:
            return answer.read().decode()

    def token(self, path: str) -> str:
        return _TOKEN.search(self.ask(path))[1]


def _pages(readers: dict[str, Reader], rounds: int) -> Iterator[Measurement]:
    researcher, desk = readers["researcher"], readers["desk"]
    order = re.search(r"/orders/C-\d{4}-\d{4,}/", researcher.ask("/orders/"))[0]
    box = urllib.parse.urlencode({"cloud": "20", "from": "2018-01-01"})
    pages = (
        ("home", researcher, "/", PAGE_LIMIT),
        ("catalogue", researcher, "/catalogue/", PAGE_LIMIT),
        ("search", researcher, f"/catalogue/search?{box}", SEARCH_LIMIT),
        ("order", researcher, order, PAGE_LIMIT),
        ("desk queue", desk, "/desk/orders/", PAGE_LIMIT),
        ("quota statement", researcher, "/quota/", PAGE_LIMIT),
        ("budget", readers["quota_administrator"], "/quota/budget/", PAGE_LIMIT),
    )
    for name, reader, path, limit in pages:
        reader.ask(path)  # templates are compiled once in each process
        times = [_timed(lambda r=reader, p=path: r.ask(p)) for _round in range(rounds)]
        yield Measurement(f"{name}, p50", statistics.median(times), "ms")
        yield at_most(f"{name}, p95", p95(times), limit, "ms")


def _areas(researcher: Reader, rounds: int) -> Iterator[Measurement]:
    """A GeoJSON file read in its child process, checked, measured and saved."""
    mark = "----dinamis"
    head = 'Content-Disposition: form-data; name="file"; filename="area.geojson"'
    body = f"--{mark}\r\n{head}\r\n\r\n{json.dumps(AREA)}\r\n--{mark}--\r\n".encode()
    headers = {
        "Content-Type": f"multipart/form-data; boundary={mark}",
        "Accept": "application/json",
        "X-CSRFToken": researcher.token("/catalogue/"),
    }
    times = [
        _timed(lambda: researcher.ask("/catalogue/area", body, **headers))
        for _round in range(rounds // 2)
    ]
    yield Measurement("area sent as a file, p50", statistics.median(times), "ms")
    yield at_most("area sent as a file, p95", p95(times), 3000, "ms")


def _orders(env: dict[str, str], site: Site, rounds: int) -> Iterator[Measurement]:
    """Orders through the services of this process; the site's own worker takes the deliveries in."""
    place = Place(Path(env["DINAMIS_VAR"]))
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(env)
    os.environ.update(application.variables(place, Servers(place), site))
    try:
        importlib.import_module("django").setup()
        yield from importlib.import_module("benchmarks._journey").run(rounds)
    finally:
        importlib.import_module("django.db").connections.close_all()
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _site() -> Iterator[tuple[Site, dict[str, str]]]:
    """The demonstration in a folder of its own, started once and stopped; removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="dinamis-run-"))
    folder.chmod(0o755)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        site = Site(port=probe.getsockname()[1])
    env = {key: value for key, value in os.environ.items() if key not in _REAL}
    env["DINAMIS_VAR"] = str(folder)
    try:
        _up(env, site)
        yield site, env
    finally:
        _do(env, "down")
        shutil.rmtree(folder, ignore_errors=True)


def _starts(env: dict[str, str], site: Site, rounds: int) -> float:
    """The longest of some starts after the first, in seconds."""
    times = []
    for _round in range(rounds):
        _do(env, "down")
        times.append(_timed(lambda: _up(env, site)) / 1000)
    return max(times)


def _up(env: dict[str, str], site: Site) -> None:
    _do(env, "up", "--detach", "--port", str(site.port))


def _log_ins(env: dict[str, str]) -> list[dict[str, str]]:
    return json.loads(_do(env, "manage", "demo_logins", "--json"))


def _do(env: dict[str, str], *words: str) -> str:
    """What `./run` printed; its errors go where ours do."""
    done = subprocess.run(
        [ROOT / "run", *words],
        env=env,
        stdout=subprocess.PIPE,
        stderr=sys.stderr,
        check=True,
        text=True,
    )
    return done.stdout


def _timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - start)
