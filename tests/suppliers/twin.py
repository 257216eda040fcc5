"""A supplier in memory that behaves badly on request: every fault is asked for by name, or drawn by a seed.

It keeps what a real one keeps (orders by their reference, each with its reports) and counts what it was
asked, so that a test sees both sides.
"""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from orders.suppliers.protocol import (
    Ability,
    Ask,
    Banned,
    Chance,
    Forecast,
    Handed,
    Page,
    Price,
    Product,
    Refused,
    Report,
    Seen,
    Stage,
    Temporary,
    Unable,
    Unknown,
)


@dataclass
class Kept:
    """One order as the supplier has it."""

    ask: Ask
    report: Report
    answers: dict[str, str] = field(default_factory=dict)


class Twin:
    """`faults` is what happens to the next calls, one each: see `_meet`. Empty, all goes well."""

    abilities = frozenset(
        {Ability.FEASIBILITY, Ability.LOOK_UP, Ability.DECIDE, Ability.CANCEL, Ability.PRICE}
    )

    def __init__(self, *, pace: Callable[[], None] = lambda: None, page: int = 100) -> None:
        self.pace, self.page = pace, page
        self.orders: dict[str, Kept] = {}
        self.faults: deque[str] = deque()
        self.asked: Counter[str] = Counter()
        self.placed: Counter[str] = Counter()
        self.clock: Callable[[], datetime] = timezone.now

    def bind(self, pace: Callable[[], None]) -> "Twin":
        self.pace = pace
        return self

    def _meet(self, what: str, act: Callable[[], Any]) -> Any:
        """Do what is asked, badly if a fault is due.

        `busy` takes nothing, `ban` takes nothing and wants a minute of silence, `refuse` says no,
        `lost` takes it and never answers, `dead` takes nothing and never answers, `slow` is `lost`
        with an answer that is not readable.
        """
        self.pace()
        self.asked[what] += 1
        fault = self.faults.popleft() if self.faults else ""
        match fault:
            case "busy":
                raise Temporary("503: too busy", code="status_503")
            case "ban":
                raise Banned("429: too often", until=timezone.now() + timedelta(minutes=1))
            case "refuse":
                raise Refused("422: not this one", code="status_422")
            case "dead":
                raise Unknown("nothing came back", code="answer_lost")
            case "lost" | "slow":
                act()
                raise Unknown("the answer was lost", code="answer_lost")
            case "bug":
                act()
                raise KeyError("a fault of our own")
        return act()

    def products(self) -> list[Product]:
        return self._meet("products", lambda: [Product("twin", "What the twin sells")])

    def feasibility(self, ask: Ask) -> list[Chance]:
        return self._meet(
            "feasibility", lambda: [Chance(ask.starts_at, ask.ends_at, "easy", attempts=2)]
        )

    def quote(self, ask: Ask) -> Price:
        return self._meet("quote", lambda: Price(ask.area_km2 * 5, area_km2=ask.area_km2))

    def place(self, ask: Ask) -> Report:
        return self._meet("place", lambda: self._take(ask))

    def _take(self, ask: Ask) -> Report:
        """A supplier that checks nothing: the same reference twice is two orders."""
        self.placed[ask.reference] += 1
        reference = f"T-{self.placed.total():05}"
        report = Report(reference, Stage.PLACED, self.clock(), ours=ask.reference)
        self.orders[reference] = Kept(ask, report)
        return report

    def look_up(self, ask: Ask) -> Report | None:
        def found() -> Report | None:
            mine = [one for one in self.orders.values() if one.ask.reference == ask.reference]
            return mine[0].report if mine else None

        return self._meet("look_up", found)

    def status(self, reference: str) -> Report:
        return self._meet("status", lambda: self._kept(reference).report)

    def changed(self, since: datetime | None, cursor: str = "") -> Page:
        def page() -> Page:
            start = int(cursor or 0)
            all_ = [one.report for one in self.orders.values()]
            if since is not None:
                all_ = [one for one in all_ if one.at >= since]
            more = str(start + self.page) if start + self.page < len(all_) else ""
            return Page(tuple(all_[start : start + self.page]), more)

        return self._meet("changed", page)

    def told(self, message: dict[str, Any]) -> Report | None:
        data = message.get("data", {})
        kept = self.orders.get(str(data.get("reference", "")))
        if kept is None or "stage" not in data:
            return None
        at = datetime.fromisoformat(data["at"])
        return replace(kept.report, stage=Stage(data["stage"]), at=at)

    def decide(self, reference: str, acquisition: str, *, accept: bool) -> Report:
        def answer() -> Report:
            word = "accepted" if accept else "refused"
            kept = self._kept(reference)
            kept.answers[acquisition] = word
            images = tuple(
                replace(one, answer=word) if one.identifier == acquisition else one
                for one in kept.report.acquisitions
            )
            stage = Stage.PRODUCING if accept else Stage.TASKING
            kept.report = replace(kept.report, acquisitions=images, stage=stage, at=self.clock())
            return kept.report

        return self._meet("decide", answer)

    def cancel(self, reference: str) -> Report:
        return self._meet("cancel", lambda: self.move(reference, Stage.CANCELLED))

    def deliveries(self, reference: str) -> list[Handed]:
        raise Unable("the twin delivers through the inbox", code="no_deliveries")

    # What happens at the supplier's, without anybody asking.

    def move(self, reference: str, stage: Stage, **facts: Any) -> Report:
        kept = self._kept(reference)
        if kept.report.stage not in {Stage.DELIVERED, Stage.CANCELLED, Stage.EXPIRED}:
            at = facts.pop("at", None) or self.clock()
            kept.report = replace(kept.report, stage=stage, at=at, **facts)
        return kept.report

    def propose(self, reference: str, *, cloud: float = 5.0, **facts: Any) -> Report:
        """An image was taken: it waits for our answer."""
        kept = self._kept(reference)
        number = len(kept.report.acquisitions) + 1
        seen = Seen(f"{reference}-A{number}", timezone.now(), cloud, kept.ask.area, **facts)
        attempts = (kept.report.attempts or 0) + 1
        return self.move(
            reference,
            Stage.PROPOSED,
            acquisitions=(*kept.report.acquisitions, seen),
            attempts=attempts,
        )

    def warn(self, reference: str, forecast: Forecast | None) -> Report:
        """Clouds are forecast over a pass; None once that is over."""
        return self.move(reference, Stage.TASKING, forecast=forecast)

    def _kept(self, reference: str) -> Kept:
        if reference not in self.orders:
            raise Refused("404: no such order", code="gone")
        return self.orders[reference]
