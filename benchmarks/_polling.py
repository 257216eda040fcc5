"""Every open tasking at one supplier looked at in one cycle, while people use the site's pages.

The site runs as it does in production: web server and worker of their own, this process only asks. The
pages are asked in turn while nothing is polled and while the cycle goes on, by one reader who pauses.
"""

import json
import math
import os
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection, transaction
from django.test import Client
from stapi_pydantic import Order as Told

from benchmarks import Measurement, Scale, at_most, exactly, p95
from benchmarks._many_orders import PAGE, told
from benchmarks._orders import copies, members, officer, person, request_of
from dinamis import celery
from orders.models import Line, Supplier, SupplierOrder, SupplierPulse
from orders.services.supplying import reading
from orders.states import Approval, Supply
from orders.suppliers.stapi import mapping
from tools import application, processes
from tools.application import Site
from tools.place import Place
from trials.readiness import await_page, free_port

NUMBER = {"small": 1_000, "full": 10_000}
RATE = {"small": 1, "full": 4}  # calls a second
CHANGED = 0.02  # of the orders move between two cycles
PAGES = ("/", "/catalogue/", "/desk/suppliers/", "/orders/")
ROUNDS = {"small": 12, "full": 30}  # of all pages, while nothing is polled
PAUSE = 0.05  # seconds between two pages
RATIO = 1.2
PATIENCE = 240.0


def run(scale: Scale) -> Iterator[Measurement]:
    number, rate, port = NUMBER[scale], RATE[scale], free_port()
    changed, since = int(number * CHANGED), datetime.now(UTC).replace(microsecond=0).isoformat()
    supplier = _world(number, rate, port, since)
    site = Site(port=free_port(), demo=False)
    with _site(site), _there(port, number, changed, since):
        reader = _reader(site)
        reader.round()  # templates are compiled once in each process
        quiet = reader.rounds(ROUNDS[scale])
        SupplierPulse.objects.filter(supplier=supplier).update(next_poll_at=None)
        busy, took = _during(supplier, reader)
        quiet += reader.rounds(ROUNDS[scale])
        asked = _asked(port)
    looked = SupplierOrder.objects.filter(supplier=supplier, looked_at__isnull=False).count()
    moved = Line.objects.filter(supplier_orders__supplier=supplier, supply=Supply.ATTEMPTING)
    yield exactly("open taskings looked at in one cycle", looked, number, "orders")
    yield exactly("of them moved by what was told", moved.count(), changed, "lines")
    yield exactly("pages asked of the supplier", len(asked), math.ceil(number / PAGE), "pages")
    yield Measurement("one cycle", took, "s")
    yield at_most("calls in the busiest ten seconds, a second", _busiest(asked), rate, "calls")
    yield Measurement("pages read meanwhile", len(busy), "pages")
    yield Measurement("a page while nothing is polled, p95", p95(quiet), "ms")
    yield Measurement("a page during the cycle, p95", p95(busy), "ms")
    yield at_most("ratio of the two", p95(busy) / p95(quiet), RATIO, "")


def _during(supplier: Supplier, reader: "Reader") -> tuple[list[float], float]:
    """The pages read during one cycle, and how long it took; a round over its time is woken again."""
    begun, busy, next_wake = time.monotonic(), [], 0.0
    while not _is_over(supplier) and (took := time.monotonic() - begun) < PATIENCE:
        if took >= next_wake:
            _wake()
            next_wake += 20  # seconds, as beat does
        busy += reader.round()
    return busy, time.monotonic() - begun


class Reader:
    """An officer at the site's pages, over HTTP."""

    def __init__(self, site: Site, client: Client) -> None:
        cookies = "; ".join(f"{one.key}={one.value}" for one in client.cookies.values())
        self.site, self.headers = site, {"Cookie": cookies, "Accept-Language": "en"}

    def rounds(self, number: int) -> list[float]:
        return [time for _round in range(number) for time in self.round()]

    def round(self) -> list[float]:
        """The milliseconds of each page, one after the other."""
        return [self._page(path) for path in PAGES]

    def _page(self, path: str) -> float:
        time.sleep(PAUSE)
        asked = urllib.request.Request(self.site.address + path, headers=self.headers)  # noqa: S310
        start = time.perf_counter()
        with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310 loopback
            answer.read()
        if answer.url != self.site.address + path:
            raise RuntimeError(f"{path} led to {answer.url}")
        return 1000 * (time.perf_counter() - start)


