"""The search's SQL: year windows over an index of footprint and instant, newest first.

A plain "WHERE intersects ORDER BY datetime" makes PostgreSQL choose between sorting every scene
over the area and walking the calendar past millions of scenes elsewhere; both take seconds on
19 million rows. Asked year by year, newest first, each window is one short look into the index
(footprint, datetime), and the walk stops at the first full page. Without an area, the walk goes
down (platform, datetime, id), platform by platform. See docs/adr/0007-year-windows.md.
"""

from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from catalogue.search.clauses import Clauses
from catalogue.search.cursor import Cursor
from catalogue.search.question import Availability, Question
from dinamis import geo
from dinamis.errors import NotNow

COUNT_CAP = 1000
YEAR_CAP = 1000
PATIENCE_MS = 4000


@dataclass(frozen=True, slots=True)
class Walk:
    """How a search goes through the scenes: its platforms, its ends in time, from which scene on, which way.

    `over_area` says that the conditions hold a place, so that windows by year pay. `begins_at` is
    included, `ends_at` not; `after` is the scene before the first one wanted, in the order walked.
    """

    platforms: Sequence[str]
    over_area: bool
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    after: Cursor | None = None
    oldest_first: bool = False


@dataclass(frozen=True, slots=True)
class Year:
    """One bar of the histogram: scenes over the area that year, and those under the cloud limit.

    `capped` says that there are more than the figure.
    """

    year: int
    total: int
    clear: int
    capped: bool


def clauses(question: Question, platforms: Sequence[str]) -> Clauses:
    """Every limit of the question but its page. `platforms` are the codes it comes down to."""
    made = of_platforms(platforms)
    if question.area is not None:
        made.add("ST_Intersects(s.footprint, %(area)s::geometry)", area=geo.to_ewkb(question.area))
    if question.begins_at:
        made.add("s.datetime >= %(begins_at)s", begins_at=question.begins_at)
    if question.ends_at:
        made.add("s.datetime < %(ends_at)s", ends_at=question.ends_at)
    if question.max_cloud is not None:
        made.add("s.cloud_cover <= %(max_cloud)s", max_cloud=question.max_cloud)
    if question.max_incidence is not None:
        made.add("abs(s.incidence) <= %(max_incidence)s", max_incidence=question.max_incidence)
    if question.stereo_only:
        made.add("s.stereo <> 'mono'")
    if question.availability:
        word = "" if question.availability == Availability.DOWNLOAD else "NOT "
        over = "TRUE" if question.area is None else "ST_Intersects(p.footprint, %(area)s::geometry)"
        made.add(
            f"{word}EXISTS (SELECT FROM catalogue_product p"
            f" WHERE p.scene_id = s.id AND p.state = 'published'"
            f" AND (p.embargo_until IS NULL OR p.embargo_until <= CURRENT_DATE) AND {over})"
        )
    return made


def of_platforms(platforms: Sequence[str]) -> Clauses:
    """What every search begins with: the complete scenes of these satellites."""
    made = Clauses(values={"platforms": list(platforms)})
    if len(platforms) == 1:
        # Not ANY of one: PostgreSQL 15 would not take the order of (platform, datetime, id) from it.
        made.add("s.platform_id = %(platform)s", platform=platforms[0])
    else:
        made.add("s.platform_id = ANY(%(platforms)s)")
    # What is known by its name alone has a 1° cell for a footprint: it is found by name alone.
    made.add("s.completeness = 'complete'")
    made.add("s.withdrawn_at IS NULL")
    return made


def newest(question: Question, platforms: Sequence[str], limit: int) -> list[int]:
    """Ids of at most `limit` scenes, newest first, after the question's cursor.

    Raises NotNow (search_too_slow) when the database would need more than four seconds.
    """
    way = Walk(
        platforms,
        over_area=question.area is not None,
        begins_at=question.begins_at,
        ends_at=question.ends_at,
        after=question.after,
    )
    return walk(clauses(question, platforms), way, limit) if platforms else []


