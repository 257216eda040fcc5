"""Between shapely (which we compute with), GEOS (which Django stores) and GeoJSON (which travels)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry
from shapely.geometry import (
    GeometryCollection,
    LineString,
    MultiLineString,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
)
from shapely.geometry.base import BaseGeometry

from dinamis.errors import Invalid
from dinamis.said import gettext as _

WGS84 = 4326  # longitude, latitude in degrees: the only system that is stored
MAX_DEPTH = 8  # of collections within collections


def to_shapely(geometry: Any) -> BaseGeometry:
    """Any geometry as shapely's: shapely, GEOS, or a GeoJSON mapping (geometry, Feature, collection).

    Refuses a mapping that is no GeoJSON (`geometry_unreadable`).
    """
    return read(geometry)[0]


def read(geometry: Any) -> tuple[BaseGeometry, tuple[str, ...]]:
    """As `to_shapely`, with a sentence for each thing that had to be put right."""
    if isinstance(geometry, BaseGeometry):
        return geometry, ()
    if isinstance(geometry, GEOSGeometry):
        return shapely.from_wkb(bytes(geometry.wkb)), ()
    if isinstance(geometry, Mapping):
        repairs: set[str] = set()
        shape = _from_mapping(geometry, repairs, 0)
        return shape, (closed_note(),) if repairs else ()
    raise _unreadable()


def to_geos(geometry: BaseGeometry, *, multi: bool = False) -> GEOSGeometry:
    """The same geometry for a Django field, EPSG:4326; `multi` makes a polygon a multipolygon."""
    shape = to_multi(geometry) if multi else geometry
    return GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=WGS84)


def to_ewkb(geometry: BaseGeometry) -> str:
    """The geometry in EPSG:4326 as PostGIS reads it from a parameter of SQL."""
    return shapely.to_wkb(shapely.set_srid(geometry, WGS84), include_srid=True).hex().upper()


def to_multi(geometry: BaseGeometry) -> MultiPolygon:
    """The polygon or multipolygon as a multipolygon."""
    return MultiPolygon([geometry]) if isinstance(geometry, Polygon) else geometry


def to_mapping(geometry: BaseGeometry) -> dict[str, Any]:
    """The geometry as a GeoJSON mapping, with lists where shapely would leave tuples."""
    if isinstance(geometry, Polygon) and not geometry.is_empty and not geometry.interiors:
        # Nearly every footprint.
        points = shapely.get_coordinates(geometry, include_z=geometry.has_z)
        return {"type": "Polygon", "coordinates": [points.tolist()]}
    return {
        "type": geometry.geom_type,
        "coordinates": _as_lists(geometry.__geo_interface__["coordinates"]),
    }


def polygons_of(geometry: BaseGeometry) -> Iterator[Polygon]:
    """The polygons that a polygon, a multipolygon or a collection is made of; the rest is left."""
    waiting = [geometry]
    while waiting:
        shape = waiting.pop()
        if isinstance(shape, Polygon):
            if not shape.is_empty:
                yield shape
        elif hasattr(shape, "geoms"):
            waiting.extend(reversed(shape.geoms))


def together(polygons: Sequence[Polygon]) -> Polygon | MultiPolygon:
    """One polygon as itself, several as a multipolygon."""
    return polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)


def closed_note() -> str:
    return _("A ring that was left open was closed.")


def _from_mapping(mapping: Mapping, repairs: set[str], depth: int) -> BaseGeometry:
    if depth > MAX_DEPTH or not isinstance(mapping, Mapping):
        raise _unreadable()
    kind = mapping.get("type")
    try:
        if kind in ("FeatureCollection", "GeometryCollection"):
            inner = mapping["features" if kind == "FeatureCollection" else "geometries"]
            return GeometryCollection([_from_mapping(one, repairs, depth + 1) for one in inner])
        if kind == "Feature":
            inside = mapping.get("geometry")
            return _from_mapping(inside, repairs, depth + 1) if inside else GeometryCollection()
        return _simple(kind, mapping["coordinates"], repairs)
    except (KeyError, TypeError, ValueError, OverflowError, shapely.errors.ShapelyError) as error:
        raise _unreadable() from error


def _simple(kind: Any, coordinates: Any, repairs: set[str]) -> BaseGeometry:
    match kind:
        case "Polygon":
            return _polygon(coordinates, repairs)
        case "MultiPolygon":
            return MultiPolygon([_polygon(one, repairs) for one in coordinates])
        case "Point":
            return Point(coordinates)
        case "MultiPoint":
            return MultiPoint(coordinates)
        case "LineString":
            return LineString(coordinates)
        case "MultiLineString":
            return MultiLineString(coordinates)
    raise _unreadable()


def _polygon(rings: Sequence, repairs: set[str]) -> Polygon:
    if not rings:
        return Polygon()
    closed = [_ring(ring, repairs) for ring in rings]
    return Polygon(closed[0], closed[1:])


def _ring(ring: Sequence, repairs: set[str]) -> np.ndarray:
    """Closed, n × 2 or n × 3."""
    sizes = {len(position) for position in ring}
    if not sizes or min(sizes) < 2:
        raise _unreadable()
    # Some writers give a height to some points only: without one common size it is dropped.
    size = min(3, min(sizes))
    numbers = [number for position in ring for number in position[:size]]
    if not {*map(type, numbers)} <= {int, float}:
        raise _unreadable()
    points = np.array(numbers, dtype=float).reshape(-1, size)
    if not np.isfinite(points).all():
        raise not_finite()
    if len(points) < 3:
        raise too_few_points()
    if (points[0] != points[-1]).any():
        repairs.add("closed")
        points = np.vstack([points, points[:1]])
    return points if len(points) > 3 else np.vstack([points, points[-1:]])


def not_finite() -> Invalid:
    return Invalid(
        "area_not_finite", _("A coordinate of this area is not a number (NaN or infinity).")
    )


def too_few_points() -> Invalid:
    return Invalid("area_flat", _("This outline has no surface: it needs three different points."))


def _unreadable() -> Invalid:
    return Invalid(
        "geometry_unreadable", _("This is not a geometry: GeoJSON, WKT or four corners are read.")
    )


def _as_lists(coordinates: Any) -> Any:
    if isinstance(coordinates, tuple | list):
        return [_as_lists(one) for one in coordinates]
    return coordinates
