"""Opening a register's file: encoding, delimiter and shape found out, read piece by piece."""

import codecs
import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from accounts.registers.entry import BadLine

CHUNK = 256 * 1024  # bytes read at once
LARGEST_RECORD = 4 * 1024 * 1024  # characters; the largest record of ROR is some 100 kB
_BETWEEN = re.compile(r"[\s,]*")
_DELIMITERS = ";,\t|"


class NotARegister(Exception):
    """The file is none that can be read; the words say why."""


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file, or the one JSON file that a zip archive holds (as ROR publishes it)."""
    if not zipfile.is_zipfile(path):
        with path.open("rb") as file:
            yield file
        return
    with zipfile.ZipFile(path) as archive:
        # ROR's archive holds the same records twice: JSON and, flattened, CSV.
        names = [name for name in archive.namelist() if name.endswith(".json")]
        if not names:
            raise NotARegister("the archive holds no JSON file")
        newest = sorted(names, key=lambda name: ("v2" in name, name))[-1]
        with archive.open(newest) as file:
            yield file


def encoding_of(path: Path) -> str:
    """UTF-8 (with or without its mark), UTF-16 by its mark, else Windows-1252, as old exports are."""
    with opened(path) as file:
        start = file.read(4)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            decoder.decode(start)
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


@contextmanager
def text_of(path: Path) -> Iterator[io.TextIOWrapper]:
    """The file as text; what the encoding does not know is replaced, never fatal."""
    encoding = encoding_of(path)
    with opened(path) as file:
        yield io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")


def is_json(path: Path) -> bool:
    """True when the first character is that of a JSON list."""
    with text_of(path) as text:
        return text.read(1024).lstrip().startswith("[")


def header_of(path: Path) -> tuple[list[str], str]:
    """The columns of a CSV file and its delimiter: the one that cuts its first line most."""
    with text_of(path) as text:
        first = text.readline(64 * 1024)
    delimiter = max(_DELIMITERS, key=first.count)
    return next(csv.reader([first], delimiter=delimiter), []), delimiter


def rows_of(path: Path) -> Iterator[tuple[int, dict[str, Any] | BadLine]]:
    """Yield line number and row of a CSV file; a line that is not of the table is a BadLine."""
    columns, delimiter = header_of(path)
    with text_of(path) as text:
        reader = csv.reader(text, delimiter=delimiter)
        next(reader, None)
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield reader.line_num, BadLine(str(error))
                continue
            if not any(cells):
                continue
            if len(cells) != len(columns):
                yield reader.line_num, BadLine(f"{len(cells)} cells instead of {len(columns)}")
                continue
            yield reader.line_num, dict(zip(columns, cells, strict=True))


def records_of(path: Path) -> Iterator[tuple[int, dict[str, Any] | BadLine]]:
    """Yield line number and record of a JSON list, one record in memory at a time.

    A broken record ends the file: where the next one begins is not known.
    """
    decoder = json.JSONDecoder()
    with text_of(path) as text:
        buffer, line = text.read(CHUNK).lstrip().removeprefix("["), 1
        while True:
            start = _BETWEEN.match(buffer)
            skipped = buffer[: start.end()] if start else ""
            line, buffer = line + skipped.count("\n"), buffer[len(skipped) :]
            if buffer.startswith("]"):
                return
            try:
                record, end = decoder.raw_decode(buffer)
            except json.JSONDecodeError as error:
                more = text.read(CHUNK)
                if more and len(buffer) < LARGEST_RECORD:
                    buffer += more
                    continue
                yield line, BadLine(f"the list ends or breaks here: {error.msg}")
                return
            yield line, record if isinstance(record, dict) else BadLine("not a record")
            line, buffer = line + buffer[:end].count("\n"), buffer[end:]
