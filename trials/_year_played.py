"""The year itself: what a programme of each role asks of the API, in an order that is the same every time."""

import json
import random
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks import Measurement, Scale, at_least, exactly

WORLD = "from trials._year_world import tell; tell({})"
PARIS = ZoneInfo("Europe/Paris")
CENTRE = (-52.5, 4.5)
SCENES = 40
TRIES = 3
SENSORS = ("pleiades", "spot67")
BUDGET = {"pleiades": 100, "spot67": 2}  # for each order of the year: not enough for all
AT_ONCE = 8  # programs at work
PATIENCE = 60  # seconds for one answer
LOOKS = 10  # at a modulation, whose figures move while a list is served
# The refusals that such a year must meet; any other is a fault.
REFUSALS = {
    ("order", "quota_too_small"),
    ("order", "others_wait"),
    ("modulation seen", "quota_too_small"),
    ("modulation", "figures_moved"),
    ("modulation applied", "figures_moved"),
    ("cut", "cut_too_deep"),
}


def scene(number: int) -> str:
    """The identifier of one image of the archive."""
    day = date(2019, 1, 1) + timedelta(days=number)
    return f"DS_PHR1A_{day:%Y%m%d}1405123_FR1_PX_W053N04_0922_{number + 20001:05d}"


@dataclass(frozen=True, slots=True)
class Size:
    """How long a year it is."""

    organisations: int
    orders: int
    projects: int
    deliveries: int  # a season


SIZES: dict[Scale, Size] = {"small": Size(6, 24, 2, 1), "full": Size(600, 1500, 10, 20)}


@dataclass(frozen=True, slots=True)
class Member:
    """One organisation, and the headers of its researcher's key."""

    organisation: int
    category: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Keys:
    """Everybody who acts, by the headers of a key."""

    members: list[Member]
    desk: dict[str, str]
    administrator: dict[str, str]
    second: dict[str, str]

    @classmethod
    def of(cls, made: dict[str, Any]) -> "Keys":
        """From the JSON in which the world was told."""
        return cls(**made | {"members": [Member(**one) for one in made["members"]]})


@dataclass(slots=True)
class Line:
    """One line as this script knows it: what it asked, and what the satellite did."""

    order: str
    reference: str
    sensor: str
    units: Decimal
    scene: str = ""
    centre: tuple[float, float] = CENTRE
    attempts: int = 0
    is_placed: bool = False  # with the supplier, who has not delivered
    ended: bool = False
    counted: Decimal = Decimal(0)  # km² of what was delivered


@dataclass(slots=True)
class Project:
    """One project as this script knows it."""

    reference: str
    organisation: int
    granted: Decimal
    orders: int = 0


@dataclass(slots=True)
class Year:
    """What was played, and how to ask more."""

    address: str
    keys: Keys
    periods: dict[str, int] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    projects: dict[int, Project] = field(default_factory=dict)  # by organisation
    budget: int = 0  # km² of Pléiades
    answers: Counter[str] = field(default_factory=Counter)
    unlike: int = 0  # second answers to the same key that differ from the first
    strange: list[str] = field(default_factory=list)
    midyear: dict[str, Any] = field(default_factory=dict)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def ask(
        self, method: str, path: str, headers: dict[str, str], body: Any = None, key: str = ""
    ) -> tuple[int, Any]:
        """One request: its status and its JSON."""
        sent = {"Content-Type": "application/json", "Accept-Language": "en", **headers}
        if key:
            sent["Idempotency-Key"] = key
        address = path if path.startswith("http") else f"{self.address}/api/v1{path}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(address, data, sent, method=method)  # noqa: S310 loopback
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
                return answer.status, json.loads(answer.read() or "null")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or "null")

    def note(self, what: str, status: int, found: Any) -> Any:
        """Count an answer by its status and code; keep what nobody expects. Return the body of a success."""
        code = found.get("code", "") if isinstance(found, dict) and status >= 400 else ""
        with self.guard:
            self.answers[f"{what} {status} {code}".strip()] += 1
            if status >= 400 and (what, code) not in REFUSALS:
                self.strange.append(f"{what}: {status} {str(found)[:300]}")
        return found if status < 400 else None

    def must(self, what: str, method: str, path: str, headers: dict[str, str], body: Any) -> Any:
        """Ask for what the rest of the year stands on. Raises RuntimeError on a refusal."""
        status, found = self.ask(method, path, headers, body, key=f"{method} {path} {body}"[:255])
        if status >= 400:
            raise RuntimeError(f"{what}: {status} {found}")
        return self.note(what, status, found)

    def told(self) -> Iterator[Measurement]:
        """How the year went."""
        orders = self.answers["order 201"]
        yield Measurement("orders taken", orders, "orders")
        for what, code in sorted(REFUSALS):
            yield Measurement(f"  {what}: {code}", self.answers[f"{what} 409 {code}"], "answers")
        yield exactly("answers that no rule explains", len(self.strange), 0, "answers")
        for one in self.strange[:5]:
            yield Measurement(f"  {one}", 1, "answer", "none", holds=False)
        yield exactly("second answers unlike the first", self.unlike, 0, "answers")
        yield at_least("images delivered", self.answers["delivered"], 1, "images")
        under = sum(one.orders for one in self.projects.values())
        yield at_least("orders under a project", under, 1, "orders")
        yield exactly("pools reached by their pledges", self.answers["pool reached"], 2, "")
        yield exactly("pools still open", self.answers["pool open"], 1, "")
        yield at_least("modulations applied", self.answers["modulation applied 200"], 2, "")
        yield exactly("budgets cut too deep: refused", self.answers["cut 409 cut_too_deep"], 1, "")
        yield exactly("budgets cut as deep as told", self.answers["cut 201"], 1, "")


