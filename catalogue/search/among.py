"""Questions that some scenes alone can answer, called by their names or having files: all that do, found at once.

The windows of time would look at all other scenes in vain. Those of files may be tens of thousands, and a page,
its count and the pages after it ask the same: what was found is remembered until somebody writes.
"""

import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from catalogue.search import editions, files, windows
from catalogue.search.clauses import SHOWN, Clauses
from catalogue.search.cursor import Cursor
from catalogue.search.editions import Memory
from catalogue.search.windows import Count, Found, Walk

ANSWERS_KEPT = 40  # of at most files.MOST scenes, at 16 bytes each
PRODUCTS_KEPT = 40  # questions, of at most as many numbers
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Answer:
    """Every scene that answers, in the order walked: its instant in microseconds since 1970, and its number."""

    instants: array
    numbers: array
    oldest_first: bool

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def count(self) -> Count:
        """Exact up to the cap, as every count."""
        total = len(self)
        return Count(min(total, windows.COUNT_CAP), is_exact=total <= windows.COUNT_CAP)

    def page(self, after: Cursor | None, limit: int) -> Found:
        """At most `limit` of them, after a scene that need not be there any more."""
        begin = (
            0 if after is None else bisect_left(range(len(self)), True, key=self._is_past(after))
        )
        places = range(begin, min(begin + limit, len(self)))
        return Found([(self.numbers[one], self._at(one).isoformat()) for one in places])

    def _is_past(self, after: Cursor) -> Callable[[int], bool]:
        mark = ((after.at - _EPOCH) // _MICROSECOND, after.pk)
        if self.oldest_first:
            return lambda one: (self.instants[one], self.numbers[one]) > mark
        return lambda one: (self.instants[one], self.numbers[one]) < mark

    def _at(self, place: int) -> datetime:
        return _EPOCH + self.instants[place] * _MICROSECOND


def answer(scenes: Sequence[int], made: Clauses, way: Walk) -> Answer:
    """Those of these scenes that keep the conditions. Raises NotNow (search_too_slow)."""
    every = _conditions(made, way)
    asked = every.inside(_NAMED[way.oldest_first])
    find = partial(_answer, asked, every.values, scenes, way.oldest_first)
    edition = way.edition or editions.now()
    return _ANSWERS.of(_key(asked, every.values, scenes), edition, find)


def years(scenes: Sequence[int], made: Clauses) -> list[tuple[int, int, int]]:
    """Of each year from `low` to `high` how many of these scenes answer, and how many below the cloud limit.

    `made` has these, as `clear`. Raises NotNow (search_too_slow).
    """
    asked = made.inside(_YEARS)
    find = partial(_rows, asked, made.values, scenes)
    return _BARS.of(_key(asked, made.values, scenes), editions.now(), find)


def of_products(asked: Clauses) -> Sequence[int] | None:
    """The scenes of the products that keep these conditions; None where there are more than `files.MOST`."""
    statement, values = asked.inside(_PRODUCTS), asked.values | {"limit": files.MOST + 1}
    find = partial(_of_products, statement, values)
    found = _OF_PRODUCTS.of(_key(statement, values), editions.now(), find)
    return None if len(found) > files.MOST else found


def _of_products(statement: str, values: dict[str, Any]) -> array:
    rows = windows.patiently(windows.PATIENCE_MS, statement, values)
    return array("q", sorted(pk for (pk,) in rows))


def _conditions(made: Clauses, way: Walk) -> Clauses:
    every = Clauses([*SHOWN, *made.texts], {**made.values})
    if way.platforms is not None:
        every.add("s.platform_id = ANY(%(platforms)s)", platforms=[*way.platforms])
    if way.collections is not None:
        every.add("s.collection_id = ANY(%(of_collections)s)", of_collections=[*way.collections])
    return every


def _answer(
    asked: str, values: dict[str, Any], scenes: Sequence[int], oldest_first: bool
) -> Answer:
    rows = _rows(asked, values, scenes)
    instants, numbers = zip(*rows, strict=True) if rows else ((), ())
    return Answer(array("q", instants), array("q", numbers), oldest_first)


def _rows(asked: str, values: dict[str, Any], scenes: Sequence[int]) -> list[tuple[Any, ...]]:
    return windows.patiently(windows.PATIENCE_MS, asked, values | {"scenes": [*scenes]})


def _key(
    asked: str, values: dict[str, Any], scenes: Sequence[int] = ()
) -> tuple[str, bytes, bytes, date]:
    """A condition may look at the day: files are kept back until one."""
    digests = (hashlib.sha256(one).digest() for one in (repr(values).encode(), array("q", scenes)))
    return asked, *digests, timezone.now().date()


_OF_PRODUCTS: Memory[array] = Memory(PRODUCTS_KEPT)
_ANSWERS: Memory[Answer] = Memory(ANSWERS_KEPT)
_BARS: Memory[list[tuple[int, int, int]]] = Memory(ANSWERS_KEPT)
_PRODUCTS = "SELECT DISTINCT p.scene_id FROM catalogue_product p WHERE {where} LIMIT %(limit)s"
# OFFSET 0 keeps the planner from walking the calendar in search of a handful of names.
_NEWEST_FIRST = """
SELECT (extract(epoch FROM s.datetime) * 1000000)::bigint, s.id FROM (
  SELECT n.* FROM catalogue_scene n WHERE n.id = ANY(%(scenes)s::bigint[]) OFFSET 0
) s WHERE {where}
ORDER BY s.datetime DESC, s.id DESC
"""
_NAMED = {False: _NEWEST_FIRST, True: _NEWEST_FIRST.replace(" DESC", "")}
_YEARS = """
SELECT y.year, count(found.year), count(*) FILTER (WHERE found.cloud_cover <= %(clear)s)
FROM generate_series(%(low)s::int, %(high)s::int) AS y(year)
LEFT JOIN (
  SELECT extract(year FROM s.datetime AT TIME ZONE 'UTC')::int AS year, s.cloud_cover FROM (
    SELECT n.* FROM catalogue_scene n WHERE n.id = ANY(%(scenes)s::bigint[]) OFFSET 0
  ) s WHERE {where}
) found ON found.year = y.year
GROUP BY y.year ORDER BY y.year
"""
