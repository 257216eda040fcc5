"""Search over synthetic scenes: the year windows beside the plain query, the same ids in the same order."""

import importlib
import math
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from benchmarks import Measurement, Scale, at_least, at_most, exactly

NEEDS = "reference"
SIZES = {"small": 200_000, "full": 2_000_000}
ROUNDS = {"small": 12, "full": 15}
PAGE = 50
PLATFORMS = ("PHR1A", "PHR1B", "SPOT6", "SPOT7")
SERVICE = {
    "PHR1A": (2012, 2026),
    "PHR1B": (2013, 2026),
    "SPOT6": (2012, 2026),
    "SPOT7": (2014, 2022),
}
# Where scenes crowd: longitude, latitude, spread in degrees, share.
PLACES = (
    (2.5, 46.5, 3.5, 0.55),
    (-52.5, 4.5, 1.0, 0.15),
    (55.5, -21.1, 0.4, 0.1),
    (0.0, 20.0, 60.0, 0.2),
)
# Name, half size of the area in degrees, query.
SHAPES = (
    ("10 km", 0.05, ""),
    ("10 km, little cloud", 0.05, "cloud=10"),
    ("département", 0.4, ""),
    ("département, 5 years, little cloud", 0.4, "from=2014-01-01&to=2018-12-31&cloud=10"),
    ("France, one dead satellite", 5.0, "satellite=SPOT7&sort=newest"),
    ("world, little cloud", None, "cloud=10"),
)


def run(scale: Scale) -> Iterator[Measurement]:
    """Fill, then ask every shape in turn by both ways, at places drawn once."""
    sql = importlib.import_module("catalogue.search.sql")
    yield Measurement("scenes copied", _fill(SIZES[scale]), "rows/s")
    equal = asked = 0
    for name, half, query in SHAPES:
        platforms = ["SPOT7"] if "SPOT7" in query else list(PLATFORMS)
        times: dict[str, list[float]] = {"windows": [], "plain": [], "count": []}
        for number in range(ROUNDS[scale]):
            question = _question(query, half, number)
            sql.newest(question, platforms, PAGE)  # the first look warms the cache for all
            windows = _timed(partial(sql.newest, question, platforms, PAGE), times["windows"])
            plain = _timed(partial(sql.plain, question, platforms, PAGE), times["plain"])
            _timed(partial(sql.count, question, platforms), times["count"])
            asked += 1
            equal += windows == plain
        yield at_most(f"{name}: windows, p95", _p95(times["windows"]), 200, "ms")
        yield Measurement(f"{name}: plain, p95", _p95(times["plain"]), "ms")
        yield at_most(f"{name}: capped count, p95", _p95(times["count"]), 100, "ms")
    yield exactly("pages equal to the plain query's", equal, asked, "pages")
    yield from _paging(sql)


def _paging(sql: Any) -> Iterator[Measurement]:
    """Page 50 beside page 1, over a large area."""
    from_first: list[float] = []
    from_late: list[float] = []
    question = _question("sort=newest", 5.0, 3)
    ids = sql.plain(question, list(PLATFORMS), 49 * PAGE)
    late = _after(question, ids[-1])
    for _round in range(10):
        _timed(lambda: sql.newest(question, list(PLATFORMS), PAGE), from_first)
        _timed(lambda: sql.newest(late, list(PLATFORMS), PAGE), from_late)
    ratio = statistics.median(from_late) / statistics.median(from_first)
    yield at_most("page 50 over page 1", ratio, 3, "times")
    yield at_least("scenes before page 50", len(ids), 49 * PAGE, "scenes")


def _after(question: Any, pk: int) -> Any:
    models = importlib.import_module("catalogue.models")
    cursor = importlib.import_module("catalogue.search.cursor")
    replace = importlib.import_module("dataclasses").replace
    at = models.Scene.objects.values_list("datetime", flat=True).get(pk=pk)
    return replace(question, after=cursor.Cursor(at=at, pk=pk))


def _question(query: str, half: float | None, number: int) -> Any:
    """One question over a place that is drawn by its number."""
    django_http = importlib.import_module("django.http")
    parse = importlib.import_module("catalogue.search.question").parse
    question = parse(django_http.QueryDict(query), today=date(2026, 11, 22))
    if half is None:
        return question
    shapely = importlib.import_module("shapely")
    draw = random.Random(number)
    lon, lat = _place(draw)
    box = shapely.box(lon - half, lat - half, lon + half, lat + half)
    return question.with_area(shapely.MultiPolygon([box]))


def _fill(rows: int) -> float:
    """COPY synthetic scenes into the table of a scratch database; rows per second."""
    connection = importlib.import_module("django.db").connection
    draw = random.Random(1)
    start = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalogue_collection VALUES ('bench','b','b','','','',false) ON CONFLICT DO NOTHING"
        )
        with cursor.copy(_COPY) as copy:
            for number in range(rows):
                copy.write_row(_row(draw, number))
        cursor.execute("ANALYZE catalogue_scene")
    return rows / (time.perf_counter() - start)


_COPY = """
COPY catalogue_scene (item_id, platform_id, collection_id, datetime, cloud_cover, incidence,
  resolution_m, stereo, stereo_key, footprint, footprint_source, completeness, quicklook,
  quicklook_credit, added_at) FROM STDIN
"""


def _row(draw: random.Random, number: int) -> tuple[Any, ...]:
    platform = PLATFORMS[draw.randrange(4)]
    first, last = SERVICE[platform]
    at = datetime(first, 1, 1, tzinfo=UTC) + timedelta(
        seconds=draw.randrange((last - first + 1) * 365 * 86400)
    )
    lon, lat = _place(draw)
    cloud = draw.random() * (10 if draw.random() < 0.4 else 100)
    return (
        f"BENCH_{number:09d}",
        platform,
        "bench",
        at,
        cloud,
        draw.gauss(0, 12),
        0.5,
        "mono",
        "",
        _footprint(draw, lon, lat, 0.3 if platform.startswith("SPOT") else 0.1),
        "supplier",
        "complete",
        "",
        "",
        at,
    )


def _place(draw: random.Random) -> tuple[float, float]:
    weights = [share for _lon, _lat, _spread, share in PLACES]
    ((lon, lat, spread, _share),) = draw.choices(PLACES, weights)
    return (
        max(-178.0, min(178.0, draw.gauss(lon, spread))),
        max(-80.0, min(80.0, draw.gauss(lat, spread / 2))),
    )


def _footprint(draw: random.Random, lon: float, lat: float, half: float) -> str:
    """A square turned by the heading of an orbit, as EWKT."""
    turn = math.radians(draw.gauss(12, 2))
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
    wide = half / math.cos(math.radians(lat))
    points = [
        (
            lon + wide * (x * math.cos(turn) - y * math.sin(turn)),
            lat + half * (x * math.sin(turn) + y * math.cos(turn)),
        )
        for x, y in corners
    ]
    inside = ", ".join(f"{x:.5f} {y:.5f}" for x, y in points)
    return f"SRID=4326;POLYGON(({inside}))"


def _timed(act: Callable[[], Any], times: list[float]) -> Any:
    start = time.perf_counter()
    answer = act()
    times.append(1000 * (time.perf_counter() - start))
    return answer


def _p95(times: list[float]) -> float:
    return sorted(times)[max(0, math.ceil(0.95 * len(times)) - 1)]
