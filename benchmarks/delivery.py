"""A whole delivery taken in by the inbox, against `sha256sum` and `cp` of the same files on the same disk."""

import importlib
from collections.abc import Iterator

from benchmarks import Measurement, Scale

NEEDS = "reference"


def run(scale: Scale) -> Iterator[Measurement]:
    """Yield seconds and memory of the ingestion, and its pace against the two commands."""
    # The bench uses models, which exist only now that Django is set up.
    yield from importlib.import_module("benchmarks._delivery").run(scale)
