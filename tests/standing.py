"""Standing characters made once by each worker, then copied: a member costs 138 queries, its copy three.

A copy is the difference that making them made in the tables, so it holds only where making them would start from
the same rows: nothing written before but other standing characters, in the same order, in a transaction that
is undone, on a clock that nobody moved. Anywhere else they are made as ever.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pgtrigger
from django.db import connection
from django.utils import timezone
from psycopg import sql

from tests.emptying import filled

# Characters in the order they came in → the statements that bring in the last of them.
COPIES: dict[tuple[str, ...], str] = {}
MOVED = timedelta(minutes=2)  # by which a clock that was moved differs from the database's
# Of each of our tables, how many rows this transaction wrote so far: as pg_stat_xact_user_tables has it, which
# looks up seven other figures beside.
WRITTEN = """pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
  + pg_stat_get_xact_tuples_deleted(oid) AS written
FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""
# Whether this transaction wrote anything yet, and what it wrote since the server last counted.
_TOUCHED = f"""
SELECT clock_timestamp(), pg_current_xact_id_if_assigned() IS NOT NULL, coalesce(sum(written), 0)
FROM (SELECT {WRITTEN}) tables
"""

Rows = dict[str, Counter[str]]


class Stage:
    """Who stands in this test's database so far; `None` once anything else was written."""

    def __init__(self) -> None:
        self.standing: tuple[str, ...] | None = ()
        self.written = 0

    def put(self, name: str, make: Callable[[], object]) -> None:
        """Bring in a character: copied, or made and kept for the next test that begins like this one."""
        if self.standing is None or not self._is_untouched():
            self.standing = None
            make()
            return
        self.standing = (*self.standing, name)
        if self.standing in COPIES:
            with pgtrigger.ignore(), connection.cursor() as cursor:
                cursor.execute(COPIES[self.standing])
        else:
            before = _rows()
            make()
            COPIES[self.standing] = _difference(before, _rows())
        self.written = self._touched()[2]

    def _is_untouched(self) -> bool:
        if not connection.in_atomic_block:
            return False
        clock, wrote, written = self._touched()
        if abs(timezone.now() - clock) > MOVED:
            return False
        return written == self.written if self.standing else not wrote

    def _touched(self) -> tuple:
        with connection.cursor() as cursor:
            cursor.execute(_TOUCHED)
            return cursor.fetchone()


def _rows() -> Rows:
    """Every row of every table, as PostgreSQL writes it, by its key: a movement draws on those before it."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for table in filled():
            cursor.execute(f"SELECT t::text FROM {connection.ops.quote_name(table)} t ORDER BY t")
            found[table] = Counter(text for (text,) in cursor.fetchall())
    return found


def _difference(before: Rows, after: Rows) -> str:
    """The statements that take away the rows that are no more, and write those that are new."""
    statements = []
    for table, rows in after.items():
        known = before.get(table, Counter())
        statements += [_DELETE.format(table=sql.Identifier(table), row=row) for row in known - rows]
        columns = sql.SQL(", ").join(map(sql.Identifier, _columns(table)))
        statements += [
            _INSERT.format(table=sql.Identifier(table), columns=columns, row=row)
            for row in rows - known
        ]
    return sql.SQL("; ").join(statements).as_string(connection.connection)


_DELETE = sql.SQL("DELETE FROM {table} t WHERE t::text = {row}")
_INSERT = sql.SQL(
    "INSERT INTO {table} ({columns}) SELECT {columns} FROM (SELECT ({row}::{table}).*) AS row"
)


def _columns(table: str) -> list[str]:
    """Those that are written; what PostgreSQL works out by itself is not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
            [connection.ops.quote_name(table)],
        )
        return [name for (name,) in cursor.fetchall()]
