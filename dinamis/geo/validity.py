"""An outline that crosses itself is refused with the place shown, never repaired behind the reader's back.

`make_valid` on raw input is both wrong (it would choose an area nobody drew) and dangerous (minutes of
processor time for a few kilobytes); `is_valid` costs milliseconds. Two valid shapes can still cross
each other a million times, so an overlay is counted before it is computed.
"""

import re

import numpy as np
import shapely
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from dinamis.errors import Invalid, TooLarge
from dinamis.geo.convert import not_finite, polygons_of
from dinamis.geo.written import degrees
from dinamis.said import gettext as _

MAX_CROSSINGS = 100_000  # pairs of edges whose boxes meet: about a second of overlay
_AT = re.compile(r"\[(\S+) (\S+)\]")


def check_valid(geometry: BaseGeometry) -> None:
    """Refuse any polygon in it that crosses itself or whose holes are misplaced.

    Each polygon is judged alone: two that overlap are another question. The refusal carries
    `crossing=[lon, lat]`.
    """
    for polygon in polygons_of(geometry):
        if not polygon.is_valid:
            raise _refusal(shapely.is_valid_reason(polygon))


def check_overlay(first: BaseGeometry, second: BaseGeometry) -> None:
    """Refuse two shapes so intricate that laying one over the other would take seconds.

    The same shape twice asks it of its own parts: then an edge also meets itself and its like.
    """
    sizes = [shapely.get_num_coordinates(shape) for shape in (first, second)]
    if sizes[0] * sizes[1] <= MAX_CROSSINGS:
        return
    limit = MAX_CROSSINGS + (10 * sizes[0] if first is second else 0)
    tree = STRtree(_edges(first))
    crossings = 0
    others = _edges(second)
    for start in range(0, len(others), 100):
        crossings += tree.query(others[start : start + 100]).shape[1]
        if crossings > limit:
            raise TooLarge(
                "areas_too_intricate",
                _("These outlines cross each other too many times to be compared: simplify them."),
                limit=limit,
            )


def _edges(geometry: BaseGeometry) -> np.ndarray:
    """Every edge as the box around it, which is all that an index looks at."""
    outlines = shapely.get_rings(list(polygons_of(geometry)))
    coordinates, rings = shapely.get_coordinates(outlines, return_index=True)
    follows = rings[1:] == rings[:-1]
    starts, ends = coordinates[:-1][follows], coordinates[1:][follows]
    return shapely.linestrings(np.stack([starts, ends], axis=1))


def _refusal(reason: str) -> Invalid:
    if "Invalid Coordinate" in reason:
        return not_finite()
    found = _AT.search(reason)
    place = [round(float(number), 6) for number in found.groups()] if found else None
    lon, lat = map(degrees, place) if place else ("?", "?")
    words = {"lon": lon, "lat": lat}
    if "Hole lies outside" in reason:
        code, sentence = (
            "hole_outside",
            _("A hole lies outside its area, near longitude %(lon)s, latitude %(lat)s."),
        )
    elif "hole" in reason.lower() or "Interior is disconnected" in reason:
        code = "holes_overlap"
        sentence = _(
            "The holes of this area touch or overlap, near longitude %(lon)s, latitude %(lat)s."
        )
    elif "Too few points" in reason:
        code, sentence = (
            "area_flat",
            _("This outline has no surface, near longitude %(lon)s, latitude %(lat)s."),
        )
    else:
        code = "area_crosses_itself"
        sentence = _(
            "The outline crosses itself near longitude %(lon)s, latitude %(lat)s: move the points "
            "there so that it no longer does."
        )
    return Invalid(code, sentence % words, crossing=place)
