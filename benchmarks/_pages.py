"""Six questions asked of three servers over HTTP, eight clients at a time, with a key of a member's.

Each contender has two processes of gunicorn and the same PostgreSQL; pgstac is left out above PGSTAC_MOST. Before
anything is timed each is asked every question once, which warms it, and must answer with the same scenes in the
same order.
"""

import json
import os
import random
import statistics
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import shapely

from accounts.services.programs import api_keys
from benchmarks import Measurement, Scale, at_least, exactly
from benchmarks import _load as load
from benchmarks._load import Rate, Request
from benchmarks._loading import loaded
from benchmarks._orders import members, person
from benchmarks._rivals import Pgstac, ids_of
from benchmarks._serving import ours
from benchmarks._shapes import PAGE, Asked, Shape, asked
from dinamis.actors import Actor

SIZES = {"small": 20_000, "full": 1_000_000}
# Seconds of one contender at one question, how often each has its turn, questions of a shape.
SECONDS = {"small": 2.0, "full": 4.0}
ROUNDS = {"small": 1, "full": 2}
PLACES = {"small": 20, "full": 25}
PGSTAC_LEAST, DRF_GIS_LEAST = 5, 4
PGSTAC_MOST = 2_000_000  # scenes: it takes 20,000 a second at best, and no ratio is promised beyond
PROMISED = {"pgstac": 1_000_000, "DRF-gis": 19_000_000}  # from which size the goal is one
SHAPES = (
    Shape("10 km", "10 km"),
    Shape("10 km, 1 year, cloud < 10", "10 km", 1, 10),
    Shape("département, cloud < 10", "département", cloud=10),
    Shape("France, cloud < 10", "France", cloud=10),
    Shape("world, cloud < 10", cloud=10),
)
BY_NAME = "item by id"


@dataclass(frozen=True, slots=True)
class Contender:
    """A server, and how it is asked a search or for one item."""

    name: str
    address: str
    search: Callable[[Asked], Request]
    one: Callable[[str], Request]
    headers: Mapping[str, str]

    def requests(self, size: int, places: int) -> dict[str, list[Request]]:
        made = {
            shape.name: [self.search(asked(shape, number)) for number in range(places)]
            for shape in SHAPES
        }
        draw = random.Random("items")
        names = [f"BENCH_{draw.randrange(size):09d}" for _place in range(places)]
        return made | {BY_NAME: [self.one(name) for name in names]}


def run(scale: Scale) -> Iterator[Measurement]:
    # BENCH_PAGES: another size than the two, for a machine that is shared.
    size = int(os.environ.get("BENCH_PAGES") or SIZES[scale])
    load.ensure()
    yield Measurement("scenes", size, "scenes")
    yield from (one for one in loaded(size) if one.name == "copied")
    with TemporaryDirectory(prefix="dinamis-pages-") as name, ExitStack() as stack:
        Path(name).chmod(0o755)
        contenders = [*_contenders(Path(name), stack, with_pgstac=size <= PGSTAC_MOST)]
        asked_of = {one.name: one.requests(size, PLACES[scale]) for one in contenders}
        yield from _equal(contenders, asked_of)
        yield from _timed(contenders, asked_of, scale, size, Path(name))


def _contenders(folder: Path, stack: ExitStack, *, with_pgstac: bool) -> Iterator[Contender]:
    body = members("pages")[0]
    key, secret = _key(body)
    headers = {"access-key": key, "secret-key": secret}
    env = os.environ | {
        # The limit is weighed at each request, and never reached.
        "API_RATE_USER": "100000/s",
        "API_RATE_STAC": "100000/s",
        "LOG_LEVEL": "WARNING",
    }
    address = stack.enter_context(ours("web", "dinamis.wsgi", env=env, folder=folder))
    prefix = "/stac"
    yield Contender("DINAMIS", address, _search(prefix), _item(prefix), headers)
    if with_pgstac:
        pgstac = Pgstac(folder)
        pgstac.fill()
        address = stack.enter_context(pgstac.serving())
        yield Contender("pgstac", address, _search(""), _item(""), {})
    env = {**env, "DJANGO_SETTINGS_MODULE": "benchmarks._drf_gis"}
    address = stack.enter_context(ours("drf-gis", "dinamis.wsgi", env=env, folder=folder))
    yield Contender("DRF-gis", address, _plain, lambda name: Request(f"/scenes/{name}"), headers)


