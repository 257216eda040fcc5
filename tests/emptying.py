"""What a test that commits leaves behind is taken away, and the reference rows are put back as they were.

Django empties every table and then makes permissions, content types and triggers anew: seconds of
work for rows that were there all along. Here only tables that hold rows are touched.
"""

from dataclasses import dataclass

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
    """Leave these rows and no other; sequences go on counting, so that no key is given twice.

    Truncating makes new files for every table and index, ten times the work of deleting the few rows
    that a test wrote. Whoever is still writing, such as a server's thread, is waited for. Triggers and
    foreign keys sleep meanwhile: what is put back held before.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"LOCK TABLE {', '.join(map(_quoted, _emptied()))} IN EXCLUSIVE MODE")
        for table in filled():
            cursor.execute(f"DELETE FROM {_quoted(table)}")
        for each in rows:
            with cursor.copy(f"COPY {_names(each)} FROM STDIN (FORMAT binary)") as copy:
                copy.write(each.data)


def filled() -> list[str]:
    """Return the tables that hold at least one row."""
    each = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM {_quoted(table)})" for table in _emptied())
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return [table for (table,) in cursor.fetchall()]


def _emptied() -> list[str]:
    return sorted(set(connection.introspection.table_names()) - STANDING)


def _copied(table: str) -> Rows:
    with connection.cursor() as cursor:
        # What PostgreSQL works out by itself is not given back to it.
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
            [_quoted(table)],
        )
        columns = tuple(name for (name,) in cursor.fetchall())
        rows = Rows(table, columns, b"")
        with cursor.copy(f"COPY {_names(rows)} TO STDOUT (FORMAT binary)") as copy:
            data = b"".join(bytes(block) for block in copy)
    return Rows(table, columns, data)


def _names(rows: Rows) -> str:
    return f"{_quoted(rows.table)} ({', '.join(map(_quoted, rows.columns))})"


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
