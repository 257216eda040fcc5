"""Where an area lies, decided here alone: geodesic shares, and the one place that the prices go by."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from dinamis import geo
from dinamis.geo.antimeridian import within_the_world
from dinamis.geo.area import GEOD, exact_area
from orders.pricing.rules import Zone
from orders.pricing.words import Place

CIRCLE_POINTS = 180
_SHARE = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Located:
    """`place` holds most of the area; `shares` says how much of it lies in each, in % to 0.1.

    A share that is nothing is left out; the shares make 100 exactly.
    """

    place: str
    shares: dict[str, Decimal]
    is_approximate: bool


def locate(area: Any, zones: Sequence[Zone]) -> Located:
    """Say where an area (EPSG:4326) lies. Areas are geodesic, on the ellipsoid.

    A point lies in the first zone, in order of rank, that holds it, and elsewhere when none does. The
    place that has most of the area decides; of two that have as much, the one of the lower rank.
    """
    rest = geo.to_shapely(area)
    whole, shares = exact_area(rest), {}
    for zone in zones:
        outline = _outline(zone.geometry)
        if not rest.is_empty and outline.intersects(rest):
            shares[zone.place] = exact_area(shapely.intersection(rest, outline)) / whole
            rest = shapely.difference(rest, outline)
    shares[str(Place.ELSEWHERE)] = exact_area(rest) / whole if not rest.is_empty else 0.0
    place = max(shares, key=lambda one: round(shares[one], 6))
    parts = _in_percent(shares, place)
    drawn = {zone.place for zone in zones if zone.is_approximate}
    return Located(place, parts, len(parts) > 1 and bool(drawn & set(parts)))


def circle(lon: float, lat: float, radius_km: float) -> BaseGeometry:
    """The geodesic circle around a point, as a polygon of 180 corners, EPSG:4326."""
    azimuths = np.linspace(0, 360, CIRCLE_POINTS, endpoint=False)
    points = [GEOD.fwd(lon, lat, azimuth, radius_km * 1000)[:2] for azimuth in azimuths]
    return within_the_world(Polygon(points))


@lru_cache(maxsize=32)
def _outline(wkb: bytes) -> BaseGeometry:
    outline = shapely.from_wkb(wkb)
    shapely.prepare(outline)
    return outline


def _in_percent(shares: dict[str, float], place: str) -> dict[str, Decimal]:
    """To a tenth of a per cent; what rounding leaves goes to the place that decides."""
    rounded = {
        name: Decimal(100 * share).quantize(_SHARE) for name, share in shares.items() if share > 0
    }
    rounded[place] = Decimal(100) - sum(v for name, v in rounded.items() if name != place)
    return {name: share for name, share in rounded.items() if share > 0}
