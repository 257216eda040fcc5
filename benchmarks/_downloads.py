"""One file of a product, by a member's signed link: through nginx and from the web process alone, in turn.

Both decide who may have it at each request, the same way; what differs is who sends the bytes. The file lies
in memory (the kernel's), and the client is on the same machine.
"""

import os
import random
import socket
import statistics
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from django.core.files.storage import default_storage

from benchmarks import Measurement, Scale, at_least, at_most, exactly
from benchmarks import _load as load
from benchmarks import _nginx as nginx
from benchmarks._load import Request
from benchmarks._orders import members, person
from benchmarks._serving import ours
from catalogue.models import ProductFile
from catalogue.services import downloads
from tests.catalogue import make, shelf

MIB = 1024 * 1024
SIZES = {"small": 128 * MIB, "full": 1024 * MIB}
SECONDS = {"small": 2.0, "full": 6.0}
ROUNDS = {"small": 1, "full": 3}
WHOLE_LEAST, RANGES_LEAST, PAGE_MOST = 0.9, 2, 50  # of FileResponse's, times, ms
SLOW, SLOW_BYTES = 16, 2_000_000  # clients, and bytes a second of each
DJANGO = "Django's FileResponse"
PAGE_WAITS = 5.0  # seconds, then it counts as so many


@dataclass(frozen=True, slots=True)
class Way:
    """Who sends: its address, and the path of the member's link."""

    name: str
    address: str
    link: str


def run(scale: Scale) -> Iterator[Measurement]:
    load.ensure()
    nginx.ensure()
    file, link = _file(SIZES[scale])
    yield Measurement("the file", file.size / MIB, "MiB")
    with TemporaryDirectory(prefix="dinamis-downloads-") as name, ExitStack() as stack:
        folder = Path(name)
        alone, front = _ways(folder, link, stack)
        yield from _checked(alone, front, file)
        yield from _whole(alone, front, scale, folder)
        yield from _ranges(alone, front, file.size, scale, folder)
        yield from _pages(alone, front, scale)


