"""What a filter surely asks of satellite, collection, time, place and files, so that the walk is led by it.

Only what every match must keep is read: the parts joined by "and" at the top. All else of the filter is
still asked of the database: this decides where it looks, never what it answers.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from catalogue.stac.instants import read_instant, read_interval
from dinamis.errors import Malformed

_INSTANT = timedelta(microseconds=1)
# Property to what is narrowed by it.
_NAMES = {"platform": "platforms", "collection": "collections", "constellation": "families"}
_OF_LISTS = ("a_overlaps", "a_contains")
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}


@dataclass(slots=True)
class Narrowed:
    """Codes, None for any; `ends_at` is the first instant too late.

    `is_orderable` leaves only satellites that somebody orders from; `of_files` says that only scenes of which
    there are files can answer. Each of `words` are the words of which one is asked of those files, as
    `catalogue.search.files.words` has them.
    """

    platforms: set[str] | None = None
    collections: set[str] | None = None
    families: set[str] | None = None
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    over_area: bool = False
    is_orderable: bool = False
    of_files: bool = False
    words: list[list[str]] = field(default_factory=list)

    def among(self, name: str, values: set[str]) -> None:
        known = getattr(self, name)
        setattr(self, name, values if known is None else known & values)

    def since(self, at: datetime) -> None:
        self.begins_at = max(self.begins_at or at, at)

    def before(self, at: datetime) -> None:
        self.ends_at = min(self.ends_at or at, at)


def narrow(filters: list[Any]) -> Narrowed:
    """Read filters in CQL2 JSON that were found right already."""
    made = Narrowed()
    for written in filters:
        for part in _joined(written):
            _read(part["op"], part["args"], made)
    return made


def _joined(node: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(node, dict) or not isinstance(node.get("args"), list):
        return
    if node.get("op") == "and":
        for arg in node["args"]:
            yield from _joined(arg)
    else:
        yield node


def _read(verb: str, args: list[Any], made: Narrowed) -> None:
    if verb == "s_intersects":
        made.over_area = True
        return
    if len(args) != 2:
        return
    name, other = _property(args[0]), args[1]
    if name is None and verb in _FLIPPED:
        name, other, verb = _property(args[1]), args[0], _FLIPPED[verb]
    if name in _NAMES and verb == "=" and isinstance(other, str):
        made.among(_NAMES[name], {other})
    elif name in _NAMES and verb == "in" and isinstance(other, list):
        if all(isinstance(one, str) for one in other):
            made.among(_NAMES[name], set(other))
    elif name == "datetime":
        _time(verb, other, made)
    elif name == "order:status" and verb == "=":
        made.of_files |= other == "succeeded"
        made.is_orderable |= other == "orderable"
    elif name == "dinamis:products" and verb in _OF_LISTS:
        made.of_files = True
        if other:  # all of none is asked of any file
            made.words.append([*other])


def _property(node: Any) -> str | None:
    if not isinstance(node, dict) or not isinstance(node.get("property"), str):
        return None
    return node["property"].removeprefix("properties.")


def _time(verb: str, other: Any, made: Narrowed) -> None:
    try:
        low, high = _ends(other)
    except Malformed:
        return
    if verb in (">", ">=", "t_after", "=", "t_equals", "t_during", "t_intersects") and low:
        made.since(low)
    if verb in ("<", "<=", "t_before", "=", "t_equals", "t_during", "t_intersects") and high:
        made.before(high + _INSTANT)


def _ends(node: Any) -> tuple[datetime | None, datetime | None]:
    """An instant is both ends, whatever else of a day it may mean."""
    if isinstance(node, dict) and isinstance(node.get("interval"), list):
        ends = [one if isinstance(one, str) else _text(one) for one in node["interval"]]
        return read_interval("/".join(ends))
    at = read_instant(_text(node))
    return at.at, at.until


def _text(node: Any) -> str:
    if isinstance(node, dict):
        node = node.get("timestamp", node.get("date"))
    return node if isinstance(node, str) else ""
