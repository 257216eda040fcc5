"""A first load of millions: copied bare by two connections at once, then what searching needs built by both."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks import Measurement, at_most, servers
from benchmarks import _scenes as scenes
from benchmarks._scenes import later
from tools.postgresql import PostgreSQL

FULL = 19_000_000
PROMISED_S = 900  # for the full size, the indexes of searching included

SCENES, NAMES = "catalogue_scene", "catalogue_identifier"

Work = tuple[str, str]  # a name to print, a statement


def loaded(size: int) -> Iterator[Measurement]:
    """The indexes that answer searches are built after the copy; those that keep a name once stay."""
    connection = later("django.db").connection
    start = time.perf_counter()
    with connection.cursor() as cursor:
        scenes.prepare()
        cursor.execute("SET synchronous_commit = off")
        # What keeps a scene's name once stays: its place in that index is dear only out of order.
        of_scenes, of_names = _bared(cursor, SCENES, "f"), _bared(cursor, NAMES, "fu")
        with ThreadPoolExecutor(2) as both:
            [*both.map(_copied, (0, size // 2), (size // 2, size))]
        copied = time.perf_counter() - start
        yield Measurement("copied", size / copied, "rows/s")
        # The one over footprints takes longest by far: it has a connection to itself.
        over_area = [work for work in of_scenes["index"] if "USING gist" in work[1]]
        others = [work for work in of_scenes["index"] if work not in over_area]
        with ThreadPoolExecutor(2) as both:
            rest = [*others, ("names of all", _NAMES), *of_names["index"]]
            for found in both.map(_apart, (over_area, rest)):
                yield from found
        yield from _built([*of_scenes["constraint"], *of_names["constraint"]])
        cursor.execute("VACUUM (ANALYZE) catalogue_scene")
        cursor.execute("ANALYZE catalogue_identifier")
        _settle()
        cursor.execute("SET synchronous_commit = on")
    took = time.perf_counter() - start
    share = max(size / FULL, 0.05)
    yield at_most("loaded with indexes and names", took, PROMISED_S * share, "s")


def _settle() -> None:
    """Let what was written go to the disk now, and not while searches are timed."""
    [postgresql] = [one for one in servers.get().needed if isinstance(one, PostgreSQL)]
    postgresql.run_sql("postgres", "CHECKPOINT;")


def _copied(begin: int, end: int) -> None:
    """Scenes of these numbers, in a thread of its own, whose connection ends with it."""
    connection = later("django.db").connection
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
            for _done in scenes.copied(cursor, end - begin, start=begin, seed=1 + begin):
                pass
    finally:
        connection.close()


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


def _bared(cursor: Any, table: str, kinds: str) -> dict[str, list[Work]]:
    """Take from a table what is dear row by row, of its constraints these kinds; how to put it back, by kind."""
    back: dict[str, list[Work]] = {"index": [], "constraint": []}
    cursor.execute(_DEAR, {"table": table, "kinds": list(kinds)})
    for name, kind, definition in cursor.fetchall():
        is_index = kind == "i"
        cursor.execute(
            f'DROP INDEX "{name}"' if is_index else f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'
        )
        put = (
            definition if is_index else f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}'
        )
        # A foreign key looks at the other table too: it waits until nothing is built there.
        back["constraint" if kind == "f" else "index"].append((name, put))
    return back


_DEAR = """
SELECT conname, contype::text, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = %(table)s::regclass AND contype::text = ANY(%(kinds)s)
UNION ALL
SELECT indexname, 'i', indexdef FROM pg_indexes
WHERE tablename = %(table)s AND indexdef NOT LIKE 'CREATE UNIQUE%%'
"""
_NAMES = """
INSERT INTO catalogue_identifier (value, scene_id)
SELECT s.item_id, s.id FROM catalogue_scene s ORDER BY s.id
"""
