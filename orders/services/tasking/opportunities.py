"""Opportunities: a tasking as it is asked, then with one ceiling moved, each with its odds and charge."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from dinamis.actors import Actor
from dinamis.errors import Refused
from orders.services.asking import dry_runs
from orders.services.asking.dry_runs import MOST_OPTIONS, Option
from orders.services.asking.wishes import Tasking
from orders.services.tasking import odds
from orders.services.tasking.odds import Odds

# What a relaxation moves → the field of the wish.
MOVED = {"window": "ends_on", "cloud": "max_cloud", "incidence": "max_incidence", "tries": "tries"}


@dataclass(frozen=True, slots=True)
class Opportunity:
    """One way of asking: `relaxed` names what was moved, "" as asked; `chance` is 0 to 1, or None."""

    option: Option
    relaxed: str
    chance: float | None
    odds: Odds | None

    @property
    def wish(self) -> Tasking:
        assert isinstance(self.option.wish, Tasking)  # noqa: S101 - only taskings come here
        return self.option.wish

    @property
    def window(self) -> tuple[date, date]:
        return self.wish.starts_on, self.wish.ends_on


def of(wish: Tasking, *, by: Actor, project: Any = None) -> list[Opportunity]:
    """The wish as asked first, then its relaxations, the most helpful first. Nothing is stored.

    Raises NotAllowed (no active affiliation), and what checking or pricing the wish itself raises; a
    relaxation that the rules refuse is left out.
    """
    known = odds.of(wish, requester=by.user)
    ways = [("", wish, known.chance if known else None), *_relaxed(wish, known)][:MOST_OPTIONS]
    priced = dry_runs.options([(name, one) for name, one, _c in ways], by=by, project=project)
    refused = priced[0].refused
    if isinstance(refused, Refused):
        raise refused
    return [
        Opportunity(option, name, chance, known)
        for option, (name, _wish, chance) in zip(priced, ways, strict=True)
        if option.refused is None
    ]


def _relaxed(wish: Tasking, known: Odds | None) -> Iterator[tuple[str, Tasking, float]]:
    if known is None:
        return
    for one in known.relaxations:
        yield one.what, replace(wish, **{MOVED[one.what]: one.to}), one.chance
