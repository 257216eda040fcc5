"""The morning itself: what an officer, a second one, requesters and a stand-in do on pages and by program."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from benchmarks import Measurement, Scale, at_most, exactly
from trials._pages import Page, Visitor
from trials._site import Running
from trials._year_played import CENTRE, Keys, Member, Year, scene, square

QUEUE = "/desk/orders/"
WORLD = "from trials._morning_world import tell; tell()"
BUDGET, SHARE = {"pleiades": 40_000, "spot67": 400}, {"pleiades": 9_000, "spot67": 90}
ALL = ("pleiades", "spot67")
EXISTING = 1  # the scene of whose western half members have an image
WAIT = 60  # seconds, until a worker has taken what is due

# What is decided on each request → how many of them, and the state it must end in.
FATES: dict[str, tuple[int, int, str]] = {
    "at_once": (1, 4, "accepted"),  # by the rules: it never reaches the desk
    "bulk": (3, 10, "accepted"),
    "accept": (1, 8, "accepted"),
    "refuse": (1, 5, "refused"),
    "complete": (1, 4, "accepted"),  # asked, answered, then accepted
    "part": (1, 3, "accepted"),  # of what nobody has, taken by its requester
    "undone": (1, 2, "accepted"),  # refused by mistake
    "overtaken": (1, 1, "withdrawn"),  # while the decision waited
    "own": (1, 1, "accepted"),  # the officer's, by a colleague
    "program": (1, 2, "refused"),  # accepted, undone, refused by program
}


@dataclass(slots=True)
class Request:
    """One request of the morning."""

    fate: str
    headers: dict[str, str]
    order: str
    line: str
    pk: str = ""
    shown: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Morning:
    """What is played, who plays it, and what was noticed on the way."""

    site: Running
    scale: Scale
    year: Year
    desk: Visitor
    colleague: Visitor
    requests: list[Request] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    taken: list[str] = field(
        default_factory=list
    )  # where decisions that took effect would be undone
    lacking: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)

    @classmethod
    def at(cls, site: Running, scale: Scale) -> "Morning":
        made = site.made
        members = [Member(**one) for one in made["members"]]
        who = made["administrator"]
        keys = Keys(members=members, desk=made["program"], administrator=who, second=who)
        return cls(
            site,
            scale,
            Year(site.address, keys),
            Visitor(site.address, made["sessions"]["desk"]),
            Visitor(site.address, made["sessions"]["colleague"]),
        )

    def visitor(self, name: str) -> Visitor:
        return Visitor(self.site.address, self.site.made["sessions"][name])

    def of(self, *fates: str) -> list[Request]:
        return [one for one in self.requests if one.fate in fates]

    def timed(self, act: Callable[[], Page]) -> Page:
        begun = time.monotonic()
        page = act()
        self.seconds.append(time.monotonic() - begun)
        return page

    def found(self, what: str, is_so: bool) -> None:
        """Keep what is not as it should be."""
        if not is_so:
            self.lacking.append(what)

    def expect(self, page: Page, status: int, what: str) -> Page:
        self.answers[f"{what} {page.status}"] += 1
        self.found(f"{what}: {page.status}, {status} expected", page.status == status)
        return page

    def step(self, request: Request, name: str, headers: dict[str, str], **facts: str) -> Any:
        there = f"/orders/{request.order}/lines/1/steps/{name}"
        return self.year.note(name, *self.year.ask("POST", there, headers, facts))

    def read(self, request: Request) -> dict[str, Any]:
        """The line as its requester's program reads it."""
        path = f"/orders/{request.order}"
        return self.year.note("read", *self.year.ask("GET", path, request.headers))["lines"][0]

    def settle(self, requests: list[Request], approvals: set[str], undo_seconds: int) -> None:
        """Let the moment of the last decision pass, sweep as the clock does, and wait for the workers."""
        time.sleep(undo_seconds + 0.2)
        self.site.send("dinamis.tasks.sweep")
        until = time.monotonic() + WAIT
        while time.monotonic() < until:
            if all(self.read(one)["approval"] in approvals for one in requests):
                return
            time.sleep(0.3)
        self.lacking.append(f"not settled in {WAIT} s: {approvals}")


