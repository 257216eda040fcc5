"""The catalogue at full size: loading, every shape of search beside the plain query, counts, pages, harvests."""

import os
import statistics
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from benchmarks import Measurement, Scale, at_least, at_most, exactly, p95, servers
from benchmarks._disk import forget
from benchmarks._harvests import PROMISED, harvests, promised_ratio, timed
from benchmarks._loading import FULL, loaded
from benchmarks._scenes import later
from benchmarks._shapes import PAGE, SHAPES, Asked, anything, asked

NEEDS = "reference"
SIZES = {"small": 200_000, "full": FULL}
ROUNDS = 15
FEW = 3  # of one and the same question, which the plain query takes seconds for
COLD = 40
RANDOM = 120
GIVEN_UP_MS = 30_000  # the plain query's patience
RANKED = ("département", "France")
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
        p95[shape.name] = p95(times)
        yield at_most(f"{shape.name}: p95", p95[shape.name], 200, "ms")
        if stopped:
            yield Measurement(
                f"{shape.name}: of {ROUNDS} pages, stopped at the deadline", stopped, ""
            )
        yield at_most(f"{shape.name}: count, p95", p95(counts), 100, "ms")
    for number in range(RANDOM):
        answers["anything", number] = _walked(anything(number))
    yield from _paging()
    yield from _ranked()
    yield from _cold()
    yield from _plain(answers, p95, promised=size >= PROMISED)
    with later("django.db").connection.cursor() as cursor:
        cursor.execute("DROP INDEX IF EXISTS bench_footprint")
    yield from harvests(promised=size >= PROMISED)


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
        page = timed(partial(windows.walk, question.clauses(), question.way(), PAGE), times)
        stopped += page.resumes is not None
        timed(partial(windows.counted, question.clauses(), question.way()), counts)
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
        timed(partial(windows.walk, question.clauses(), question.way(), PAGE), times)
    yield at_most(f"{SHAPES[0].name}, cold: p95 of {COLD} places", p95(times), 50, "ms")
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
                timed(partial(_walked, question), first)
                timed(partial(_walked, question, after), late)
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
            page = timed(partial(search.ask, question, user=visitor), first)
            if page.next is not None:
                further = replace(question, after=page.next)
                timed(partial(search.ask, further, user=visitor), second)
        yield at_most(
            f"{name}: first page by use, cloud, coverage or angle, p95", p95(first), 1000, "ms"
        )
        if second:
            yield Measurement(f"{name}: the page after it, p95", p95(second), "ms")


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
            ids = timed(partial(_asked_plainly, question), times)
            compared += 1
            equal += ids == answers[shape.name, number]
        yield Measurement(f"{shape.name}: plain, p95", p95(times), "ms")
        if shape.is_departement:
            ratio = p95(times) / p95[shape.name]
            name = f"{shape.name}: plain over windows, p95"
            yield promised_ratio(name, ratio, 10 if promised else None)
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
