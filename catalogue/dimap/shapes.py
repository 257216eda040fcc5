"""Rings of a delivery as polygons in longitude and latitude, WGS 84."""

import re
from collections.abc import Sequence
from functools import lru_cache

import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely.geometry import MultiPolygon, Polygon

from catalogue.dimap.facts import Corner
from dinamis.errors import Invalid
from dinamis.geo import WGS84, within_the_world

REPAIRED_MAX = 200  # vertices: repairing a longer self-crossing ring can take minutes
_EPSG = re.compile(r"(?<![\d.])(\d{4,6})(?!\d)")


def epsg_of(written: str) -> int | None:
    """The EPSG code in a CRS as Airbus writes them, or None.

    urn:ogc:def:crs:EPSG::32618, urn:ogc:def:crs:EPSG:6.3:32618, EPSG:4326, "32719 WGS84/UTM 19S".
    """
    found = _EPSG.search(written)
    return int(found.group(1)) if found else None


def polygon(ring: Sequence[tuple[float, float]]) -> Polygon | MultiPolygon | None:
    """A ring in degrees, closed or not, as a valid polygon; None when it is none.

    A ring that jumps by more than 180° of longitude crosses the antimeridian and is cut there.
    """
    points = [point for i, point in enumerate(ring) if i == 0 or point != ring[i - 1]]
    if points and points[0] == points[-1]:
        points = points[:-1]
    if len(points) < 3 or not all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in points):
        return None
    try:
        shape = within_the_world(Polygon(points))
    except Invalid:  # around a pole, or crossing itself at the antimeridian
        return None
    return shape if shape.is_valid and shape.area > 0 else None


def together(polygons: Sequence[Polygon | MultiPolygon]) -> MultiPolygon:
    """The union as a multipolygon, empty when there is nothing."""
    joined = shapely.union_all(list(polygons))
    parts = [part for part in getattr(joined, "geoms", [joined]) if part.geom_type == "Polygon"]
    return MultiPolygon([part for part in parts if not part.is_empty])


def repaired(shape: Polygon) -> Polygon | MultiPolygon | None:
    """The polygon when valid; a short one that crosses itself is repaired, a long one is None."""
    if shape.is_valid:
        return shape
    if shapely.count_coordinates(shape) > REPAIRED_MAX:
        return None
    return together([shapely.make_valid(shape)])


class Frame:
    """The way from a mask's coordinates to degrees: pixels by the frame's corners, or a CRS."""

    def __init__(self, corners: Sequence[Corner]) -> None:
        self.corners = _four(corners)

    def from_pixels(self, col: float, row: float) -> tuple[float, float] | None:
        """Degrees of a pixel (counted from 1, as DIMAP does), bilinear between the corners."""
        if self.corners is None:
            return None
        upper_left, upper_right, lower_right, lower_left = self.corners
        across = (col - upper_left.col) / (lower_right.col - upper_left.col)
        down = (row - upper_left.row) / (lower_right.row - upper_left.row)
        top = _between(upper_left, upper_right, across)
        bottom = _between(lower_left, lower_right, across)
        return tuple(a + (b - a) * down for a, b in zip(top, bottom, strict=True))


def _between(a: Corner, b: Corner, share: float) -> tuple[float, float]:
    step = b.lon - a.lon
    step -= 360 * round(step / 360)  # the frame may stand on the antimeridian
    return a.lon + step * share, a.lat + (b.lat - a.lat) * share


def _four(corners: Sequence[Corner]) -> tuple[Corner, Corner, Corner, Corner] | None:
    """Upper left, upper right, lower right, lower left in pixels, however they are listed."""
    known = [corner for corner in corners if corner.col is not None and corner.row is not None]
    if len(known) < 4:
        return None
    left, right = min(c.col for c in known), max(c.col for c in known)
    top, bottom = min(c.row for c in known), max(c.row for c in known)
    wanted = [(left, top), (right, top), (right, bottom), (left, bottom)]
    found = {(corner.col, corner.row): corner for corner in known}
    if left == right or top == bottom or any(at not in found for at in wanted):
        return None
    return tuple(found[at] for at in wanted)


def corners_of(corners: Sequence[Corner]) -> tuple[Corner, Corner, Corner, Corner] | None:
    """The frame's four corners from the upper left, clockwise in the image; None when unclear."""
    return _four(corners)


@lru_cache(maxsize=64)
def to_degrees(epsg: int) -> Transformer | None:
    """A transformer from easting and northing (or longitude and latitude) to degrees; or None."""
    try:
        return Transformer.from_crs(CRS.from_epsg(epsg), CRS.from_epsg(WGS84), always_xy=True)
    except CRSError:
        return None