def played(
    address: str,
    keys: Keys,
    size: Size,
    *,
    begin: Callable[[Year], None],
    end: Callable[[Year], None],
) -> Year:
    """Play the year: opened and shared out, three seasons of orders, two modulations, one cut.

    `begin` opens it, `end` ends each season.
    """
    year = Year(address, keys, budget=BUDGET["pleiades"] * size.orders)
    begin(year)
    seasons = [range(size.orders)[n::3] for n in range(3)]
    for number, season in enumerate(seasons):
        with ThreadPoolExecutor(AT_ONCE) as programs:
            list(programs.map(lambda one: _order(year, one), season))
            list(programs.map(lambda line: _worked(year, line), list(year.lines)))
        if number == 0:
            _modulate(year, "pro_rata", "-10")
            year.midyear = {sensor: _purses(year, sensor) for sensor in SENSORS}
        elif number == 1:
            _modulate(year, "by_use", "5")
            _cut(year)
        end(year)
    return year


def _order(year: Year, number: int) -> None:
    """Ask for an image, one in five twice with the same key; whoever finds no quota waits or gives up."""
    chance = random.Random(number)
    member = chance.choice(year.keys.members)
    sensor = chance.choice(SENSORS)
    wish = _production(chance) if sensor == "pleiades" else _tasking(chance)
    project = year.projects.get(member.organisation) if sensor == "pleiades" else None
    if project is not None:
        wish["project"] = project.reference
    body = {
        "title": f"Order {number}",
        "purpose": "To follow the coast.",
        "lines": [wish],
        "wait": chance.random() < 0.5,
    }
    found = year.ask("POST", "/orders", member.headers, body, key=f"order {number}")
    if chance.random() < 0.2:
        again = year.ask("POST", "/orders", member.headers, body, key=f"order {number}")
        if found[0] == 201 and again != found:
            with year.guard:
                year.unlike += 1
    order = year.note("order", *found)
    if order is None:
        return
    for line in order["lines"]:
        kept = Line(order["reference"], line["reference"], sensor, Decimal(line["units"]))
        if sensor == "pleiades":
            kept.scene, kept.centre = wish["scene"], _centre(wish["area"])
        with year.guard:
            year.lines.append(kept)
            if project is not None:
                project.orders += 1


def _centre(area: dict[str, Any]) -> tuple[float, float]:
    """The middle of a square."""
    west, south = area["coordinates"][0][0]
    east, north = area["coordinates"][0][2]
    return (west + east) / 2, (south + north) / 2


def _production(chance: random.Random) -> dict[str, Any]:
    number = chance.randrange(SCENES)
    return {
        "kind": "production",
        "scene": scene(number),
        "area": square(CENTRE[0] + number / 2, CENTRE[1], chance.uniform(0.02, 0.07)),
    }


def _tasking(chance: random.Random) -> dict[str, Any]:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    return {
        "kind": "tasking",
        "sensor": "spot67",
        "area": square(*CENTRE, chance.uniform(0.1, 0.2)),
        "window": {
            "starts_on": tomorrow.isoformat(),
            "ends_on": (tomorrow + timedelta(days=60)).isoformat(),
        },
        "tries": TRIES,
    }


