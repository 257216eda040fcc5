"""Orders sent all at once, each of them twice: the quota grants what it carries, once each, and nobody sees a 500."""

import math
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from benchmarks import Measurement, Scale, exactly
from trials._site import site_with
from trials._year_played import CENTRE, WORLD, Keys, Year, scene, square

ROOM = 10  # orders that one quota carries
KM2 = 100  # each counts the least that a Pléiades order counts
PATIENCE = 50  # times that a program asks again when it is told that its first request is under way


@dataclass(frozen=True, slots=True)
class Size:
    """How hard it is tried."""

    threads: int
    orders: int  # of each thread
    rounds: int


SIZES: dict[Scale, Size] = {"small": Size(14, 1, 1), "full": Size(80, 5, 20)}


@dataclass(slots=True)
class Found:
    """What a round came to: orders by the key they were asked with, answers, seconds."""

    references: dict[str, set[str]] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    guard: threading.Lock = field(default_factory=threading.Lock)


def run(scale: Scale) -> Iterator[Measurement]:
    """Yield what was granted in each round, what was answered, and how long the last of them waited."""
    size = SIZES[scale]
    with site_with(WORLD.format(size.rounds)) as (address, made, check):
        keys = Keys.of(made)
        year = Year(address, keys)
        _share_out(year)
        rounds = [_raced(year, size, number) for number in range(size.rounds)]
        granted = [_held(year, keys, number) for number in range(size.rounds)]
        faults = check()
    orders = [len(set().union(*found.references.values())) for found in rounds]
    twice = sum(len(of) != 1 for found in rounds for of in found.references.values())
    strange = Counter[str]()
    for found in rounds:
        strange += Counter({k: n for k, n in found.answers.items() if k not in ANSWERS})
    asked = f"{size.threads} programs × {size.orders} orders, each sent twice"
    yield exactly(f"most granted of {ROOM}: {asked}", max(orders), ROOM, "orders")
    yield exactly(f"fewest granted of {ROOM}", min(orders), ROOM, "orders")
    yield exactly("rounds whose quota holds something else", sum(g != ROOM for g in granted), 0, "")
    yield exactly("keys that made more than one order", twice, 0, "keys")
    yield exactly("answers but 201, 409 and its Retry-After", strange.total(), 0, "answers")
    for name, number in strange.most_common(5):
        yield Measurement(f"  {name}", number, "answers", "none", holds=False)
    yield exactly("faults in the ledger after it", faults, 0, "faults")
    seconds = sorted(second for found in rounds for second in found.seconds)
    yield Measurement("p95 of an answer", seconds[math.ceil(0.95 * len(seconds)) - 1], "s")


ANSWERS = {"201", "409 quota_too_small", "409 others_wait", "409 request_under_way"}


def _share_out(year: Year) -> None:
    """A quota for ROOM orders to each member: one member a round."""
    who = year.keys.administrator
    body: dict[str, Any] = {"sensor": "pleiades", "year": date.today().year}
    period = year.must("period", "POST", "/quota/periods", who, body)["id"]
    year.periods["pleiades"] = period
    there = f"/quota/periods/{period}/sizes"
    budget = ROOM * KM2 * len(year.keys.members)
    sizes = [("budget", "", budget)]
    sizes += [("allotment", str(one.organisation), ROOM * KM2) for one in year.keys.members]
    for what, owner, amount in sizes:
        body = {"what": what, "owner": owner, "amount": str(amount), "reason": "The race's."}
        year.must("size", "POST", there, who, body)


def _raced(year: Year, size: Size, number: int) -> Found:
    """One round: twice as many threads as programs, let go together; the second of a pair is a retry."""
    found = Found()
    start = threading.Barrier(2 * size.threads)
    member = year.keys.members[number]

    def program(which: int) -> None:
        start.wait()
        for order in range(size.orders):
            key = f"{number} {which} {order}"
            _insist(year, member.headers, key, found)

    threads = [
        threading.Thread(target=program, args=(which,))
        for which in range(size.threads)
        for _twice in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _insist(year: Year, headers: dict[str, str], key: str, found: Found) -> None:
    """Ask until the answer is the order's own, as a program does that was cut off."""
    half = 0.01  # degrees: about 5 km², so that the minimum counts
    body = {
        "title": "Race",
        "purpose": "To be first.",
        "lines": [
            {"kind": "production", "scene": scene(0), "area": square(*CENTRE, half)},
        ],
    }
    for _time in range(PATIENCE):
        start = time.monotonic()
        status, answer = year.ask("POST", "/orders", headers, body, key=key)
        code = answer.get("code", "") if status >= 400 else ""
        with found.guard:
            found.seconds.append(time.monotonic() - start)
            found.answers[f"{status} {code}".strip()] += 1
            if status == 201:
                found.references.setdefault(key, set()).add(answer["reference"])
        if code != "request_under_way":
            return
        time.sleep(float(answer["retry_after"]))


def _held(year: Year, keys: Keys, number: int) -> int:
    """How many orders the quota of a round carries, as its own member reads it."""
    there = f"/quota/periods/{year.periods['pleiades']}/purses"
    _status, shown = year.ask("GET", there, keys.members[number].headers)
    return int(sum(float(purse["held"]) for purse in shown["purses"]) // KM2)