def prepare(morning: Morning) -> None:
    """Quotas, then every request, as programs of the members send them."""
    for sensor in ALL:
        _share_out(morning, sensor)
    made = morning.site.made
    for fate, (few, many, _end) in FATES.items():
        for number in range(few if morning.scale == "small" else many):
            member = morning.year.keys.members[number % len(morning.year.keys.members)]
            headers = member.headers
            if fate == "own":
                headers = made["own"]
            elif fate in ("at_once", "complete"):  # of whoever leads the project, and is away later
                headers = morning.year.keys.members[0].headers
            _ask(morning, fate, number, headers)


def _share_out(morning: Morning, sensor: str) -> None:
    year, who = morning.year, morning.year.keys.administrator
    body: dict[str, Any] = {"sensor": sensor, "year": date.today().year}
    year.periods[sensor] = year.must("period", "POST", "/quota/periods", who, body)["id"]
    sizes = [("budget", "", BUDGET[sensor])]
    sizes += [("allotment", str(one.organisation), SHARE[sensor]) for one in year.keys.members]
    for what, owner, amount in sizes:
        body = {"what": what, "owner": owner, "amount": str(amount), "reason": "The morning's."}
        year.must("size", "POST", f"/quota/periods/{year.periods[sensor]}/sizes", who, body)


def _ask(morning: Morning, fate: str, number: int, headers: dict[str, str]) -> None:
    where = EXISTING if fate == "part" else 0
    half = 0.02 if fate == "at_once" else 0.06  # degrees: about 20 and 177 km²
    wish: dict[str, Any] = {
        "kind": "production",
        "scene": scene(where),
        "area": square(CENTRE[0] + where / 2, CENTRE[1], half),
    }
    if fate == "complete":
        first = date.today() + timedelta(days=2)
        window = {"starts_on": str(first), "ends_on": str(first + timedelta(days=60))}
        wish = {
            "kind": "tasking",
            "sensor": "spot67",
            "area": square(CENTRE[0] + number, CENTRE[1], 0.1),
            "window": window,
            "tries": 3,
        }
    if fate == "at_once":
        wish["project"] = morning.site.made["project"]
    body = {"title": f"{fate} {number}", "purpose": "To follow the coast.", "lines": [wish]}
    order = morning.year.must("order", "POST", "/orders", headers, body)
    line = order["lines"][0]
    morning.requests.append(Request(fate, headers, order["reference"], line["reference"]))


def held(morning: Morning) -> dict[str, Decimal]:
    """What the purses of each sensor hold, as the administrator reads them."""
    total = {}
    for sensor in ALL:
        path = f"/quota/periods/{morning.year.periods[sensor]}/purses"
        who = morning.year.keys.administrator
        shown = morning.year.note("purses", *morning.year.ask("GET", path, who))
        total[sensor] = sum((Decimal(one["held"]) for one in shown["purses"]), Decimal(0))
    return total


def ended(morning: Morning) -> Iterator[Measurement]:
    """Yield what became of the requests, and what the purses hold for those that live."""
    lines = [(one, morning.read(one)) for one in morning.requests]
    wrong = [
        f"{one.fate}: {line['approval']}"
        for one, line in lines
        if line["approval"] != FATES[one.fate][2]
    ]
    yield Measurement("requests", len(lines), "requests")
    yield exactly("requests that did not end as decided", len(wrong), 0, "requests")
    for one in wrong[:5]:
        yield Measurement(f"  {one}", 1, "request", "none", holds=False)
    live = {sensor: Decimal(0) for sensor in ALL}
    for _one, line in lines:
        if line["approval"] == "accepted":
            live[line["sensor"]] += Decimal(line["units"])
    differ = sum(held(morning)[sensor] != live[sensor] for sensor in ALL)
    yield exactly("purses that hold something else than those requests", differ, 0, "purses")
    yield exactly("answers that no rule explains", len(morning.year.strange), 0, "answers")
    for one in morning.year.strange[:5]:
        yield Measurement(f"  {one}", 1, "answer", "none", holds=False)
    yield exactly("things lacking or otherwise than expected", len(morning.lacking), 0, "things")
    for one in morning.lacking[:8]:
        yield Measurement(f"  {one}", 1, "thing", "none", holds=False)
    ranked = sorted(morning.seconds)
    yield Measurement("decisions and pages timed", len(ranked), "pages")
    yield Measurement("a page or a decision, p50", ranked[len(ranked) // 2], "s")
    yield at_most("a page or a decision, p95", ranked[int(0.95 * (len(ranked) - 1))], 3, "s")
