"""Years asked one after the other, newest first, a few at a time, against a deadline.

A plain "WHERE intersects ORDER BY datetime" makes PostgreSQL choose between sorting every scene
over the area and walking the calendar past millions of scenes elsewhere; both take seconds on
19 million rows. A year is one short look into the index (footprint, datetime), or, without a place,
into (platform, collection, datetime, id); the walk stops at the first full page. Years in which the
satellites and collections asked for have no scene are never looked at. See docs/adr/0007-year-windows.md.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from catalogue.search.clauses import SHOWN, Clauses
from catalogue.search.cursor import Cursor
from dinamis.errors import NotNow

COUNT_CAP = 1000
PATIENCE_MS = 4000  # after which a statement is given up
DEADLINE_MS = 1000  # after which no further years are asked for a page that a person reads
PROGRAM_MS = 150  # and for one that a program reads, which goes on by itself
COUNT_MS = 80  # and for a count
QUICK_MS, SLOW_MS = 40, 200  # years asked at once double below the one, are halved above the other


@dataclass(frozen=True, slots=True)
class Walk:
    """How a search goes through the scenes: whose, its ends in time, from which scene on, which way.

    `platforms` and `collections` are codes; None means "every collection". `over_area` says that the
    conditions hold a place. `begins_at` is included, `ends_at` not; `after` is the scene before the
    first one wanted, in the order walked.
    """

    platforms: Sequence[str]
    over_area: bool
    collections: Sequence[str] | None = None
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    after: Cursor | None = None
    oldest_first: bool = False
    is_for_program: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Ids in order. `resumes` is where to go on when the time was over before the page was full."""

    ids: list[int]
    resumes: Cursor | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many scenes match: exactly, or at least so many."""

    total: int
    is_exact: bool


@dataclass(frozen=True, slots=True)
class Span:
    """One satellite in one collection: its first and last instant."""

    platform: str
    collection: str
    first: datetime
    last: datetime


def walk(made: Clauses, way: Walk, limit: int) -> Found:
    """Ids of at most `limit` scenes that keep the conditions, one way through time.

    Raises NotNow (search_too_slow) when not even the first year could be looked through in four seconds.
    """
    if way.after is not None:
        made.add(after(way), after_at=way.after.at, after_pk=way.after.pk)
    deadline = PROGRAM_MS if way.is_for_program else DEADLINE_MS
    found: list[int] = []
    reached: int | None = None  # the last year that was looked through
    try:
        with patience() as cursor:
            spans = known(cursor, way)
            statement = _conditions(made, way, spans).inside(_statement(way))
            values = made.values | _columns(spans)
            started = time.monotonic()
            for batch in _batches(way, spans):
                values |= {"first": batch.first, "last": batch.last, "limit": limit - len(found)}
                cursor.execute(statement, values)
                found += [row[0] for row in cursor.fetchall()]
                if len(found) >= limit:
                    return Found(found)
                reached = batch.last
                if batch.is_end:
                    return Found(found)
                if (time.monotonic() - started) * 1000 > deadline:
                    break
    except NotNow:
        if reached is None:
            raise
    return Found(found, _resumes(reached, way) if reached is not None else None)


def after(way: Walk) -> str:
    """The condition on what follows the cursor; its values are `after_at` and `after_pk`."""
    return _AFTER[way.oldest_first]


def counted(made: Clauses, way: Walk) -> Count:
    """How many scenes keep the conditions: up to COUNT_CAP, for at most COUNT_MS; `after` is ignored."""
    total = 0
    try:
        with patience(PATIENCE_MS) as cursor:
            spans = known(cursor, way)
            statement = _conditions(made, way, spans).inside(_COUNT[way.over_area])
            values = made.values | _columns(spans)
            started = time.monotonic()
            for batch in _batches(way, spans, from_start=True):
                left = COUNT_MS - (time.monotonic() - started) * 1000
                if left <= 0:
                    return Count(total, is_exact=False)
                _give(cursor, int(left) + 1)
                rest = COUNT_CAP + 1 - total
                cursor.execute(
                    statement, values | {"first": batch.first, "last": batch.last, "limit": rest}
                )
                total += cursor.fetchone()[0]
                if total > COUNT_CAP:
                    return Count(COUNT_CAP, is_exact=False)
    except NotNow:
        return Count(total, is_exact=False)
    return Count(total, is_exact=True)


@dataclass(frozen=True, slots=True)
class Spans:
    """What was asked for and exists; `is_all` says that nothing else does."""

    asked: list[Span]
    is_all: bool


def known(cursor: Any, way: Walk) -> Spans:
    """The satellites and collections asked for that have scenes, each with its ends in time.

    Read from the index itself by some jumps, so it is never out of date.
    """
    cursor.execute(_SPANS)
    every = [Span(*row) for row in cursor.fetchall()]
    asked = [
        span
        for span in every
        if span.platform in way.platforms
        and (way.collections is None or span.collection in way.collections)
    ]
    return Spans(asked, len(asked) == len(every))


def years(way: Walk, spans: Spans, *, from_start: bool = False) -> tuple[int, int] | None:
    """The first and last year worth a look: where there are scenes, and dates and page allow."""
    if not spans.asked:
        return None
    low = min(span.first for span in spans.asked)
    high = max(span.last for span in spans.asked)
    low = max(low, way.begins_at) if way.begins_at else low
    high = min(high, way.ends_at) if way.ends_at else high
    if way.after is not None and not from_start:
        if way.oldest_first:
            low = max(low, way.after.at)
        else:
            # Before the first scene of a moment (`_resumes`) stands what is older than it.
            high = min(high, way.after.at - timedelta(microseconds=not way.after.pk))
    return (_year(low), _year(high)) if _year(low) <= _year(high) else None


@contextmanager
def patience(milliseconds: int | None = None) -> Iterator[Any]:
    """A cursor whose statements are given up after four seconds, and never compiled or shared out."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('statement_timeout', %s, true), set_config('jit', 'off', true),"
                " set_config('max_parallel_workers_per_gather', '0', true)",
                [str(milliseconds or PATIENCE_MS)],
            )
            yield cursor
            _give(cursor, 0)
    except OperationalError as error:
        if "statement timeout" not in str(error):
            raise
        raise NotNow(
            "search_too_slow",
            _("This search looks at too many scenes. A shorter period or a smaller area will do."),
        ) from error


