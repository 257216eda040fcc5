"""Records of a GeoParquet file (stac-geoparquet, or plain columns), read by parts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from catalogue.footprints import record as names
from catalogue.footprints.record import NotFootprints, Record

PART = 5_000  # rows
MAX_GROUP = 1024**3  # bytes of a row group once unpacked: it is the least that can be read
_WANTED = {
    *names.IDS, *names.COLLECTIONS, *names.PLATFORMS, *names.INSTANTS, *names.STEREO,
    *names.STEREO_KEYS, names.STEREO_COUNT, *names.SHAPES,
    *(name for figure in names.FIGURES for name in figure.names),
}  # fmt: skip


def records(path: Path) -> Iterator[Record]:
    """Every row, by the columns that are of use. Raises NotFootprints."""
    try:
        with pq.ParquetFile(path) as file:
            yield from _rows(file)
    except (pa.ArrowException, OSError) as fault:
        raise NotFootprints(f"this is no readable Parquet file ({str(fault)[:120]})") from fault


def _rows(file: pq.ParquetFile) -> Iterator[Record]:
    wanted = [name for name in file.schema_arrow.names if name in _WANTED]
    shape = next((name for name in names.SHAPES if name in wanted), None)
    if shape is None:
        raise NotFootprints(f"there is none of the columns {', '.join(names.SHAPES)}")
    for group in range(file.num_row_groups):
        size = file.metadata.row_group(group).total_byte_size
        if size > MAX_GROUP:
            raise NotFootprints(
                f"row group {group + 1} is larger than {MAX_GROUP // 1024**2} MB: "
                "write the file with smaller ones"
            )
    number = 0
    for part in file.iter_batches(batch_size=PART, columns=wanted):
        columns: list[list[Any]] = [_values(column) for column in part.columns]
        for values in zip(*columns, strict=True):
            number += 1
            facts = dict(zip(wanted, values, strict=True))
            yield Record(number, facts, facts.pop(shape))


def _values(column: pa.Array) -> list[Any]:
    """Instants come with their microseconds, all else as it stands."""
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", tz="UTC"), safe=False)
    return column.to_pylist()
