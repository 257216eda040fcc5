"""Paint static/img/hero.webp: an imagined river mouth seen from above, made of noise alone."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.core.management.base import BaseCommand
from PIL import Image

WIDTH, HEIGHT = 1800, 1000
SEED = 20191028
QUALITY = 58  # keeps the file under 200 kB
SHORE = [
    (-50, 900),
    (120, 1130),
    (230, 1330),
    (340, 1440),
    (450, 1490),
    (560, 1510),
    (680, 1640),
    (1050, 2150),
]
RIVERS = [  # x, y, half-width, in pixels
    [
        (1620, 560, 46),
        (1440, 590, 34),
        (1290, 640, 24),
        (1150, 740, 19),
        (1060, 860, 15),
        (930, 1060, 12),
    ],
    [
        (1090, 60, 52),
        (960, 190, 30),
        (880, 320, 20),
        (700, 430, 13),
        (520, 610, 10),
        (330, 1060, 7),
    ],
    [(700, 430, 8), (520, 330, 6), (230, 290, 4), (-60, 180, 3)],
    [(1150, 740, 8), (1330, 880, 6), (1480, 1060, 4)],
]

Plane = np.ndarray  # HEIGHT × WIDTH, float


def noise(rng: np.random.Generator, slope: float) -> Plane:
    """Return fractal noise between 0 and 1; a steeper `slope` is smoother (amplitude ~ frequency^-slope)."""
    fy = np.fft.fftfreq(HEIGHT)[:, None] * HEIGHT
    fx = np.fft.rfftfreq(WIDTH)[None, :] * WIDTH
    frequency = np.hypot(fy, fx * HEIGHT / WIDTH)
    frequency[0, 0] = 1.0
    phases = rng.normal(size=frequency.shape) + 1j * rng.normal(size=frequency.shape)
    field = np.fft.irfft2(phases / frequency**slope, s=(HEIGHT, WIDTH))
    low, high = np.percentile(field, [0.5, 99.5])
    return np.clip((field - low) / (high - low), 0, 1)


def soft(values: Plane, start: float, end: float) -> Plane:
    """Rise smoothly from 0 at `start` to 1 at `end`."""
    t = np.clip((values - start) / (end - start), 0, 1)
    return t * t * (3 - 2 * t)


def blend(below: np.ndarray, colour: tuple[int, int, int], share: Plane) -> np.ndarray:
    """Lay a colour over a picture, by share."""
    return below + (np.array(colour, float) - below) * share[..., None]


def distance(x: Plane, y: Plane, course: list[tuple[int, int, int]]) -> Plane:
    """Return the distance to a broken line (x, y, half-width at that point), in half-widths."""
    nearest = np.full(x.shape, 99.0)
    for (x1, y1, w1), (x2, y2, w2) in pairwise(course):
        along = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / ((x2 - x1) ** 2 + (y2 - y1) ** 2)
        along = np.clip(along, 0, 1)
        gap = np.hypot(x - x1 - along * (x2 - x1), y - y1 - along * (y2 - y1))
        nearest = np.minimum(nearest, gap / (w1 + along * (w2 - w1)))
    return nearest


def terrain(rng: np.random.Generator) -> tuple[Plane, Plane, Plane]:
    """Return height above the sea (about -1 to 1), distance to the nearest river, and relief shading."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(float)
    broad, fine, bend = noise(rng, 2.1), noise(rng, 1.5), noise(rng, 2.2)
    shore = np.interp(y, *zip(*SHORE, strict=True))
    height = (shore - x) / 620 + 0.20 * (broad - 0.5) + 0.13 * (fine - 0.5)
    bent = x + 150 * (bend - 0.5) + 46 * (fine - 0.5), y + 150 * (broad - 0.5) + 46 * (fine - 0.5)
    river = np.minimum.reduce([distance(*bent, course) for course in RIVERS])
    slope = broad * 0.6 + fine * 0.4
    light = np.gradient(slope, axis=1) - np.gradient(slope, axis=0)
    return height, river, np.clip(light * 26, -1, 1)


