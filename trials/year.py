"""A year of the scheme asked through the API alone; every figure is what the published movements make of it."""

from collections.abc import Iterator

from benchmarks import Measurement, Scale, exactly
from trials._site import site_with
from trials._year_accounts import judged
from trials._year_played import SIZES, WORLD, Keys, played


def run(scale: Scale) -> Iterator[Measurement]:
    """Yield what was asked and refused, then each kind of figure that the movements do not bear out."""
    size = SIZES[scale]
    with site_with(WORLD.format(size.organisations)) as (address, made, faults):
        keys = Keys.of(made)
        year = played(address, keys, size)
        yield from year.told()
        yield from judged(year)
        yield exactly("faults in the ledger after it", faults(), 0, "faults")
