"""What stands at one place of a file of footprints, and what a scene's columns are called in such files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class NotFootprints(ValueError):
    """The file as a whole cannot be read; the words say why."""


class BadRecord(ValueError):
    """This record names no scene that could be kept; the words say why."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record as the file has it: `number` is its line (its row in a table), from 1.

    `shape` is GeoJSON, WKT or WKB. `problem` says why nothing could be read there.
    """

    number: int
    facts: Mapping[str, Any]
    shape: Any = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A column of numbers: its names in files, the first one STAC's, and the ends it keeps to."""

    column: str
    names: tuple[str, ...]
    low: float
    high: float


_ANGLE = (-90.0, 90.0)
FIGURES = (
    Figure("cloud_cover", ("eo:cloud_cover", "cloud_cover"), 0, 100),
    Figure("snow_cover", ("eo:snow_cover", "snow_cover"), 0, 100),
    Figure("incidence", ("view:incidence_angle", "incidence"), *_ANGLE),
    Figure("incidence_along", ("dinamis:incidence_along", "incidence_along"), *_ANGLE),
    Figure("incidence_across", ("dinamis:incidence_across", "incidence_across"), *_ANGLE),
    Figure("viewing", ("view:off_nadir", "viewing"), *_ANGLE),
    Figure("orientation", ("dinamis:orientation", "orientation"), -360, 360),
    Figure("sun_azimuth", ("view:sun_azimuth", "sun_azimuth"), -360, 360),
    Figure("sun_elevation", ("view:sun_elevation", "sun_elevation"), *_ANGLE),
    Figure("resolution_m", ("gsd", "resolution_m"), 0.01, 10_000),
)
IDS = ("id", "item_id", "identifier")
COLLECTIONS = ("collection",)
PLATFORMS = ("platform", "platform_id", "satellite")
INSTANTS = ("datetime", "start_datetime", "acquired_at")
STEREO = ("dinamis:stereo", "stereo")
STEREO_COUNT = "stereo-img:count"
STEREO_KEYS = ("stereo-img:group", "stereo_key")
SHAPES = ("geometry", "footprint", "wkt", "geom")
# In the order of the table that they are copied to; the footprint comes last.
COLUMNS = (
    "item_id", "bare", "platform", "collection", "datetime",
    *(figure.column for figure in FIGURES), "stereo", "stereo_key",
)  # fmt: skip


def first(facts: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    """The first of these that is said; None and "" say nothing."""
    for name in names:
        value = facts.get(name)
        if value is not None and value != "":
            return value
    return None
