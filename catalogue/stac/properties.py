"""The properties that may be asked: each with its SQL, what its values are, and how it is described.

This table is the whitelist: nothing that a program writes reaches the database but through it, and
only its values do, as parameters.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from catalogue.search import files


class Kind(StrEnum):
    """What the values of a property are; each compares with its own kind alone."""

    NUMBER = "double precision"
    TEXT = "text"
    INSTANT = "timestamptz"
    GEOMETRY = "geometry"
    TEXTS = "text[]"


@dataclass(frozen=True, slots=True)
class Property:
    """`sql` is an expression on `catalogue_scene s`; `schema` what /queryables says of it."""

    sql: str
    kind: Kind
    schema: dict[str, Any] = field(default_factory=dict)


_SHARE = {"minimum": 0, "maximum": 100}
_AVAILABLE = """CASE WHEN EXISTS (SELECT FROM catalogue_product p WHERE p.scene_id = s.id
 AND p.state = 'published' AND (p.embargo_until IS NULL OR p.embargo_until <= CURRENT_DATE))
 THEN 'succeeded' WHEN EXISTS (SELECT FROM catalogue_platform f WHERE f.code = s.platform_id
 AND f.sensor_id IS NOT NULL) THEN 'orderable' END"""
_FAMILY = "(SELECT f.collection_id FROM catalogue_platform f WHERE f.code = s.platform_id)"


def _number(sql: str, title: str, **more: Any) -> Property:
    return Property(sql, Kind.NUMBER, {"title": title, "type": "number", **more})


def _text(sql: str, title: str, **more: Any) -> Property:
    return Property(sql, Kind.TEXT, {"title": title, "type": "string", **more})


def _instant(sql: str, title: str) -> Property:
    return Property(sql, Kind.INSTANT, {"title": title, "type": "string", "format": "date-time"})


PROPERTIES: dict[str, Property] = {
    "id": _text("s.item_id", "Identifier"),
    "collection": _text("s.collection_id", "Collection"),
    "geometry": Property(
        "s.footprint",
        Kind.GEOMETRY,
        {"title": "Footprint", "$ref": "https://geojson.org/schema/Geometry.json"},
    ),
    "datetime": _instant("s.datetime", "Acquired at"),
    "created": _instant("s.added_at", "Added at"),
    "platform": _text("s.platform_id", "Satellite"),
    "constellation": _text(_FAMILY, "Sensor family"),
    "mission": _text(_FAMILY, "Mission, which is the sensor family here"),
    "gsd": _number("s.resolution_m", "Resolution, in metres", exclusiveMinimum=0),
    "eo:cloud_cover": _number("s.cloud_cover", "Cloud over the whole scene, in %", **_SHARE),
    "eo:snow_cover": _number("s.snow_cover", "Snow over the whole scene, in %", **_SHARE),
    "view:incidence_angle": _number("abs(s.incidence)", "Incidence, in degrees", minimum=0),
    "view:off_nadir": _number("abs(s.viewing)", "Viewing angle, in degrees", minimum=0),
    "view:sun_azimuth": _number("s.sun_azimuth", "Azimuth of the sun, in degrees"),
    "view:sun_elevation": _number("s.sun_elevation", "Elevation of the sun, in degrees"),
    "dinamis:incidence_along": _number("s.incidence_along", "Incidence along the track"),
    "dinamis:incidence_across": _number("s.incidence_across", "Incidence across the track"),
    "dinamis:orientation": _number("s.orientation", "Orientation of the image, in degrees"),
    "dinamis:stereo": _text("s.stereo", "Stereo", enum=["mono", "stereo", "tri_stereo"]),
    "sat:orbit_state": _text(
        "nullif(s.orbit_state, '')", "Way of the orbit", enum=["ascending", "descending"]
    ),
    "sat:relative_orbit": _number(
        "s.relative_orbit", "Number of the orbit in its cycle", minimum=1
    ),
    "dinamis:products": Property(
        files.SQL_WORDS,
        Kind.TEXTS,
        {
            "title": "Levels and bands of its files, each alone and as one product has them together",
            "type": "array",
            "items": {"type": "string"},
        },
    ),
    "order:status": _text(
        _AVAILABLE, "Whether its files are here", enum=["orderable", "succeeded"]
    ),
}


def find(name: str) -> Property | None:
    """The property of a name, which may be written with `properties.` before it."""
    return PROPERTIES.get(name.removeprefix("properties."))


def queryables(identifier: str, title: str) -> dict[str, Any]:
    """The JSON Schema of what a filter may ask."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": identifier,
        "type": "object",
        "title": title,
        "properties": {name: found.schema for name, found in PROPERTIES.items()},
        "additionalProperties": False,
    }