def _key(body: Any) -> tuple[str, str]:
    user = person("pages", body)
    made, secret = api_keys.create(user, name="bench", scopes=["read"], by=Actor.of(user))
    return made.access_key, secret


def _search(prefix: str) -> Callable[[Asked], Request]:
    """A STAC search: the same body for whoever speaks STAC."""

    def made(question: Asked) -> Request:
        body: dict[str, Any] = {
            "limit": PAGE,
            "sortby": [{"field": "datetime", "direction": "desc"}],
        }
        if question.place is not None:
            body["intersects"] = json.loads(shapely.to_geojson(question.place))
        if question.begins_at and question.ends_at:
            last = question.ends_at.year - 1
            body["datetime"] = (
                f"{question.begins_at.year}-01-01T00:00:00Z/{last}-12-31T23:59:59.999999Z"
            )
        if question.shape.cloud is not None:
            cloud = [{"property": "eo:cloud_cover"}, question.shape.cloud]
            body |= {"filter-lang": "cql2-json", "filter": {"op": "<", "args": cloud}}
        return Request(f"{prefix}/search", body)

    return made


def _item(prefix: str) -> Callable[[str], Request]:
    return lambda name: Request(f"{prefix}/collections/bench/items/{name}")


def _plain(question: Asked) -> Request:
    body: dict[str, Any] = {}
    if question.place is not None:
        body["area"] = shapely.to_geojson(question.place)
    if question.begins_at and question.ends_at:
        body |= {
            "begins_at": question.begins_at.isoformat(),
            "ends_at": question.ends_at.isoformat(),
        }
    if question.shape.cloud is not None:
        body["cloud"] = question.shape.cloud
    return Request("/scenes", body)


def _equal(
    contenders: list[Contender], requests: dict[str, dict[str, list[Request]]]
) -> Iterator[Measurement]:
    """The same scenes in the same order from all."""
    for shape in requests[contenders[0].name]:
        equal = compared = items = 0
        for number in range(len(requests[contenders[0].name][shape])):
            pages = [
                ids_of(requests[one.name][shape][number].answer(one.address, one.headers))
                for one in contenders
            ]
            compared += 1
            items += len(pages[0])
            equal += all(page == pages[0] for page in pages)
        yield exactly(f"{shape}: pages the same", equal, compared, f"of {compared}")
        yield Measurement(f"{shape}: items of a page", items / compared, "items")


def _warm(
    contenders: list[Contender], requests: dict[str, dict[str, list[Request]]], folder: Path
) -> None:
    """Each of their threads opens its connection and does what it does but once."""
    for one in contenders:
        every = [each for asked_of in requests[one.name].values() for each in asked_of[:5]]
        load.shoot(one.address, every, headers=one.headers, seconds=6, folder=folder)


def _timed(
    contenders: list[Contender],
    requests: dict[str, dict[str, list[Request]]],
    scale: Scale,
    size: int,
    folder: Path,
) -> Iterator[Measurement]:
    _warm(contenders, requests, folder)
    ratios: dict[str, list[float]] = {one.name: [] for one in contenders[1:]}
    for shape in requests[contenders[0].name]:
        found: dict[str, list[Rate]] = {one.name: [] for one in contenders}
        for _round in range(ROUNDS[scale]):
            for one in contenders:
                rate = load.shoot(
                    one.address,
                    requests[one.name][shape],
                    headers=one.headers,
                    seconds=SECONDS[scale],
                    folder=folder,
                )
                found[one.name].append(rate)
        for one in contenders:
            told = found[one.name]
            rate = statistics.median(rate.per_second for rate in told)
            yield Measurement(f"{shape}: {one.name}", rate, "pages/s")
            p95 = statistics.median(rate.p95 for rate in told)
            yield Measurement(f"{shape}: {one.name}, p95", p95, "ms")
            if one.name in ratios:
                first = statistics.median(rate.per_second for rate in found[contenders[0].name])
                ratios[one.name].append(first / rate)
    for name, least in (("pgstac", PGSTAC_LEAST), ("DRF-gis", DRF_GIS_LEAST)):
        if name not in ratios:
            continue
        mean = statistics.geometric_mean(ratios[name])
        told = f"DINAMIS over {name}, mean of the {len(ratios[name])}"
        promised = size >= PROMISED[name]
        yield at_least(told, mean, least, "times") if promised else Measurement(told, mean, "times")
