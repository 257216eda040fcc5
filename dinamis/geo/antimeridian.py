"""Areas that cross the 180th meridian are cut there, as RFC 7946 (section 3.1.9) asks."""

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from dinamis.errors import Invalid
from dinamis.geo.convert import polygons_of, together
from dinamis.geo.validity import check_valid
from dinamis.said import gettext as _

_SLIVER = 1e-12  # square degrees, about a hundredth of a square metre: rounding, not land
_WEST = shapely.box(-180, -90, 180, 90)
_EAST = shapely.box(180, -90, 540, 90)


def within_the_world(geometry: BaseGeometry) -> BaseGeometry:
    """The polygons of a geometry with longitudes in −180…180, cut where they cross the antimeridian.

    Refuses a polygon around a pole or wider than half the globe, whose inside is anybody's guess.
    """
    west, _south, east, _north = geometry.bounds if not geometry.is_empty else (0, 0, 0, 0)
    # No edge of such a shape can be taken for a jump: nothing to do, whatever its number of points.
    if west >= -180 and east <= 180 and east - west <= 180:
        return geometry
    parts = [part for polygon in polygons_of(geometry) for part in cut(unwrap(polygon))]
    return together(parts) if parts else geometry


def unwrap(polygon: Polygon) -> Polygon:
    """The polygon with its longitudes made continuous, the westernmost in −180…180.

    Of two ways between neighbouring points the shorter is meant, as every reader of GeoJSON assumes.
    """
    shell = _continuous(shapely.get_coordinates(polygon.exterior))
    west, east = shell[:, 0].min(), shell[:, 0].max()
    if east - west > 180 or (east - west == 0 and np.ptp(_longitudes(polygon)) > 180):
        raise Invalid(
            "area_too_wide",
            _("This area is wider than half the globe: draw it as several smaller ones."),
        )
    shell[:, 0] -= 360 * np.floor((west + 180) / 360)
    return Polygon(shell, [_beside(shell, hole) for hole in polygon.interiors])


def cut(polygon: Polygon) -> list[Polygon]:
    """An unwrapped polygon as its parts on either side of the antimeridian.

    Refuses one that crosses itself: cutting it would mean repairing it.
    """
    if polygon.bounds[2] <= 180:
        return [polygon]
    check_valid(polygon)
    here = polygons_of(shapely.intersection(polygon, _WEST))
    there = polygons_of(shapely.intersection(polygon, _EAST))
    parts = [*here, *(shapely.transform(part, _one_turn_back) for part in there)]
    return [part for part in parts if part.area > _SLIVER] or [polygon]


def _continuous(points: np.ndarray) -> np.ndarray:
    points = points.copy()
    longitudes = points[:, 0]
    steps = np.diff(longitudes)
    turns = np.where(np.abs(steps) > 180, -360 * np.round(steps / 360), 0)
    longitudes[1:] += np.cumsum(turns)
    if longitudes[0] != longitudes[-1]:
        raise Invalid(
            "area_around_a_pole",
            _("This area goes around a pole, where the satellites do not look: keep clear of it."),
        )
    return points


def _beside(shell: np.ndarray, hole: BaseGeometry) -> np.ndarray:
    """The hole's ring, moved by whole turns to where its shell is."""
    points = _continuous(shapely.get_coordinates(hole))
    distance = shell[:, 0].mean() - points[:, 0].mean()
    points[:, 0] += 360 * np.round(distance / 360)
    return points


def _longitudes(polygon: Polygon) -> np.ndarray:
    return shapely.get_coordinates(polygon.exterior)[:, 0]


def _one_turn_back(points: np.ndarray) -> np.ndarray:
    return points - (360, 0)
