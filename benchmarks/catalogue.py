"""The catalogue at full size: loading, every shape of search beside the plain query, counts, pages, harvests."""

import json
import math
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import Measurement, Scale, at_least, at_most, exactly, servers
from benchmarks._disk import forget
from benchmarks._loading import FULL, loaded
from benchmarks._scenes import later
from benchmarks._shapes import PAGE, SHAPES, Asked, anything, asked

NEEDS = "reference"
SIZES = {"small": 200_000, "full": FULL}
ROUNDS = 15
FEW = 3  # of one and the same question, which the plain query takes seconds for
COLD = 40
RANDOM = 120
PROMISED = 5_000_000  # below it the plain query has too little to look at for its slowness to show
HARVEST = 20_000
GIVEN_UP_MS = 30_000  # the plain query's patience
RANKED = ("département", "France")
FIRST_PASS = datetime(1991, 1, 1, tzinfo=UTC)
PAGES = ("département, cloud < 10", "France, 1 year, cloud < 10", "world, cloud < 10")


def run(scale: Scale) -> Iterator[Measurement]:
    """Load, ask by windows, then give the plain query its own index and ask the same again."""
    # BENCH_SCENES: another size than the two, for a machine that is shared.
    size = int(os.environ.get("BENCH_SCENES") or SIZES[scale])
    yield Measurement("scenes", size, "scenes")
    yield from loaded(size)
    answers: dict[tuple[str, int], list[int]] = {}
    p95: dict[str, float] = {}
    for shape in SHAPES:
        times, counts, stopped = _by_windows(shape, answers)
        p95[shape.name] = _p95(times)
        yield at_most(f"{shape.name}: p95", p95[shape.name], 200, "ms")
        if stopped:
            yield Measurement(
                f"{shape.name}: of {ROUNDS} pages, stopped at the deadline", stopped, ""
            )
        yield at_most(f"{shape.name}: count, p95", _p95(counts), 100, "ms")
    for number in range(RANDOM):
        answers["anything", number] = _walked(anything(number))
    yield from _paging()
    yield from _ranked()
    yield from _cold()
    yield from _plain(answers, p95, promised=size >= PROMISED)
    yield from _harvests(promised=size >= PROMISED)


def _by_windows(
    shape: Any, answers: dict[tuple[str, int], list[int]]
) -> tuple[list[float], list[float], int]:
    """Times of one page and of one count, and how many pages were stopped before they were full."""
    windows = later("catalogue.search.windows")
    times: list[float] = []
    counts: list[float] = []
    stopped = 0
    for number in range(ROUNDS):
        question = asked(shape, number)
        # The first look warms the cache for all. Of a rare kind a whole page takes a minute.
        answers[shape.name, number] = (
            answers[shape.name, 0] if number and shape.is_one else _walked(question)
        )
        windows.counted(question.clauses(), question.way())
        page = _timed(partial(windows.walk, question.clauses(), question.way(), PAGE), times)
        stopped += page.resumes is not None
        _timed(partial(windows.counted, question.clauses(), question.way()), counts)
    return times, counts, stopped


def _walked(question: Asked, after: Any = None, size: int = PAGE) -> list[int]:
    """A whole page: where a search was stopped, it is gone on with until the page is full."""
    windows = later("catalogue.search.windows")
    ids: list[int] = []
    while len(ids) < size:
        found = windows.walk(question.clauses(), question.way(after), size - len(ids))
        ids += found.ids
        if found.resumes is None:
            break
        after = found.resumes
    return ids


def _cold() -> Iterator[Measurement]:
    """Places nobody asked of, after a start with nothing of the tables in memory."""
    connection, running = later("django.db").connection, servers.get()
    connection.close()
    running.end("postgresql")
    forget(running.place.var / "pg" / "base")
    running.start_again("postgresql")
    windows = later("catalogue.search.windows")
    times: list[float] = []
    for number in range(ROUNDS, ROUNDS + COLD):
        question = asked(SHAPES[0], number)
        _timed(partial(windows.walk, question.clauses(), question.way(), PAGE), times)
    yield at_most(f"{SHAPES[0].name}, cold: p95 of {COLD} places", _p95(times), 50, "ms")
    yield Measurement(f"{SHAPES[0].name}, cold: slowest, the first one", max(times), "ms")


def _paging() -> Iterator[Measurement]:
    cursors = later("catalogue.search.cursor")
    models = later("catalogue.models")
    for shape in (one for one in SHAPES if one.name in PAGES):
        first: list[float] = []
        late: list[float] = []
        for number in range(5):
            question = asked(shape, number)
            ids = _walked(question, size=49 * PAGE)
            if len(ids) < 49 * PAGE:
                continue
            at = models.Scene.objects.values_list("datetime", flat=True).get(pk=ids[-1])
            after = cursors.Cursor(at=at, pk=ids[-1])
            for _round in range(5):
                _timed(partial(_walked, question), first)
                _timed(partial(_walked, question, after), late)
        if first:
            ratio = statistics.median(late) / statistics.median(first)
            yield at_most(f"{shape.name}: page 50 over page 1", ratio, 3, "times")


