"""Workers' children killed while they order and while they take deliveries in: each effect once, none doubled."""

import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from celery import Celery

from benchmarks import Measurement, Scale, at_least, at_most, exactly
from tests.suppliers.stapi_server import Server
from tools import application, processes
from tools.application import Site
from tools.place import Place
from tools.temporary import temporary
from trials._site import faults_of, told
from trials.readiness import free_port

KILLS = {"small": 10, "full": 200}
# Of the taking in: about one delivery for three blows.
DELIVERIES = {"small": 2, "full": 60}
LEASE = 2  # seconds after which a dead worker's call and lane are free
LATE = 0.5  # seconds that the server takes to answer an order: most blows fall into them
PATIENCE = {"small": 60.0, "full": 900.0}  # seconds for all orders
ORDERS = """
import json
from trials import _killed_world
print(json.dumps(_killed_world.{}))
"""
INBOX = """
import json
from trials import _killed_inbox
print(json.dumps(_killed_inbox.played({}, {})))
"""


def run(scale: Scale) -> Iterator[Measurement]:
    """Yield how many children were killed, what they had to do, and what was done."""
    with temporary(durable=True) as servers:
        env = application.variables(servers.place, servers, Site(port=free_port(), demo=False))
        env["SUPPLIER_LEASE_SECONDS"] = str(LEASE)
        env["INBOX_URL"] = f"file://{servers.place.var / 'inbox'}"
        env["STAGING_DIR"] = str(servers.place.var / "staging")
        application.prepare(servers.place, servers, env, demo=False)
        yield from _ordering(servers.place, env, KILLS[scale], PATIENCE[scale])
        yield from _delivering(env, KILLS[scale], DELIVERIES[scale])
        yield exactly("faults of the ledger", faults_of(env), 0, "faults")


def _ordering(
    place: Place, env: dict[str, str], number: int, patience: float
) -> Iterator[Measurement]:
    server = Server(page=100, late_seconds=LATE)
    server.faults.extend(["late"] * number * 5)
    with server.running():
        broker = told(env, ORDERS.format(f"made({number}, '{server.url}')"))["broker"]
        began = time.monotonic()
        with _worker(place, env) as worker, Celery(broker=broker) as wakes:
            killed = _kill(worker, server, wakes, number, patience)
            found = told(env, ORDERS.format(f"settled({patience})"))
        took = time.monotonic() - began
    references = [
        order.properties.order_parameters["customer_reference"] for order in server.orders.values()
    ]
    yield exactly("children killed while they order", killed, number, "children")
    yield exactly("lines to be ordered", found["lines"], number, "lines")
    yield exactly("ordered at the supplier", len(set(references)), number, "orders")
    yield exactly("ordered twice", len(references) - len(set(references)), 0, "orders")
    yield exactly("placed here, once each", found["placed"], number, "lines")
    yield exactly("steps written twice", found["doubled"], 0, "steps")
    yield at_least("orders whose answer was looked up", found["looked_up"], number / 10, "calls")
    yield at_most("all ordered after", took, 2 * patience, "s")


def _delivering(env: dict[str, str], kills: int, number: int) -> Iterator[Measurement]:
    found = told(env, INBOX.format(number, kills))
    yield exactly("children killed while they take in", found["killed"], kills, "children")
    yield exactly("deliveries published", found["published"], number, "deliveries")
    yield exactly("lines delivered", found["delivered"], number, "lines")
    yield exactly("products of them", found["products"], number, "products")
    yield exactly("files not as long as they were sent", found["short"], 0, "files")
    yield exactly("files stored that nothing names", found["stray"], 0, "files")
    yield exactly("left half written", found["incoming"], 0, "files")
    yield exactly("put away under done", found["done"], number, "archives")
    yield exactly("left in the staging", found["staged"], 0, "files")


@contextmanager
def _worker(place: Place, env: dict[str, str]) -> Iterator[int]:
    """A worker as on a real site; its process number."""
    command = application.parts(place, Site(port=free_port(), demo=False))["worker"]
    child = processes.start(place, "worker", command, env=env)
    try:
        yield child.pid
    finally:
        processes.end(place, "worker", child)


def _kill(worker: int, server: Server, wakes: Celery, number: int, patience: float) -> int:
    """Kill every child at once, again and again, until so many are dead, or patience is at its end.

    A blow falls at any moment of the orders: a little after one has come in, or after nothing did. The
    first one waits for an order: a worker that loses a child while it starts gives up, and it would be
    for whoever started it to start it again.
    """
    draw, killed, began = random.Random(7), 0, time.monotonic()
    while not server.orders and time.monotonic() - began < patience:
        _wait_for_work(server, wakes)
    while killed < number and time.monotonic() - began < patience:
        _wait_for_work(server, wakes)
        time.sleep(draw.uniform(0.0, 1.2 * LATE))
        for child in _children(worker)[: number - killed]:
            os.kill(child, signal.SIGKILL)
            killed += 1
    return killed


def _wait_for_work(server: Server, wakes: Celery) -> None:
    """Until another order came in, some seconds at most; meanwhile what beat does every twenty seconds.

    Whoever held the supplier's lane is dead: the next one takes it when that lease has lapsed.
    """
    before, until = len(server.orders), time.monotonic() + LEASE + 2
    while len(server.orders) == before and time.monotonic() < until:
        wakes.send_task("orders.tasks.sweep_suppliers")
        time.sleep(0.1)


def _children(parent: int) -> list[int]:
    """The children of a process that we started; those that are dead and not buried yet are left out."""
    tasks = Path(f"/proc/{parent}/task").iterdir()
    found = [int(pid) for task in tasks for pid in (task / "children").read_text().split()]
    return [pid for pid in found if processes.birth(pid)]
