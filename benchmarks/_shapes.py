"""The shapes of questions that are asked of millions of scenes, each at places drawn once."""

import math
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from benchmarks._scenes import EVERY, later

PAGE = 20


@dataclass(frozen=True, slots=True)
class Shape:
    """`area` names a kind of place, `platforms` the satellites, `years` how far a window of time goes."""

    name: str
    area: str = ""
    years: int = 0
    cloud: float | None = None
    incidence: float | None = None
    platforms: tuple[str, ...] = EVERY

    @property
    def is_one(self) -> bool:
        """The same question whatever its number: neither a place nor a time is drawn."""
        return not (self.area or self.years)

    @property
    def is_departement(self) -> bool:
        return self.area == "département"


_SPOT1 = ("SPOT1",)
SHAPES = (
    Shape("10 km", "10 km"),
    Shape("10 km, cloud < 10", "10 km", cloud=10),
    Shape("10 km, 1 year, cloud < 10", "10 km", 1, 10),
    Shape("département", "département"),
    Shape("département, cloud < 10", "département", cloud=10),
    Shape("département, 5 years, cloud < 10", "département", 5, 10),
    Shape("département, SPOT 1", "département", platforms=_SPOT1),
    Shape("département, Pléiades", "département", platforms=("PHR1A", "PHR1B")),
    Shape("France", "France"),
    Shape("France, 1 year, cloud < 10", "France", 1, 10),
    Shape("France, 10 years, cloud < 10", "France", 10, 10),
    Shape("France, SPOT 1", "France", platforms=_SPOT1),
    Shape("France, rare", "France", cloud=0.02, incidence=1),
    Shape("Europe, SPOT 1, cloud < 10", "Europe", cloud=10, platforms=_SPOT1),
    Shape("world"),
    Shape("world, cloud < 10", cloud=10),
    Shape("world, 1 year, cloud < 10", years=1, cloud=10),
    Shape("world, SPOT 1, cloud < 10", cloud=10, platforms=_SPOT1),
    Shape("world, very rare", cloud=0.002, incidence=0.1),
    Shape("mid-ocean", "ocean"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, ready for both ways of asking."""

    shape: Shape
    place: Any
    begins_at: datetime | None
    ends_at: datetime | None

    def way(self, after: Any = None) -> Any:
        return later("catalogue.search.windows").Walk(
            self.shape.platforms,
            over_area=self.place is not None,
            begins_at=self.begins_at,
            ends_at=self.ends_at,
            after=after,
            is_for_program=True,
        )

    def clauses(self) -> Any:
        """Its conditions but those on satellites."""
        made = later("catalogue.search.clauses").Clauses()
        if self.place is not None:
            place = later("dinamis.geo").to_ewkb(self.place)
            made.add("ST_Intersects(s.footprint, %(area)s::geometry)", area=place)
        if self.begins_at:
            made.add(
                "s.datetime >= %(begins_at)s AND s.datetime < %(ends_at)s",
                begins_at=self.begins_at,
                ends_at=self.ends_at,
            )
        if self.shape.cloud is not None:
            made.add("s.cloud_cover < %(cloud)s", cloud=self.shape.cloud)
        if self.shape.incidence is not None:
            made.add("abs(s.incidence) < %(incidence)s", incidence=self.shape.incidence)
        return made


def asked(shape: Shape, number: int) -> Asked:
    """The same question for the same number, whatever was asked before."""
    draw = random.Random(f"{shape.name} {number}")
    begins_at = ends_at = None
    if shape.years:
        year = draw.randint(1990, 2014 - shape.years)
        begins_at = datetime(year, 1, 1, tzinfo=UTC)
        ends_at = datetime(year + shape.years, 1, 1, tzinfo=UTC)
    return Asked(shape, _place(shape.area, draw), begins_at, ends_at)


def anything(number: int) -> Asked:
    """A question that nobody thought of."""
    draw = random.Random(f"anything {number}")
    shape = Shape(
        "anything",
        draw.choice(("10 km", "département", "France", "Europe", "ocean", "")),
        draw.choice((0, 0, 1, 5, 10)),
        draw.choice((None, 2, 10, 50)),
        draw.choice((None, None, 5)),
        tuple(draw.sample(EVERY, draw.randint(1, len(EVERY)))),
    )
    return asked(shape, number)


def _place(area: str, draw: random.Random) -> Any:
    shapely = later("shapely")
    lon, lat = draw.uniform(-1, 7), draw.uniform(43.5, 49)
    if area == "10 km":
        wide = 0.05 / math.cos(math.radians(lat))
        return shapely.box(lon - wide, lat - 0.05, lon + wide, lat + 0.05)
    if area == "département":
        return _round(shapely, lon, lat, 0.36, 200)
    if area == "France":
        return _round(shapely, 2.4 + draw.uniform(-0.2, 0.2), 46.6, 4.3, 993)
    if area == "Europe":
        return shapely.box(-10 + draw.uniform(-1, 1), 36, 30, 60)
    if area == "ocean":
        lon, lat = draw.uniform(-28, -20), draw.uniform(-40, -30)
        return shapely.box(lon, lat, lon + 1, lat + 1)
    return None


def _round(shapely: Any, lon: float, lat: float, radius: float, points: int) -> Any:
    wide = radius / math.cos(math.radians(lat))
    turns = [2 * math.pi * number / points for number in range(points)]
    return shapely.Polygon([(lon + wide * math.cos(t), lat + radius * math.sin(t)) for t in turns])
