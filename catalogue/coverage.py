"""What a scene is worth over an area: the share covered, and the cloud there, measured or bounded. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shapely.geometry.base import BaseGeometry

from dinamis import geo


@dataclass(frozen=True, slots=True)
class Share:
    """Cloud, or snow, over the covered part of an area, in per cent: between `low` and `high`.

    `measured` says that a mask was read and both are the figure; otherwise only the scene's own
    share is known, and all that can be said is a bound.
    """

    low: float
    high: float
    measured: bool

    @property
    def is_exact(self) -> bool:
        return round(self.low) == round(self.high)


def bounded(
    of_scene: float, *, scene_km2: Decimal | float, covered_km2: Decimal | float
) -> Share | None:
    """The cloud (or snow) over the covered km² of an area, knowing only the whole scene's share (0 to 100).

    All the scene's cloud may lie over the area, up to covering it: at most
    min(100 %, cloud km² / area km²). What cloud does not find room outside it is surely over it:
    at least (cloud km² − km² outside) / area km². None when nothing is covered.
    """
    if covered_km2 <= 0 or scene_km2 <= 0:
        return None
    area, whole = float(covered_km2), max(float(scene_km2), float(covered_km2))
    cloud = whole * of_scene / 100
    high = min(100.0, 100 * cloud / area)
    low = max(0.0, 100 * (cloud - (whole - area)) / area)
    return Share(low=min(low, high), high=high, measured=False)


def measured(covered: BaseGeometry, mask: BaseGeometry) -> Share | None:
    """The cloud (or snow) over the covered part of an area, from a mask of it (both EPSG:4326)."""
    covered_km2 = geo.area_km2(covered)
    if covered_km2 <= 0:
        return None
    share = min(100.0, 100 * float(geo.overlap_km2(covered, mask) / covered_km2))
    return Share(low=share, high=share, measured=True)


def usefulness(coverage: Decimal, cloud: Share | None) -> int:
    """How much of the area is surely seen, in millionths, with a little for what may be.

    The clear part at worst counts nine tenths, the clear part at best one tenth, so that of two
    scenes equally sure the one that may be clearer comes first. Unknown cloud counts as half.
    """
    low, high = (50.0, 50.0) if cloud is None else (cloud.low, cloud.high)
    share = float(coverage) / 100
    clear = 0.9 * (100 - high) / 100 + 0.1 * (100 - low) / 100
    return round(1_000_000 * share * clear)


def common(area: Any, footprint: Any) -> BaseGeometry:
    """The part of an area under a footprint, as shapely's, EPSG:4326."""
    return geo.to_shapely(area).intersection(geo.to_shapely(footprint))
