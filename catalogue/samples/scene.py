"""What a made delivery is about: where, when, how it was looked at, how it is cut and stored."""

import math
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import numpy as np
from pyproj import Transformer

from catalogue.dimap import identifiers
from catalogue.dimap.facts import Angles, Level
from catalogue.platforms import PLATFORMS
from catalogue.samples.paint import Scene, paint

_TYPICAL = Angles(
    incidence=12.4,
    incidence_along=-4.1,
    incidence_across=-11.7,
    viewing=11.1,
    viewing_along=3.6,
    viewing_across=10.5,
    azimuth=180.02,
    orientation=180.02,
    sun_azimuth=138.6,
    sun_elevation=64.2,
    gsd_along_m=0.72,
    gsd_across_m=0.71,
)


class Fault(StrEnum):
    """What can be wrong with a made delivery, as it was seen in real or hostile ones."""

    MISSING_TILE = "missing tile"
    EMPTY_TILE = "empty tile"
    TRUNCATED_TILE = "truncated tile"
    WRONG_SIZE = "tile of another size than stated"
    VRT_TILE = "tile that is a virtual raster naming another file"
    MISSING_METADATA = "metadata listed and missing"
    UNDESCRIBED_IMAGE = "image without metadata, and no volume file"
    OUTSIDE_REFERENCE = "href with .."
    ABSOLUTE_REFERENCE = "href that is absolute"
    NETWORK_REFERENCE = "href on the network"
    LINKED_TILE = "tile that is a symbolic link"
    ENTITY = "entity in the metadata"
    WRONG_CHECKSUM = "checksum of another file"
    NO_CLOUD_FIGURE = "no cloud figure"
    NO_DATE = "date only in the name"
    NO_VOLUME = "no volume file"
    UNLISTED_PRODUCT = "product that the volume does not list"
    MISSING_PREVIEW = "preview missing"
    MISSING_ICON = "icon missing"
    MISSING_MASK = "cloud mask missing"
    MISSING_STYLE = "style sheet missing"
    MISSING_RPC = "RPC missing"
    CLOSED_RING = "footprint ring closed"
    EXTRA_VERTEX = "centre listed as a fifth vertex"
    WINDOWS_NAMES = "names in the metadata in small letters"


