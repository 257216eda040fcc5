"""Pictures of places that never were: coast, mangrove, rivers, fields, towns and clouds.

Computed, so nobody's pixels; tied to longitude and latitude, so two pictures of one place agree.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from catalogue.samples.noise import fractal, smooth, value

KM_PER_DEGREE = 111.32

# The coast from Kourou to beyond the Mahury, roughly, the sea on its left (degrees).
_GUIANA = ((-53.6, 5.66), (-52.95, 5.40), (-52.62, 5.13), (-52.42, 4.98), (-52.30, 4.95),
           (-52.24, 4.90), (-52.27, 4.83), (-52.10, 4.74), (-51.90, 4.55), (-51.55, 4.20))  # fmt: skip

_RGB = {
    "silt": (0.34, 0.275, 0.19),
    "turbid": (0.245, 0.215, 0.16),
    "open": (0.10, 0.145, 0.16),
    "mud": (0.31, 0.27, 0.21),
    "mangrove": (0.068, 0.10, 0.062),
    "forest": (0.082, 0.122, 0.072),
    "canopy": (0.135, 0.175, 0.098),
    "meadow": (0.235, 0.25, 0.15),
    "crop": (0.175, 0.225, 0.11),
    "bare": (0.33, 0.275, 0.21),
    "roof": (0.45, 0.43, 0.41),
    "road": (0.40, 0.36, 0.31),
    "cloud": (0.97, 0.97, 0.97),
}  # fmt: skip
_NIR = {"water": 0.07, "mangrove": 0.42, "forest": 0.50, "meadow": 0.44, "bare": 0.40, "roof": 0.38}


@dataclass(frozen=True, slots=True)
class Scene:
    """Reflectances between 0 and 1: `rgb` rows × columns × 3, `nir` and `cloud` rows × columns."""

    rgb: np.ndarray
    nir: np.ndarray
    cloud: np.ndarray


def paint(lon: np.ndarray, lat: np.ndarray, *, seed: int, cloud: float, snow: float = 0.0) -> Scene:
    """Paint the places (lon, lat), two arrays of one shape in degrees.

    `seed` draws the weather and the hour; the ground only depends on the place. `cloud` and
    `snow` are the shares of the picture they cover, between 0 and 1.
    """
    canvas = _Canvas(lon, lat)
    rgb, nir = _ground(canvas)
    if snow > 0:
        rgb, nir = _snow(canvas, rgb, nir, snow)
    rgb, nir, cover = _clouds(canvas, rgb, nir, cloud, seed)
    grain = np.random.default_rng(seed).normal(0, 0.006, rgb.shape[:2]).astype(np.float32)
    rgb = np.clip(rgb * (1 + 2 * grain[..., None]) + grain[..., None], 0.005, 1)
    return Scene(canvas.take(rgb), np.clip(canvas.take(nir), 0.005, 1), canvas.take(cover) > 0.5)


class _Canvas:
    """A grid along longitude and latitude that covers the places asked, in kilometres."""

    def __init__(self, lon: np.ndarray, lat: np.ndarray) -> None:
        # The same for neighbouring pictures, or their noise would not agree.
        self.stretch = math.cos(math.radians(2 * round(float(lat.mean()) / 2)))
        step = max(np.ptp(lon) * self.stretch, np.ptp(lat)) / (1.1 * max(lon.shape))
        self.step = step * KM_PER_DEGREE
        self.left, self.bottom = float(lon.min()), float(lat.min())
        cols = int(np.ptp(lon) * self.stretch / step) + 3
        rows = int(np.ptp(lat) / step) + 3
        self.lon = self.left + np.arange(cols) * step / self.stretch
        self.lat = self.bottom + np.arange(rows) * step
        # Kilometres from a fixed origin, so that the noise belongs to the place.
        self.x = self.lon * KM_PER_DEGREE * self.stretch
        self.y = self.lat * KM_PER_DEGREE
        self.at = (
            np.clip((lat - self.bottom) / step, 0, rows - 1.001),
            np.clip((lon - self.left) * self.stretch / step, 0, cols - 1.001),
        )

    def noise(self, period: float, seed: int, **how: float) -> np.ndarray:
        """Fractal noise down to two pixels of the canvas."""
        octaves = max(1, min(int(how.pop("octaves", 8)), int(math.log2(period / self.step)) + 1))
        return fractal(self.x, self.y, period, seed, octaves=octaves, **how)

    def take(self, image: np.ndarray) -> np.ndarray:
        """The places asked, between the four nearest points of the canvas."""
        row, col = (index.astype(int) for index in self.at)
        down, across = self.at[0] - row, self.at[1] - col
        if image.ndim == 3:
            down, across = down[..., None], across[..., None]
        top = image[row, col] * (1 - across) + image[row, col + 1] * across
        low = image[row + 1, col] * (1 - across) + image[row + 1, col + 1] * across
        return (top * (1 - down) + low * down).astype(np.float32)


def _inland(canvas: _Canvas) -> np.ndarray:
    """Kilometres from the coast, positive on land, with its bays and spits."""
    ragged = 3.0 * canvas.noise(10, 11) + 0.9 * canvas.noise(2.4, 12)
    lon, lat = np.meshgrid(canvas.lon, canvas.lat)
    if -54 < canvas.left < -51 and 3.5 < canvas.bottom < 6:
        away = _from_line(lon, lat, canvas.stretch)
        return away + ragged
    return 26 * canvas.noise(90, 13) + 6 + 2 * ragged


def _from_line(lon: np.ndarray, lat: np.ndarray, stretch: float) -> np.ndarray:
    """Signed kilometres from the drawn coast, positive on its right side."""
    best = np.full(lon.shape, np.inf)
    sign = np.ones(lon.shape)
    for (x0, y0), (x1, y1) in pairwise(_GUIANA):
        dx, dy = (x1 - x0) * stretch, y1 - y0
        px, py = (lon - x0) * stretch, lat - y0
        share = np.clip((px * dx + py * dy) / (dx * dx + dy * dy), 0, 1)
        away = np.hypot(px - share * dx, py - share * dy) * KM_PER_DEGREE
        side = np.where(dx * py - dy * px < 0, 1.0, -1.0)
        nearer = away < best
        best, sign = np.where(nearer, away, best), np.where(nearer, side, sign)
    return best * sign


def _colour(name: str) -> np.ndarray:
    return np.array(_RGB[name], dtype=np.float32)


def _mix(under: np.ndarray, over: np.ndarray, share: np.ndarray) -> np.ndarray:
    return under + (over - under) * share[..., None]


def _ground(canvas: _Canvas) -> tuple[np.ndarray, np.ndarray]:
    inland = _inland(canvas)
    river = _rivers(canvas, inland)
    land, land_nir = _land(canvas, inland, river)
    water = _water(canvas, inland)
    wet = np.maximum(1 - smooth(-0.04, 0.06, inland), smooth(0.35, 0.75, river))
    bank = smooth(0.05, 0.35, river) * (1 - wet) + smooth(0.5, 0.0, np.abs(inland)) * 0.55
    land = _mix(land, _colour("mud"), np.clip(bank, 0, 1) * 0.5)
    rgb = _mix(land, water, wet)
    nir = land_nir + (_NIR["water"] + 0.1 * (water[..., 0] - 0.15) - land_nir) * wet
    return rgb.astype(np.float32), nir.astype(np.float32)


def _rivers(canvas: _Canvas, inland: np.ndarray) -> np.ndarray:
    """1 in the bed of a river, falling to 0 beside it; wider towards the sea."""
    bend = 0.18 * canvas.noise(3, 21)
    wide = canvas.noise(34, 22, octaves=2) + bend
    brook = canvas.noise(11, 23, octaves=2) + 1.4 * bend
    mouth = 0.010 + 0.055 * np.exp(-np.clip(inland, 0, None) / 9)
    bed = np.maximum(1 - np.abs(wide) / mouth, 0.9 - np.abs(brook) / (0.55 * mouth))
    return np.clip(bed, 0, 1) * smooth(-0.5, 0.5, inland)


def _water(canvas: _Canvas, inland: np.ndarray) -> np.ndarray:
    """Brown with silt along the coast, in plumes; greener and darker offshore."""
    plume = canvas.noise(14, 31, gain=0.58) + 0.5 * canvas.noise(4, 32, ridged=True)
    off = np.clip(-inland, 0, None) + 7 * plume
    near = smooth(14, 2, off)
    water = _mix(np.broadcast_to(_colour("open"), (*off.shape, 3)), _colour("turbid"), near)
    water = _mix(water, _colour("silt"), smooth(6, 0, off) * 0.85)
    swell = 0.5 * value(canvas.x * 0.8 + canvas.y.mean(), canvas.y, 0.6, 33)
    return water * (1 + 0.22 * plume + 0.03 * swell)[..., None]


def _land(canvas: _Canvas, inland: np.ndarray, river: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    texture = canvas.noise(1.1, 41, gain=0.72)
    relief = canvas.noise(7, 42)
    wood = _mix(
        np.broadcast_to(_colour("forest"), (*inland.shape, 3)),
        _colour("canopy"),
        smooth(-0.5, 0.7, relief + 0.5 * texture),
    )
    shore = smooth(5, 0.4, inland + 2.5 * relief) + smooth(0.0, 0.2, river)
    wood = _mix(wood, _colour("mangrove"), np.clip(shore, 0, 1))
    nir = _NIR["forest"] + (_NIR["mangrove"] - _NIR["forest"]) * np.clip(shore, 0, 1)
    speck = canvas.noise(0.16, 43, gain=0.8)
    rgb = wood * (1 + 0.62 * texture + 0.40 * speck + 0.30 * relief)[..., None]
    rgb, nir = _fields(canvas, inland, rgb, nir, texture)
    return _town(canvas, inland, rgb, nir)


def _fields(
    canvas: _Canvas, inland: np.ndarray, rgb: np.ndarray, nir: np.ndarray, texture: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Clearings cut into parcels, each with a crop of its own."""
    open_ = smooth(0.10, 0.26, canvas.noise(13, 51)) * smooth(1.0, 3.0, inland)
    # A few hundred metres a parcel, turned so that it does not follow the meridian.
    x, y = np.meshgrid(canvas.x, canvas.y)
    u, v = 0.88 * x + 0.47 * y, -0.47 * x + 0.88 * y
    u = u + 0.35 * value(canvas.x, canvas.y, 2.5, 52)
    v = v + 0.30 * value(canvas.x, canvas.y, 3.1, 53)
    column, row = np.floor(u / 0.62).astype(int), np.floor(v / 0.38).astype(int)
    # Some farms keep two parcels as one.
    merged = _hash(column // 2, row + 900) < 0.45
    draw = _hash(np.where(merged, column // 2 + 5000, column), row)
    crops = np.stack([_colour(name) for name in ("crop", "meadow", "bare", "meadow", "canopy")])
    parcel = crops[(draw * 5).astype(int)] * (0.82 + 0.4 * draw * 5 % 0.4)[..., None]
    edge = np.minimum(
        np.where(merged, 1.0, np.minimum(u / 0.62 - column, 1 - (u / 0.62 - column)) * 0.62),
        np.minimum(v / 0.38 - row, 1 - (v / 0.38 - row)) * 0.38,
    )
    hedge = smooth(0.045, 0.015, edge)
    parcel = _mix(parcel, _colour("forest"), hedge * 0.8) * (1 + 0.25 * texture)[..., None]
    return _mix(rgb, parcel, open_), nir + (_NIR["meadow"] - nir) * open_ * (1 - hedge)


def _town(
    canvas: _Canvas, inland: np.ndarray, rgb: np.ndarray, nir: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Streets and roofs where people would live: near the coast, on firm ground."""
    dense = smooth(0.26, 0.42, canvas.noise(8, 61)) * smooth(0.4, 1.2, inland)
    dense = dense * smooth(16, 8, inland)
    x, y = np.meshgrid(canvas.x, canvas.y)
    u, v = 0.95 * x - 0.30 * y, 0.30 * x + 0.95 * y
    house = _hash(np.floor(u / 0.055).astype(int), np.floor(v / 0.055).astype(int))
    street = np.maximum(smooth(0.04, 0.015, u % 0.26), smooth(0.04, 0.015, v % 0.19))
    roof = smooth(0.45, 0.8, house)
    built = _mix(rgb * 1.15, _colour("roof") * 1.0, roof * 0.8)
    built = _mix(built, _colour("road"), street * 0.75)
    share = dense * 0.92
    return _mix(rgb, built, share), nir + (_NIR["roof"] - nir) * share * np.maximum(roof, street)


def _hash(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """A number in [0, 1) for each pair, the same for ever."""
    mixed = (a.astype(np.int64) * 73856093) ^ (b.astype(np.int64) * 19349663)
    mixed = (mixed ^ (mixed >> 13)) * 1274126177
    return ((mixed ^ (mixed >> 16)) & 0xFFFF) / 65536.0


def _snow(
    canvas: _Canvas, rgb: np.ndarray, nir: np.ndarray, share: float
) -> tuple[np.ndarray, np.ndarray]:
    field = canvas.noise(20, 71) + 0.3 * canvas.noise(3, 72, ridged=True)
    line = np.quantile(field, 1 - min(share, 1.0))
    white = smooth(line - 0.05, line + 0.05, field) if share < 1 else np.ones_like(field)
    shade = 0.86 + 0.12 * canvas.noise(4, 73)
    return _mix(rgb, np.stack([shade, shade, shade * 1.02], axis=-1), white), nir + (
        0.8 - nir
    ) * white


def _clouds(
    canvas: _Canvas, rgb: np.ndarray, nir: np.ndarray, share: float, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Fair-weather clouds with their shadows to the south-west; `share` of the picture is white."""
    if share <= 0:
        return rgb, nir, np.zeros(nir.shape, dtype=np.float32)
    # The field sits in the cloud's own place, drawn by the seed, not in the ground's.
    base = 1000 + seed % 9000
    puffs = 0.62 * canvas.noise(13, base, gain=0.55) + 0.55 * canvas.noise(2.6, base + 7, gain=0.6)
    visible = canvas.take(puffs)
    line = float(np.quantile(visible, 1 - min(share, 0.999))) if share < 1 else -9.0
    thick = smooth(line - 0.055, line + 0.16, puffs)
    rows, cols = round(0.55 / canvas.step), round(0.75 / canvas.step)
    shadow = np.roll(smooth(line - 0.02, line + 0.12, puffs), (-rows, -cols), axis=(0, 1))
    rgb = rgb * (1 - 0.46 * shadow * (1 - thick))[..., None]
    nir = nir * (1 - 0.48 * shadow * (1 - thick))
    light = 0.80 + 0.20 * smooth(line, line + 0.45, puffs) + 0.07 * canvas.noise(1.1, base + 9)
    white = np.stack([light, light, light * 1.01], axis=-1) * 0.95
    return _mix(rgb, white, thick), nir + (0.85 * light - nir) * thick, (puffs > line) * 1.0
