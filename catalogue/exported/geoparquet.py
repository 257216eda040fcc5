"""GeoParquet 1.1: footprints as WKB with their boxes beside them, written row group by row group."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from catalogue.exported.row import COLUMNS, Row

TYPE = "application/vnd.apache.parquet"
GROUP = 1_000  # rows
_ENDS = ("xmin", "ymin", "xmax", "ymax")
_TYPES = {
    "string": pa.string(),
    "double": pa.float64(),
    "bool": pa.bool_(),
    "timestamp": pa.timestamp("us", tz="UTC"),
}
_COVERING = {"bbox": {end: ["bbox", end] for end in _ENDS}}
_GEO = {
    "version": "1.1.0",
    "primary_column": "geometry",
    "columns": {
        "geometry": {
            "encoding": "WKB",
            "geometry_types": ["Polygon", "MultiPolygon"],
            "covering": _COVERING,  # its reference system is the standard's own: CRS84
        }
    },
}
SCHEMA = pa.schema(
    [
        *(pa.field(name, _TYPES[kind]) for name, kind in COLUMNS.items()),
        pa.field("geometry", pa.binary()),
        pa.field("bbox", pa.struct([(end, pa.float64()) for end in _ENDS])),
    ],
    metadata={"geo": json.dumps(_GEO)},
)


def write(rows: Iterable[Row], out: BinaryIO) -> None:
    """Write the whole file to `out`."""
    with pq.ParquetWriter(out, SCHEMA, compression="zstd") as writer:
        for group in _groups(rows):
            writer.write_table(pa.table(_columns(group), schema=SCHEMA))


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    waiting = iter(rows)
    while group := list(islice(waiting, GROUP)):
        yield group


def _columns(group: list[Row]) -> dict[str, list[Any]]:
    made: dict[str, list[Any]] = {name: [row.facts[name] for row in group] for name in COLUMNS}
    made["geometry"] = [shapely.to_wkb(row.shape) for row in group]
    made["bbox"] = [dict(zip(_ENDS, row.shape.bounds, strict=True)) for row in group]
    return made
