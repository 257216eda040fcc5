"""Records of a file, whatever its kind: NDJSON, GeoJSON, CSV (each may be gzipped), GeoParquet."""

import csv
import gzip
import json
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from io import BufferedReader, RawIOBase, TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from catalogue.footprints import tables
from catalogue.footprints.record import COLLECTIONS, SHAPES, NotFootprints, Record, first

MAX_LINE = 1024 * 1024  # bytes of one record
MAX_DOCUMENT = 256 * 1024 * 1024  # bytes of a GeoJSON, which is read whole
KINDS = {
    ".ndjson": "ndjson", ".jsonl": "ndjson", ".geojsonl": "ndjson", ".geojsons": "ndjson",
    ".json": "geojson", ".geojson": "geojson",
    ".csv": "csv",
    ".parquet": "geoparquet", ".geoparquet": "geoparquet",
}  # fmt: skip


def kind_of(path: Path) -> str:
    """By the end of its name. Raises NotFootprints."""
    suffixes = [suffix.lower() for suffix in path.suffixes[-2:]]
    packed = bool(suffixes) and suffixes[-1] == ".gz"
    kind = KINDS.get(suffixes[-2] if packed and len(suffixes) > 1 else (suffixes or [""])[-1])
    if kind is None or (packed and kind == "geoparquet"):
        raise NotFootprints(
            f"the name ends in none of {', '.join(KINDS)} (.gz may follow, but not after .parquet)"
        )
    return kind


def records(path: Path, kind: str) -> Iterator[Record]:
    """Every record, one at a time. Raises NotFootprints when the file itself cannot be read."""
    if kind == "geoparquet":
        yield from tables.records(path)
        return
    readers = {"ndjson": _lines, "geojson": _document, "csv": _rows}
    try:
        with ExitStack() as stack:
            file: BinaryIO = stack.enter_context(path.open("rb"))
            if path.suffix.lower() == ".gz":
                file = stack.enter_context(gzip.GzipFile(fileobj=file))
            yield from readers[kind](file)
    except (gzip.BadGzipFile, EOFError, zlib.error) as fault:
        raise NotFootprints(f"the archive is damaged ({fault})") from fault


def of_item(number: int, item: Any) -> Record:
    """A STAC item or GeoJSON feature: what stands beside `properties` belongs to the facts too."""
    if not isinstance(item, dict) or item.get("type") != "Feature":
        return Record(number, {}, problem="this is no GeoJSON Feature")
    said = item.get("properties")
    if not isinstance(said, dict):
        return Record(number, {}, problem="the Feature has no properties")
    facts = dict(said)
    if isinstance(item.get("id"), str):
        facts["id"] = item["id"]
    if (collection := first(item, COLLECTIONS)) is not None:
        facts["collection"] = collection
    return Record(number, facts, item.get("geometry"))


def _lines(file: BinaryIO) -> Iterator[Record]:
    """One item a line. A line that is too long is passed over to its end, not held in memory."""
    number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_LINE)
            yield Record(number, {}, problem=f"the line is longer than {MAX_LINE} bytes")
            continue
        line = line.strip(b"\x1e\r\n\t \xef\xbb\xbf")
        if not line:
            continue
        try:
            yield of_item(number, orjson.loads(line))
        except orjson.JSONDecodeError as fault:
            yield Record(number, {}, problem=f"this is no JSON ({str(fault)[:80]})")


def _document(file: BinaryIO) -> Iterator[Record]:
    """A FeatureCollection; the number of a record is its place in it."""
    text = file.read(MAX_DOCUMENT + 1)
    if len(text) > MAX_DOCUMENT:
        raise NotFootprints(
            f"a GeoJSON of more than {MAX_DOCUMENT // 1024**2} MB is not read whole: "
            "write one item a line (.ndjson)"
        )
    try:
        told = orjson.loads(text.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as fault:
        raise NotFootprints(f"this is no JSON ({str(fault)[:80]})") from fault
    del text
    if isinstance(told, dict) and told.get("type") == "Feature":
        told = {"type": "FeatureCollection", "features": [told]}
    if not isinstance(told, dict) or not isinstance(told.get("features"), list):
        raise NotFootprints("this is no GeoJSON FeatureCollection")
    for number, item in enumerate(told["features"], start=1):
        yield of_item(number, item)


def _rows(file: BinaryIO) -> Iterator[Record]:
    """CSV with a header; the outline stands in a column `geometry`, `footprint` or `wkt`."""
    text = TextIOWrapper(BufferedReader(_Short(file)), encoding="utf-8-sig", newline="")
    csv.field_size_limit(MAX_LINE)
    try:
        head = text.readline(MAX_LINE)
        separator = ";" if head.count(";") > head.count(",") else ","
        names = [name.strip() for name in next(csv.reader([head], delimiter=separator), [])]
        if not set(names) & set(SHAPES):
            raise NotFootprints(f"the header has none of the columns {', '.join(SHAPES)}")
        reader = csv.reader(text, delimiter=separator)
        for row in reader:
            number = reader.line_num + 1
            if not row:
                continue
            if len(row) != len(names):
                problem = f"the row has {len(row)} columns, the header {len(names)}"
                yield Record(number, {}, problem=problem)
                continue
            facts = dict(zip(names, (value.strip() for value in row), strict=True))
            shape = next((facts.pop(name) for name in SHAPES if facts.get(name)), None)
            yield Record(number, facts, _json(shape))
    except UnicodeDecodeError as fault:
        raise NotFootprints("the text is not UTF-8") from fault
    except csv.Error as fault:
        raise NotFootprints(f"this is no CSV ({fault})") from fault


def _json(shape: str | None) -> Any:
    """GeoJSON in a cell; WKT and WKB stay texts."""
    if shape is None or not shape.startswith("{"):
        return shape
    try:
        return json.loads(shape)
    except (ValueError, RecursionError):
        return shape


class _Short(RawIOBase):
    """A file whose lines must end: csv would hold one of a gigabyte in memory."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.since = file, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = self.file.read(len(buffer))
        buffer[: len(part)] = part
        at = part.rfind(b"\n")
        self.since = self.since + len(part) if at < 0 else len(part) - at - 1
        if self.since > 4 * MAX_LINE:
            raise NotFootprints(f"a line is longer than {4 * MAX_LINE} bytes")
        return len(part)
