"""How the database is asked the questions of the workbench: its conditions, pages, counts, histogram."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC

from django.db import connection
from django.utils import timezone

from catalogue.search import among, files, windows
from catalogue.search.bounds import BOUNDS
from catalogue.search.clauses import SHOWN, Clauses
from catalogue.search.question import Question
from catalogue.search.windows import Count, Found, Walk, patience
from dinamis import geo
from dinamis.errors import NotNow

__all__ = ["Count", "Found", "Walk", "patience"]

YEAR_CAP = 1000


@dataclass(frozen=True, slots=True)
class Year:
    """One bar of the histogram: scenes over the area that year, and those under the cloud limit.

    `capped` says that there are more than the figure.
    """

    year: int
    total: int
    clear: int
    capped: bool


def clauses(question: Question) -> Clauses:
    """Every limit of the question but its page and its satellites."""
    made = Clauses()
    if question.area is not None:
        made.add("ST_Intersects(s.footprint, %(area)s::geometry)", area=geo.to_ewkb(question.area))
    if question.begins_at:
        made.add("s.datetime >= %(begins_at)s", begins_at=question.begins_at)
    if question.ends_at:
        made.add("s.datetime < %(ends_at)s", ends_at=question.ends_at)
    if question.max_cloud is not None:
        made.add("s.cloud_cover <= %(max_cloud)s", max_cloud=question.max_cloud)
    for bound in BOUNDS:
        if bound.name in question.bounds:
            made.add(bound.condition, **{f"bound_{bound.name}": question.bounds[bound.name]})
    if question.collections:
        made.add(
            "s.collection_id = ANY(%(in_collections)s::varchar[])",
            in_collections=list(question.collections),
        )
    if question.spoken is not None:
        made.take(question.spoken.conditions(), "")
    if question.stereo_only:
        made.add("s.stereo <> 'mono'")
    if question.asks_of_files or question.availability:
        asked = files.conditions(question, timezone.localdate())
        word = "" if question.asks_of_files else "NOT "
        made.add(asked.inside(f"{word}EXISTS ({_OF_SCENE})"), **asked.values)
    return made


def of_platforms(platforms: Sequence[str] | None) -> Clauses:
    """The scenes of these satellites, or of all, that are shown."""
    made = Clauses([*SHOWN])
    if platforms is not None:
        made.add("s.platform_id = ANY(%(platforms)s)", platforms=list(platforms))
    return made


def newest(question: Question, platforms: Sequence[str], limit: int) -> Found:
    """Ids of at most `limit` scenes, newest first, after the question's cursor.

    Raises NotNow (search_too_slow) when not even a month could be looked through in four seconds.
    """
    made, way = clauses(question), _way(question, platforms)
    scenes = _begun_from(question)
    if scenes is not None:
        return among.answer(scenes, made, way).page(question.after, limit)
    return windows.walk(made, way, limit)


def _begun_from(question: Question) -> Sequence[int] | None:
    """The scenes that alone can answer, where that is known: called by their names, or of files. None for any."""
    if question.spoken is not None and question.spoken.is_of_names:
        return question.spoken.scenes
    if not question.asks_of_files:
        return None
    return among.of_products(files.conditions(question, timezone.localdate()))


def plain(question: Question, platforms: Sequence[str], limit: int) -> list[int]:
    """The same answer by the plain query: what the windows are compared with, never used to serve."""
    made = clauses(question)
    made.take(of_platforms(platforms), "")
    if question.after is not None:
        made.add(
            "(s.datetime, s.id) < (%(after_at)s, %(after_pk)s)",
            after_at=question.after.at,
            after_pk=question.after.pk,
        )
    made.values |= {"limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(made.inside(PLAIN), made.values)
        return [row[0] for row in cursor.fetchall()]


def count(question: Question, platforms: Sequence[str]) -> Count:
    """How many scenes match, whatever the page: exactly when that is cheap."""
    made, way = clauses(question), _way(question, platforms)
    scenes = _begun_from(question)
    return windows.counted(made, way) if scenes is None else among.answer(scenes, made, way).count


def by_year(question: Question, platforms: Sequence[str]) -> list[Year]:
    """The histogram: every year from the first to the last scene, counts capped at YEAR_CAP.

    Empty when the database would need more than four seconds: the page is worth more than its bars.
    """
    wide = question.anytime_any_cloud()
    made = clauses(wide)
    way = _way(wide, platforms)
    try:
        spans = windows.known(way)
        ends = windows.ends(way, spans)
        if ends is None:
            return []
        scenes = _begun_from(wide)
        made.take(of_platforms([span.platform for span in spans.asked]), "")
        made.add(
            "s.collection_id = ANY(%(of_collections)s::varchar[])",
            of_collections=[span.collection for span in spans.asked],
        )
        made.values |= {
            "low": ends[0].astimezone(UTC).year,
            "high": ends[1].astimezone(UTC).year,
            "limit": YEAR_CAP + 1,
            "clear": 100 if question.max_cloud is None else question.max_cloud,
        }
        if scenes is None:
            rows = windows.patiently(windows.PATIENCE_MS, made.inside(_HISTOGRAM), made.values)
        else:
            rows = among.years(scenes, made)
    except NotNow:
        return []
    return [
        Year(year, min(total, YEAR_CAP), min(clear, YEAR_CAP), total > YEAR_CAP)
        for year, total, clear in rows
    ]


def _way(question: Question, platforms: Sequence[str]) -> Walk:
    return Walk(
        platforms,
        spoken=question.spoken,
        over_area=question.area is not None,
        begins_at=question.begins_at,
        ends_at=question.ends_at,
        after=question.after,
    )


_OF_SCENE = "SELECT FROM catalogue_product p WHERE p.scene_id = s.id AND {where}"
PLAIN = """
SELECT s.id FROM catalogue_scene s WHERE {where}
ORDER BY s.datetime DESC, s.id DESC LIMIT %(limit)s
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
