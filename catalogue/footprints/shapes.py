"""The footprints of many records at once: judged together, since one by one takes ten times as long."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from catalogue.footprints.record import BadRecord
from dinamis import geo
from dinamis.errors import Refused

MAX_POINTS = 10_000
_WORLD = np.array([-180.0, -90.0, 180.0, 90.0])


def ewkb(shapes: Sequence[Any]) -> list[str | BadRecord]:
    """Each shape as PostGIS copies it (hexadecimal, EPSG:4326), or why it is no footprint."""
    read: list[BaseGeometry | BadRecord] = _quickly(shapes)
    good = np.array([not isinstance(one, BadRecord) for one in read], dtype=bool)
    found = np.array([one if keep else None for one, keep in zip(read, good, strict=True)], object)
    bounds = shapely.bounds(found)
    inside = (bounds[:, :2] >= _WORLD[:2]).all(axis=1) & (bounds[:, 2:] <= _WORLD[2:]).all(axis=1)
    # Wider than half the globe is a footprint over the antimeridian: it is cut, one by one.
    usual = good & inside & (bounds[:, 2] - bounds[:, 0] <= 180) & shapely.is_valid(found)
    usual &= shapely.get_num_coordinates(found) <= MAX_POINTS
    usual &= np.isin(shapely.get_type_id(found), (3, 6)) & ~shapely.is_empty(found)
    written = np.full(len(read), None, dtype=object)
    flat = found[usual]
    if shapely.has_z(flat).any():
        flat = shapely.force_2d(flat)
    flat = shapely.set_srid(flat, geo.WGS84)
    written[usual] = shapely.to_wkb(flat, hex=True, include_srid=True)
    for index in np.flatnonzero(~usual):
        written[index] = _slowly(read[index])
    return list(written)


def _quickly(shapes: Sequence[Any]) -> list[Any]:
    """All geometries; the plain polygons of a batch are built in one go."""
    made: list[Any] = [None] * len(shapes)
    rings, places = [], []
    for index, shape in enumerate(shapes):
        ring = _only_ring(shape)
        if ring is None:
            made[index] = _read(shape)
        else:
            rings.append(ring)
            places.append(index)
    try:
        points = np.array([point for ring in rings for point in ring], dtype=float)
        owners = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
        built = shapely.polygons(shapely.linearrings(points, indices=owners)) if rings else []
    except (ValueError, TypeError, shapely.errors.ShapelyError):
        built = [_read(shapes[index]) for index in places]  # one of them is bad: which one
    for index, polygon in zip(places, built, strict=True):
        made[index] = polygon
    return made


def _only_ring(shape: Any) -> list[Any] | None:
    """The ring of a GeoJSON polygon that has one, closed, of pairs; None for all else."""
    if not isinstance(shape, dict) or shape.get("type") != "Polygon":
        return None
    rings = shape.get("coordinates")
    if not isinstance(rings, list) or len(rings) != 1 or not isinstance(rings[0], list):
        return None
    ring = rings[0]
    if not 4 <= len(ring) <= MAX_POINTS or ring[0] != ring[-1]:
        return None
    return ring if all(type(point) is list and len(point) == 2 for point in ring) else None


def _read(shape: Any) -> BaseGeometry | BadRecord:
    try:
        if isinstance(shape, dict):
            return geo.to_shapely(shape)
        if isinstance(shape, bytes):
            return shapely.from_wkb(shape)
        if isinstance(shape, str) and shape.lstrip()[:1].isalpha():
            return shapely.from_wkt(shape)
        if isinstance(shape, str):
            return shapely.from_wkb(shape)
    except Refused as fault:
        return BadRecord(f"the footprint cannot be read: {fault.sentence}")
    except (shapely.errors.ShapelyError, ValueError, TypeError) as fault:
        return BadRecord(f"the footprint cannot be read: {str(fault)[:100]}")
    return BadRecord("there is no footprint")


def _slowly(shape: BaseGeometry | BadRecord) -> str | BadRecord:
    """What is not plain: cut at the antimeridian, or refused with the reason."""
    if isinstance(shape, BadRecord):
        return shape
    if shape is None or shape.is_empty or shape.geom_type not in ("Polygon", "MultiPolygon"):
        kind = "nothing" if shape is None or shape.is_empty else f"a {shape.geom_type}"
        return BadRecord(f"the footprint is {kind}: a Polygon or MultiPolygon is needed")
    if shapely.get_num_coordinates(shape) > MAX_POINTS:
        return BadRecord(f"the footprint has more than {MAX_POINTS} points")
    try:
        # The one gate of areas: numbers on Earth, degrees, cut at the antimeridian, valid.
        return geo.to_ewkb(geo.check_area(shapely.force_2d(shape)).geometry)
    except Refused as fault:
        return BadRecord(f"the footprint is wrong: {fault.sentence}")
