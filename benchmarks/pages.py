"""A first page over HTTP: our STAC API, stac-fastapi-pgstac and DRF-gis serializers in turn, on the same scenes."""

import importlib
from collections.abc import Iterator

from benchmarks import Measurement, Scale

NEEDS = "reference"


def run(scale: Scale) -> Iterator[Measurement]:
    """Yield answers a second and the 95th percentile of six questions, and the means of the ratios."""
    # The bench uses models, which exist only now that Django is set up.
    yield from importlib.import_module("benchmarks._pages").run(scale)