def square(lon: float, lat: float, half: float) -> dict[str, Any]:
    """A square of so many degrees to each side, as GeoJSON."""
    west, east, south, north = lon - half, lon + half, lat - half, lat + half
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _worked(year: Year, line: Line) -> None:
    """What the desk and the supplier make of a line: refused, given up, tried, failed, or still under way."""
    if line.ended:
        return
    shown = _line(year, line)
    chance = random.Random(line.reference)
    fate = chance.random()
    if shown["approval"] == "submitted":
        step = "refuse" if fate < 0.1 else "accept"
        shown = _step(year, line, step, reason="Not this year.") or shown
        line.ended = step == "refuse"
    if shown["supply"] == "to_place":
        shown = _step(year, line, "place", supplier_reference=f"SO {line.reference}") or shown
    if shown["supply"] == "placed" and line.sensor == "spot67":
        _tried(year, line, 1 + chance.randrange(TRIES))
        line.ended = _step(year, line, "close") is not None
    elif shown["supply"] == "placed" and fate < 0.3:
        line.ended = _step(year, line, "fail", reason="The archive is damaged.") is not None
    line.is_placed = shown["supply"] == "placed" and not line.ended


def _tried(year: Year, line: Line, times: int) -> None:
    there = f"/orders/{line.order}/lines/1/attempts"
    for number in range(1, times + 1):
        # Its window begins tomorrow; what it gave is told at once.
        planned = {"planned_at": (datetime.now(UTC) + timedelta(days=2)).isoformat()}
        year.note("attempt planned", *year.ask("POST", there, year.keys.desk, planned))
        step = f"{there}/{number}/steps/attempt"
        if year.note("attempt made", *year.ask("POST", step, year.keys.desk, {})):
            line.attempts += 1


def _line(year: Year, line: Line) -> dict[str, Any]:
    found = year.note("read", *year.ask("GET", f"/orders/{line.order}", year.keys.desk))
    return found["lines"][0]


def _step(year: Year, line: Line, step: str, **facts: str) -> dict[str, Any] | None:
    path = f"/orders/{line.order}/lines/1/steps/{step}"
    found = year.note(step, *year.ask("POST", path, year.keys.desk, facts))
    return found["lines"][0] if found else None


def _modulate(year: Year, rule: str, share: str) -> None:
    """One administrator proposes, having looked; the other applies what was seen."""
    for sensor in SENSORS:
        body = {
            "period": year.periods[sensor], "aim": "allotments", "rule": rule, "share": share,
            "towards": "reserve" if share.startswith("-") else "budget", "reason": "Mid-year.",
        }  # fmt: skip
        who = year.keys.administrator
        row = None
        for _again in range(LOOKS):
            seen = year.ask("POST", "/quota/modulations", who, body | {"dry_run": True})
            if (figures := year.note("modulation seen", *seen)) is None:
                break
            asked = body | {"seen": figures["figures"]}
            row = year.note("modulation", *year.ask("POST", "/quota/modulations", who, asked))
            if row is not None:
                break
        if row is None:
            continue
        if row["state"] == "applied":
            year.answers["modulation applied 200"] += 1
            continue
        there = f"/quota/modulations/{row['id']}/steps/apply"
        seen = {"seen": row["preview"]["figures"]}
        year.note("modulation applied", *year.ask("POST", there, year.keys.second, seen))


def _cut(year: Year) -> None:
    """The State takes back more than is free, is told how much it may, and takes that."""
    who, sensor = year.keys.administrator, "pleiades"
    purses = _purses(year, sensor)["purses"]
    size = sum(Decimal(one["granted"]) for one in purses)
    there = f"/quota/periods/{year.periods[sensor]}/sizes"
    body = {"what": "budget", "amount": "0", "reason": "The State saves."}
    status, refused = year.ask("POST", there, who, body)
    year.note("cut", status, refused)
    body["amount"] = str(size - Decimal(refused["available"]))
    year.note("cut", *year.ask("POST", there, who, body))


def _purses(year: Year, sensor: str, at: str = "") -> dict[str, Any]:
    path = f"/quota/periods/{year.periods[sensor]}/purses" + (f"?at={at}" if at else "")
    return year.note("purses", *year.ask("GET", path, year.keys.administrator))
