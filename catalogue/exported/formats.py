"""The formats of a list of scenes: each turns rows into a document, piece by piece."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from catalogue.exported import geoparquet, kml
from catalogue.exported.row import COLUMNS, Row
from dinamis import sheets

IN_MEMORY = 8 * 1024 * 1024  # bytes of a GeoParquet; what is larger waits on the disk
_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Format:
    """`write` gives the pieces of the document; `name` is the file's."""

    name: str
    kind: str
    write: Callable[[Iterable[Row]], Iterable[Any]]


def _csv(rows: Iterable[Row]) -> Iterable[str]:
    return sheets.lines([COLUMNS, *(_plain(row).values() for row in rows)])


def _geojson(rows: Iterable[Row]) -> Iterator[bytes]:
    yield b'{"type":"FeatureCollection","features":['
    for number, row in enumerate(rows):
        feature = {
            "type": "Feature",
            "id": row.facts["identifier"],
            "properties": _plain(row),
            "geometry": row.shape.__geo_interface__,
        }
        yield (b",\n" if number else b"\n") + orjson.dumps(feature)
    yield b"\n]}\n"


def _kml(rows: Iterable[Row]) -> Iterator[str]:
    return kml.written(rows, title="DINAMIS")


def _geoparquet(rows: Iterable[Row]) -> Iterator[bytes]:
    """Written before its first piece is given: its end says where all else stands."""
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as made:
        geoparquet.write(rows, made)
        made.seek(0)
        while piece := made.read(_CHUNK):
            yield piece


def _plain(row: Row) -> dict[str, Any]:
    return row.facts | {"datetime": row.facts["datetime"].isoformat()}


FORMATS = {
    "csv": Format("scenes.csv", sheets.TYPE, _csv),
    "geojson": Format("scenes.geojson", "application/geo+json", _geojson),
    "kml": Format("scenes.kml", kml.TYPE, _kml),
    "geoparquet": Format("scenes.parquet", geoparquet.TYPE, _geoparquet),
}
