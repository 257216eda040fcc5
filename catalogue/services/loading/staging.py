"""One part of a file, judged and copied beside the table of scenes."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from catalogue.footprints import shapes
from catalogue.footprints.facts import Known, columns
from catalogue.footprints.record import COLUMNS, FIGURES, BadRecord, Record

Tell = Callable[[int, str], None]
_TYPES = {"datetime": "timestamptz", **{figure.column: "float8" for figure in FIGURES}}
_MAKE = (
    "CREATE TEMP TABLE IF NOT EXISTS scene_staged ("
    + ", ".join(f"{name} {_TYPES.get(name, 'text')}" for name in COLUMNS)
    + ", footprint geometry)"
)
_COPY = f"COPY scene_staged ({', '.join(COLUMNS)}, footprint) FROM STDIN"


def parts(records: Iterable[Record], size: int) -> Iterator[tuple[Record, ...]]:
    waiting = iter(records)
    while part := tuple(islice(waiting, size)):
        yield part


def judged(part: Iterable[Record], known: Known, tell: Tell) -> list[list[Any]]:
    """The rows to copy, each image once (the last time it is told counts); `tell` hears what is wrong."""
    good: list[tuple[int, list[Any], Any]] = []
    for record in part:
        try:
            if record.problem:
                raise BadRecord(record.problem)
            good.append((record.number, columns(record.facts, known), record.shape))
        except BadRecord as fault:
            tell(record.number, str(fault))
    outlines = shapes.ewkb([shape for _number, _row, shape in good])
    rows: dict[str, list[Any]] = {}
    for (number, row, _shape), outline in zip(good, outlines, strict=True):
        if isinstance(outline, BadRecord):
            tell(number, str(outline))
        else:
            rows[row[1]] = [*row, outline]
    return list(rows.values())


def copy(cursor: Any, rows: Iterable[list[Any]]) -> None:
    """Replace what was staged. The statistics are what keeps the merge on its indexes."""
    cursor.execute(_MAKE)
    cursor.execute("TRUNCATE scene_staged")
    with cursor.copy(_COPY) as out:
        for row in rows:
            out.write_row(row)
    cursor.execute("ANALYZE scene_staged")
