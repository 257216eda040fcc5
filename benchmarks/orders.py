"""The desk's queue with ten thousand requests: its pages, how many questions each asks of the database."""

import importlib
from collections.abc import Iterator

from benchmarks import Measurement, Scale

NEEDS = "reference"


def run(scale: Scale) -> Iterator[Measurement]:
    """Yield the times of the desk's pages over a long queue, and their queries."""
    # The bench uses models, which exist only now that Django is set up.
    yield from importlib.import_module("benchmarks._orders").run(scale)
