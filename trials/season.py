"""A season of taskings at a supplier that behaves badly: each ends in the one right state, ordered once."""

from collections.abc import Iterator

from benchmarks import Measurement, Scale, at_least, exactly
from trials._site import played

TASKINGS = {"small": 12, "full": 500}
SEED = 20261130
WORLD = """
import json
from trials import _season_world
print(json.dumps(_season_world.played({}, seed={})))
"""


def run(scale: Scale) -> Iterator[Measurement]:
    """Yield what went wrong on purpose, and what became of the taskings in spite of it."""
    number = TASKINGS[scale]
    found, faults = played(WORLD.format(number, SEED))
    yield at_least("faults met on the way", found["faults"], number / 4, "faults")
    yield at_least("reports told twice or out of order", found["muddled"], number, "reports")
    yield exactly("taskings ended", found["ended"], number, "taskings")
    yield exactly("in another state than the right one", found["wrong"], 0, "taskings")
    yield exactly("ordered twice at the supplier", found["twice"], 0, "orders")
    yield exactly("known to one side alone", found["differences"], 0, "orders")
    yield exactly("held after the end", float(found["held"]), 0, "attempts")
    yield exactly("faults of the ledger", faults, 0, "faults")
    yield Measurement("ends: " + found["ends"], found["ended"], "taskings")