def _file(size: int) -> tuple[ProductFile, str]:
    """A member's product with one file, and the path of a link to it."""
    user = person("downloads", members("downloads")[0])
    product = make.product(make.scene())
    stored = "bench/image.tif"
    path = Path(default_storage.path(stored))
    path.parent.mkdir(parents=True)
    block = random.Random(1).randbytes(MIB)
    with path.open("wb") as file:
        for _part in range(size // MIB):
            file.write(block)
    made = ProductFile.objects.create(
        product=product,
        name="IMG.TIF",
        role="image",
        size=size,
        sha256="0" * 64,
        storage_name=stored,
    )
    shelf.signed(user, product)
    return made, urlsplit(downloads.make_link(user, made).url).path


def _ways(folder: Path, link: str, stack: ExitStack) -> tuple[Way, Way]:
    quiet = {"LOG_LEVEL": "WARNING", "DJANGO_SETTINGS_MODULE": "benchmarks._sending"}
    env = {**os.environ, **quiet}
    address = stack.enter_context(ours("web-alone", "dinamis.wsgi", env=env, folder=folder))
    alone = Way("the web process", address, link)
    behind = {**env, "X_ACCEL_PREFIX": nginx.PREFIX, "TRUSTED_PROXY_COUNT": "1"}
    backend = stack.enter_context(ours("web-behind", "dinamis.wsgi", env=behind, folder=folder))
    address = stack.enter_context(nginx.in_front(backend, env=behind, folder=folder))
    return alone, Way("nginx", address, link)


def _checked(alone: Way, front: Way, file: ProductFile) -> Iterator[Measurement]:
    """The same bytes, in part; and the place behind X-Accel-Redirect is nobody's to ask."""
    parts = [_part(way.address + way.link, 1_000_001, 4_097) for way in (alone, front)]
    yield exactly("parts the same", float(parts[0] == parts[1] and len(parts[0]) == 4_097), 1, "")
    inside = front.address + nginx.PREFIX + file.storage_name
    yield exactly("the store asked without DINAMIS: status", _status(inside), 404, "")


def _whole(alone: Way, front: Way, scale: Scale, folder: Path) -> Iterator[Measurement]:
    asked = {
        DJANGO: (alone, "/bench/django"),
        "the web process": (alone, alone.link),
        "nginx": (front, front.link),
    }
    found: dict[str, list[float]] = {name: [] for name in asked}
    for _round in range(ROUNDS[scale]):
        for name, (way, path) in asked.items():
            rate = load.shoot(
                way.address, [Request(path)], headers={}, seconds=SECONDS[scale], folder=folder,
                to_the_end=False,
            )  # fmt: skip
            found[name].append(rate.megabytes)
    told = {name: statistics.median(rates) for name, rates in found.items()}
    for name, rate in told.items():
        yield Measurement(f"whole file: {name}", rate, "MB/s")
    ratio = told["nginx"] / told[DJANGO]
    yield at_least(f"whole file: nginx over {DJANGO}", ratio, WHOLE_LEAST, "times")
    ratio = told["nginx"] / told["the web process"]
    yield Measurement("whole file: nginx over the web process", ratio, "times")


def _ranges(alone: Way, front: Way, size: int, scale: Scale, folder: Path) -> Iterator[Measurement]:
    """By the link, and without the decision that a link costs: what the sending alone does."""
    sent = {way.name: (way, "/bench/sent") for way in (alone, front)}
    sent[DJANGO] = (alone, "/bench/django")
    linked = {way.name: (way, way.link) for way in (alone, front)}
    for what, asked in (("by link", linked), ("sent to anybody", sent)):
        found: dict[str, list[float]] = {name: [] for name in asked}
        for _round in range(ROUNDS[scale]):
            for name, (way, path) in asked.items():
                rate = load.shoot(
                    way.address,
                    _parts(path, size),
                    headers={},
                    seconds=SECONDS[scale],
                    folder=folder,
                )
                found[name].append(rate.per_second)
        rates = {name: statistics.median(told) for name, told in found.items()}
        for name, rate in rates.items():
            yield Measurement(f"1 MiB, {what}: {name}", rate, "ranges/s")
        ratio = rates[front.name] / rates[alone.name]
        yield Measurement(f"1 MiB, {what}: nginx over the web process", ratio, "times")
        if DJANGO in rates:
            ratio = rates[front.name] / rates[DJANGO]
            yield at_least(f"1 MiB, {what}: nginx over {DJANGO}", ratio, RANGES_LEAST, "times")


def _parts(path: str, size: int) -> list[Request]:
    draw = random.Random("parts")
    starts = [draw.randrange(size // MIB) * MIB for _part in range(200)]
    return [Request(path, range=f"bytes={start}-{start + MIB - 1}") for start in starts]


def _pages(alone: Way, front: Way, scale: Scale) -> Iterator[Measurement]:
    """The front page while sixteen read slowly; of the web process alone it is told, nothing is promised."""
    for way in (front, alone):
        with _slow_readers(way):
            times = _page_times(way.address, seconds=5 * SECONDS[scale])
        name = f"a page during {SLOW} slow downloads, p95: {way.name}"
        p95 = sorted(times)[int(0.95 * (len(times) - 1))]
        yield at_most(name, p95, PAGE_MOST, "ms") if way is front else Measurement(name, p95, "ms")


def _page_times(address: str, *, seconds: float) -> list[float]:
    times, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        begun = time.perf_counter()
        try:
            with urllib.request.urlopen(address + "/", timeout=PAGE_WAITS) as page:  # noqa: S310
                page.read()
        except (TimeoutError, urllib.error.URLError):
            pass  # its whole patience counts
        times.append(1000 * (time.perf_counter() - begun))
        time.sleep(0.02)
    return times


@contextmanager
def _slow_readers(way: Way) -> Iterator[None]:
    over = threading.Event()
    readers = [threading.Thread(target=_read_slowly, args=(way, over)) for _one in range(SLOW)]
    for one in readers:
        one.start()
    time.sleep(1)
    try:
        yield
    finally:
        over.set()
        for one in readers:
            one.join()


def _read_slowly(way: Way, over: threading.Event) -> None:
    """A reader on a line of two megabytes a second: the kernel's buffers are kept small, as far away."""
    host, port = way.address.rpartition("/")[2].split(":")
    while not over.is_set():
        with socket.socket() as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            line.settimeout(1)
            try:
                line.connect((host, int(port)))
                line.sendall(f"GET {way.link} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
                while not over.is_set() and line.recv(SLOW_BYTES // 20):
                    over.wait(0.05)
            except OSError:
                continue


def _part(url: str, start: int, size: int) -> bytes:
    asked = urllib.request.Request(url, headers={"Range": f"bytes={start}-{start + size - 1}"})  # noqa: S310
    with urllib.request.urlopen(asked, timeout=30) as said:  # noqa: S310
        return said.read() if said.status == 206 else b""


def _status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=30) as said:  # noqa: S310
            return said.status
    except urllib.error.HTTPError as error:
        return error.code
