"""An area as outlines without holes: what a supplier takes, one a line. Cut or filled, never unasked."""

from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from dinamis.geo.convert import polygons_of, to_shapely, together

MOST_CUTS = 60


def without_holes(geometry: Any) -> Polygon | MultiPolygon:
    """The area with its holes filled: larger by them."""
    return together(
        list(polygons_of(shapely.union_all([Polygon(one.exterior) for one in _parts(geometry)])))
    )


def pieces(geometry: Any) -> list[Polygon]:
    """The area as outlines without a hole, each cut through its holes from north to south: no km² changes."""
    waiting, found, cuts = _parts(geometry), [], 0
    while waiting:
        part = waiting.pop()
        if not part.interiors or cuts >= MOST_CUTS:
            found.append(part)
            continue
        cuts += 1
        waiting += _halves(part, part.interiors[0].centroid.x)
    return sorted(found, key=lambda one: one.bounds)


def _halves(part: Polygon, longitude: float) -> list[Polygon]:
    west, south, east, north = part.bounds
    sides = (
        box(west, south, longitude, north),
        box(longitude, south, east, north),
    )
    return [one for side in sides for one in polygons_of(shapely.intersection(part, side))]


def _parts(geometry: Any) -> list[Polygon]:
    shape: BaseGeometry = to_shapely(geometry)
    return list(polygons_of(shape))
