"""What suppliers call the facts of a scene, and what each of them may be."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from catalogue.dimap import identifiers
from dinamis.errors import Invalid

SHAPES = ("geometry", "footprint", "wkt", "emprise", "the_geom", "geom")
_APART = timedelta(hours=24)  # a list and an identifier that differ by more name two images

# OneAtlas's own names, those of the Geostore's exports, STAC's, and ours; written without signs.
_IDENTIFIERS = (
    "sourceidentifier", "sourceid", "datasetname", "identifier", "identifiant", "itemid", "imageid",
    "acquisitionidentifier", "acquisitionid", "id", "featureid", "name",
)  # fmt: skip
_INSTANTS = ("acquisitiondate", "acquisitiondatetime", "datetime", "acquiredat", "date", "when")
_PLATFORMS = ("platform", "satellite", "plateforme", "mission")
_FIGURES: dict[str, tuple[tuple[str, ...], float, float]] = {
    "cloud_cover": (("cloudcover", "cloudcoverage", "eocloudcover", "nuages", "clouds"), 0, 100),
    "snow_cover": (("snowcover", "snowcoverage", "eosnowcover", "neige", "snow"), 0, 100),
    "incidence": (("incidenceangle", "viewincidenceangle", "incidence"), -90, 90),
    "incidence_along": (("incidenceanglealongtrack", "alongtrackincidence", "incidencealong"), -90, 90),
    "incidence_across": (("incidenceangleacrosstrack", "acrosstrackincidence", "incidenceacross"), -90, 90),
    "viewing": (("viewingangle", "viewoffnadir", "offnadir", "viewing"), -90, 90),
    "orientation": (("orientationangle", "orientation", "azimuthangle", "viewazimuth"), 0, 360),
    "sun_azimuth": (("illuminationazimuthangle", "sunazimuth", "viewsunazimuth"), 0, 360),
    "sun_elevation": (("illuminationelevationangle", "sunelevation", "viewsunelevation"), -90, 90),
    "resolution_m": (("resolution", "gsd", "resolutionm"), 0.01, 1_000),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a list as it stands there. `shape` is an outline in degrees, None when it has none."""

    number: int
    facts: Mapping[str, Any]
    shape: BaseGeometry | None


@dataclass(frozen=True, slots=True)
class Told:
    """What a line says of one scene, read: figures by column, None nowhere."""

    item_id: str
    platform: str
    acquired_at: datetime
    figures: dict[str, float]
    shape: BaseGeometry | None


def told(listed: Listed) -> Told:
    """Read a line. The identifier's instant is believed before the line's.

    Raises Invalid: identifier_malformed, no_identifier, two_images, bad_value.
    """
    facts = {_plain(name): value for name, value in listed.facts.items()}
    read = _identifier(facts)
    at = _instant(facts)
    if read.acquired_at is not None and at is not None:
        _check_times(read.acquired_at, at)
    acquired_at = read.acquired_at or at
    if acquired_at is None:
        raise Invalid("bad_value", _("Neither its line nor its identifier says when it was taken."))
    figures = {}
    for column, (names, low, high) in _FIGURES.items():
        value = _figure(facts, names, low, high)
        if value is not None:
            figures[column] = value
    return Told(read.text, read.platform, acquired_at, figures, listed.shape)


def _check_times(by_name: datetime, by_line: datetime) -> None:
    """One image: a portal shows local hours, and the wrong ones; a day apart there are two."""
    if abs(by_line - by_name) > _APART:
        sentence = _("Its line says %(line)s and its identifier %(name)s: two images.")
        told_times = {"line": f"{by_line:%Y-%m-%d %H:%M}", "name": f"{by_name:%Y-%m-%d %H:%M}"}
        raise Invalid("two_images", sentence % told_times)


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _identifier(facts: Mapping[str, Any]) -> identifiers.ImageIdentifier:
    """The first value that is an image's identifier, under the names it may stand under."""
    fault: Invalid | None = None
    for name in _IDENTIFIERS:
        written = facts.get(name)
        if not isinstance(written, str) or not 5 <= len(written) <= 200:
            continue
        inside = identifiers.find(written)
        try:
            return identifiers.parse(inside[0] if inside else written)
        except Invalid as refused:
            fault = fault or refused
    raise fault or Invalid("no_identifier", _("It has no identifier (DS_…)."))


def _instant(facts: Mapping[str, Any]) -> datetime | None:
    for name in _INSTANTS:
        written = facts.get(name)
        if not isinstance(written, str):
            continue
        text = re.sub(r"(\.\d{6})\d+", r"\1", written.strip().replace("/", "-"))
        try:
            read = datetime.fromisoformat(text)
        except ValueError:
            continue
        if len(text) > 10:
            return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    return None


def _figure(
    facts: Mapping[str, Any], names: tuple[str, ...], low: float, high: float
) -> float | None:
    """A figure, None when it is not said. Raises Invalid (bad_value) for what cannot be."""
    for name in names:
        value = facts.get(name)
        if (
            value is None
            or value == ""
            or str(value).strip().casefold() in ("null", "none", "n/a", "-")
        ):
            continue
        try:
            number = float(str(value).strip().removesuffix("%").removesuffix("°").replace(",", "."))
        except ValueError:
            number = math.nan
        if not low <= number <= high:
            sentence = _("%(name)s says “%(value)s”, which cannot be.")
            raise Invalid("bad_value", sentence % {"name": name, "value": str(value)[:40]})
        return number
    return None
