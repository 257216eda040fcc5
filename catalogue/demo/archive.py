"""An archive that never was: plausible scenes over a few places, the same at every run."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from catalogue.models import Scene
from catalogue.services.scenes import Figures

SEED = 20211  # changing it changes every identifier below


@dataclass(frozen=True, slots=True)
class Place:
    """Where scenes are invented: degrees, hour of the pass (UTC), how cloudy it is (0 to 1)."""

    name: str
    lon: float
    lat: float
    hour: float
    cloudy: float
    pleiades: int
    spot: int


PLACES = (
    Place("Mahury", -52.285, 4.895, 14.1, 0.45, 30, 10),
    Place("Saint-Laurent-du-Maroni", -54.03, 5.48, 14.2, 0.5, 5, 2),
    Place("Montpellier", 3.90, 43.60, 10.6, 0.2, 10, 4),
    Place("Camargue", 4.55, 43.48, 10.6, 0.2, 8, 4),
    Place("Mont-Blanc", 6.87, 45.84, 10.5, 0.3, 9, 3),
    Place("La Réunion", 55.52, -21.12, 6.7, 0.35, 8, 3),
    Place("Guadeloupe", -61.58, 16.24, 14.7, 0.4, 5, 3),
)

SERVICE = {
    "PHR1A": (date(2012, 3, 1), date(2026, 10, 31)),
    "PHR1B": (date(2013, 2, 1), date(2026, 10, 31)),
    "SPOT6": (date(2012, 11, 1), date(2026, 10, 31)),
    "SPOT7": (date(2014, 10, 1), date(2023, 3, 1)),
}


@dataclass(frozen=True, slots=True)
class Invented:
    """One invented scene. `length_km` and `width_km` are on the ground, `snow` from 0 to 1."""

    item_id: str
    platform: str
    acquired_at: datetime
    lon: float
    lat: float
    width_km: float
    length_km: float
    seed: int
    figures: Figures
    fine: bool = False


def scenes() -> Iterator[Invented]:
    """Every invented scene, in an order that never changes."""
    for place in PLACES:
        draw = random.Random(f"{SEED} {place.name}")  # noqa: S311  scenery, not a secret
        for _number in range(place.pleiades):
            yield from _pleiades(place, draw)
        for _number in range(place.spot):
            yield _scene(place, draw, draw.choice(("SPOT6", "SPOT6", "SPOT7")))


def _pleiades(place: Place, draw: random.Random) -> Iterator[Invented]:
    platform = draw.choice(("PHR1A", "PHR1B"))
    if draw.random() > 0.14:
        yield _scene(place, draw, platform)
        return
    # A stereo pair: two looks of one pass, a minute apart, forwards and backwards.
    first = _scene(place, draw, platform)
    key = f"{platform}_{first.acquired_at:%Y%m%d%H%M}"
    along = draw.uniform(9, 16)
    for delay, sign in ((0, 1), (55 + 5 * int(along), -1)):
        yield _turned(first, timedelta(seconds=delay), sign * along, key)


def _scene(place: Place, draw: random.Random, platform: str) -> Invented:
    spot = platform.startswith("SPOT")
    acquired_at = _instant(place, draw, platform)
    reach = 0.14 if spot else 0.07
    lon = place.lon + draw.uniform(-reach, reach)
    lat = place.lat + draw.uniform(-reach, reach)
    across = draw.gauss(0, 11)
    stretch = 1 / math.cos(math.radians(min(abs(across), 35)))
    seed = draw.randrange(1, 99999)
    return Invented(
        item_id=_identifier(platform, acquired_at, lon, lat, seed),
        platform=platform,
        acquired_at=acquired_at,
        lon=lon,
        lat=lat,
        width_km=(60 if spot else 20) * stretch,
        length_km=60 if spot else draw.choice((16, 18, 20, 24, 32)),
        seed=seed,
        figures=_figures(place, draw, acquired_at, across, spot),
        fine=place is PLACES[0],
    )


def _instant(place: Place, draw: random.Random, platform: str) -> datetime:
    first, last = SERVICE[platform]
    # More scenes in later years, as in the real archive.
    share = math.sqrt(draw.random())
    day = first + timedelta(days=int(share * (last - first).days))
    seconds = place.hour * 3600 + draw.uniform(-900, 900)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return midnight + timedelta(milliseconds=100 * int(seconds * 10))


def _figures(place: Place, draw: random.Random, at: datetime, across: float, spot: bool) -> Figures:
    along = draw.gauss(0, 4)
    winter = abs(at.timetuple().tm_yday - 182) / 182
    snow = draw.uniform(20, 70) * winter if place.name == "Mont-Blanc" else 0.0
    cloud = 100 * draw.betavariate(0.55, 0.55 / place.cloudy - 0.55)
    return Figures(
        cloud_cover=round(cloud, 2),
        snow_cover=round(snow, 1),
        incidence=round(math.hypot(across, along), 4),
        incidence_across=round(across, 4),
        incidence_along=round(along, 4),
        viewing=round(math.hypot(across, along) * 0.894, 4),
        viewing_across=round(across * 0.894, 4),
        viewing_along=round(along * 0.894, 4),
        orientation=round(draw.gauss(190 if abs(place.lat) > 30 else 191.5, 1.5), 4),
        sun_azimuth=round(draw.uniform(60, 160), 3),
        sun_elevation=round(draw.uniform(25, 70), 3),
        resolution_m=1.5 if spot else 0.5,
    )


def _turned(first: Invented, delay: timedelta, along: float, key: str) -> Invented:
    acquired_at = first.acquired_at + delay
    seed = first.seed + (1 if delay else 0)
    across = first.figures.incidence_across or 0.0
    figures = {
        **{name: getattr(first.figures, name) for name in Figures.__slots__},
        "incidence_along": round(along, 4),
        "incidence": round(math.hypot(across, along), 4),
        "viewing_along": round(along * 0.894, 4),
        "viewing": round(math.hypot(across, along) * 0.894, 4),
        "stereo": Scene.Stereo.STEREO,
        "stereo_key": key,
    }
    return Invented(
        item_id=_identifier(first.platform, acquired_at, first.lon, first.lat, seed),
        platform=first.platform,
        acquired_at=acquired_at,
        lon=first.lon,
        lat=first.lat,
        width_km=first.width_km,
        length_km=first.length_km,
        seed=seed,
        figures=Figures(**figures),
        fine=first.fine,
    )


def _identifier(platform: str, at: datetime, lon: float, lat: float, number: int) -> str:
    """A well-formed identifier: the counters of Pléiades name the box inside the cell."""
    west, south = math.floor(lon), math.floor(lat)
    cell = f"{'W' if west < 0 else 'E'}{abs(west):03d}{'S' if south < 0 else 'N'}{abs(south):02d}"
    instant = f"{at:%Y%m%d%H%M%S}{at.microsecond // 100_000}"
    if platform.startswith("SPOT"):
        return f"DS_{platform}_{instant}_FR1_FR1_FR1_FR1_{cell}_{number:05d}"
    column, row = int((lon - west) * 12) + 1, int((lat - south) * 24) + 1
    return f"DS_{platform}_{instant}_FR1_PX_{cell}_{column:02d}{row:02d}_{number:05d}"
