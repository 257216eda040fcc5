"""The desk's queue of ten thousand requests, and as many open taskings looked at while people read pages."""

import importlib
from collections.abc import Iterator

from benchmarks import Measurement, Scale

NEEDS = "reference"


def run(scale: Scale) -> Iterator[Measurement]:
    """Yield the times of the desk's pages over a long queue, then what a cycle of polls does to pages."""
    # The bench uses models, which exist only now that Django is set up.
    yield from importlib.import_module("benchmarks._orders").run(scale)
    yield from importlib.import_module("benchmarks._polling").run(scale)
