"""A nightly harvest at full size: new scenes, unchanged ones beside a blind upsert; the end of `catalogue` alone."""

import os
from collections.abc import Iterator

from benchmarks import Measurement, Scale
from benchmarks._harvests import PROMISED, harvests
from benchmarks._loading import FULL, loaded

NEEDS = "reference"
SIZES = {"small": 200_000, "full": FULL}


def run(scale: Scale) -> Iterator[Measurement]:
    # BENCH_SCENES: another size than the two, for a machine that is shared.
    size = int(os.environ.get("BENCH_SCENES") or SIZES[scale])
    yield Measurement("scenes", size, "scenes")
    yield from loaded(size)
    yield from harvests(promised=size >= PROMISED)
