"""A year of the scheme asked through the API alone; every figure is what the published movements make of it."""

import importlib
from collections.abc import Iterator

from benchmarks import Measurement, Scale
from trials._site import site_with
from trials._year_accounts import judged
from trials._year_played import SIZES, played


def run(scale: Scale) -> Iterator[Measurement]:
    """Yield what was asked and refused, then each kind of figure that the movements do not bear out."""
    size = SIZES[scale]
    with site_with(
        lambda: importlib.import_module("trials._year_world").made(size.organisations)
    ) as (address, keys, _inside):
        year = played(address, keys, size)
        yield from year.told()
        yield from judged(year)
