"""An area as people give it: drawn, pasted, boxed or uploaded, read and taken through every rule."""

import json
from dataclasses import dataclass, replace
from typing import BinaryIO

from django.utils.translation import gettext as _

from dinamis import geo, uploads
from dinamis.errors import Invalid, Refused
from dinamis.geo import CheckedArea

MAX_VERTICES = 10_000


@dataclass(frozen=True, slots=True)
class Choice:
    """One area of a file that holds several: checked, or refused with its sentence."""

    name: str
    checked: CheckedArea | None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the reader has confirmed: that the place is right, that the outline may be simplified.

    `crs` is the system that numbers are in which are no degrees; whatever names its own is read in that.
    """

    trusted: bool = False
    simplified: bool = False
    crs: str = ""


def check(geometry: object, rules: Rules, *, notes: tuple[str, ...] = ()) -> CheckedArea:
    """Take a geometry through every rule; refusals are those of `dinamis.geo.check_area`."""
    usual = None if rules.trusted else geo.FRANCE
    try:
        if rules.simplified:
            geometry = geo.simplify_to(geometry, MAX_VERTICES)
        return geo.check_area(geometry, max_vertices=MAX_VERTICES, usual=usual, notes=notes)
    except Invalid as refused:
        if refused.code == "area_in_metres" and rules.crs:
            return _converted(geometry, rules, notes)
        _show(refused, geometry)
        raise


def _converted(geometry: object, rules: Rules, notes: tuple[str, ...]) -> CheckedArea:
    """Metres, in the system that the reader has named."""
    moved = geo.to_degrees(geo.to_shapely(geometry), rules.crs)
    said = geo.converted_note(rules.crs)
    return check(moved, replace(rules, crs=""), notes=(*notes, said))


def drawn(text: str, rules: Rules) -> CheckedArea:
    """An outline drawn on the map, sent as a GeoJSON geometry."""
    try:
        mapping = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid(
            "geometry_unreadable", _("The outline did not arrive whole: draw it again.")
        ) from error
    return check(mapping, rules)


def pasted(text: str, rules: Rules) -> CheckedArea:
    """GeoJSON, WKT, or "west, south, east, north" in degrees."""
    geometry, notes = geo.read_text(text)
    return check(geometry, rules, notes=notes)


def _show(refused: Invalid, geometry: object) -> None:
    """Give a place that is wrong the outline around it: a point alone says little on a map."""
    shape = geo.to_shapely(geometry) if refused.details.get("crossing") else None
    if shape and shape.geom_type in ("Polygon", "MultiPolygon"):
        refused.details["outline"] = geo.to_mapping(shape)


def boxed(corners: tuple[str, str, str, str], rules: Rules) -> CheckedArea:
    """West, south, east, north, in degrees, a comma or a point before the decimals."""
    numbers = [corner.strip().replace(",", ".").replace("−", "-") for corner in corners]
    if not all(numbers):
        raise Invalid(
            "box_incomplete", _("A box has four sides: west, south, east and north, in degrees.")
        )
    return pasted(", ".join(numbers), rules)


def uploaded(filename: str, content: BinaryIO, rules: Rules) -> list[Choice]:
    """Every area of a file (GeoJSON, KML, KMZ, zipped shapefile, GeoPackage, FlatGeobuf).

    A file with one area that is refused refuses; one with several says it area by area.
    """
    areas = uploads.read_area(filename, content, crs=rules.crs or None)
    if len(areas) == 1:
        only = areas[0]
        return [Choice(only.name, check(only.geometry, rules, notes=only.notes))]
    return [_choice(area, rules) for area in areas]


def _choice(area: uploads.NamedArea, rules: Rules) -> Choice:
    try:
        return Choice(area.name, check(area.geometry, rules, notes=area.notes))
    except Refused as refused:
        return Choice(area.name, None, str(refused.sentence))


def several_areas(count: int) -> Invalid:
    """The refusal of a file that holds more than the one outline that is asked for."""
    return Invalid(
        "footprint_several",
        _("This file holds %(count)s outlines: a scene has one footprint.") % {"count": count},
        count=count,
    )
