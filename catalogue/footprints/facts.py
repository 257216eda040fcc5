"""The columns of a scene from the facts of one record: checked, absent where they are absent."""

import math
import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from catalogue.footprints import record as names
from catalogue.footprints.record import BadRecord, first

LONGEST_ID = 100
_ID = re.compile(r"[!-~]{1,100}")  # printable ASCII
_NEVER = frozenset("/\\?#%")  # they would not come back out of an address
_STEREO = {"mono", "stereo", "tri_stereo"}
_COUNTED = {1: "mono", 2: "stereo", 3: "tri_stereo"}


@dataclass(frozen=True, slots=True)
class Satellite:
    """What a record is held against: the code, and the first and last day of an image."""

    code: str
    begins_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Known:
    """What the site knows: satellites by each of their names written by `plain`, collections by code.

    `collection` is that of every record, whatever it says; `today` is the last day an image can have.
    """

    satellites: Mapping[str, Satellite]
    collections: frozenset[str]
    today: date
    collection: str | None = None


def plain(name: str) -> str:
    """A satellite's name without accents, case and signs: "Pléiades-1A" and "pleiades 1a" are one."""
    bare = unicodedata.normalize("NFKD", name).casefold()
    return "".join(char for char in bare if char.isalnum())


def columns(facts: Mapping[str, Any], known: Known) -> list[Any]:
    """Values in the order of `record.COLUMNS`, None for what is not said. Raises BadRecord."""
    item_id = _item_id(first(facts, names.IDS))
    at = _instant(first(facts, names.INSTANTS))
    satellite = _satellite(first(facts, names.PLATFORMS), at, known)
    stereo, key = _stereo(facts)
    return [
        item_id,
        _bare(item_id),
        satellite.code,
        known.collection or _collection(first(facts, names.COLLECTIONS), known),
        at,
        *(_figure(first(facts, figure.names), figure) for figure in names.FIGURES),
        stereo,
        key,
    ]


def _item_id(value: Any) -> str:
    if not isinstance(value, str) or _ID.fullmatch(value) is None or _NEVER & set(value):
        raise BadRecord(
            f"the identifier {_shown(value)} is not a text of 1 to {LONGEST_ID} characters "
            "without blanks, accents, slashes, ?, # or %"
        )
    if _bare(value) == "" or _bare(value).startswith("DS_"):
        raise BadRecord(f"the identifier {_shown(value)} is no more than prefixes")
    return value


def _bare(item_id: str) -> str:
    """The form in which it is looked up: capitals, no DS_."""
    return item_id.upper().removeprefix("DS_")


def _instant(value: Any) -> datetime:
    """Without a zone it is UTC, as suppliers mean it."""
    if isinstance(value, str) and 10 <= len(value) <= 40:
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            value = _fraction(value)
    if not isinstance(value, datetime):
        raise BadRecord("there is no datetime such as 2019-10-28T14:10:11Z")
    if value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    try:
        return value.astimezone(UTC)
    except OverflowError as fault:
        raise BadRecord(f"{value.isoformat()} is no possible time") from fault


def _fraction(text: str) -> datetime | None:
    """With more digits of a second than six, which the standard library does not read."""
    head, dot, tail = text.partition(".")
    digits = re.match(r"\d*", tail).group()
    try:
        return datetime.fromisoformat(f"{head}{dot}{digits[:6]:0<6}{tail[len(digits) :]}")
    except ValueError:
        return None


def _satellite(value: Any, at: datetime, known: Known) -> Satellite:
    if not isinstance(value, str) or not value:
        raise BadRecord("the satellite (platform) is not said")
    satellite = known.satellites.get(plain(value[:80]))
    if satellite is None:
        raise BadRecord(f"there is no satellite {_shown(value)}")
    day = at.date()
    last = min(satellite.ends_on or known.today, known.today) + timedelta(days=1)
    if not satellite.begins_on <= day <= last:
        raise BadRecord(f"{satellite.code} took no image on {day}: it was not in service")
    return satellite


def _collection(value: Any, known: Known) -> str | None:
    if value is None:
        return None
    if value not in known.collections:
        raise BadRecord(f"there is no collection {_shown(value)}")
    return value


def _figure(value: Any, figure: names.Figure) -> float | None:
    if value is None:
        return None
    if isinstance(value, str) and len(value) <= 40:
        with suppress(ValueError):
            value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadRecord(f"{figure.names[0]} is {_shown(value)}, not a number")
    if math.isnan(value):
        return None  # how tables write what is absent
    if not figure.low <= value <= figure.high:
        raise BadRecord(
            f"{figure.names[0]} is {value:g}, outside {figure.low:g} to {figure.high:g}"
        )
    return float(value)


def _stereo(facts: Mapping[str, Any]) -> tuple[str | None, str | None]:
    said = first(facts, names.STEREO)
    count = facts.get(names.STEREO_COUNT)
    if said is None and isinstance(count, int | float | str) and str(count).isdigit():
        said = _COUNTED.get(int(count), count)
    if said is not None and (not isinstance(said, str) or said not in _STEREO):
        raise BadRecord(f"stereo is {_shown(said)}, not one of mono, stereo, tri_stereo")
    key = first(facts, names.STEREO_KEYS)
    if key is not None and (not isinstance(key, str) or len(key) > 60 or "\x00" in key):
        raise BadRecord(f"the group of stereo images is {_shown(key)}, not a text of at most 60")
    return said, key


def _shown(value: Any) -> str:
    """What was written, short enough for a line of a terminal and without what moves its cursor."""
    text = value if isinstance(value, str) else repr(value)
    return "“" + "".join(char if char.isprintable() else "?" for char in text[:60]) + "”"