def land(rng: np.random.Generator, height: Plane, river: Plane, light: Plane) -> np.ndarray:
    """Paint forest, clearings, a town with its streets, and sand along the water."""
    patches, grain, clearings = noise(rng, 1.25), noise(rng, 0.62), noise(rng, 1.7)
    picture = blend(
        np.full((HEIGHT, WIDTH, 3), (36, 60, 46), float), (76, 98, 62), soft(patches, 0.35, 0.8)
    )
    picture = blend(picture, (132, 134, 86), soft(clearings, 0.66, 0.80) * soft(patches, 0.3, 0.7))
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    town = np.exp(-(((x - 1280) / 150) ** 2 + ((y - 285) / 105) ** 2)) + 0.5 * (clearings - 0.5)
    town = soft(town, 0.40, 0.75)
    turned = x * 0.94 + y * 0.34, y * 0.94 - x * 0.34
    streets = ((turned[0] % 17 < 2.2) | (turned[1] % 21 < 2.2)).astype(float)
    roofs = rng.random((HEIGHT // 6 + 1, WIDTH // 6 + 1)).repeat(6, 0).repeat(6, 1)[:HEIGHT, :WIDTH]
    picture = blend(picture, (158, 146, 130), town * (0.35 + 0.5 * roofs))
    picture = blend(picture, (196, 186, 168), town * streets * 0.7)
    road = np.abs(y - (150 + 0.62 * (x - 700) + 26 * np.sin(x / 90) + 60 * (clearings - 0.5)))
    picture = blend(
        picture, (178, 160, 130), np.clip(1.7 - road / 2.2, 0, 1) * soft(height, 0.03, 0.08) * 0.7
    )
    picture *= (1 + 0.22 * light + 0.55 * (grain - 0.5))[..., None]
    edge = soft(-height, -0.022, 0.0)
    return blend(picture, (186, 170, 134), edge * 0.7)


def water(rng: np.random.Generator, height: Plane) -> np.ndarray:
    """Paint the sea: brown with silt at the coast, green then blue further out."""
    silt = np.clip(-height * 1.5 + 0.5 * (noise(rng, 1.9) - 0.5), 0, 1)
    picture = blend(
        np.full((HEIGHT, WIDTH, 3), (146, 130, 102), float), (112, 120, 106), soft(silt, 0.15, 0.55)
    )
    picture = blend(picture, (44, 82, 92), soft(silt, 0.45, 0.95))
    return picture * (1 + 0.10 * (noise(rng, 0.9) - 0.5))[..., None]


def cloud(rng: np.random.Generator) -> tuple[Plane, Plane]:
    """Return the share of cloud and of its shadow, which lies to the lower left."""
    where, texture = noise(rng, 1.9), noise(rng, 1.15)
    share = soft(where * 0.75 + texture * 0.35, 0.83, 1.0)
    return share, np.roll(share, (26, -30), axis=(0, 1))


class Command(BaseCommand):
    help = "Paint the landing page's picture anew (the file is kept in the repository)."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--to", default=str(settings.BASE_DIR / "static" / "img" / "hero.webp"))

    def handle(self, *args: Any, to: str, **options: Any) -> None:
        rng = np.random.default_rng(SEED)
        height, river, light = terrain(rng)
        wet = np.maximum(soft(-height, -0.012, 0.006), soft(-river, -1.12, -0.92))
        ground, sea = land(rng, height, river, light), water(rng, height)
        sea = blend(sea, (124, 108, 84), soft(-river, -1.6, -0.8) * 0.25)
        picture = ground + (sea - ground) * wet[..., None]
        cover, shadow = cloud(rng)
        picture *= (1 - 0.45 * shadow)[..., None]
        picture = blend(picture, (244, 246, 244), cover * 0.95)
        image = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
        image.save(to, "WEBP", quality=QUALITY, method=6)
        self.stdout.write(f"{to}: {Path(to).stat().st_size // 1000} kB")
