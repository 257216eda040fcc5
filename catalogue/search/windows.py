"""Years asked one after the other, newest first, a few at a time, against a deadline.

A plain "WHERE intersects ORDER BY datetime" makes PostgreSQL choose between sorting every scene
over the area and walking the calendar past millions of scenes elsewhere; both take seconds on
19 million rows. A year is one short look into the index (footprint, datetime), or, without a place,
into (platform, collection, datetime, id); the walk stops at the first full page. Years in which the
satellites and collections asked for have no scene are never looked at. See docs/adr/0007-year-windows.md.
"""

import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg.errors import QueryCanceled

from catalogue.search import editions
from catalogue.search.clauses import SHOWN, Clauses
from catalogue.search.cursor import Cursor
from catalogue.search.editions import Edition, Memory
from catalogue.search.spoken import Spoken
from catalogue.search.statements import COUNTS, PAGES, SPANS
from dinamis.errors import NotNow

COUNT_CAP = 1000
PATIENCE_MS = 4000  # after which a statement is given up
EAGER = 12  # months asked at once first, where no place is asked
EAGER_MS = 40  # after which they are given up, to be looked through singly
YEAR_MS = 1500  # after which a first year is given up, to be looked through month by month
DEADLINE_MS = 1000  # after which no further years are asked for a page that a person reads
PROGRAM_MS = 150  # and for one that a program reads, which goes on by itself
COUNT_MS = 60  # and for a count that a person reads
PROGRAM_COUNT_MS = 20  # and for one that comes with each page of a program, which seldom needs it
COUNTED_AT_ONCE = 4  # windows, the first time
# Years asked at once: four times as many below the first, twice below the second, half above the last.
SWIFT_MS, QUICK_MS, SLOW_MS = 10, 40, 200


@dataclass(frozen=True, slots=True)
class Walk:
    """How a search goes through the scenes: whose, its ends in time, from which scene on, which way.

    `platforms` and `collections` are codes; None means every one; `spoken` narrows them further.
    `over_area` says that the conditions hold a place. `begins_at` is included, `ends_at` not; `after` is
    the scene before the first one wanted, in the order walked. `months` is how long a window is, 0 for
    the usual length.
    `edition` is the catalogue's, where it was looked up already.
    """

    platforms: Sequence[str] | None
    over_area: bool
    collections: Sequence[str] | None = None
    spoken: Spoken | None = None
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    after: Cursor | None = None
    oldest_first: bool = False
    is_for_program: bool = False
    months: int = 0
    edition: Edition | None = None

    @property
    def window(self) -> int:
        """Months looked through at once: a year over a place; over the world, a million scenes a year, one."""
        return self.months or (12 if self.over_area else 1)


@dataclass(frozen=True, slots=True)
class Found:
    """Scenes in order, each by number and by its instant as PostgreSQL writes it, for few of them are read.
    `resumes` is where to go on when the time was over before the page was full.

    `spans` is what the walk knew of satellites and collections, for who counts next.
    """

    rows: list[tuple[int, str]]
    resumes: Cursor | None = None
    spans: "Spans | None" = None

    @property
    def ids(self) -> list[int]:
        return [pk for pk, _at in self.rows]

    def mark(self, number: int) -> Cursor:
        """The place after one of the scenes."""
        pk, at = self.rows[number]
        return Cursor(at=datetime.fromisoformat(at), pk=pk)


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


def walk(made: Clauses, way: Walk, limit: int, *, matching: int | None = None) -> Found:
    """Ids of at most `limit` scenes that keep the conditions, one way through time.

    `matching` is how many there are in all, where that is known: of few, more years are asked at once.

    Months are asked several at once first, as there may be little in each; years over a place are not,
    for which PostgreSQL finds slower ways. A year that is slow to look through, on a cold disk or with a
    condition that few scenes keep, is gone through by months: each page comes further. Raises NotNow
    (search_too_slow) when not even the first month could be looked through in four seconds.
    """
    if way.after is not None:
        made.add(after(way), after_at=way.after.at, after_pk=way.after.pk)
    begun = time.monotonic()
    if not way.over_area:
        with suppress(NotNow):
            return _walked(made, way, limit, begun=begun, first_ms=EAGER_MS, size=EAGER)
    if way.window > 1:
        with suppress(NotNow):
            size = _size(way, limit, matching)
            return _walked(made, way, limit, begun=begun, first_ms=YEAR_MS, size=size)
        begun = time.monotonic()  # a year that was in vain leaves its months their time
    return _walked(made, replace(way, months=1), limit, begun=begun, first_ms=PATIENCE_MS)


