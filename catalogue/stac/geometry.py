"""Places as programs write them: GeoJSON of any kind and boxes, checked before the database sees them."""

from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely.geometry import box

from dinamis import geo
from dinamis.errors import Invalid, Malformed

MAX_POSITIONS = 10_000
_KINDS = frozenset({
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon",
    "GeometryCollection",
})  # fmt: skip


def read(written: Any, *, where: str = "intersects") -> shapely.Geometry:
    """A GeoJSON geometry in degrees. Raises Malformed (geometry_wrong) with what is wrong."""
    if not isinstance(written, dict) or written.get("type") not in _KINDS:
        raise _wrong(where, _("A GeoJSON geometry is needed."))
    try:
        made = geo.to_shapely(written)
    except Invalid as fault:
        raise _wrong(where, str(fault.sentence)) from fault
    return _checked(made, where)


def read_box(numbers: list[float], *, where: str = "bbox") -> shapely.Geometry:
    """A box of 4 or 6 numbers; one that ends west of where it begins crosses the antimeridian."""
    if len(numbers) == 6:
        numbers = [numbers[0], numbers[1], numbers[3], numbers[4]]
    if len(numbers) != 4:
        raise _wrong(where, _("A box has four or six numbers: west, south, east, north."))
    west, south, east, north = numbers
    if not (south <= north and all(-180 <= x <= 180 for x in (west, east))):
        raise _wrong(where, _("A box goes from south to north, and from -180 to 180 degrees."))
    if west <= east:
        return _checked(box(west, south, east, north), where)
    halves = [box(west, south, 180, north), box(-180, south, east, north)]
    return _checked(shapely.MultiPolygon(halves), where)


def _checked(made: shapely.Geometry, where: str) -> shapely.Geometry:
    if made.is_empty or shapely.get_num_coordinates(made) == 0:
        raise _wrong(where, _("This geometry is empty."))
    if shapely.get_num_coordinates(made) > MAX_POSITIONS:
        raise _wrong(
            where, _("A geometry has at most %(limit)s positions.") % {"limit": MAX_POSITIONS}
        )
    flat = shapely.force_2d(made)
    west, south, east, north = flat.bounds
    # Written so that NaN, which compares with nothing, is refused too.
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise _wrong(where, _("Positions are longitude, latitude, in degrees of WGS 84."))
    if not flat.is_valid:
        reason = shapely.is_valid_reason(flat)
        raise _wrong(where, _("This geometry is not valid: %(reason)s.") % {"reason": reason})
    return flat


def _wrong(where: str, sentence: str) -> Malformed:
    return Malformed("geometry_wrong", sentence, field=where)
