"""Areas pasted as text: GeoJSON, WKT, or the four corners of a box."""

import json
import math
import re
from typing import Any

import numpy as np
import shapely
from shapely.geometry import GeometryCollection, box
from shapely.geometry.base import BaseGeometry

from dinamis.errors import Invalid, TooLarge
from dinamis.geo import systems
from dinamis.geo.convert import MAX_DEPTH, closed_note, not_finite, read
from dinamis.geo.rules import CheckedArea, check_area
from dinamis.said import gettext as _

MAX_CHARACTERS = 5 * 1024 * 1024
_NUMBER = r"[-+−]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"
_BOX = re.compile(rf"[\[(]?\s*{_NUMBER}(?:(?:\s*[,;]\s*|\s+){_NUMBER}){{3}}\s*[\])]?")
_SRID = re.compile(r"SRID=(\d{1,6});", re.IGNORECASE)


def check_text(text: str, **rules: Any) -> CheckedArea:
    """`check_area` for a pasted text, its notes told together; `rules` are those of `check_area`."""
    geometry, notes = read_text(text)
    return check_area(geometry, notes=notes, **rules)


def read_text(text: str) -> tuple[BaseGeometry, tuple[str, ...]]:
    """The geometry in a text, in EPSG:4326, as it was given, and what had to be put right: no rule is applied yet.

    Reads GeoJSON (geometry, Feature, FeatureCollection; a "crs" member is honoured), WKT (an SRID
    too) and "west, south, east, north". Refuses what is none of these or holds NaN or Infinity.
    """
    if len(text) > MAX_CHARACTERS:
        raise TooLarge("text_too_long", _("This text is longer than 5 MB."), limit=MAX_CHARACTERS)
    text = text.strip("\ufeff \t\r\n\x00")
    if text.startswith("{"):
        return _from_json(text)
    if _BOX.fullmatch(text):
        return _from_corners(text), ()
    # A word alone is the name of a place, not a broken WKT: the sentence below says what to paste.
    if text[:1].isalpha() and re.search(r"\(|\bEMPTY\b|^SRID=", text, re.IGNORECASE):
        return _from_wkt(text)
    raise Invalid(
        "text_unknown",
        _("This is no area that we can read: paste GeoJSON, WKT, or west, south, east, north."),
    )


def _from_json(text: str) -> tuple[BaseGeometry, tuple[str, ...]]:
    try:
        mapping = json.loads(text, parse_constant=_not_finite)
    except (ValueError, RecursionError) as error:
        raise Invalid(
            "json_unreadable", _("This GeoJSON cannot be read: a bracket or a comma is wrong.")
        ) from error
    geometry, notes = read(mapping)
    crs = mapping.get("crs")
    if not crs:
        return geometry, notes
    named = crs.get("properties", {}).get("name", "") if isinstance(crs, dict) else ""
    return systems.to_degrees(geometry, str(named)), notes


def _not_finite(word: str) -> float:
    raise not_finite()


def _from_wkt(text: str) -> tuple[BaseGeometry, tuple[str, ...]]:
    srid = _SRID.match(text)
    body = text[srid.end() :] if srid else text
    # GEOS reads brackets by recursion: a deep text would bring the whole process down.
    if _depth(body) > MAX_DEPTH + 3:
        raise _wkt_unreadable()
    notes: tuple[str, ...] = ()
    with np.errstate(invalid="ignore"):  # NaN is told by its own rule
        try:
            geometry = shapely.from_wkt(body)
        except shapely.errors.ShapelyError:
            geometry, notes = _closed(body), (closed_note(),)
    if srid and int(srid[1]) != 0:
        geometry = systems.to_degrees(geometry, srid[1].zfill(4))
    return geometry, notes


def _closed(body: str) -> BaseGeometry:
    try:
        geometry = shapely.from_wkt(body, on_invalid="fix")
    except shapely.errors.ShapelyError as error:
        raise _wkt_unreadable() from error
    if geometry is None and re.search(r"\bnan\b", body, re.IGNORECASE):
        raise not_finite()  # at the ends of a ring: it equals nothing, so that no ring closes
    if geometry is None:
        raise _wkt_unreadable()
    return geometry


def _depth(text: str) -> int:
    depth = deepest = 0
    for bracket in re.findall(r"[()]", text):
        depth += 1 if bracket == "(" else -1
        deepest = max(deepest, depth)
    return deepest


def _wkt_unreadable() -> Invalid:
    return Invalid("wkt_unreadable", _("This WKT cannot be read: a bracket or a comma is wrong."))


def _from_corners(text: str) -> BaseGeometry:
    west, south, east, north = (
        float(number.replace("−", "-")) for number in re.findall(_NUMBER, text)
    )
    if not all(map(math.isfinite, (west, south, east, north))):
        raise not_finite()
    if west == east or south == north:
        return GeometryCollection([box(west, south, east, north)])
    # West beyond east means across the antimeridian (RFC 7946, 5.2) unless that is half the globe.
    if west > east and east + 360 - west <= 180:
        east += 360
    return box(min(west, east), min(south, north), max(west, east), max(south, north))
