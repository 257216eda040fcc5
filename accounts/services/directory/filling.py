"""Filling the directory: one statement for some hundred entries, and nothing for what has not changed."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice

from django.db import connection

from accounts.registers.entry import Entry, Line

A_BATCH = 500
# Column → its type, as PostgreSQL reads it from JSON. The names are ours alone: nothing here is typed by a person.
_COLUMNS = {
    "source": "text",
    "key": "text",
    "name": "text",
    "short_name": "text",
    "other_names": "text[]",
    "kind": "text",
    "country": "text",
    "city": "text",
    "siret": "text",
    "rnsr": "text",
    "ror": "text",
    "domains": "text[]",
    "supervisors": "text[]",
    "website": "text",
    "is_closed": "boolean",
}
_NAMES = ", ".join(_COLUMNS)
_FACTS = [name for name in _COLUMNS if name not in ("source", "key")]
_SET = ", ".join(
    f"{name} = excluded.{name}"
    for name in (*_FACTS, "folded_name", "folded_short", "folded", "changed_at")
)
_OLD, _NEW = (", ".join(f"{row}.{name}" for name in _FACTS) for row in ("held", "excluded"))
_UPSERT = f"""
INSERT INTO accounts_directoryentry AS held
  ({_NAMES}, folded_name, folded_short, folded, changed_at)
SELECT {_NAMES}, lower(unaccent(name)), lower(unaccent(short_name)),
  lower(unaccent(concat_ws(' ', short_name, name, array_to_string(other_names || domains, ' ')))),
  statement_timestamp()
FROM jsonb_to_recordset(%s::jsonb) AS given ({", ".join(f"{n} {t}" for n, t in _COLUMNS.items())})
ON CONFLICT (source, key) DO UPDATE SET {_SET}
WHERE ({_OLD}) IS DISTINCT FROM ({_NEW})
RETURNING xmax = 0
"""  # noqa: S608  column names from the table above


@dataclass(slots=True)
class Counts:
    """What an import did; a second run of the same file finds all `unchanged`."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0


def fill(lines: Iterable[Line], *, tell: Callable[[Line], None]) -> Counts:
    """Put the lines of a register in the directory, batch by batch; return the counts.

    `tell` hears of every line that was refused or of which something was left out. Each batch is one
    statement: an import broken half-way is simply run again. Memory holds one batch, and the keys.
    """
    counts = Counts()
    good = _good(lines, counts, tell)
    while batch := list(islice(good, A_BATCH)):
        with connection.cursor() as cursor:
            cursor.execute(_UPSERT, [json.dumps([asdict(entry) for entry in batch])])
            made = [is_new for (is_new,) in cursor.fetchall()]
        counts.new += made.count(True)
        counts.updated += made.count(False)
        counts.unchanged += len(batch) - len(made)
    return counts


def _good(lines: Iterable[Line], counts: Counts, tell: Callable[[Line], None]) -> Iterator[Entry]:
    """The entries that can be taken, each key once."""
    seen: set[str] = set()
    for line in lines:
        entry = line.entry
        if entry is not None and entry.key in seen:
            line, entry = Line(line.number, problem=f"{entry.key} stands twice in the file"), None
        if line.problem or line.remark:
            tell(line)
        if entry is None:
            counts.refused += 1
            continue
        seen.add(entry.key)
        yield entry
