"""One question about scenes, read from an address and written back to it: pure, every input limited."""

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from shapely.geometry import MultiPolygon

from catalogue.search import identifiers, texts
from catalogue.search.bounds import BOUNDS
from catalogue.search.cursor import Cursor
from catalogue.search.files import Bands, Level
from catalogue.search.spoken import Spoken
from dinamis.errors import Malformed

FIRST_DAY = date(1986, 1, 1)  # no image here is older than SPOT 1
MAX_CODES = 30
MAX_PURPOSE = 200  # characters
# Identifiers that still fit into an address, which servers cut at 4 kB.
SHAREABLE = 50
_NUMBER = re.compile(r"\d{1,4}(\.\d{1,3})?", re.ASCII)
MAX_QUERY = 120_000  # characters: a thousand identifiers and room around them


class Availability(StrEnum):
    """Which way to the image: its files are here, or it can be produced from the archive.

    `neither` is said of a scene whose product was withdrawn and whose satellite nobody orders from.
    """

    ANY = ""
    DOWNLOAD = "download"
    PRODUCE = "produce"
    NEITHER = "neither"


class Sort(StrEnum):
    """`newest` pages through any number of scenes; the others order the newest SEARCH_RANKED that match."""

    NEWEST = "newest"
    USEFUL = "useful"
    CLOUD = "cloud"
    COVERAGE = "coverage"
    ANGLE = "angle"


NEEDS_AREA = (Sort.USEFUL, Sort.COVERAGE)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. None, "" and () mean "no limit"; days are UTC, both included.

    `area` is in degrees WGS 84, `area_key` its name in the address bar. `max_cloud` is a share of the
    whole scene, in per cent; `bounds` are the other figures, by their names in `catalogue.search.bounds`.
    `levels` and `bands` are of one product that anybody may have: see `catalogue.search.files`.
    `terms` are words of which one is enough, `spoken` what they were found to be written of.
    `identifiers` replaces all other limits: whoever pastes a name wants that image.
    """

    area_key: uuid.UUID | None = None
    area: MultiPolygon | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    max_cloud: int | None = None
    bounds: Mapping[str, float] = field(default_factory=dict)
    sensors: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    bands: tuple[str, ...] = ()
    stereo_only: bool = False
    availability: Availability = Availability.ANY
    identifiers: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    spoken: Spoken | None = None
    purpose: str = ""
    sort: Sort | None = None
    after: Cursor | None = None
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def order(self) -> Sort:
        """The order in force: usefulness and coverage need an area."""
        usual = Sort.USEFUL if self.area is not None else Sort.NEWEST
        return usual if self.area is None and self.sort in NEEDS_AREA else self.sort or usual

    @property
    def begins_at(self) -> datetime | None:
        return _midnight(self.starts_on) if self.starts_on else None

    @property
    def ends_at(self) -> datetime | None:
        """The first instant that is too late."""
        return _midnight(self.ends_on + timedelta(days=1)) if self.ends_on else None

    @property
    def filters(self) -> int:
        """How many of the limits under "Filters" are set."""
        choices = (
            self.platforms, self.collections, self.levels, self.bands, self.stereo_only,
            self.availability,
        )  # fmt: skip
        return len(self.bounds) + sum(map(bool, choices))

    @property
    def asks_of_files(self) -> bool:
        """Only scenes of which there are files can answer."""
        return bool(self.levels or self.bands) or self.availability == Availability.DOWNLOAD

    @property
    def is_too_long(self) -> bool:
        """It names more images than an address holds: it is asked by a form alone."""
        return len(self.identifiers) > SHAREABLE

    def for_links(self) -> "Question":
        """The same, but for names that no address holds: a page of a thousand rows would repeat them all in each."""
        return replace(self, identifiers=()) if self.is_too_long else self

    def with_area(self, area: MultiPolygon | None) -> "Question":
        """The same question over an area that was found by its key."""
        return replace(self, area=area)

    def with_words(self, spoken: Spoken) -> "Question":
        """The same question, its words looked up."""
        return replace(self, spoken=spoken)

    def anytime_any_cloud(self) -> "Question":
        """What the histogram counts: the same without dates, cloud and page."""
        return replace(self, starts_on=None, ends_on=None, max_cloud=None, after=None)

    def parameters(self) -> list[tuple[str, str]]:
        """The question as it stands in the address bar, without the page."""
        pairs: list[tuple[str, Any]] = [
            ("q", " ".join(self.identifiers)),
            ("words", ", ".join(self.terms)),
            ("area", self.area_key),
            ("from", self.starts_on),
            ("to", self.ends_on),
            ("cloud", self.max_cloud),
            *(
                (one.name, f"{self.bounds[one.name]:g}")
                for one in BOUNDS
                if one.name in self.bounds
            ),
            *(("sensor", code) for code in self.sensors),
            *(("satellite", code) for code in self.platforms),
            *(("collection", code) for code in self.collections),
            *(("level", level) for level in self.levels),
            *(("bands", kind) for kind in self.bands),
            ("stereo", "1" if self.stereo_only else ""),
            ("have", self.availability),
            ("purpose", self.purpose),
            ("sort", self.sort),
        ]
        return [(name, str(value)) for name, value in pairs if value not in (None, "")]

    def query_string(self, **more: Any) -> str:
        """The address's query; `more` adds to it (`after=` a cursor)."""
        added = [(name, str(value)) for name, value in more.items() if value]
        return urlencode(self.parameters() + added)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def parse(query: Any, *, today: date) -> Question:
    """Read a QueryDict (or anything with `get` and `getlist`).

    What is wrong is left out and told in `problems`, a sentence per parameter, so that a page can
    show both the answer to what was right and what it did not understand.
    """
    reader = _Reader(query, today)
    starts_on, ends_on = reader.day("from"), reader.day("to")
    if starts_on and ends_on and starts_on > ends_on:
        reader.problems["to"] = _("The search ends before it begins: the two days were exchanged.")
        starts_on, ends_on = ends_on, starts_on
    levels, bands = reader.several("level", Level), reader.several("bands", Bands)
    availability = reader.choice("have", Availability) or Availability.ANY
    if (levels or bands) and availability not in (Availability.ANY, Availability.DOWNLOAD):
        availability = Availability.ANY
        reader.problems["have"] = _(
            "Level and bands are those of files that are here: what is still to be produced has none yet."
        )
    return Question(
        area_key=reader.key("area"),
        starts_on=starts_on,
        ends_on=ends_on,
        max_cloud=reader.whole("cloud", 0, 100, _("The cloud limit is a share from 0 to 100 %.")),
        bounds=reader.bounds(),
        sensors=reader.codes("sensor"),
        platforms=reader.codes("satellite"),
        collections=reader.codes("collection"),
        levels=levels,
        bands=bands,
        stereo_only=query.get("stereo", "") == "1",
        availability=availability,
        identifiers=reader.identifiers("q"),
        terms=reader.terms("words"),
        purpose=query.get("purpose", "")[:MAX_PURPOSE].strip(),
        sort=reader.choice("sort", Sort),
        after=reader.cursor("after"),
        problems=reader.problems,
    )


