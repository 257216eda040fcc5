"""One STAC search, read from an address or a body; every input limited, what is wrong told with its name."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import shapely
from django.utils.translation import gettext as _

from catalogue.search import texts
from catalogue.search.clauses import Clauses
from catalogue.search.cursor import Cursor
from catalogue.search.spoken import Spoken
from catalogue.stac import cql2, geometry
from catalogue.stac.fields import Fields
from catalogue.stac.instants import read_interval
from catalogue.stac.narrowing import Narrowed, narrow
from catalogue.stac.query import as_cql2
from dinamis.errors import Malformed

LIMIT = 10  # items of a page, where nothing is said
MAX_LIMIT = 1_000
MAX_IDS = 1_000
MAX_COLLECTIONS = 100
# The standard wants the hour: a client that means a day says where it begins and ends.
_DAY = re.compile(r"(^|/)\s*\d{4}-\d\d-\d\d\s*(/|$)")
# The words of a search; what else a client sends is left alone, as the standard asks.
SORTED = frozenset({"datetime", "properties.datetime"})


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked. None and () mean "no limit"; `begins_at` and `stops_at` are both included.

    `filters` are conditions in our SQL, `place` is any valid geometry in degrees; `spoken` is what the
    `terms` were found to be written of.
    """

    place: shapely.Geometry | None = None
    begins_at: datetime | None = None
    stops_at: datetime | None = None
    ids: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    spoken: Spoken | None = None
    filters: tuple[Clauses, ...] = ()
    narrowed: Narrowed = field(default_factory=Narrowed)
    limit: int = LIMIT
    oldest_first: bool = False
    after: Cursor | None = None
    fields: Fields = field(default_factory=Fields)


def of_address(query: Any) -> Search:
    """Read a GET's QueryDict. Raises Malformed."""
    body: dict[str, Any] = {}
    for name in ("datetime", "limit", "token", "filter-lang", "filter-crs", "q"):
        if query.get(name):
            body[name] = query[name]
    for name in ("ids", "collections", "sortby"):
        if query.get(name):
            body[name] = query[name].split(",")
    if "fields" in query:
        body["fields"] = query["fields"]
    if query.get("bbox"):
        body["bbox"] = query["bbox"].split(",")
    for name in ("intersects", "query"):
        if query.get(name):
            body[name] = _json(query[name], name)
    if query.get("filter"):
        language = query.get("filter-lang", "cql2-text")
        text = query["filter"]
        body["filter"] = _json(text, "filter") if language == "cql2-json" else text
        body["filter-lang"] = language
    return of_body(body)


def of_body(body: Mapping[str, Any]) -> Search:
    """Read a POST's body. Raises Malformed."""
    begins_at, stops_at = _times(body.get("datetime"))
    written = _filters(body)
    if body.get("bbox") is not None and body.get("intersects") is not None:
        raise wrong("bbox", _("A search has a box or a geometry, not both."))
    return Search(
        place=_place(body),
        begins_at=begins_at,
        stops_at=stops_at,
        ids=_texts(body.get("ids"), "ids", MAX_IDS),
        # Some clients, the official validator among them, send one name as a text.
        collections=_texts(body.get("collections"), "collections", MAX_COLLECTIONS),
        terms=texts.read(body.get("q")),
        filters=tuple(cql2.conditions(one) for one in written),
        narrowed=narrow(written),
        limit=limit_of(body.get("limit")),
        oldest_first=_oldest_first(body.get("sortby")),
        after=_after(body.get("token")),
        fields=Fields.read(body["fields"]) if "fields" in body else Fields(),
    )


def wrong(name: str, sentence: str) -> Malformed:
    return Malformed("search_wrong", sentence, field=name)


def _json(text: str, name: str) -> Any:
    if len(text) > geometry.MAX_POSITIONS * 60:
        raise wrong(name, _("This is too long."))
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise wrong(name, _("“%(name)s” is not JSON.") % {"name": name}) from fault