def _give(cursor: Any, milliseconds: int) -> None:
    cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(milliseconds)])


@dataclass(frozen=True, slots=True)
class _Batch:
    """Years asked at once, both included, in the order walked."""

    first: int
    last: int
    is_end: bool


def _batches(way: Walk, spans: Spans, *, from_start: bool = False) -> Iterator[_Batch]:
    """Years in the order walked: one, then more at once while they are quick."""
    ends = years(way, spans, from_start=from_start)
    if ends is None:
        return
    step = 1 if way.oldest_first else -1
    year, end = ends if way.oldest_first else ends[::-1]
    size = 1
    while (end - year) * step >= 0:
        last = year + (size - 1) * step
        last = min(last, end) if way.oldest_first else max(last, end)
        asked = time.monotonic()
        yield _Batch(year, last, is_end=last == end)
        took = (time.monotonic() - asked) * 1000
        size = size * 2 if took < QUICK_MS else max(1, size // 2) if took > SLOW_MS else size
        year = last + step


def _resumes(year: int, way: Walk) -> Cursor:
    """The place between two years: nothing of `year` comes after it."""
    if way.oldest_first:
        return Cursor(at=datetime(year + 1, 1, 1, tzinfo=UTC), pk=0)
    return Cursor(at=datetime(year, 1, 1, tzinfo=UTC), pk=0)


def _conditions(made: Clauses, way: Walk, spans: Spans) -> Clauses:
    """With satellites and collections where the walk is over a place: elsewhere they lead the index.

    Every pair of those that exist is one that was asked for, since both were asked for apart.
    """
    texts = [*SHOWN, *made.texts]
    if way.over_area and not spans.is_all:
        texts.append("s.platform_id = ANY(%(of_platforms)s::varchar[])")
        texts.append("s.collection_id = ANY(%(of_collections)s::varchar[])")
    return Clauses(texts, made.values)


def _columns(spans: Spans) -> dict[str, list[Any]]:
    return {
        "of_platforms": [span.platform for span in spans.asked],
        "of_collections": [span.collection for span in spans.asked],
        "from_first": [span.first for span in spans.asked],
        "to_last": [span.last for span in spans.asked],
    }


def _statement(way: Walk) -> str:
    text = _OVER_AREA if way.over_area else _ANYWHERE
    if not way.oldest_first:
        return text
    # From the oldest on: the same statement, read the other way by the same indexes.
    return text.replace("%(last)s::int, -1)", "%(last)s::int)").replace(" DESC", "")


def _year(moment: datetime) -> int:
    return moment.astimezone(UTC).year


_AFTER = {
    False: "s.datetime <= %(after_at)s AND (s.datetime, s.id) < (%(after_at)s, %(after_pk)s)",
    True: "s.datetime >= %(after_at)s AND (s.datetime, s.id) > (%(after_at)s, %(after_pk)s)",
}

# Jumps from one (platform, collection) to the next one in the index: some dozen looks in all.
_SPANS = """
WITH RECURSIVE kinds AS (
  (SELECT s.platform_id, s.collection_id FROM catalogue_scene s
   ORDER BY s.platform_id, s.collection_id LIMIT 1)
  UNION ALL
  SELECT n.platform_id, n.collection_id FROM kinds k CROSS JOIN LATERAL (
    SELECT s.platform_id, s.collection_id FROM catalogue_scene s
    WHERE (s.platform_id, s.collection_id) > (k.platform_id, k.collection_id)
    ORDER BY s.platform_id, s.collection_id LIMIT 1
  ) n
)
SELECT k.platform_id, k.collection_id,
  (SELECT s.datetime FROM catalogue_scene s
   WHERE s.platform_id = k.platform_id AND s.collection_id = k.collection_id
   ORDER BY s.datetime, s.id LIMIT 1),
  (SELECT s.datetime FROM catalogue_scene s
   WHERE s.platform_id = k.platform_id AND s.collection_id = k.collection_id
   ORDER BY s.datetime DESC, s.id DESC LIMIT 1)
FROM kinds k
"""

_WINDOW = """s.datetime >= make_timestamptz(y.year, 1, 1, 0, 0, 0, 'UTC')
    AND s.datetime < make_timestamptz(y.year + 1, 1, 1, 0, 0, 0, 'UTC')"""

_OVER_AREA = """
SELECT found.id FROM generate_series(%(first)s::int, %(last)s::int, -1) AS y(year)
CROSS JOIN LATERAL (
  SELECT s.id FROM catalogue_scene s
  WHERE {window} AND {where}
  ORDER BY s.datetime DESC, s.id DESC LIMIT %(limit)s
) found
LIMIT %(limit)s
""".replace("{window}", _WINDOW)

# One walk down the index for each satellite in each collection that has scenes in that year.
_KINDS = """unnest(%(of_platforms)s::varchar[], %(of_collections)s::varchar[],
    %(from_first)s::timestamptz[], %(to_last)s::timestamptz[]) AS k(platform, collection, first, last)"""
_OF_KIND = """s.platform_id = k.platform AND s.collection_id = k.collection
    AND k.first < make_timestamptz(y.year + 1, 1, 1, 0, 0, 0, 'UTC')
    AND k.last >= make_timestamptz(y.year, 1, 1, 0, 0, 0, 'UTC')"""

_ANYWHERE = """
SELECT found.id FROM generate_series(%(first)s::int, %(last)s::int, -1) AS y(year)
CROSS JOIN LATERAL (
  SELECT one.id, one.datetime FROM {kinds}
  CROSS JOIN LATERAL (
    SELECT s.id, s.datetime FROM catalogue_scene s
    WHERE {of_kind} AND {window} AND {where}
    ORDER BY s.datetime DESC, s.id DESC LIMIT %(limit)s
  ) one
  ORDER BY one.datetime DESC, one.id DESC LIMIT %(limit)s
) found
LIMIT %(limit)s
"""
_ANYWHERE = (
    _ANYWHERE.replace("{kinds}", _KINDS).replace("{of_kind}", _OF_KIND).replace("{window}", _WINDOW)
)

_COUNT_ANYWHERE = """
SELECT count(*) FROM (
  SELECT FROM generate_series(least(%(first)s::int, %(last)s::int),
    greatest(%(first)s::int, %(last)s::int)) AS y(year)
  CROSS JOIN {kinds}
  CROSS JOIN LATERAL (
    SELECT FROM catalogue_scene s WHERE {of_kind} AND {window} AND {where} LIMIT %(limit)s
  ) found
  LIMIT %(limit)s
) part
"""
_COUNT_OVER = """
SELECT count(*) FROM (
  SELECT FROM generate_series(least(%(first)s::int, %(last)s::int),
    greatest(%(first)s::int, %(last)s::int)) AS y(year)
  CROSS JOIN LATERAL (
    SELECT FROM catalogue_scene s WHERE {window} AND {where} LIMIT %(limit)s
  ) found
  LIMIT %(limit)s
) part
"""
_COUNT = {
    True: _COUNT_OVER.replace("{window}", _WINDOW),
    False: _COUNT_ANYWHERE.replace("{kinds}", _KINDS)
    .replace("{of_kind}", _OF_KIND)
    .replace("{window}", _WINDOW),
}
