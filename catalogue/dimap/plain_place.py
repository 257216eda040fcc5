"""Where a plainly described product lies: its footprint, its four corners, its masks."""

import json
from collections.abc import Sequence
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, Polygon, box, shape
from shapely.geometry.base import BaseGeometry

from catalogue.dimap import masks as gml
from catalogue.dimap import shapes, xml
from catalogue.dimap.facts import Corner, Mask
from catalogue.dimap.notes import Notes
from catalogue.dimap.tree import Tree
from dinamis.errors import Invalid
from dinamis.said import gettext as _

VERTICES_MAX = 20_000
MASK_MAX = 20 * 1024 * 1024  # bytes


def footprint(written: Any, path: str) -> Polygon | MultiPolygon:
    """GeoJSON, WKT, or west, south, east and north, as a valid outline in degrees.

    Raises Invalid (bad_footprint): no outline, outside the world, too long, crossing itself.
    """
    found = _geometry(written)
    is_outline = found is not None and found.geom_type in ("Polygon", "MultiPolygon")
    if is_outline and shapely.count_coordinates(found) <= VERTICES_MAX:
        parts = [_part(part) for part in getattr(found, "geoms", [found])]
        joined = shapes.together(parts) if parts and None not in parts else MultiPolygon()
        if not joined.is_empty:
            return joined.geoms[0] if len(joined.geoms) == 1 else joined
    sentence = _("%(file)s: the footprint is no outline in degrees that can be used.")
    raise Invalid("bad_footprint", sentence % {"file": path}, file=path)


def corners(outline: Polygon | MultiPolygon) -> tuple[Corner, ...]:
    """The four corners of an outline that has four: upper left first, then clockwise; else none."""
    if outline.geom_type != "Polygon" or outline.interiors:
        return ()
    ring = list(shapely.remove_repeated_points(outline.exterior).coords)[:-1]
    if len(ring) != 4:
        return ()
    if shapely.is_ccw(outline.exterior):
        ring.reverse()
    first = min(range(4), key=lambda at: ring[at][0] - ring[at][1])
    turned = ring[first:] + ring[:first]
    pixels = ((0, 0), (1, 0), (1, 1), (0, 1))
    return tuple(
        Corner(point[0], point[1], col, row)
        for point, (col, row) in zip(turned, pixels, strict=True)
    )


def masks(tree: Tree, named: Sequence[Mask], notes: Notes) -> dict[str, MultiPolygon]:
    """Cloud and snow masks by kind, in degrees, from GML or GeoJSON; rasters are only kept."""
    found: dict[str, MultiPolygon] = {}
    for mask in named:
        upper = mask.path.upper()
        if mask.kind not in ("cld", "snw") or not upper.endswith((".GML", "JSON")):
            continue
        try:
            if upper.endswith(".GML"):
                found[mask.kind] = gml.read(tree.path(mask.path), mask.path, corners=(), epsg=None)
            else:
                found[mask.kind] = _features(xml.load(tree.path(mask.path), mask.path, MASK_MAX))
        except gml.Unusable:
            sentence = _("The mask %(file)s cannot be placed on the Earth: not used.")
            notes.add("mask_unusable", sentence % {"file": mask.path}, mask.path)
    return found


def _geometry(written: Any) -> BaseGeometry | None:
    try:
        if isinstance(written, dict):
            return shape(written)
        if not isinstance(written, str):
            return None
        numbers = [xml.number(word) for word in written.replace(",", " ").replace(";", " ").split()]
        if len(numbers) == 4 and None not in numbers:
            west, south, east, north = numbers
            return box(west, south, east, north) if west < east and south < north else None
        return shapely.from_wkt(written)
    except (
        ShapelyError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        IndexError,
        RecursionError,
    ):
        return None


def _part(part: Polygon) -> Polygon | MultiPolygon | None:
    """One polygon, cut at the antimeridian where its ring jumps there."""
    ring = [(x, y) for x, y, *_rest in part.exterior.coords]
    whole = shapes.polygon(ring)
    if whole is None or not part.interiors:
        return whole
    holes = [Polygon(hole) for hole in part.interiors]
    if not all(hole.is_valid for hole in holes):
        return None
    left = whole.difference(shapely.union_all(holes))
    return shapes.together([left]) if not left.is_empty else None


def _features(data: bytes) -> MultiPolygon:
    """Every polygon of a GeoJSON file together. Raises gml.Unusable."""
    try:
        read = json.loads(data)
        features = read.get("features", [read])
        found = [_geometry(one.get("geometry", one)) for one in features]
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        raise gml.Unusable("json") from error
    parts = [part for one in found if one is not None for part in getattr(one, "geoms", [one])]
    if sum(shapely.count_coordinates(part) for part in parts) > gml.VERTICES_MAX:
        raise gml.Unusable("vertices")
    polygons = [_part(part) for part in parts if part.geom_type == "Polygon"]
    return shapes.together([part for part in polygons if part is not None])