def _place(body: Mapping[str, Any]) -> shapely.Geometry | None:
    if body.get("intersects") is not None:
        return geometry.read(body["intersects"])
    if body.get("bbox") is None:
        return None
    numbers = body["bbox"]
    if not isinstance(numbers, list) or len(numbers) > 6:
        raise wrong("bbox", _("A box has four or six numbers: west, south, east, north."))
    try:
        read = [float(number) for number in numbers]
    except (ValueError, TypeError, OverflowError) as fault:
        raise wrong("bbox", _("A box is made of numbers.")) from fault
    if not all(math.isfinite(number) for number in read):
        raise wrong("bbox", _("A box is made of numbers."))
    return geometry.read_box(read)


def _times(written: Any) -> tuple[datetime | None, datetime | None]:
    if written in (None, ""):
        return None, None
    if not isinstance(written, str) or len(written) > 80:
        raise wrong("datetime", _("A time is a text such as 2019-10-28T14:10:11Z."))
    if _DAY.search(written):
        raise wrong(
            "datetime", _("A time is a text such as 2019-10-28T14:10:11Z: a day alone is none.")
        )
    return read_interval(written)


def _texts(written: Any, name: str, most: int) -> tuple[str, ...]:
    if written in (None, "", []):
        return ()
    several = [written] if isinstance(written, str) else written
    if not isinstance(several, list) or not all(isinstance(one, str) for one in several):
        raise wrong(name, _("“%(name)s” is a list of texts.") % {"name": name})
    if len(several) > most:
        raise wrong(
            name, _("“%(name)s” has at most %(limit)s entries.") % {"name": name, "limit": most}
        )
    return tuple(dict.fromkeys(one.replace("\x00", "")[:200] for one in several))


def limit_of(written: Any, *, usual: int = LIMIT, most: int = MAX_LIMIT) -> int:
    """At most `most`: a larger number is one, as OGC API Features says. Raises Malformed."""
    if written in (None, ""):
        return usual
    text = str(written)
    if isinstance(written, bool) or not (text.isascii() and text.isdigit() and len(text) < 12):
        raise wrong("limit", _("“limit” is a whole number of at least 1."))
    if int(text) < 1:
        raise wrong("limit", _("“limit” is a whole number of at least 1."))
    return min(int(text), most)


def _filters(body: Mapping[str, Any]) -> list[Any]:
    """The filters in CQL2 JSON: that of the older `query`, and `filter`."""
    made = []
    if body.get("query") not in (None, {}):
        made.append(as_cql2(body["query"]))
    written = body.get("filter")
    if written not in (None, "", {}):
        crs = body.get("filter-crs")
        if crs not in (None, "", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"):
            raise cql2.wrong(_("Positions in a filter are in CRS84."))
        made.append(cql2.from_text(written) if isinstance(written, str) else written)
    return made


def _oldest_first(written: Any) -> bool:
    """The direction. The one sort is by time: the others have no index, and would end in a timeout."""
    if written in (None, "", []):
        return False
    several: Sequence[Any] = written if isinstance(written, list) else [written]
    directions = []
    for one in several[:10]:
        if isinstance(one, str):
            one = {"field": one.lstrip("+- "), "direction": "desc" if one[:1] == "-" else "asc"}
        if not isinstance(one, dict) or one.get("field") not in SORTED:
            raise wrong("sortby", _("Items are sorted by “datetime” alone."))
        if one.get("direction", "asc") not in ("asc", "desc"):
            raise wrong("sortby", _("A direction is “asc” or “desc”."))
        directions.append(one.get("direction", "asc") == "asc")
    return directions[0]


def _after(written: Any) -> Cursor | None:
    if written in (None, ""):
        return None
    cursor = Cursor.read(written) if isinstance(written, str) else None
    if cursor is None:
        raise wrong("token", _("This is not a page of this search."))
    return cursor