def _walked(
    made: Clauses, way: Walk, limit: int, *, begun: float, first_ms: int, size: int = 1
) -> Found:
    """One walk by windows of one length, `size` of them first. Raises NotNow when those take too long.

    The deadline is reckoned from `begun`, an instant of the monotonic clock.
    """
    deadline = PROGRAM_MS if way.is_for_program else DEADLINE_MS
    found: list[tuple[int, str]] = []
    spans: Spans | None = None
    reached: int | None = None  # the last window that was looked through
    try:
        spans = known(way)
        statement = _conditions(made, way, spans).inside(PAGES[way.over_area, way.oldest_first])
        values = made.values | _columns(spans)
        for batch in _batches(way, spans, size):
            left = deadline - (time.monotonic() - begun) * 1000
            if left <= 0 and reached is not None:
                return Found(found, _resumes(reached, way), spans)
            # The first window is looked through whatever it takes: so every page comes further.
            given = first_ms if reached is None else int(left) + 1
            values |= batch.values | {"limit": limit - len(found)}
            found += patiently(given, statement, values, edition=spans.edition)
            if len(found) >= limit or batch.is_end:
                return Found(found, spans=spans)
            reached = batch.last
    except NotNow:
        if reached is None:
            raise
        return Found(found, _resumes(reached, way), spans)
    if not spans.edition.is_sure:  # nothing was asked, by ends that may be past
        spans.edition.confirm(editions.now().number)
    return Found(found, spans=spans)


def after(way: Walk) -> str:
    """The condition on what follows the cursor; its values are `after_at` and `after_pk`."""
    return _AFTER[way.oldest_first]


def counted(made: Clauses, way: Walk, spans: "Spans | None" = None) -> Count:
    """How many scenes keep the conditions: up to COUNT_CAP, in the time there is; `after` is ignored.

    `spans` are those that a walk of the same search found.
    """
    patience_ms = PROGRAM_COUNT_MS if way.is_for_program else COUNT_MS
    way = replace(way, after=None, oldest_first=False)
    total = 0
    try:
        spans = known(way) if spans is None else spans
        statement = _conditions(made, way, spans).inside(COUNTS[way.over_area])
        values = made.values | _columns(spans)
        started = time.monotonic()
        for batch in _batches(way, spans, size=COUNTED_AT_ONCE):
            left = patience_ms - (time.monotonic() - started) * 1000
            if left <= 0:
                return Count(total, is_exact=False)
            values |= batch.values | {"limit": COUNT_CAP + 1 - total}
            total += patiently(int(left) + 1, statement, values)[0][0]
            if total > COUNT_CAP:
                return Count(COUNT_CAP, is_exact=False)
    except NotNow:
        return Count(total, is_exact=False)
    return Count(total, is_exact=True)


@dataclass(frozen=True, slots=True)
class Spans:
    """What was asked for and exists; `is_all` says that nothing else does. True of that edition."""

    asked: list[Span]
    is_all: bool
    edition: Edition


def known(way: Walk) -> Spans:
    """The satellites and collections asked for that have scenes, each with its ends in time.

    Read from the index itself by some jumps, and remembered until somebody writes: never out of date.
    """
    edition = way.edition or editions.now()
    every = _EVERY.of("every", edition, _every)
    asked = [
        span
        for span in every
        if (way.platforms is None or span.platform in way.platforms)
        and (way.collections is None or span.collection in way.collections)
        and (way.spoken is None or way.spoken.may_hold(span.platform, span.collection))
    ]
    return Spans(asked, len(asked) == len(every), edition)


def _every() -> list[Span]:
    return [Span(*row) for row in patiently(PATIENCE_MS, SPANS)]


_EVERY: Memory[list[Span]] = Memory(1)


def ends(way: Walk, spans: Spans) -> tuple[datetime, datetime] | None:
    """The first and last instant worth a look: where there are scenes, and dates and page allow."""
    if not spans.asked:
        return None
    low = min(span.first for span in spans.asked)
    high = max(span.last for span in spans.asked)
    low = max(low, way.begins_at) if way.begins_at else low
    # The window that begins where the dates end has nothing of them.
    high = min(high, way.ends_at - timedelta(microseconds=1)) if way.ends_at else high
    if way.after is not None:
        if way.oldest_first:
            low = max(low, way.after.at)
        else:
            # Before the first scene of a moment (`_resumes`) stands what is older than it.
            high = min(high, way.after.at - timedelta(microseconds=not way.after.pk))
    return (low, high) if low <= high else None