class _Reader:
    """Reads parameters one by one and remembers what it could not read."""

    def __init__(self, query: Any, today: date) -> None:
        self.query = query
        self.today = today
        self.problems: dict[str, str] = {}

    def text(self, name: str) -> str:
        return self.query.get(name, "").strip()

    def whole(self, name: str, low: int, high: int, sentence: str) -> int | None:
        text = self.text(name)
        if not text:
            return None
        if text.isascii() and text.isdigit() and len(text) < 5 and low <= int(text) <= high:
            return int(text)
        self.problems[name] = sentence
        return None

    def bounds(self) -> dict[str, float]:
        """The figures that are bounded, with a point or a comma in them."""
        found = {}
        for one in BOUNDS:
            text = self.text(one.name).replace(",", ".")
            if not text:
                continue
            if _NUMBER.fullmatch(text) and one.low <= float(text) <= one.high:
                found[one.name] = float(text)
            else:
                self.problems[one.name] = one.outside()
        return found

    def day(self, name: str) -> date | None:
        text = self.text(name)
        if not text:
            return None
        try:
            day = date.fromisoformat(text[:20])
        except ValueError:
            self.problems[name] = _("A day is written year-month-day, such as 2019-10-28.")
            return None
        if FIRST_DAY <= day <= self.today.replace(month=12, day=31):
            return day
        self.problems[name] = _("Images begin in 1986 and end today.")
        return None

    def key(self, name: str) -> uuid.UUID | None:
        text = self.text(name)
        try:
            return uuid.UUID(text) if text else None
        except ValueError:
            self.problems[name] = _("The area named in the address does not exist.")
            return None

    def codes(self, name: str) -> tuple[str, ...]:
        given: Iterable[str] = self.query.getlist(name)[:MAX_CODES]
        return tuple(dict.fromkeys(code[:20] for code in given if code))

    def several(self, name: str, kind: type[StrEnum]) -> tuple[str, ...]:
        """Those that are choices, in the order of the choices."""
        given = self.codes(name)
        if strange := [code for code in given if code not in [*kind]]:
            self.problems[name] = self._no_choice(strange[0])
        return tuple(one.value for one in kind if one in given)

    def choice(self, name: str, kind: type[StrEnum]) -> Any:
        text = self.text(name)
        if not text:
            return None
        try:
            return kind(text)
        except ValueError:
            self.problems[name] = self._no_choice(text)
            return None

    def _no_choice(self, text: str) -> str:
        return _("“%(value)s” is not one of the choices.") % {"value": text[:40]}

    def cursor(self, name: str) -> Cursor | None:
        text = self.text(name)
        cursor = Cursor.read(text) if text else None
        if text and cursor is None:
            self.problems[name] = _("This is not a page of the search: here is the first one.")
        return cursor

    def terms(self, name: str) -> tuple[str, ...]:
        """Words as the free text of STAC has them."""
        try:
            return texts.read(self.query.get(name, ""))
        except Malformed:
            self.problems[name] = _("At most %(limit)s words of %(length)s letters each.") % {
                "limit": texts.MAX_TERMS,
                "length": texts.MAX_TERM,
            }
            return ()

    def identifiers(self, name: str) -> tuple[str, ...]:
        text = self.query.get(name, "")
        if len(text) > MAX_QUERY:
            self.problems[name] = identifiers.too_many_sentence()
            return ()
        written = identifiers.split(text)
        if len(written) > identifiers.MAX_IDENTIFIERS:
            self.problems[name] = identifiers.too_many_sentence()
            return ()
        return written