def _ranked() -> Iterator[Measurement]:
    """A page of fifty in an order that no index has, worked out of the newest 2,000; and the page after it."""
    search, questions = later("catalogue.services.search"), later("catalogue.search.question")
    visitor = later("django.contrib.auth.models").AnonymousUser()
    for name in RANKED:
        shape = next(one for one in SHAPES if one.name == name)
        first: list[float] = []
        second: list[float] = []
        for number, order in enumerate((*questions.Sort, *questions.Sort)):
            if order is questions.Sort.NEWEST:
                continue
            area = later("dinamis.geo").to_multi(asked(shape, number).place)
            question = questions.Question(area=area, sort=order)
            page = _timed(partial(search.ask, question, user=visitor), first)
            if page.next is not None:
                further = replace(question, after=page.next)
                _timed(partial(search.ask, further, user=visitor), second)
        yield at_most(
            f"{name}: first page by use, cloud, coverage or angle, p95", _p95(first), 1000, "ms"
        )
        if second:
            yield Measurement(f"{name}: the page after it, p95", _p95(second), "ms")


def _harvests(*, promised: bool) -> Iterator[Measurement]:
    """What a nightly harvest does, beside an upsert that writes whatever it is told."""
    loading = later("catalogue.services.loading")
    with later("django.db").connection.cursor() as cursor:
        cursor.execute("DROP INDEX IF EXISTS bench_footprint")
    by = later("dinamis.actors").Actor.system("bench")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "harvest.ndjson"
        path.write_text("".join(f"{json.dumps(_item(number))}\n" for number in range(HARVEST)))
        for name, goal in (("new", 2000), ("unchanged", 0)):
            start = time.perf_counter()
            counts = loading.load(path, by=by, tell=print)
            rate = HARVEST / (time.perf_counter() - start)
            assert getattr(counts, name) == HARVEST
            yield at_least(f"harvest, {name}, read to written", rate, goal, "rows/s")
            if name == "new":
                yield _looked_for_mates()
        yield from _merges(Path(folder), promised=promised)


def _looked_for_mates() -> Measurement:
    """What of it is the look for stereo mates of all that was new, asked again."""
    grouping, db = later("catalogue.services.loading.grouping"), later("django.db")
    times: list[float] = []
    with db.transaction.atomic(), db.connection.cursor() as cursor:
        for _round in range(3):
            _timed(partial(grouping.group, cursor), times)
    return Measurement(f"stereo mates of {HARVEST} new scenes", statistics.median(times), "ms")


def _merges(folder: Path, *, promised: bool) -> Iterator[Measurement]:
    """The database's part alone of scenes known for long, all over the archive: the guarded merge and the
    blind upsert in turn. Each round draws others, which both find read from the disk already.
    """
    connection, transaction = later("django.db").connection, later("django.db").transaction
    staging = later("catalogue.services.loading.staging")
    merging = later("catalogue.services.loading.merging")
    loads = later("catalogue.services.loading.loads")
    files = later("catalogue.footprints.files")
    by = later("dinamis.actors").Actor.system("bench")
    guarded: list[float] = []
    blind: list[float] = []
    for number in range(5):
        path = folder / f"again-{number}.ndjson"
        path.write_text("".join(f"{json.dumps(item)}\n" for item in _known(number)))
        rows = staging.judged(files.records(path, "ndjson"), loads.known(None), print)
        for times in ([], guarded):
            with transaction.atomic(), connection.cursor() as cursor:
                staging.copy(cursor, rows)
                found = _timed(partial(merging.merge, cursor, len(rows), load=0, by=by), times)
            assert found.unchanged == HARVEST
        with transaction.atomic(), connection.cursor() as cursor:
            staging.copy(cursor, rows)
            _timed(partial(cursor.execute, _BLIND), blind)
    yield Measurement(
        "unchanged, merge alone", 1000 * HARVEST / statistics.median(guarded), "rows/s"
    )
    yield Measurement(
        "unchanged, blind upsert", 1000 * HARVEST / statistics.median(blind), "rows/s"
    )
    ratio = statistics.median(blind) / statistics.median(guarded)
    yield _promised("blind upsert over merge", ratio, 20 if promised else None)


def _known(number: int) -> Iterator[dict[str, Any]]:
    """HARVEST scenes of the archive as items, just as they stand."""
    models, geo = later("catalogue.models"), later("dinamis.geo")
    size = models.Scene.objects.filter(collection="bench").count()
    numbers = random.Random(f"known {number}").sample(range(size), HARVEST)
    scenes = models.Scene.objects.filter(item_id__in=[f"BENCH_{one:09d}" for one in numbers])
    for scene in scenes.order_by():
        yield {
            "type": "Feature",
            "id": scene.item_id,
            "geometry": geo.to_mapping(geo.to_shapely(scene.footprint)),
            "properties": {
                "datetime": scene.datetime.isoformat(),
                "platform": scene.platform_id,
                "eo:cloud_cover": scene.cloud_cover,
                "view:incidence_angle": scene.incidence,
            },
        }


