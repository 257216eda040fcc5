"""What a test that commits leaves behind is taken away, and the reference rows are put back as they were.

Django empties every table and then makes permissions, content types and triggers anew: seconds of
work for rows that were there all along. Here only tables that hold rows are touched.
"""

from dataclasses import dataclass

import pgtrigger
from django.db import connection, transaction

# Written by `migrate`, the same for the whole run.
STANDING = {
    "auth_permission", "django_content_type", "django_migrations", "pgtrigger_migration",
    "spatial_ref_sys",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one table, in PostgreSQL's own binary copy format."""

    table: str
    columns: tuple[str, ...]
    data: bytes


def kept() -> list[Rows]:
    """Return every row there is now, but for what always stands."""
    return [_copied(table) for table in filled()]


def empty_but_for(rows: list[Rows]) -> None:
    """Leave these rows and no other; sequences go on counting, so that no key is given twice."""
    with transaction.atomic(), pgtrigger.ignore(), connection.cursor() as cursor:
        if tables := filled():
            names = ", ".join(connection.ops.quote_name(table) for table in tables)
            cursor.execute(f"TRUNCATE {names} CASCADE")
        for each in rows:  # foreign keys are asked at the end of the transaction
            with cursor.copy(f"COPY {_names(each)} FROM STDIN (FORMAT binary)") as copy:
                copy.write(each.data)


def filled() -> list[str]:
    """Return the tables that hold at least one row."""
    tables = sorted(set(connection.introspection.table_names()) - STANDING)
    each = (
        f"SELECT '{table}' WHERE EXISTS (SELECT FROM {connection.ops.quote_name(table)})"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return [table for (table,) in cursor.fetchall()]


def _copied(table: str) -> Rows:
    with connection.cursor() as cursor:
        # What PostgreSQL works out by itself is not given back to it.
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
            [connection.ops.quote_name(table)],
        )
        columns = tuple(name for (name,) in cursor.fetchall())
        rows = Rows(table, columns, b"")
        with cursor.copy(f"COPY {_names(rows)} TO STDOUT (FORMAT binary)") as copy:
            data = b"".join(bytes(block) for block in copy)
    return Rows(table, columns, data)


def _names(rows: Rows) -> str:
    columns = ", ".join(connection.ops.quote_name(column) for column in rows.columns)
    return f"{connection.ops.quote_name(rows.table)} ({columns})"