@contextmanager
def patience(milliseconds: int | None = None) -> Iterator[Any]:
    """A cursor whose statements are given up after four seconds, and never compiled or shared out."""
    with _given_up(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PATIENCE, {"patience": str(milliseconds or PATIENCE_MS)})
        yield cursor
        cursor.execute("SELECT set_config('statement_timeout', '0', true)")


def patiently(
    milliseconds: int,
    statement: str,
    values: dict[str, Any] | None = None,
    *,
    edition: Edition | None = None,
) -> list[tuple[Any, ...]]:
    """The rows of one statement under the same conditions, in one way there and back.

    Settings and statement go as one text, which PostgreSQL takes for one transaction. Within another one
    the settings would stay, so there it is asked for by `patience`. An edition that is not sure is
    confirmed on the same way. Raises editions.Changed.
    """
    is_sure = edition is None or edition.is_sure
    if connection.in_atomic_block:
        if not is_sure:
            edition.confirm(editions.now().number)
        with patience(milliseconds) as cursor:
            cursor.execute(statement, values or {})
            return cursor.fetchall()
    asked = (values or {}) | {"patience": str(milliseconds)}
    texts = [_PATIENCE, statement] if is_sure else [_PATIENCE, editions.READ, statement]
    with _given_up(), connection.cursor() as cursor:
        cursor.execute(";".join(texts), asked)
        cursor.nextset()
        if not is_sure:
            edition.confirm(cursor.fetchone()[0])
            cursor.nextset()
        return cursor.fetchall()


@contextmanager
def _given_up() -> Iterator[None]:
    """Raises NotNow (search_too_slow) for what took too long."""
    try:
        yield
    except OperationalError as error:
        # Not by its words: a timeout that falls due as the statement ends is told as "user request".
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        raise NotNow(
            "search_too_slow",
            _("This search looks at too many scenes. A shorter period or a smaller area will do."),
        ) from error


@dataclass(frozen=True, slots=True)
class _Batch:
    """Windows asked at once, both included, in the order walked; each is `months` long."""

    first: int
    last: int
    is_end: bool
    months: int

    @property
    def values(self) -> dict[str, int]:
        return {"first": self.first, "last": self.last, "months": self.months}


def _batches(way: Walk, spans: Spans, size: int = 1) -> Iterator[_Batch]:
    """Windows in the order walked: `size`, then more at once while they are quick."""
    between = ends(way, spans)
    if between is None:
        return
    months = way.window
    low, high = (_window(moment, months) for moment in between)
    step = 1 if way.oldest_first else -1
    window, end = (low, high) if way.oldest_first else (high, low)
    while (end - window) * step >= 0:
        last = window + (size - 1) * step
        last = min(last, end) if way.oldest_first else max(last, end)
        asked = time.monotonic()
        yield _Batch(window, last, is_end=last == end, months=months)
        took = (time.monotonic() - asked) * 1000
        size = _next_size(size, took)
        window = last + step


def _size(way: Walk, limit: int, matching: int | None) -> int:
    """Windows asked first: one, or as many as a page of few matches is spread over, were they spread evenly."""
    between = None if matching is None else ends(way, known(way))
    if between is None:
        return 1
    low, high = (_window(moment, way.window) for moment in between)
    return max(1, math.ceil((high - low + 1) * min(1, limit / max(matching, 1))))


def _next_size(size: int, took: float) -> int:
    if took < QUICK_MS:
        return size * (4 if took < SWIFT_MS else 2)
    return max(1, size // 2) if took > SLOW_MS else size


def _window(moment: datetime, months: int) -> int:
    moment = moment.astimezone(UTC)
    return (moment.year * 12 + moment.month - 1) // months


def _resumes(window: int, way: Walk) -> Cursor:
    """The place between two windows: nothing of `window` comes after it."""
    months = way.window
    year, month = divmod((window + way.oldest_first) * months, 12)
    return Cursor(at=datetime(year, month + 1, 1, tzinfo=UTC), pk=0)


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


_PATIENCE = (
    "SELECT set_config('statement_timeout', %(patience)s, true), set_config('jit', 'off', true),"
    " set_config('max_parallel_workers_per_gather', '0', true)"
)
_AFTER = {
    False: "s.datetime <= %(after_at)s AND (s.datetime, s.id) < (%(after_at)s, %(after_pk)s)",
    True: "s.datetime >= %(after_at)s AND (s.datetime, s.id) > (%(after_at)s, %(after_pk)s)",
}