def _promised(name: str, ratio: float, least: float | None) -> Measurement:
    """A ratio beside its goal; below the size it is promised for it stands without one."""
    return (
        Measurement(name, ratio, "times")
        if least is None
        else at_least(name, ratio, least, "times")
    )


def _plain(
    answers: dict[tuple[str, int], list[int]], p95: dict[str, float], *, promised: bool
) -> Iterator[Measurement]:
    """GiST on the footprint beside btree on the instant: what one would write first.

    Without our own indexes, which are put aside meanwhile: it would answer by them where they help it.
    """
    db = later("django.db")
    with db.connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute("CREATE INDEX bench_footprint ON catalogue_scene USING gist (footprint)")
        cursor.execute("ANALYZE catalogue_scene")
    with db.transaction.atomic():
        with db.connection.cursor() as cursor:
            cursor.execute("DROP INDEX scene_footprint_datetime, scene_kind_newest")
        yield from _compared(answers, p95, promised=promised)
        db.transaction.set_rollback(True)


def _compared(
    answers: dict[tuple[str, int], list[int]], p95: dict[str, float], *, promised: bool
) -> Iterator[Measurement]:
    """The same questions asked plainly."""
    equal = compared = 0
    for shape in SHAPES:
        times: list[float] = []
        for number in range(FEW if shape.is_one else ROUNDS):
            question = asked(shape, number)
            if _asked_plainly(question) is None:
                times.append(GIVEN_UP_MS)
                break
            ids = _timed(partial(_asked_plainly, question), times)
            compared += 1
            equal += ids == answers[shape.name, number]
        yield Measurement(f"{shape.name}: plain, p95", _p95(times), "ms")
        if shape.is_departement:
            ratio = _p95(times) / p95[shape.name]
            name = f"{shape.name}: plain over windows, p95"
            yield _promised(name, ratio, 10 if promised else None)
    for number in range(RANDOM):
        ids = _asked_plainly(anything(number))
        if ids is not None:
            compared += 1
            equal += ids == answers["anything", number]
    yield at_least("pages compared", compared, 100, "pages")
    yield exactly("pages with the same ids in the same order", equal, compared, "pages")


def _asked_plainly(question: Asked) -> list[int] | None:
    """None when it was given up."""
    sql, db = later("catalogue.search.sql"), later("django.db")
    made = question.clauses()
    made.take(sql.of_platforms(question.shape.platforms), "")
    made.values |= {"limit": PAGE}
    try:
        with db.transaction.atomic(), db.connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {GIVEN_UP_MS}")
            cursor.execute(made.inside(sql.PLAIN), made.values)
            return [row[0] for row in cursor.fetchall()]
    except db.OperationalError:
        return None


def _item(number: int) -> dict[str, Any]:
    """A STAC item somewhere in France, of its own pass."""
    lon, lat = -1 + number % 800 / 100, 43.5 + number // 800 / 10
    at = FIRST_PASS + timedelta(hours=8 * number)
    ring = [[lon, lat], [lon + 0.6, lat], [lon + 0.6, lat + 0.5], [lon, lat + 0.5], [lon, lat]]
    return {
        "type": "Feature",
        "id": f"HARVEST_{number:06d}",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {
            "datetime": at.isoformat(),
            "platform": "SPOT4" if number % 20 >= 18 and at.year >= 1999 else "SPOT2",
            "eo:cloud_cover": number % 101,
            "view:incidence_angle": number % 27,
        },
    }


def _timed(act: Callable[[], Any], times: list[float]) -> Any:
    start = time.perf_counter()
    answer = act()
    times.append(1000 * (time.perf_counter() - start))
    return answer


def _p95(times: list[float]) -> float:
    return sorted(times)[max(0, math.ceil(0.95 * len(times)) - 1)]


_BLIND = """
INSERT INTO catalogue_scene (item_id, platform_id, collection_id, datetime, cloud_cover, incidence,
  resolution_m, stereo, stereo_key, footprint, footprint_source, completeness, quicklook,
  quicklook_credit, withdrawn_reason, added_at)
SELECT t.item_id, t.platform, 'bench', t.datetime, t.cloud_cover, t.incidence, 10, 'mono', '',
  t.footprint, 'supplier', 'complete', '', '', '', now() FROM scene_staged t
ON CONFLICT (item_id) DO UPDATE SET platform_id = excluded.platform_id,
  collection_id = excluded.collection_id, datetime = excluded.datetime,
  cloud_cover = excluded.cloud_cover, incidence = excluded.incidence,
  footprint = excluded.footprint
"""
