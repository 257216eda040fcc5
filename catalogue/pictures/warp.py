"""A picture laid on the map: from the image's rows and columns to EPSG:3857, by its corners."""

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

RADIUS = 6378137.0  # metres, of EPSG:3857
LATITUDE_MAX = 85.0

Degrees = tuple[float, float]


def mercator(lon: float, lat: float) -> tuple[float, float]:
    """Degrees as EPSG:3857 metres."""
    lat = max(-LATITUDE_MAX, min(LATITUDE_MAX, lat))
    return (
        RADIUS * math.radians(lon),
        RADIUS * math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)),
    )


def unwrapped(points: Sequence[Degrees]) -> list[Degrees]:
    """The points with longitudes that do not jump: beyond 180 across the antimeridian."""
    lons = [lon for lon, _lat in points]
    if max(lons) - min(lons) <= 180:
        return list(points)
    return [(lon + 360 if lon < 0 else lon, lat) for lon, lat in points]


class Sheet:
    """The map sheet around four corners (upper left, upper right, lower right, lower left)."""

    def __init__(self, corners: Sequence[Degrees], side: int) -> None:
        self.corners = unwrapped(corners)
        lons, lats = [c[0] for c in self.corners], [c[1] for c in self.corners]
        self.bounds = (min(lons), min(lats), max(lons), max(lats))
        self.left, bottom = mercator(self.bounds[0], self.bounds[1])
        right, self.top = mercator(self.bounds[2], self.bounds[3])
        self.step = max(right - self.left, self.top - bottom) / side
        self.cols = max(1, round((right - self.left) / self.step))
        self.rows = max(1, round((self.top - bottom) / self.step))

    def lay(self, image: np.ndarray) -> np.ndarray:
        """The image (rows × columns × bands) on the sheet, and where it is: bands plus alpha.

        The corners are the outer edges of the image. The place of a pixel is found by inverting
        the bilinear form between them, which four steps of Newton's method do.
        """
        x = self.left + (np.arange(self.cols) + 0.5) * self.step
        y = self.top - (np.arange(self.rows) + 0.5) * self.step
        u, v = self._shares(*np.meshgrid(x, y))
        rows, cols = image.shape[:2]
        inside = (u >= 0) & (u <= 1) & (v >= 0) & (v <= 1)
        row = np.clip((v * rows).astype(int), 0, rows - 1)
        col = np.clip((u * cols).astype(int), 0, cols - 1)
        laid = image[row, col]
        return np.dstack([laid, np.where(inside, 255, 0).astype(np.uint8)])

    def _shares(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Shares across and down the image of places in metres."""
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = (mercator(*corner) for corner in self.corners)
        u, v = np.full(x.shape, 0.5), np.full(x.shape, 0.5)
        for _step in range(4):
            px = ax + (bx - ax) * u + (dx - ax) * v + (ax - bx + cx - dx) * u * v - x
            py = ay + (by - ay) * u + (dy - ay) * v + (ay - by + cy - dy) * u * v - y
            xu, xv = bx - ax + (ax - bx + cx - dx) * v, dx - ax + (ax - bx + cx - dx) * u
            yu, yv = by - ay + (ay - by + cy - dy) * v, dy - ay + (ay - by + cy - dy) * u
            determinant = xu * yv - xv * yu
            determinant = np.where(np.abs(determinant) < 1e-9, 1e-9, determinant)
            u = u - (px * yv - py * xv) / determinant
            v = v - (py * xu - px * yu) / determinant
        return u, v

    def mask(self, rings: Sequence[Sequence[Degrees]]) -> np.ndarray:
        """True inside the polygons, given by their outer rings in degrees."""
        drawn = Image.new("1", (self.cols, self.rows))
        draw = ImageDraw.Draw(drawn)
        for ring in rings:
            # A ring that was cut at the antimeridian lies on one of its sides.
            shift = 360 if self.bounds[2] > 180 and ring[0][0] < 0 else 0
            points = [mercator(lon + shift, lat) for lon, lat in ring]
            pixels = [((x - self.left) / self.step, (self.top - y) / self.step) for x, y in points]
            if len(pixels) >= 3:
                draw.polygon(pixels, fill=1)
        return np.array(drawn, dtype=bool)