def walk(made: Clauses, way: Walk, limit: int) -> list[int]:
    """Ids of at most `limit` scenes that keep the conditions, one way through time.

    Raises NotNow (search_too_slow) when the database would need more than four seconds.
    """
    made.values |= {"limit": limit}
    if way.after is not None:
        made.add(_AFTER[way.oldest_first], after_at=way.after.at, after_pk=way.after.pk)
    with patience() as cursor:
        if not way.over_area:
            cursor.execute(made.inside(_WALK[way.oldest_first]), made.values)
        else:
            windows = years(cursor, way)
            if windows is None:
                return []
            made.values |= {"low": windows[0], "high": windows[1]}
            cursor.execute(made.inside(_WINDOWS[way.oldest_first]), made.values)
        return [row[0] for row in cursor.fetchall()]


def named(made: Clauses, way: Walk, scenes: Sequence[int], limit: int) -> list[int]:
    """As `walk`, among these scenes alone: a few rows by their keys, however old."""
    made.values |= {"limit": limit, "scenes": list(scenes)}
    if way.after is not None:
        made.add(_AFTER[way.oldest_first], after_at=way.after.at, after_pk=way.after.pk)
    with patience() as cursor:
        cursor.execute(made.inside(_NAMED[way.oldest_first]), made.values)
        return [row[0] for row in cursor.fetchall()]


