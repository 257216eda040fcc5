"""One-click repairs that a reader is offered and confirms: never done unasked."""

import math
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from dinamis.errors import Invalid, TooLarge
from dinamis.geo.antimeridian import within_the_world
from dinamis.geo.area import LocalPlane, exact_area
from dinamis.geo.convert import polygons_of, to_shapely, together
from dinamis.geo.rules import check_range, check_size, count_vertices, only_polygons
from dinamis.geo.validity import check_valid
from dinamis.geo.written import count
from dinamis.said import gettext as _

GROW_MAX_KM2 = 1_000_000
GROW_MAX_VERTICES = 100  # a buffer costs the square of its points, and small detail is lost anyway
SIMPLIFY_MAX_VERTICES = 250_000
MAX_PARTS = 100  # as many as fifty areas that all cross the antimeridian


def grow_to(geometry: Any, km2: float) -> Polygon | MultiPolygon:
    """The area moved outward all around until it measures at least `km2`, and at most 0.5 % more.

    Takes a valid area in EPSG:4326; one that is already large enough comes back as it is. An
    outline of over 100 points is simplified first. Refuses what crosses itself and what would
    grow beyond 1,000,000 km².
    """
    shape = _taken(geometry)
    wanted = float(km2) * 1e6
    if exact_area(shape) >= wanted:
        return shape
    if wanted > GROW_MAX_KM2 * 1e6:
        raise TooLarge(
            "area_too_large_to_grow",
            _("An area is not grown beyond %(limit)s km².") % {"limit": GROW_MAX_KM2},
            limit=GROW_MAX_KM2,
        )
    if count_vertices(polygons_of(shape)) > GROW_MAX_VERTICES:
        shape = simplify_to(shape, GROW_MAX_VERTICES)
    return _buffered(shape, wanted)


def simplify_to(geometry: Any, vertices: int) -> Polygon | MultiPolygon:
    """The area with at most `vertices` points, its shape kept as near as that allows.

    Douglas and Peucker's method, kept from crossing itself, on a local equal-area plane. Refuses an
    area that crosses itself, or whose parts and holes are too many for so few points.
    """
    shape = _taken(geometry)
    if count_vertices(polygons_of(shape)) <= vertices:
        return shape
    plane = LocalPlane(shape)
    return plane.unproject(_simplified(plane.project(shape), vertices))


def _taken(geometry: Any) -> Polygon | MultiPolygon:
    """The area, through the rules that a repair cannot do without."""
    polygons = only_polygons(to_shapely(geometry), [])
    check_size(polygons, max_vertices=SIMPLIFY_MAX_VERTICES, max_parts=MAX_PARTS)
    whole = together(polygons)
    check_range(whole)
    shape = within_the_world(whole)
    check_valid(shape)
    return shape


def _buffered(shape: BaseGeometry, wanted: float) -> Polygon | MultiPolygon:
    """Newton's method on the distance: the area grows by the perimeter for each metre outward."""
    plane = LocalPlane(shape)
    flat = plane.project(shape)
    # Moved outward by the radius of a disc of the wanted area, anything is larger than that disc.
    low, high, metres, aim = 0.0, math.sqrt(wanted / 3), 0.0, wanted * 1.002
    grown, result, best = flat, shape, shape
    for _round in range(40):
        measured = exact_area(result)
        if measured < wanted:
            low = metres
        else:
            high, best = metres, result
            if measured <= wanted * 1.005:
                break
        metres += (aim - measured) / grown.length
        if not low < metres < high:
            metres = (low + high) / 2
        grown = _outward(flat, metres)
        result = plane.unproject(grown)
    return best


def _outward(flat: BaseGeometry, metres: float) -> BaseGeometry:
    return shapely.buffer(flat, metres, join_style="mitre", mitre_limit=2)


def _simplified(flat: BaseGeometry, vertices: int) -> BaseGeometry:
    low, high = 0.0, flat.envelope.length / 8
    best = None
    for _round in range(14):
        middle = (low + high) / 2
        tried = shapely.simplify(flat, middle, preserve_topology=True)
        if count_vertices(polygons_of(tried)) <= vertices:
            best, high = tried, middle
        else:
            low = middle
    if best is None or not best.is_valid:
        raise Invalid(
            "area_not_simplified",
            _("This area has too many parts or holes to be drawn with %(limit)s points.")
            % {"limit": count(vertices)},
            limit=vertices,
        )
    return together(list(polygons_of(best)))
