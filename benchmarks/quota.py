"""The quota beside raw SQL: holds by 32 clients, reads over a million movements, a modulation of a thousand."""

import importlib
from collections.abc import Iterator

from benchmarks import Measurement, Scale

NEEDS = "reference"


def run(scale: Scale) -> Iterator[Measurement]:
    """Yield holds per second beside raw SQL, and how long the reads and a modulation take."""
    # The bench uses models, which exist only now that Django is set up.
    yield from importlib.import_module("benchmarks._quota").run(scale)
