"""The satellites whose deliveries and identifiers are understood, and their fixed facts.

The rows an administrator keeps (catalogue.models.Platform) say which of them images are taken of.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Platform:
    """One satellite.

    `resolution_m` is what its panchromatic products are sold at, `colour_resolution_m` its
    multispectral ones (metres); `swath_km` is the width of a strip looked at straight down. The
    figures are Airbus's user guides' (Pléiades 20 km, SPOT 6-7 60 km, Pléiades Neo 14 km).
    """

    code: str
    name: str
    family: str
    resolution_m: float
    colour_resolution_m: float
    swath_km: float
    bands: tuple[str, ...]


_FOUR_BANDS = ("blue", "green", "red", "nir")
_SIX_BANDS = ("deep blue", "blue", "green", "red", "red edge", "nir")


PLATFORMS = {
    platform.code: platform
    for platform in (
        Platform("PHR1A", "Pléiades 1A", "pleiades", 0.5, 2.0, 20.0, _FOUR_BANDS),
        Platform("PHR1B", "Pléiades 1B", "pleiades", 0.5, 2.0, 20.0, _FOUR_BANDS),
        Platform("SPOT6", "SPOT 6", "spot67", 1.5, 6.0, 60.0, _FOUR_BANDS),
        Platform("SPOT7", "SPOT 7", "spot67", 1.5, 6.0, 60.0, _FOUR_BANDS),
        Platform("PNEO3", "Pléiades Neo 3", "pneo", 0.3, 1.2, 14.0, _SIX_BANDS),
        Platform("PNEO4", "Pléiades Neo 4", "pneo", 0.3, 1.2, 14.0, _SIX_BANDS),
    )
}

# Those of DIMAP V1; their scenes are named by 21 letters and digits, not by Airbus's identifiers.
HERITAGE = ("SPOT1", "SPOT2", "SPOT3", "SPOT4", "SPOT5")
