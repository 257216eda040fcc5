"""Many orders race for the last of a quota: none too many is granted, none too few, and nothing deadlocks."""

import importlib
from collections.abc import Iterator

from benchmarks import Measurement, Scale

NEEDS = "reference"


def run(scale: Scale) -> Iterator[Measurement]:
    """Yield what was granted, refused and waited for, and that the control without protection oversells."""
    # The campaign uses models, which exist only now that Django is set up.
    yield from importlib.import_module("trials._quota_race").run(scale)