def plain(question: Question, platforms: Sequence[str], limit: int) -> list[int]:
    """The same answer by the plain query: what the windows are compared with, never used to serve."""
    made = clauses(question, platforms)
    if question.after is not None:
        made.add(
            "(s.datetime, s.id) < (%(after_at)s, %(after_pk)s)",
            after_at=question.after.at,
            after_pk=question.after.pk,
        )
    made.values |= {"limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(made.inside(_PLAIN), made.values)
        return [row[0] for row in cursor.fetchall()]


def count(question: Question, platforms: Sequence[str]) -> int:
    """How many scenes match, up to COUNT_CAP + 1 which means "more than COUNT_CAP"."""
    return counted(clauses(question, platforms)) if platforms else 0


def counted(made: Clauses) -> int:
    """How many scenes keep the conditions, up to COUNT_CAP + 1."""
    values = made.values | {"limit": COUNT_CAP + 1}
    with patience() as cursor:
        cursor.execute(made.inside(_COUNT), values)
        return cursor.fetchone()[0]


def by_year(question: Question, platforms: Sequence[str]) -> list[Year]:
    """The histogram: every year from the first to the last scene, counts capped at YEAR_CAP."""
    if not platforms:
        return []
    wide = question.anytime_any_cloud()
    made = clauses(wide, platforms)
    with patience() as cursor:
        windows = years(cursor, Walk(platforms, over_area=True))
        if windows is None:
            return []
        made.values |= {
            "low": windows[0],
            "high": windows[1],
            "limit": YEAR_CAP + 1,
            "clear": 100 if question.max_cloud is None else question.max_cloud,
        }
        cursor.execute(made.inside(_HISTOGRAM), made.values)
        rows = cursor.fetchall()
    return [
        Year(year, min(total, YEAR_CAP), min(clear, YEAR_CAP), total > YEAR_CAP)
        for year, total, clear in rows
    ]


def years(cursor: Any, way: Walk) -> tuple[int, int] | None:
    """The first and last year worth a window: where the platforms have scenes, and dates and page allow.

    The ends are read from the index (platform, datetime), so they are never out of date.
    """
    cursor.execute(_EXTENT, {"platforms": list(way.platforms)})
    first, last = cursor.fetchone()
    if first is None:
        return None
    low = max(first, way.begins_at) if way.begins_at else first
    high = min(last, way.ends_at) if way.ends_at else last
    if way.after is not None and way.oldest_first:
        low = max(low, way.after.at)
    elif way.after is not None:
        high = min(high, way.after.at)
    return (_year(low), _year(high)) if _year(low) <= _year(high) else None


@contextmanager
def patience() -> Any:
    """A cursor whose statements are given up after four seconds, and never compiled or shared out."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('statement_timeout', %s, true), set_config('jit', 'off', true),"
                " set_config('max_parallel_workers_per_gather', '0', true)",
                [str(PATIENCE_MS)],
            )
            yield cursor
            cursor.execute("SELECT set_config('statement_timeout', '0', true)")
    except OperationalError as error:
        if "statement timeout" not in str(error):
            raise
        raise NotNow(
            "search_too_slow",
            _("This search looks at too many scenes. A shorter period or a smaller area will do."),
        ) from error


def _year(moment: datetime) -> int:
    return moment.astimezone(UTC).year


_EXTENT = """
SELECT min(e.first), max(e.last)
FROM unnest(%(platforms)s::varchar[]) AS p(code)
CROSS JOIN LATERAL (
  SELECT
    (SELECT s.datetime FROM catalogue_scene s WHERE s.platform_id = p.code
     ORDER BY s.datetime, s.id LIMIT 1) AS first,
    (SELECT s.datetime FROM catalogue_scene s WHERE s.platform_id = p.code
     ORDER BY s.datetime DESC, s.id DESC LIMIT 1) AS last
) e
"""

_WINDOWS_DOWN = """
SELECT found.id, found.datetime
FROM generate_series(%(high)s::int, %(low)s::int, -1) AS y(year)
CROSS JOIN LATERAL (
  SELECT s.id, s.datetime FROM catalogue_scene s
  WHERE s.datetime >= make_timestamptz(y.year, 1, 1, 0, 0, 0, 'UTC')
    AND s.datetime < make_timestamptz(y.year + 1, 1, 1, 0, 0, 0, 'UTC')
    AND {where}
  ORDER BY s.datetime DESC, s.id DESC LIMIT %(limit)s
) found
LIMIT %(limit)s
"""

_WALK_DOWN = """
SELECT found.id, found.datetime
FROM unnest(%(platforms)s::varchar[]) AS p(code)
CROSS JOIN LATERAL (
  SELECT s.id, s.datetime FROM catalogue_scene s
  WHERE s.platform_id = p.code AND {where}
  ORDER BY s.datetime DESC, s.id DESC LIMIT %(limit)s
) found
ORDER BY found.datetime DESC, found.id DESC LIMIT %(limit)s
"""

# From the oldest on: the same statements, read the other way by the same indexes.
_WINDOWS = {
    False: _WINDOWS_DOWN,
    True: _WINDOWS_DOWN.replace(
        "(%(high)s::int, %(low)s::int, -1)", "(%(low)s::int, %(high)s::int)"
    ).replace(" DESC", ""),
}
_WALK = {False: _WALK_DOWN, True: _WALK_DOWN.replace(" DESC", "")}
_AFTER = {
    False: "s.datetime <= %(after_at)s AND (s.datetime, s.id) < (%(after_at)s, %(after_pk)s)",
    True: "s.datetime >= %(after_at)s AND (s.datetime, s.id) > (%(after_at)s, %(after_pk)s)",
}

_PLAIN = """
SELECT s.id FROM catalogue_scene s WHERE {where}
ORDER BY s.datetime DESC, s.id DESC LIMIT %(limit)s
"""

# OFFSET 0 keeps the planner from walking the calendar in search of a handful of names.
_NAMED_DOWN = """
SELECT s.id FROM (
  SELECT n.* FROM catalogue_scene n WHERE n.id = ANY(%(scenes)s::bigint[]) OFFSET 0
) s WHERE {where}
ORDER BY s.datetime DESC, s.id DESC LIMIT %(limit)s
"""
_NAMED = {False: _NAMED_DOWN, True: _NAMED_DOWN.replace(" DESC", "")}

_COUNT = """
SELECT count(*) FROM (SELECT FROM catalogue_scene s WHERE {where} LIMIT %(limit)s) part
"""

_HISTOGRAM = """
SELECT y.year, found.total, found.clear
FROM generate_series(%(low)s::int, %(high)s::int) AS y(year)
CROSS JOIN LATERAL (
  SELECT count(*) AS total, count(*) FILTER (WHERE part.cloud_cover <= %(clear)s) AS clear
  FROM (
    SELECT s.cloud_cover FROM catalogue_scene s
    WHERE s.datetime >= make_timestamptz(y.year, 1, 1, 0, 0, 0, 'UTC')
      AND s.datetime < make_timestamptz(y.year + 1, 1, 1, 0, 0, 0, 'UTC')
      AND {where}
    LIMIT %(limit)s
  ) part
) found
ORDER BY y.year
"""
