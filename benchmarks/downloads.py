"""Files through nginx, as operators are told to set it up, beside the web process that sends them itself."""

import importlib
from collections.abc import Iterator

from benchmarks import Measurement, Scale

NEEDS = "reference"


def run(scale: Scale) -> Iterator[Measurement]:
    """Yield MB/s of whole files, ranges of 1 MiB a second, and how long a page takes meanwhile."""
    # The bench uses models, which exist only now that Django is set up.
    yield from importlib.import_module("benchmarks._downloads").run(scale)
