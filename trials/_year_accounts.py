"""The year's figures worked out again from the published movements, by arithmetic that knows no Django."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from benchmarks import Measurement, at_least, exactly
from trials._year_played import SENSORS, Year

ZERO = Decimal(0)
Figures = defaultdict[int, Decimal]


def _figures() -> Figures:
    return defaultdict(lambda: ZERO)


@dataclass(slots=True)
class Book:
    """What a list of movements makes: by account, and by the purse that carried each hold."""

    balance: Figures = field(default_factory=_figures)
    held: Figures = field(default_factory=_figures)
    consumed: Figures = field(default_factory=_figures)
    kinds: dict[int, str] = field(default_factory=dict)
    lines: defaultdict[str, list[Decimal]] = field(
        default_factory=lambda: defaultdict(lambda: [ZERO, ZERO, ZERO])
    )  # reference → held, captured, released
    granted: Figures = field(default_factory=_figures)  # transferred to projects, by account
    overdrawn: int = 0

    def enter(self, movement: dict[str, Any], holds: dict[int, tuple[int, str]]) -> None:
        """Book one movement as anybody would by hand."""
        amount = Decimal(movement["amount"])
        giver, taker = movement["from_account"], movement["to_account"]
        for end, sign in ((giver, -1), (taker, 1)):
            self.kinds[end["id"]] = end["kind"]
            self.balance[end["id"]] += sign * amount
        if giver["kind"] != "source" and self.balance[giver["id"]] < 0:
            self.overdrawn += 1
        if movement["kind"] == "transfer" and taker["owner_kind"] == "project":
            self.granted[int(taker["owner_key"])] += amount
        if movement["kind"] == "hold":
            holds[movement["id"]] = (giver["id"], taker["owner_key"])
            self.held[giver["id"]] += amount
            self.lines[taker["owner_key"]][0] += amount
        elif movement["hold"] is not None:
            purse, line = holds[movement["hold"]]
            self.held[purse] -= amount
            captured = movement["kind"] == "capture"
            self.lines[line][1 if captured else 2] += amount
            if captured:
                self.consumed[purse] += amount


def judged(year: Year) -> Iterator[Measurement]:
    """Yield, for both sensors together, how many figures differ from what the movements make."""
    projects = len(year.projects)
    count = differ = unbalanced = overdrawn = changed = wrong = 0
    for sensor in SENSORS:
        movements, at = _published(year, sensor)
        count += len(movements)
        book = _booked(movements)
        overdrawn += book.overdrawn
        unbalanced += sum(book.balance.values()) != 0
        differ += _differing(book, _purses(year, sensor, at))
        then = year.midyear[sensor]
        differ += _differing(_booked(_until(movements, then["at"])), then)
        changed += _purses(year, sensor, then["at"]) != then
        wrong += _wrong_lines(year, sensor, book)
        if sensor == "pleiades":
            projects = _wrong_projects(year, book)
    yield at_least("movements published", count, len(year.lines), "movements")
    yield exactly("periods whose balances do not sum to zero", unbalanced, 0, "periods")
    yield exactly("moments at which a quota was overdrawn", overdrawn, 0, "moments")
    yield exactly("figures of purses that differ, now and at mid-year", differ, 0, "figures")
    yield exactly("mid-years that read otherwise today", changed, 0, "periods")
    yield exactly("projects whose allotment is not what was decided", projects, 0, "projects")
    yield exactly("lines whose km² or attempts are not what was done", wrong, 0, "lines")


def _until(movements: list[dict[str, Any]], at: str) -> list[dict[str, Any]]:
    end = datetime.fromisoformat(at)
    return [one for one in movements if datetime.fromisoformat(one["at"]) <= end]


def _booked(movements: list[dict[str, Any]]) -> Book:
    book, holds = Book(), {}
    for movement in movements:
        book.enter(movement, holds)
    return book


def _published(year: Year, sensor: str) -> tuple[list[dict[str, Any]], str]:
    """Every movement of a sensor's year, and the instant up to which they are all there."""
    address = f"/quota/periods/{year.periods[sensor]}/movements"
    found: list[dict[str, Any]] = []
    at = ""
    while address:
        _status, page = year.ask("GET", address, year.keys.second)
        found += page["movements"]
        address, at = page["next"], page["at"]
    return found, at


def _purses(year: Year, sensor: str, at: str) -> dict[str, Any]:
    path = f"/quota/periods/{year.periods[sensor]}/purses?at={quote(at)}"
    return year.ask("GET", path, year.keys.second)[1]


def _differing(book: Book, shown: dict[str, Any]) -> int:
    """How many published figures are not those of the book; a purse that is missing counts too."""
    wrong = 0
    seen = set()
    for purse in shown["purses"]:
        pk = purse["account"]["id"]
        seen.add(pk)
        free, held, consumed = book.balance[pk], book.held[pk], book.consumed[pk]
        mine = {"free": free, "held": held, "consumed": consumed}
        mine["granted"] = free + held + consumed
        wrong += sum(Decimal(purse[name]) != figure for name, figure in mine.items())
    purses = {"budget", "reserve", "common", "allotment", "pool"}
    return wrong + len({pk for pk, kind in book.kinds.items() if kind in purses} - seen)


def _wrong_projects(year: Year, book: Book) -> int:
    """The sizes that were decided, whichever project they are of, are those that were transferred."""
    decided = sorted(one.granted for one in year.projects.values())
    given = sorted(book.granted.values())
    return sum(one != two for one, two in zip(decided, given, strict=False)) + abs(
        len(decided) - len(given)
    )


def _wrong_lines(year: Year, sensor: str, book: Book) -> int:
    """Lines that ended must hold nothing more, and have counted what the satellite did."""
    wrong = 0
    for line in year.lines:
        if line.sensor != sensor or not line.ended:
            continue
        held, captured, released = book.lines[line.reference]
        per_try = line.units / 3 if sensor == "spot67" else ZERO
        counted = line.counted + line.attempts * per_try
        wrong += held != captured + released or captured != counted
    return wrong
