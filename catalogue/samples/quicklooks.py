"""Quicklooks of scenes that only exist in an archive: a picture laid on its footprint."""

import io

import numpy as np
from PIL import Image

from catalogue.samples.delivery import to_bytes
from catalogue.samples.paint import paint

_RADIUS = 6378137.0  # of EPSG:3857


def mercator(lon: float, lat: float) -> tuple[float, float]:
    """Longitude and latitude in degrees as EPSG:3857 metres."""
    return (
        _RADIUS * np.radians(lon),
        _RADIUS * np.log(np.tan(np.pi / 4 + np.radians(lat) / 2)),
    )


def paint_quicklook(
    ring: list[tuple[float, float]], *, seed: int, cloud: float, side: int = 512
) -> tuple[bytes, tuple[float, float, float, float]]:
    """A WebP with transparent surroundings, and its bounds (west, south, east, north) in degrees.

    `ring` is a footprint of four corners in degrees, in order, closed or not; `cloud` a share
    between 0 and 1. The picture is in EPSG:3857, so a web map lays it down by its bounds alone.
    """
    corners = list(dict.fromkeys(tuple(point) for point in ring))
    lons, lats = [c[0] for c in corners], [c[1] for c in corners]
    west, south, east, north = min(lons), min(lats), max(lons), max(lats)
    (left, bottom), (right, top) = mercator(west, south), mercator(east, north)
    scale = side / max(right - left, top - bottom)
    cols, rows = max(2, round((right - left) * scale)), max(2, round((top - bottom) * scale))
    x = np.linspace(left, right, cols)
    y = np.linspace(top, bottom, rows)
    lon, lat = np.meshgrid(
        np.degrees(x / _RADIUS), np.degrees(2 * np.arctan(np.exp(y / _RADIUS)) - np.pi / 2)
    )
    picture = paint(lon, lat, seed=seed, cloud=cloud)
    alpha = np.where(_inside(lon, lat, corners), 255, 0).astype(np.uint8)
    image = Image.fromarray(np.dstack([to_bytes(picture.rgb), alpha]), "RGBA")
    data = io.BytesIO()
    image.save(data, "WEBP", quality=80, method=4)
    return data.getvalue(), (west, south, east, north)


def _inside(lon: np.ndarray, lat: np.ndarray, corners: list[tuple[float, float]]) -> np.ndarray:
    """Even-odd rule for every pixel."""
    inside = np.zeros(lon.shape, dtype=bool)
    for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if y0 == y1:
            continue
        crosses = (lat < y0) != (lat < y1)
        inside ^= crosses & (lon < (x1 - x0) * (lat - y0) / (y1 - y0) + x0)
    return inside
