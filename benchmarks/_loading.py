"""A first load of millions: copied bare, then what searching needs built by two connections at once."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks import Measurement, at_most
from benchmarks import _scenes as scenes
from benchmarks._scenes import later

FULL = 19_000_000
PROMISED_S = 900  # for the full size, the indexes of searching included

Work = tuple[str, str]  # a name to print, a statement


def loaded(size: int) -> Iterator[Measurement]:
    """The indexes that answer searches are built after the copy; those that keep a name once stay."""
    connection = later("django.db").connection
    start = time.perf_counter()
    with connection.cursor() as cursor:
        scenes.prepare()
        cursor.execute("SET synchronous_commit = off")
        cursor.execute(_OF_SEARCH)
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        of_names = _bared(cursor)
        for _done in scenes.copied(cursor, size):
            pass
        copied = time.perf_counter() - start
        yield Measurement("copied", size / copied, "rows/s")
        # The one over footprints takes longest by far: it has a connection to itself.
        over_area = [work for work in indexes if "USING gist" in work[1]]
        others = [work for work in indexes if work not in over_area]
        with ThreadPoolExecutor(2) as both:
            rest = [*others, ("names of all", _NAMES), *of_names["index"]]
            for found in both.map(_apart, (over_area, rest)):
                yield from found
        yield from _built(of_names["constraint"])
        cursor.execute("VACUUM (ANALYZE) catalogue_scene")
        cursor.execute("ANALYZE catalogue_identifier")
        cursor.execute("SET synchronous_commit = on")
    took = time.perf_counter() - start
    share = max(size / FULL, 0.05)
    yield at_most("loaded with indexes and names", took, PROMISED_S * share, "s")


def _built(works: Sequence[Work]) -> list[Measurement]:
    found = []
    with later("django.db").connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off; SET maintenance_work_mem = '512MB'")
        for name, statement in works:
            began = time.perf_counter()
            cursor.execute(statement)
            found.append(Measurement(f"built: {name}", time.perf_counter() - began, "s"))
        cursor.execute("RESET maintenance_work_mem")
    return found


def _apart(works: Sequence[Work]) -> list[Measurement]:
    """In a thread of its own, whose connection ends with it."""
    try:
        return _built(works)
    finally:
        later("django.db").connection.close()


def _bared(cursor: Any) -> dict[str, list[Work]]:
    """Take from the table of names what is dear row by row; how to put it back, by kind."""
    back: dict[str, list[Work]] = {"index": [], "constraint": []}
    cursor.execute(_OF_NAMES)
    for name, kind, definition in cursor.fetchall():
        is_index = kind == "i"
        cursor.execute(
            f'DROP INDEX "{name}"'
            if is_index
            else f'ALTER TABLE catalogue_identifier DROP CONSTRAINT "{name}"'
        )
        put = (
            definition
            if is_index
            else f'ALTER TABLE catalogue_identifier ADD CONSTRAINT "{name}" {definition}'
        )
        # A foreign key looks at the other table too: it waits until nothing is built there.
        back["constraint" if kind == "f" else "index"].append((name, put))
    return back


_OF_SEARCH = """
SELECT indexname, indexdef FROM pg_indexes
WHERE tablename = 'catalogue_scene' AND indexdef NOT LIKE 'CREATE UNIQUE%'
"""
_OF_NAMES = """
SELECT conname, contype::text, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = 'catalogue_identifier'::regclass AND contype IN ('f', 'u')
UNION ALL
SELECT indexname, 'i', indexdef FROM pg_indexes
WHERE tablename = 'catalogue_identifier' AND indexdef NOT LIKE 'CREATE UNIQUE%'
"""
_NAMES = """
INSERT INTO catalogue_identifier (value, scene_id)
SELECT s.item_id, s.id FROM catalogue_scene s ORDER BY s.id
"""
