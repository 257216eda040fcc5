"""Worker children killed while they order from a real STAPI server: every line ordered, none of them twice."""

import json
import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from celery import Celery

from benchmarks import Measurement, Scale, at_most, exactly
from tests.suppliers.stapi_server import Server
from tools import application, processes
from tools.application import Site
from tools.temporary import temporary
from trials._site import faults_of
from trials.readiness import free_port

KILLS = {"small": 10, "full": 200}
LATE = 0.25  # seconds that the server takes to answer an order: most blows fall into them
PATIENCE = 900.0  # seconds for everything
WORLD = """
import json
from trials import _killed_world
print(json.dumps(_killed_world.made({}, "{}")))
"""
FOUND = """
import json
from trials import _killed_world
print(json.dumps(_killed_world.found()))
"""


def run(scale: Scale) -> Iterator[Measurement]:
    """Yield how many children were killed, what they had to do, and what was done."""
    number = KILLS[scale]
    server = Server(page=100, late_seconds=LATE)
    server.faults.extend(["late"] * number * 5)
    with server.running(), temporary(durable=True) as servers:
        env = application.variables(servers.place, servers, Site(port=free_port(), demo=False))
        env["SUPPLIER_LEASE_SECONDS"] = "3"
        application.prepare(servers.place, servers, env, demo=False)
        broker = _told(env, WORLD.format(number, server.url))["broker"]
        began = time.monotonic()
        with _worker(servers.place, env) as worker:
            killed = _kill(worker, broker, number)
            while len(server.orders) < number and time.monotonic() - began < PATIENCE:
                _wake(broker)
                time.sleep(0.5)
            _settle(env, broker)
        found, faults = _told(env, FOUND), faults_of(env)
    references = [
        order.properties.order_parameters["customer_reference"] for order in server.orders.values()
    ]
    yield exactly("worker children killed", killed, number, "children")
    yield exactly("lines to be ordered", found["lines"], number, "lines")
    yield exactly("ordered at the supplier", len(set(references)), number, "orders")
    yield exactly("ordered twice", len(references) - len(set(references)), 0, "orders")
    yield exactly("placed here, once each", found["placed"], number, "lines")
    yield exactly("steps written twice", found["doubled"], 0, "steps")
    yield exactly("faults of the ledger", faults, 0, "faults")
    yield Measurement("orders whose answer was looked up", found["looked_up"], "calls")
    yield at_most("all done after", time.monotonic() - began, PATIENCE, "s")


def _told(env: dict[str, str], lines: str) -> Any:
    return json.loads(application.manage(env, "shell", "-v", "0", "-c", lines, deed="Asking"))


@contextmanager
def _worker(place: Any, env: dict[str, str]) -> Iterator[int]:
    """A worker as on a real site; its process number."""
    command = application.parts(place, Site(port=free_port(), demo=False))["worker"]
    child = processes.start(place, "worker", command, env=env)
    try:
        yield child.pid
    finally:
        processes.end(place, "worker", child)


def _kill(worker: int, broker: str, number: int) -> int:
    """Kill one child after another, at any moment, until so many are dead or nothing is left to do."""
    draw, killed, began = random.Random(7), 0, time.monotonic()
    while killed < number and time.monotonic() - began < PATIENCE:
        _wake(broker)
        time.sleep(draw.uniform(0.05, 0.6))
        children = _children(worker)
        if children:
            os.kill(draw.choice(children), signal.SIGKILL)
            killed += 1
    return killed


def _children(parent: int) -> list[int]:
    """The children of a process that we started."""
    tasks = Path(f"/proc/{parent}/task")
    return [int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text().split()]


def _wake(broker: str) -> None:
    """What beat does every twenty seconds, oftener: the trial is short."""
    with Celery(broker=broker) as app:
        app.send_task("orders.tasks.sweep_suppliers")


def _settle(env: dict[str, str], broker: str) -> None:
    """Until no call is open: the last answers are looked up."""
    until = time.monotonic() + 120
    while time.monotonic() < until and _told(env, FOUND)["open"]:
        _wake(broker)
        time.sleep(2)
