"""Holds on one quota through Django, 32 clients: the ledger, a SELECT FOR UPDATE beside it, and a naive control."""

import importlib
from collections.abc import Iterator

from benchmarks import Measurement, Scale

NEEDS = "reference"


def run(scale: Scale) -> Iterator[Measurement]:
    """Yield holds per second of each contender on one row and on many, and what each oversold."""
    # The bench uses models, which exist only now that Django is set up.
    yield from importlib.import_module("benchmarks._ledger").run(scale)