@dataclass(frozen=True, slots=True)
class SampleScene:
    """One acquisition.

    `centre` is (longitude, latitude), `size_km` (across, along) the track, `heading` the degrees
    by which the strip is turned clockwise from north. `cloud` and `snow` are percentages; None is
    drawn as 0 and not stated. The date is the identifier's unless another is given.
    """

    identifier: str
    centre: tuple[float, float]
    size_km: tuple[float, float] = (20.0, 20.0)
    heading: float = 11.0
    acquired_at: datetime | None = None
    cloud: float | None = 8.0
    snow: float | None = 0.0
    angles: Angles = field(default=_TYPICAL)
    seed: int = 1

    @property
    def read(self) -> identifiers.ImageIdentifier:
        return identifiers.parse(self.identifier)

    @property
    def platform(self) -> str:
        return self.read.platform

    @property
    def family(self) -> str:
        return PLATFORMS[self.platform].family

    @property
    def at(self) -> datetime:
        return self.acquired_at or self.read.acquired_at

    @property
    def stamp(self) -> str:
        """The instant as in names: fifteen digits, to a tenth of a second."""
        return self.at.strftime("%Y%m%d%H%M%S") + str(self.at.microsecond // 100_000)

    @property
    def strip(self) -> str:
        """The identifier of the strip; for Pléiades not the scene's, the last counter differs."""
        written = self.read.text
        if self.family != "pleiades":
            return written
        head, _mark, counter = written.rpartition("_")
        return f"{head}_{int(counter) + 37:05d}"


@dataclass(frozen=True, slots=True)
class Form:
    """How the scene is delivered. `pixels` is the longer side of the image: real ones are forty
    times longer, so RESAMPLING_SPACING is what Airbus sells and not what is in the file."""

    level: Level = Level.ORTHO
    image_format: str = "JP2"
    tiles: tuple[int, int] = (1, 1)
    pixels: int = 1024


class Grid:
    """The raster of one product: its size, its corners, and where each pixel lies.

    An ortho is a map sheet in UTM around the turned strip, empty outside it; a primary image is
    the strip itself. Corners are upper left, upper right, lower right, lower left.
    """

    def __init__(self, scene: SampleScene, form: Form, *, colour: bool) -> None:
        self.scene, self.form = scene, form
        lon, lat = scene.centre
        self.epsg = (32600 if lat >= 0 else 32700) + int((lon + 180) // 6) + 1
        self._map = Transformer.from_crs(4326, self.epsg, always_xy=True)
        self.pixels = max(64, form.pixels // 4 if colour else form.pixels)
        self.strip = self._strip_corners()
        if form.level == Level.PRIMARY:
            self._sensor()
        else:
            self._sheet()

    def _strip_corners(self) -> list[tuple[float, float]]:
        """The strip's corners in UTM metres, upper left first, clockwise."""
        x, y = self._map.transform(*self.scene.centre)
        half = self.scene.size_km[0] * 500, self.scene.size_km[1] * 500
        turn = math.radians(self.scene.heading)
        corners = []
        for right, up in ((-1, 1), (1, 1), (1, -1), (-1, -1)):
            u, v = right * half[0], up * half[1]
            corners.append(
                (
                    x + u * math.cos(turn) + v * math.sin(turn),
                    y - u * math.sin(turn) + v * math.cos(turn),
                )
            )
        return corners

    def _sheet(self) -> None:
        xs, ys = [c[0] for c in self.strip], [c[1] for c in self.strip]
        wide, high = max(xs) - min(xs), max(ys) - min(ys)
        self.step = round(max(wide, high) / self.pixels, 2)
        self.left = math.floor(min(xs) / self.step) * self.step
        self.top = math.ceil(max(ys) / self.step) * self.step
        self.cols = math.ceil((max(xs) - self.left) / self.step)
        self.rows = math.ceil((self.top - min(ys)) / self.step)
        right, bottom = self.left + self.cols * self.step, self.top - self.rows * self.step
        self.frame = [
            (self.left, self.top), (right, self.top), (right, bottom), (self.left, bottom),
        ]  # fmt: skip

    def _sensor(self) -> None:
        across, along = self.scene.size_km
        self.step = round(max(across, along) * 1000 / self.pixels, 2)
        self.cols, self.rows = (round(km * 1000 / self.step) for km in (across, along))
        self.frame = self.strip

    def degrees(self, points: list[tuple[float, float]]) -> list[tuple[float, float]]:
        """UTM points in longitude and latitude."""
        return [self._map.transform(x, y, direction="INVERSE") for x, y in points]

    def places(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Longitude and latitude of every pixel, and whether the strip covers it."""
        u, v = np.meshgrid(
            (np.arange(self.cols) + 0.5) / self.cols, (np.arange(self.rows) + 0.5) / self.rows
        )
        (x0, y0), (x1, y1), _c, (x3, y3) = self.frame
        x = x0 + u * (x1 - x0) + v * (x3 - x0)
        y = y0 + u * (y1 - y0) + v * (y3 - y0)
        lon, lat = self._map.transform(x, y, direction="INVERSE")
        return lon, lat, self._inside(x, y)

    def _inside(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        (x0, y0), (x1, y1), _c, (x3, y3) = self.strip
        across = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2)
        along = ((x - x0) * (x3 - x0) + (y - y0) * (y3 - y0)) / ((x3 - x0) ** 2 + (y3 - y0) ** 2)
        return (across >= 0) & (across <= 1) & (along >= 0) & (along <= 1)

    def picture(self) -> tuple[Scene, np.ndarray]:
        """The scene painted on this grid, and where it has pixels."""
        lon, lat, inside = self.places()
        scene = self.scene
        share = {"cloud": (scene.cloud or 0) / 100, "snow": (scene.snow or 0) / 100}
        return paint(lon, lat, seed=scene.seed, **share), inside


def spread(angles: Angles, angle: str, share: float) -> float | None:
    """An angle a little away from the centre, as it varies within a real image."""
    value = getattr(angles, angle)
    return None if value is None else value + 0.11 * share


__all__ = ["Fault", "Form", "Grid", "SampleScene", "spread"]
