"""A year of the scheme asked through the API alone; every figure is what the published movements make of it."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import Measurement, Scale, exactly
from trials._site import running
from trials._year_accounts import judged
from trials._year_opened import opened
from trials._year_played import SIZES, WORLD, Keys, played
from trials._year_works import close_one, deliver


def run(scale: Scale) -> Iterator[Measurement]:
    """Yield what was asked and refused, then each kind of figure that the movements do not bear out."""
    size = SIZES[scale]
    with running(WORLD.format(size.organisations)) as site, TemporaryDirectory() as folder:
        year = played(
            site.address,
            Keys.of(site.made),
            size,
            begin=lambda year: opened(year, size),
            end=lambda year: deliver(year, site, Path(folder), size.deliveries),
        )
        close_one(year)
        yield from year.told()
        yield from judged(year)
        yield exactly("faults in the ledger after it", site.faults(), 0, "faults")
