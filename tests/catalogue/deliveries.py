"""Made deliveries for the tests: small, quick, and the real files beside the checkout when there."""

from pathlib import Path

from catalogue.samples.delivery import make_delivery
from catalogue.samples.scene import Fault

PLEIADES = "DS_PHR1A_201910281410119_FR1_PX_W053N04_0922_01426"
SPOT = "DS_SPOT6_202012141415240_FR1_FR1_SV1_SV1_W053N04_03414"
NEO = "DS_PNEO4_202304121106009_PS1_FR1_FR1_W053N04_004192"
CENTRE = (-52.2948, 4.8921)
REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "dimap"


def make(folder: Path, *faults: Fault, **how: object) -> Path:
    """A delivery of one small Pléiades scene of 20 × 20 km, unless told otherwise."""
    given = {"identifier": PLEIADES, "centre": CENTRE, "pixels": 96, "faults": faults}
    return make_delivery(folder, **given | how)


def codes(facts: object) -> list[str]:
    """The codes of the notes, without the one that every delivery has."""
    return sorted({note.code for note in facts.notes} - {"ring_closed"})
