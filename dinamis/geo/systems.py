"""Coordinate systems by EPSG number: which the numbers of an area fit, and the way to degrees."""

import re
from collections.abc import Iterable

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from dinamis.errors import Invalid
from dinamis.geo.convert import WGS84
from dinamis.said import gettext as _

# What French users of French and nearby places have; (west, south, east, north) in metres.
_LIKELY = (
    ("EPSG:2154", (0, 6_000_000, 1_300_000, 7_200_000)),  # Lambert-93
    ("EPSG:27572", (0, 1_600_000, 1_250_000, 2_700_000)),  # Lambert II étendu
    ("EPSG:32622", (100_000, 0, 900_000, 700_000)),  # UTM 22N: French Guiana
    ("EPSG:32620", (100_000, 1_000_000, 900_000, 2_500_000)),  # UTM 20N: Antilles
    ("EPSG:32631", (100_000, 4_000_000, 900_000, 6_000_000)),  # UTM 31N: France, centre
    ("EPSG:32740", (100_000, 7_000_000, 900_000, 8_500_000)),  # UTM 40S: Réunion
    ("EPSG:32738", (100_000, 8_400_000, 900_000, 9_000_000)),  # UTM 38S: Mayotte
    ("EPSG:3857", (-20_037_509, -20_048_967, 20_037_509, 20_048_967)),  # web maps
)
_NUMBER = re.compile(r"(?:^|EPSG\D+(?:[\d.]+\D+)?)(\d{4,6})$", re.IGNORECASE)
_FAR = 10_000  # metres from an origin: nobody's area lies nearer, and slips of the pen do


def candidates(bounds: tuple[float, float, float, float]) -> list[str]:
    """The systems in metres that these bounds fit, the likeliest first."""
    west, south, east, north = bounds
    if max(map(abs, bounds)) < _FAR:
        return []
    return [
        code
        for code, (left, bottom, right, top) in _LIKELY
        if left <= west and bottom <= south and east <= right and north <= top
    ]


def offered(codes: Iterable[str]) -> list[dict[str, str]]:
    """Systems as a refusal offers them: `code` to send back, `name` to read."""
    return [{"code": code, "name": name(code)} for code in codes]


def name(code: str) -> str:
    """A system as a reader knows it: "RGF93 v1 / Lambert-93 (EPSG:2154)"."""
    return f"{CRS.from_user_input(code).name} ({code})"


def converted_note(text: str) -> str:
    """What to say of an area that was read in this system; it must be one that `to_degrees` knows."""
    system = CRS.from_epsg(epsg_number(text))
    return _("It was read in %(system)s and converted to longitude and latitude.") % {
        "system": system.name
    }


def epsg_number(text: str) -> int | None:
    """The number in "EPSG:2154", "2154" or "urn:ogc:def:crs:EPSG::2154"; CRS84 is 4326."""
    if text.upper().endswith("CRS84"):
        return WGS84
    found = _NUMBER.search(text.strip())
    return int(found[1]) if found else None


def to_degrees(geometry: BaseGeometry, text: str) -> BaseGeometry:
    """A geometry in the named system as longitudes and latitudes in degrees, WGS 84.

    Refuses a name that is no EPSG system (`crs_unknown`) and points that the system does not reach
    (`area_outside_crs`).
    """
    number = epsg_number(text)
    if number == WGS84:
        return geometry
    try:
        there = Transformer.from_crs(CRS.from_epsg(number), WGS84, always_xy=True)
    except (CRSError, TypeError) as error:
        raise Invalid(
            "crs_unknown",
            _("%(crs)s is no coordinate system that we know: give an EPSG number.")
            % {"crs": text[:60]},
        ) from error
    flat = shapely.force_2d(geometry)
    moved = shapely.transform(flat, lambda points: np.column_stack(there.transform(*points.T)))
    if not np.isfinite(shapely.get_coordinates(moved)).all():
        raise Invalid(
            "area_outside_crs", _("Some points lie where %(crs)s has no meaning.") % {"crs": text}
        )
    return moved
