"""Synthetic scenes by the million: where, when and how cloudy as an archive is; drawn and copied in binary.

SPOT 1 to 5 in their years of service, frames of 60 km turned by the orbit and widened by incidence, cloud
with two humps; France four times as dense as other land. One scene in 380 is a Pléiades strip, 60 % of
them over France. Simplified: land is boxes, nothing crosses the antimeridian.
"""

import importlib
import struct
from collections.abc import Iterator
from typing import Any

import numpy as np

SERVICE = {
    "SPOT1": (1986, 2003, 0.20), "SPOT2": (1990, 2009, 0.25), "SPOT3": (1994, 1996, 0.05),
    "SPOT4": (1998, 2013, 0.25), "SPOT5": (2002, 2015, 0.25),
}  # fmt: skip
PLEIADES = {"PHR1A": (2012, 2021), "PHR1B": (2013, 2021)}
EVERY = (*SERVICE, *PLEIADES)
# West, south, east, north, weight: land, coarsely. Between them is sea, where nothing was taken.
LAND = (
    (-4.8, 42.3, 8.2, 51.1, 4.0), (8, 36, 30, 60, 2.0), (-9, 36, 3, 43, 1.0), (30, 40, 60, 65, 1.5),
    (-17, 5, 40, 36, 2.5), (12, -34, 40, 5, 1.5), (60, 10, 100, 55, 2.0), (100, -8, 145, 50, 2.0),
    (-125, 25, -65, 52, 2.0), (-80, -40, -40, 8, 2.0), (115, -38, 153, -12, 1.0),
    (-54.5, 2.3, -51.7, 5.8, 0.4), (55.2, -21.4, 55.9, -20.8, 0.1),
)  # fmt: skip
HOT = ((2.35, 48.85), (3.9, 43.6), (-52.3, 4.9), (6.1, 45.9), (-1.55, 47.2))
PART = 250_000
COLUMNS = (
    "item_id", "platform_id", "collection_id", "datetime", "cloud_cover", "incidence", "viewing",
    "sun_elevation", "resolution_m", "stereo", "stereo_key", "footprint", "footprint_source",
    "completeness", "quicklook", "quicklook_credit",
    "withdrawn_reason", "added_at",
)  # fmt: skip
_EPOCH_2000 = np.datetime64("2000-01-01T00:00:00", "us")
_EWKB = struct.pack("<BIIII", 1, 0x20000003, 4326, 1, 5)


def prepare() -> None:
    """The collection that scenes refer to; the satellites are reference rows."""
    later("catalogue.models").Collection.objects.get_or_create(code="bench")


def copied(cursor: Any, rows: int, *, start: int = 0, seed: int = 1) -> Iterator[int]:
    """Copy scenes number `start` on into the table, a part at a time; yields how many there are."""
    draw = np.random.default_rng(seed)
    for number in range(start, start + rows, PART):
        size = min(PART, start + rows - number)
        with cursor.copy(_COPY) as copy:
            copy.write(b"PGCOPY\n\xff\r\n\0" + b"\0" * 8)
            copy.write(drawn(draw, number, size).tobytes())
            copy.write(b"\xff\xff")
        yield number + size - start


def drawn(draw: np.random.Generator, start: int, size: int) -> np.ndarray:
    """Rows as PostgreSQL's binary COPY takes them."""
    facts = _facts(draw, size)
    rows = np.zeros(size, dtype=_ROW)
    rows["columns"] = len(COLUMNS)
    for name, kind in _KINDS.items():
        rows[f"{name}_size"] = np.dtype(kind).itemsize
    numbers = np.arange(start, start + size)
    rows["item_id"] = np.char.add(b"BENCH_", np.char.zfill(numbers.astype("S9"), 9))
    rows["platform_id"] = facts["platform"]
    rows["collection_id"], rows["stereo"] = b"bench", b"mono"
    rows["footprint_source"], rows["completeness"] = b"supplier", b"complete"
    rows["datetime"] = rows["added_at"] = (facts["at"] - _EPOCH_2000).astype(np.int64)
    for name in ("cloud_cover", "incidence", "viewing", "sun_elevation"):
        rows[name] = facts[name]
    rows["resolution_m"] = 10
    rows["footprint"]["head"] = np.void(_EWKB)
    rows["footprint"]["points"] = facts["points"]
    return rows