def _reader(site: Site) -> Reader:
    return Reader(site, officer())


def _world(number: int, rate: int, port: int, since: str) -> Supplier:
    """Copies of one tasking, all with the supplier, as the cycle before left them."""
    mark = uuid.uuid4().hex[:8]
    with transaction.atomic():
        bodies = members(mark)
        line = request_of(person(mark, bodies[0]), bodies[0])
        copies(line, bodies, number + 1, mark)
        supplier = Supplier.objects.create(
            key=f"many-{mark}", name="Many", kind=Supplier.Kind.STAPI, is_active=True,
            base_url=f"http://127.0.0.1:{port}", rate_per_second=rate, poll_minutes=1440,
        )  # fmt: skip
        made = Line.objects.exclude(pk=line.pk).filter(reference__contains=mark)
        made.update(approval=Approval.ACCEPTED, supply=Supply.PLACED)
        _orders(supplier, list(made.order_by("pk")[:number]), since)
        later = datetime.now(UTC) + timedelta(days=1)
        SupplierPulse.objects.create(supplier=supplier, next_poll_at=later)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE orders_line, orders_order, orders_supplierorder")
    return supplier


def _orders(supplier: Supplier, lines: list[Line], since: str) -> None:
    now = datetime.now(UTC)
    rows = []
    for number, line in enumerate(lines):
        report = mapping.report_of(Told.model_validate(told(number, changed=0, since=since)))
        rows.append(
            SupplierOrder(
                supplier=supplier,
                line=line,
                reference=f"P-{number}",
                made_at=now,
                their_reference=report.reference,
                stage=report.stage,
                stage_at=report.at,
                code=report.code,
                digest=reading.digest_of(report),
            )
        )
    SupplierOrder.objects.bulk_create(rows, batch_size=500)


@contextmanager
def _site(site: Site) -> Iterator[None]:
    """The web server and a worker on this run's servers."""
    with TemporaryDirectory(prefix="dinamis-bench-") as folder:
        place, started = Place(Path(folder)).make(), {}
        parts = application.parts(place, site)
        try:
            for name in ("web", "worker"):
                started[name] = processes.start(place, name, parts[name], env=dict(os.environ))
            await_page(site)
            yield
        finally:
            for name, child in started.items():
                processes.end(place, name, child)


@contextmanager
def _there(port: int, number: int, changed: int, since: str) -> Iterator[None]:
    """The supplier, in a process of its own."""
    with TemporaryDirectory(prefix="dinamis-bench-") as folder:
        place = Place(Path(folder)).make()
        words = [str(port), str(number), str(changed), since]
        command = [sys.executable, "-m", "benchmarks._many_orders", *words]
        child = processes.start(place, "supplier", command, env=dict(os.environ))
        try:
            _await(port)
            yield
        finally:
            processes.end(place, "supplier", child)


def _await(port: int) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            _asked(port)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def _asked(port: int) -> list[float]:
    """The instants at which the supplier was asked for a page."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/asked", timeout=10) as answer:
        return json.load(answer)


def _wake() -> None:
    """What beat does every twenty seconds: a round that is over its time goes on."""
    celery.app.send_task("orders.tasks.sweep_suppliers")


def _is_over(supplier: Supplier) -> bool:
    pulse = SupplierPulse.objects.get(supplier=supplier)
    return pulse.polled_at is not None and pulse.cycle_began_at is None


def _busiest(asked: list[float]) -> float:
    """The most calls in any ten seconds, as calls a second; the first one is at once."""
    windows = [sum(one <= other < one + 10 for other in asked) for one in asked]
    return (max(windows) - 1) / 10
