"""Questions that Django writes once: what is asked at every request of a program costs its values alone.

Making a queryset of some joins and writing it as SQL costs Django more than the database takes to
answer it. A `Compiled` question is the same queryset, made by the same methods, written once a thread;
and PostgreSQL, for which planning it is the longer part, plans it once a connection.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from asgiref.local import Local
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError
from django.utils import timezone

Value = int | str | Sequence[int]
# By which an instant may differ from the one at which it was written down as now.
MOMENT = timedelta(seconds=5)


class Statement(NamedTuple):
    """SQL of Django's own writing, and the values of its parameters."""

    sql: str
    parameters: tuple[Any, ...]


class Compiled:
    """A queryset as a function of some values: numbers, texts, lists of numbers.

    `build` makes it from them, or from what stands in for them; it must not look at them. A day or an
    instant in it is today's or now's, whenever it is asked. Rows come as the queryset would give them,
    without what `prefetch_related` adds.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        self._build = build
        # A compiler belongs to its connection, and Django keeps those so: one for a thread, another for an event
        # loop that runs in it.
        self._written = Local(thread_critical=True)

    def __call__(self, *values: Value) -> list[Any]:
        shape = _shape(values)
        try:
            known = self._written.known
        except AttributeError:
            known = self._written.known = {}
        if shape not in known:
            known[shape] = self._write(values)
        rows, fill = known[shape]
        fill(values)
        return list(rows)

    def _write(self, values: Sequence[Value]) -> tuple[Any, Callable[[Sequence[Value]], None]]:
        """The rows to go through, and what puts values in their places first."""
        standing = [_stand_in(number, value) for number, value in enumerate(values)]
        queryset = self._build(*standing)
        compiler: Any = queryset.query.get_compiler(using=queryset.db)
        written = _Written.of(*compiler.as_sql(), standing)
        now: dict[str, Any] = {}

        def fill(asked: Sequence[Value]) -> None:
            now["parameters"] = written.filled(asked)

        def execute(*_args: Any, **_kw: Any) -> list[list[Any]]:
            if queryset.query.select_for_update and not compiler.connection.in_atomic_block:
                raise TransactionManagementError("rows are locked inside a transaction")
            with prepared(compiler.connection) as cursor:
                cursor.execute(written.sql, now["parameters"])
                return [cursor.fetchall()]

        compiler.execute_sql = execute
        # What turns columns into fields is the same each time, and looked for by Django each time.
        converters = compiler.get_converters(
            [one[0] for one in compiler.select[: compiler.col_count]]
        )
        compiler.get_converters = lambda _columns: converters
        query: Any = queryset.query
        query.get_compiler = lambda *_args, **_kw: compiler
        return queryset._iterable_class(queryset), fill


class Keys:
    """The keys of a queryset's rows as SQL that is written once: to be counted, see `dinamis.counting`.

    `build` is bound as that of `Compiled` is.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        self._build = build
        self._known: dict[tuple[Any, ...], _Written] = {}

    def __call__(self, *values: Value) -> Statement:
        shape = _shape(values)
        if shape not in self._known:
            standing = [_stand_in(number, value) for number, value in enumerate(values)]
            keys = keys_of(self._build(*standing))
            self._known[shape] = _Written.of(keys.sql, keys.parameters, standing)
        written = self._known[shape]
        return Statement(written.sql, written.filled(values))


def keys_of(rows: QuerySet[Any]) -> Statement:
    """The statement that gives the keys of these rows; raises EmptyResultSet where there can be none."""
    ordered = rows.query.is_sliced  # which rows are in a slice is a matter of their order
    keys = (rows if ordered else rows.order_by()).values("pk")
    return Statement(*keys.query.sql_with_params())


@dataclass(frozen=True, slots=True)
class _Written:
    """A statement, and which value stands at which of its parameters."""

    sql: str
    parameters: tuple[Any, ...]
    places: tuple[tuple[int, int] | None, ...]

    @classmethod
    def of(cls, sql: str, parameters: Sequence[Any], standing: Sequence[Any]) -> "_Written":
        places = tuple(_place(one, standing) for one in parameters)
        if {place[0] for place in places if place} != set(range(len(standing))):
            raise LookupError(f"Not every value is a parameter of {sql}")
        for one in parameters:
            _check_is_now(one)
        return cls(sql, tuple(parameters), places)

    def filled(self, asked: Sequence[Value]) -> tuple[Any, ...]:
        now = timezone.now()
        today = timezone.localdate(now)
        pairs = zip(self.parameters, self.places, strict=True)
        return tuple(
            (_now(one, now, today) if place is None else _of(asked, *place)) for one, place in pairs
        )


@contextmanager
def prepared(connection: Any) -> Iterator[Any]:
    """A cursor whose values travel beside the statement: psycopg prepares what is asked again (see settings)."""
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    raw = connection.connection
    usual, raw.cursor_factory = raw.cursor_factory, ServerBindingCursor
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        raw.cursor_factory = usual


def _shape(values: Sequence[Value]) -> tuple[Any, ...]:
    return tuple(len(one) if isinstance(one, list | tuple) else type(one) for one in values)


def _check_is_now(parameter: Any) -> None:
    """A day in a statement is read as today and an instant as now: another would be changed unseen."""
    now = timezone.now()
    if isinstance(parameter, datetime):
        told = abs(parameter - now) < MOMENT
    else:
        days = {timezone.localdate(now), timezone.localdate(now - MOMENT)}
        told = not isinstance(parameter, date) or parameter in days
    if not told:
        raise LookupError(f"{parameter} is neither today nor now, and would be read as that")


def _stand_in(number: int, value: Value) -> Any:
    """What is nowhere else among the parameters."""
    if isinstance(value, list | tuple):
        return [-1_000_000_000 - 10_000 * number - at for at in range(len(value))]
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(f"{value!r} may change the question itself")
    return f"\x02{number}\x03" if isinstance(value, str) else -900_000_000 - number


def _place(parameter: Any, standing: Sequence[Any]) -> tuple[int, int] | None:
    """Which value stands here, and which of a list; None where none does."""
    for number, one in enumerate(standing):
        if isinstance(one, list):
            if parameter in one:
                return number, one.index(parameter)
        elif type(parameter) is type(one) and parameter == one:
            return number, -1
    return None


def _of(asked: Sequence[Any], number: int, at: int) -> Any:
    return asked[number] if at < 0 else asked[number][at]


def _now(written: Any, now: datetime, today: date) -> Any:
    if isinstance(written, datetime):
        return now
    return today if isinstance(written, date) else written
