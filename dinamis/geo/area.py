"""Areas in km², and the share of an area that a footprint covers.

The quota must not depend on a projection: areas are geodesic on the WGS 84 ellipsoid, edges being
the shortest lines between their ends, as PROJ computes them (C. F. F. Karney, "Algorithms for
geodesics", J. Geodesy 87, 2013, section 6).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import shapely
from pyproj import Geod, Proj
from shapely.geometry.base import BaseGeometry

from dinamis.geo.antimeridian import within_the_world
from dinamis.geo.convert import polygons_of, to_shapely, together
from dinamis.geo.validity import MAX_CROSSINGS, check_overlay, check_valid

GEOD = Geod(ellps="WGS84")
_KM2, _SHARE = Decimal("0.01"), Decimal("0.1")


def area_km2(geometry: Any) -> Decimal:
    """Geodesic area in km² to 0.01: holes taken off, the parts of a multipolygon added up.

    Takes shapely, GEOS or GeoJSON in EPSG:4326. Refuses a geometry that crosses itself, whose
    signed area would be too small, even nothing.
    """
    shape = to_shapely(geometry)
    check_valid(shape)
    return _rounded(exact_area(shape) / 1e6, _KM2)


def exact_area(geometry: BaseGeometry) -> float:
    """Geodesic area in m² of a valid geometry, unrounded."""
    total = 0.0
    for polygon in polygons_of(geometry):
        total += _ring_area(polygon.exterior)
        total -= sum(_ring_area(hole) for hole in polygon.interiors)
    return total


def overlap_km2(first: Any, second: Any) -> Decimal:
    """Geodesic area in km² to 0.01 of what two geometries (EPSG:4326) have in common.

    Refuses a geometry that crosses itself, or two that cross each other too often.
    """
    one, other = (within_the_world(to_shapely(shape)) for shape in (first, second))
    check_valid(one)
    check_valid(other)
    check_overlay(one, other)
    common = shapely.intersection(_united(one), _united(other))
    return _rounded(exact_area(common) / 1e6, _KM2)


def coverage(area: Any, footprint: Any) -> Decimal:
    """Share of `area` that lies under `footprint`, in % to 0.1 (both EPSG:4326).

    Computed in an equal-area projection centred on the area, so it holds across the antimeridian.
    """
    return coverages(area, [footprint])[0]


def coverages(area: Any, footprints: Iterable[Any]) -> list[Decimal]:
    """As `coverage`, for many footprints of one area, which is then projected once."""
    return [one.share for one in lay_over(area, [to_shapely(shape) for shape in footprints])]


@dataclass(frozen=True, slots=True)
class Laid:
    """A footprint laid over an area: the share of the area it covers, in % to 0.1, and km² in their plane.

    `covered_km2` is that share of the area, so that what is worked out of both agrees.
    """

    share: Decimal
    km2: float
    covered_km2: float


def lay_over(area: Any, footprints: Sequence[BaseGeometry]) -> list[Laid]:
    """Every footprint (shapely's, EPSG:4326) over one area, in an equal-area plane centred on the area.

    Plain outlines go by all at once; those that an antimeridian cut, or that are intricate, one by one.
    """
    shape = to_shapely(area)
    check_valid(shape)
    plane = LocalPlane(shape)
    flat = plane.project(shape)
    shapes = np.array(footprints, dtype=object)
    if not len(shapes):
        return []
    projected = plane.projected(shapes)
    sizes = shapely.get_num_coordinates(shapes) * shapely.get_num_coordinates(flat)
    plain = (shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON) & shapely.is_valid(shapes)
    plain &= np.isfinite(shapely.bounds(projected)).all(axis=1) & (sizes <= MAX_CROSSINGS)
    plain[plain] = shapely.is_valid(projected[plain])
    covered = np.zeros(len(shapes))
    whole = shapely.area(projected)
    shapely.prepare(flat)
    # Most of what is asked over a country lies inside it: no need to cut it.
    inside = plain.copy()
    inside[plain] = shapely.covers(flat, projected[plain])
    covered[inside] = whole[inside]
    cut = plain & ~inside
    covered[cut] = shapely.area(shapely.intersection(flat, projected[cut]))
    for index in np.flatnonzero(~plain):
        covered[index], whole[index] = _common(flat, plane, shapes[index])
    shares = [_rounded(100 * part / flat.area if flat.area else 0, _SHARE) for part in covered]
    return [
        Laid(share, km2 / 1e6, float(share) / 100 * flat.area / 1e6)
        for share, km2 in zip(shares, whole.tolist(), strict=True)
    ]


class LocalPlane:
    """A Lambert azimuthal equal-area plane in metres, centred on a geometry (EPSG:4326)."""

    def __init__(self, geometry: BaseGeometry) -> None:
        lon, lat = _centre(geometry)
        self._plane = Proj(proj="laea", lon_0=lon, lat_0=lat, ellps="WGS84")

    def project(self, geometry: BaseGeometry) -> BaseGeometry:
        """Degrees to metres, the parts laid side by side again where the antimeridian cut them."""
        return _united(shapely.transform(geometry, self._to_metres))

    def projected(self, geometries: np.ndarray) -> np.ndarray:
        """Many at once, each point by itself: parts are not laid side by side."""
        return shapely.transform(geometries, self._to_metres)

    def unproject(self, geometry: BaseGeometry) -> BaseGeometry:
        """Metres to degrees; a shape that crosses the antimeridian comes back cut there."""
        return within_the_world(shapely.transform(geometry, self._to_degrees))

    def _to_metres(self, points: np.ndarray) -> np.ndarray:
        return np.column_stack(self._plane(points[:, 0], points[:, 1]))

    def _to_degrees(self, points: np.ndarray) -> np.ndarray:
        return np.column_stack(self._plane(points[:, 0], points[:, 1], inverse=True))


def _common(flat: BaseGeometry, plane: LocalPlane, footprint: BaseGeometry) -> tuple[float, float]:
    """m² of a footprint under the area, and of all of it."""
    check_valid(footprint)
    other = plane.project(footprint)
    # The point opposite the centre has no place on the plane: it is surely not under the area.
    if not np.isfinite(shapely.get_coordinates(other)).all():
        return 0.0, exact_area(footprint)
    check_overlay(flat, other)
    return shapely.intersection(flat, other).area, other.area


def _united(geometry: BaseGeometry) -> BaseGeometry:
    """The geometry's polygons as one; those that overlap or touch count once."""
    polygons = list(polygons_of(geometry))
    whole = together(polygons) if polygons else geometry
    if whole.is_valid:
        return whole
    check_overlay(whole, whole)
    return shapely.union_all(polygons)


def _centre(geometry: BaseGeometry) -> tuple[float, float]:
    """The mean direction of the points, which no meridian disturbs."""
    lon, lat = np.radians(shapely.get_coordinates(geometry)).T
    x, y = (np.cos(lat) * np.cos(lon)).mean(), (np.cos(lat) * np.sin(lon)).mean()
    return float(np.degrees(np.arctan2(y, x))), float(
        np.degrees(np.arctan2(np.sin(lat).mean(), np.hypot(x, y)))
    )


def _ring_area(ring: BaseGeometry) -> float:
    longitudes, latitudes = shapely.get_coordinates(ring).T
    return abs(GEOD.polygon_area_perimeter(longitudes, latitudes)[0])


def _rounded(value: float, step: Decimal) -> Decimal:
    return Decimal(value).quantize(step, rounding=ROUND_HALF_UP)