def _facts(draw: np.random.Generator, size: int) -> dict[str, np.ndarray]:
    strips = draw.random(size) < 1 / 380
    lon, lat = _places(draw, size, strips)
    platform = draw.choice(np.array([*SERVICE], "S5"), size, p=[one[2] for one in SERVICE.values()])
    platform[strips] = draw.choice(np.array([*PLEIADES], "S5"), int(strips.sum()))
    years = {
        code.encode(): (first, last) for code, (first, last, *_) in (SERVICE | PLEIADES).items()
    }
    first = np.vectorize(lambda code: years[code][0], otypes=[int])(platform)
    last = np.vectorize(lambda code: years[code][1], otypes=[int])(platform)
    year = first + (draw.random(size) * (last - first + 1)).astype(int)
    begins = (year - 1970).astype("datetime64[Y]").astype("datetime64[us]")
    at = begins + (draw.random(size) * 364 * 86400e6).astype("timedelta64[us]")
    incidence = draw.normal(0, 12, size).clip(-30, 30)
    clear = draw.random(size) < 0.39
    cloud = np.where(clear, draw.random(size) * 10, 10 + 90 * draw.beta(1.3, 0.9, size))
    half = 0.27 / np.cos(np.radians(incidence))
    length = np.where(strips, 0.045 + draw.random(size) * 0.5, half)
    return {
        "platform": platform, "at": at, "cloud_cover": cloud, "incidence": incidence,
        "viewing": incidence * 0.9, "sun_elevation": 20 + 50 * draw.random(size),
        "points": _outlines(draw, lon, lat, np.where(strips, 0.09, half), length),
    }  # fmt: skip


def _places(
    draw: np.random.Generator, size: int, strips: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    boxes = np.array([one[:4] for one in LAND], float)
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    weights = np.array([one[4] for one in LAND]) * np.sqrt(area)
    chosen = draw.choice(len(LAND), size, p=weights / weights.sum())
    chosen[strips & (draw.random(size) < 0.6)] = 0
    west, south, east, north = boxes[chosen].T
    lon = west + draw.random(size) * (east - west)
    lat = south + draw.random(size) * (north - south)
    hot = draw.random(size) < 0.01
    spots = np.array(HOT)[draw.integers(0, len(HOT), size)]
    lon[hot], lat[hot] = (spots[hot] + draw.normal(0, 0.3, (int(hot.sum()), 2))).T
    return lon, lat


def _outlines(
    draw: np.random.Generator,
    lon: np.ndarray,
    lat: np.ndarray,
    half: np.ndarray,
    length: np.ndarray,
) -> np.ndarray:
    """Five points each, turned by the heading of the orbit."""
    turn = np.radians(draw.normal(12, 2, len(lon)))
    x = np.array([-1, 1, 1, -1, -1]) * half[:, None]
    y = np.array([-1, -1, 1, 1, -1]) * length[:, None]
    cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]
    wide = 1 / np.cos(np.radians(lat))[:, None]
    return np.stack(
        [lon[:, None] + wide * (x * cos - y * sin), lat[:, None] + x * sin + y * cos], axis=2
    )


_OUTLINE = np.dtype([("head", f"V{len(_EWKB)}"), ("points", "<f8", (5, 2))])
_KINDS: dict[str, Any] = {
    "item_id": "S15", "platform_id": "S5", "collection_id": "S5", "datetime": ">i8",
    "cloud_cover": ">f8", "incidence": ">f8", "viewing": ">f8", "sun_elevation": ">f8",
    "resolution_m": ">f8", "stereo": "S4", "footprint": _OUTLINE, "footprint_source": "S8",
    "completeness": "S8", "added_at": ">i8",
}  # fmt: skip
# An empty text is its length alone, which is nothing.
_ROW = np.dtype(
    [("columns", ">i2")]
    + [
        field
        for name in COLUMNS
        for field in (
            (f"{name}_size", ">i4"),
            *([(name, _KINDS[name])] if name in _KINDS else []),
        )
    ]
)
_COPY = f"COPY catalogue_scene ({', '.join(COLUMNS)}) FROM STDIN WITH (FORMAT binary)"


def later(module: str) -> Any:
    """A module of the application, which is there once its variables are."""
    return importlib.import_module(module)
