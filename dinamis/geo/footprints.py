"""Footprints that we draw ourselves, where a supplier gives only a centre or a 1° cell."""

import math
import re

from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

from dinamis.geo.antimeridian import within_the_world
from dinamis.geo.area import GEOD

_CELL = re.compile(r"([EW])(\d{3})([NS])(\d{2})")


def swath_footprint(
    centre_lon: float,
    centre_lat: float,
    *,
    width_km: float,
    length_km: float,
    orientation_deg: float,
) -> BaseGeometry:
    """The geodesic rectangle around a centre: EPSG:4326, cut at the antimeridian where it crosses it.

    `orientation_deg` is the azimuth of the length, clockwise from north; the width lies across it.
    """
    reach = math.hypot(width_km, length_km) * 500
    slant = math.degrees(math.atan2(width_km, length_km))
    azimuths = [orientation_deg + turn for turn in (slant, -slant, 180 + slant, 180 - slant)]
    corners = [GEOD.fwd(centre_lon, centre_lat, azimuth, reach)[:2] for azimuth in azimuths]
    return within_the_world(Polygon(corners))


def cell_polygon(cell: str) -> Polygon:
    """The 1° cell named in an image identifier: "W053N04" is −53…−52, 4…5.

    The name is that of the cell's lower-left corner. This is inferred: the deck's second scene,
    of cell W053N04, is centred on −52.2948, 4.8921. Raises ValueError for anything else.
    """
    found = _CELL.fullmatch(cell)
    if not found:
        raise ValueError(cell)
    lon = int(found[2]) * (1 if found[1] == "E" else -1)
    lat = int(found[4]) * (1 if found[3] == "N" else -1)
    if not (-180 <= lon < 180 and -90 <= lat < 90):
        raise ValueError(cell)
    return box(lon, lat, lon + 1, lat + 1)


def cell_centre(cell: str) -> tuple[float, float]:
    """Longitude and latitude of the middle of the 1° cell named in an image identifier."""
    west, south, east, north = cell_polygon(cell).bounds
    return (west + east) / 2, (south + north) / 2
