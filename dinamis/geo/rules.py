"""The gate of every area that is asked for: what it must be, each rule with its code and its words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from dinamis.errors import Invalid, TooLarge
from dinamis.geo import systems
from dinamis.geo.antimeridian import cut, unwrap
from dinamis.geo.area import area_km2
from dinamis.geo.convert import not_finite, polygons_of, read, together, too_few_points
from dinamis.geo.validity import check_overlay, check_valid
from dinamis.geo.written import count, degrees
from dinamis.said import gettext as _

Envelope = tuple[float, float, float, float]  # west, south, east, north in degrees

# Where French institutions look first: what `usual` may be when nothing better is known.
FRANCE: tuple[Envelope, ...] = (
    (-5.5, 41.2, 10.0, 51.3),  # metropolitan France
    (-63.3, 14.2, -60.7, 18.3),  # Antilles
    (-54.8, 2.0, -51.5, 6.0),  # French Guiana
    (55.1, -21.6, 56.0, -20.7),  # Réunion
    (44.9, -13.1, 45.4, -12.5),  # Mayotte
    (-56.6, 46.6, -56.0, 47.3),  # Saint-Pierre-et-Miquelon
    (163.4, -22.9, 168.3, -19.4),  # New Caledonia
)


@dataclass(frozen=True, slots=True)
class CheckedArea:
    """An area that keeps every rule: EPSG:4326, two dimensions, closed, cut at the antimeridian."""

    geometry: Polygon | MultiPolygon
    area_km2: Decimal
    vertices: int
    notes: tuple[str, ...] = ()


def check_area(
    geometry: Any,
    *,
    max_vertices: int = 10_000,
    max_parts: int = 50,
    usual: Envelope | Iterable[Envelope] | None = None,
    notes: Sequence[str] = (),
) -> CheckedArea:
    """Take an area (shapely, GEOS or GeoJSON, degrees) through every rule; say what was put right.

    `usual` is where this reader usually works (one envelope or several): an area far from it that
    would lie in it with its axes swapped is refused with the swapped one as an offer. Leave it out
    once the reader has said that the place is right. `notes` are those of an earlier reading.

    Refuses with Invalid or TooLarge; details may hold `crossing` [lon, lat], `swapped` (GeoJSON),
    `vertices` and `limit`, `parts`, `candidates` ([{code, name}], coordinate systems that the numbers fit).
    """
    shape, said = read(geometry)
    said = [*notes, *said]
    polygons = only_polygons(shape, said)
    check_size(polygons, max_vertices=max_vertices, max_parts=max_parts)
    polygons = [_plain(polygon) for polygon in _flattened(polygons, said)]
    whole = together(polygons)
    check_range(whole)
    check_axes(whole, usual)
    if _points_repeated(shape, polygons):
        said.append(_("Points given twice in a row were dropped."))
    whole = _in_the_world(polygons, said)
    whole = shapely.orient_polygons(_without_overlap(whole, said))
    check_size(list(polygons_of(whole)), max_vertices=max_vertices, max_parts=2 * max_parts)
    area = area_km2(whole)
    if not area:
        raise Invalid("area_too_small", _("This area is smaller than 0.01 km²: draw a larger one."))
    return CheckedArea(whole, area, count_vertices(polygons_of(whole)), tuple(said))


def count_vertices(polygons: Iterable[Polygon]) -> int:
    """The points of the outlines, the one that closes each ring not counted twice."""
    rings = shapely.get_rings(list(polygons))
    return int(shapely.get_num_coordinates(rings).sum()) - len(rings)


def check_range(geometry: BaseGeometry) -> None:
    """Refuse numbers that are not longitudes and latitudes, and say what they look like."""
    points = shapely.get_coordinates(geometry)
    wrong = (np.abs(points[:, 0]) > 360) | (np.abs(points[:, 1]) > 90)
    if not wrong.any():
        return
    candidates = systems.candidates(geometry.bounds)
    if candidates:
        raise Invalid(
            "area_in_metres",
            _(
                "These look like metres in %(system)s, not degrees: send a file that names its "
                "coordinate system, or convert it to longitude and latitude (EPSG:4326)."
            )
            % {"system": systems.name(candidates[0])},
            candidates=systems.offered(candidates),
        )
    if np.abs(points[:, 0]).max() <= 90 and np.abs(points[:, 1]).max() <= 180:
        raise _swapped(geometry)
    lon, lat = points[wrong][0]
    raise Invalid(
        "area_out_of_range",
        _(
            "Longitude %(lon)s, latitude %(lat)s is no place on Earth: longitude and latitude in "
            "degrees are read."
        )
        % {"lon": degrees(lon), "lat": degrees(lat)},
        place=[float(lon), float(lat)],
    )


def check_axes(geometry: BaseGeometry, usual: Envelope | Iterable[Envelope] | None) -> None:
    """Refuse an area outside the usual places that would be in one with its axes swapped."""
    if usual is None:
        return
    usual = list(usual)
    places = [usual] if isinstance(usual[0], int | float) else usual
    zone = shapely.union_all([shapely.box(*place) for place in places])
    here, there = (shapely.box(*shape.bounds) for shape in (geometry, _swap(geometry)))
    if not zone.intersects(here) and zone.contains(there):
        raise _swapped(geometry)


def only_polygons(shape: BaseGeometry, said: list[str]) -> list[Polygon]:
    """The polygons of an area; refused when it is empty or holds anything else, or NaN."""
    if shape.is_empty:
        raise Invalid("area_empty", _("There is nothing in this area: it has no point."))
    kinds = _kinds(shape)
    if "Polygon" not in kinds:
        raise Invalid(
            "area_not_a_polygon",
            _("This is made of points or lines: an area must be a closed outline (a polygon)."),
            kinds=sorted(kinds),
        )
    if kinds != {"Polygon"}:
        raise Invalid(
            "area_mixed",
            _("This mixes areas with points or lines: keep only the areas (polygons)."),
            kinds=sorted(kinds),
        )
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        raise not_finite()
    polygons = list(polygons_of(shape))
    if shape.geom_type == "GeometryCollection" and len(polygons) > 1:
        said.append(
            _("The %(count)s areas were taken together as one.") % {"count": count(len(polygons))}
        )
    return polygons


def _kinds(shape: BaseGeometry) -> set[str]:
    kinds, waiting = set(), [shape]
    while waiting:
        one = waiting.pop()
        if hasattr(one, "geoms"):
            waiting.extend(one.geoms)
        elif not one.is_empty:
            kinds.add(one.geom_type)
    return kinds


def check_size(polygons: list[Polygon], *, max_vertices: int, max_parts: int) -> None:
    """Refuse more parts or points than allowed, with their number."""
    if len(polygons) > max_parts:
        raise TooLarge(
            "area_too_many_parts",
            _("This area has %(parts)s parts; at most %(limit)s are taken.")
            % {"parts": count(len(polygons)), "limit": count(max_parts)},
            parts=len(polygons),
            limit=max_parts,
        )
    vertices = count_vertices(polygons)
    if vertices > max_vertices:
        raise TooLarge(
            "area_too_many_vertices",
            _("This area has %(vertices)s points; at most %(limit)s are taken. Simplify it first.")
            % {"vertices": count(vertices), "limit": count(max_vertices)},
            vertices=vertices,
            limit=max_vertices,
        )


def _flattened(polygons: list[Polygon], said: list[str]) -> list[Polygon]:
    if any(polygon.has_z or polygon.has_m for polygon in polygons):
        said.append(_("The height of each point was dropped."))
    return [shapely.force_2d(polygon) for polygon in polygons]


def _plain(polygon: Polygon) -> Polygon:
    """The polygon without points repeated in a row; refused when nothing of a surface is left."""
    rings = [_without_repeats(ring) for ring in (polygon.exterior, *polygon.interiors)]
    if any(len(ring) < 4 for ring in rings):
        raise too_few_points()
    return Polygon(rings[0], rings[1:])


def _without_repeats(ring: BaseGeometry) -> np.ndarray:
    points = shapely.get_coordinates(ring)
    return points[np.append(True, (points[1:] != points[:-1]).any(axis=1))]


def _is_a_line(polygon: Polygon) -> bool:
    return shapely.convex_hull(polygon).geom_type != "Polygon"


def _points_repeated(shape: BaseGeometry, polygons: list[Polygon]) -> bool:
    return shapely.get_num_coordinates(shape) > shapely.get_num_coordinates(together(polygons))


def _in_the_world(polygons: list[Polygon], said: list[str]) -> Polygon | MultiPolygon:
    unwrapped = [unwrap(polygon) for polygon in polygons]
    if any(map(_is_a_line, unwrapped)):
        raise too_few_points()
    check_valid(MultiPolygon(unwrapped))
    parts = [part for polygon in unwrapped for part in cut(polygon)]
    if len(parts) > len(unwrapped):
        said.append(_("It crosses the 180th meridian and was split there."))
    elif any(abs(longitude) > 180 for longitude in together(polygons).bounds[::2]):
        said.append(_("Longitudes beyond 180° were brought back between −180° and 180°."))
    return together(parts)


def _without_overlap(whole: BaseGeometry, said: list[str]) -> BaseGeometry:
    """Parts that overlap made one, so that no km² counts twice."""
    if whole.is_valid:
        return whole
    check_overlay(whole, whole)
    said.append(_("Parts that overlapped or touched were joined: nothing counts twice."))
    return together(list(polygons_of(shapely.union_all(list(polygons_of(whole))))))


def _swap(geometry: BaseGeometry) -> BaseGeometry:
    return shapely.transform(geometry, lambda points: points[:, ::-1])


def _swapped(geometry: BaseGeometry) -> Invalid:
    turned = shapely.orient_polygons(_swap(geometry))
    west, south, east, north = turned.bounds
    return Invalid(
        "area_axes_swapped",
        _(
            "Longitude and latitude seem to be swapped: read the other way round, this area lies "
            "between %(south)s° and %(north)s° of latitude, %(west)s° and %(east)s° of longitude."
        )
        % {
            "south": degrees(south),
            "north": degrees(north),
            "west": degrees(west),
            "east": degrees(east),
        },
        swapped=turned.__geo_interface__,
    )
