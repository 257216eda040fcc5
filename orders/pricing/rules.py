"""One version of the rules as values, and the question whether its tables are complete."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

from orders.pricing.approving import ApprovalRule
from orders.pricing.terms import Case, TermRow, every_case, row_for, undecided
from orders.pricing.words import Kind, Mode, Place, Terms


@dataclass(frozen=True, slots=True)
class PurseRank:
    purse: str
    else_next: bool
    may_overtake: bool = False


@dataclass(frozen=True, slots=True)
class LicenceAsked:
    code: str
    before_order: bool


@dataclass(frozen=True, slots=True)
class TaskingRule:
    """Days, per cent and degrees; see the model of the same rows."""

    tries: int
    most_tries: int
    least_window_days: int
    most_window_days: int
    cloud: int
    incidence: int
    most_incidence: int
    answer_days: int
    silence: str
    cancel_hours: int


@dataclass(frozen=True, slots=True)
class Zone:
    """Where a place lies: `geometry` is WKB in EPSG:4326; zones are tried in the order of their rank."""

    place: str
    geometry: bytes
    is_approximate: bool


@dataclass(frozen=True, slots=True)
class CeilingRule:
    """The most units of a sensor in a scope; `category` "" is any."""

    scope: str
    sensor: str
    category: str
    most: Decimal


@dataclass(frozen=True, slots=True)
class OfferedShare:
    """What a contributor may buy at once: so many attempts for so many euros, about so many km²."""

    sensor: str
    eur: Decimal
    attempts: int
    about_km2: Decimal | None


@dataclass(frozen=True, slots=True)
class Rules:
    """Every table of one version, ready to be read. Areas in km²."""

    code: str
    effective_from: date
    quote_days: int
    minimums: Mapping[tuple[str, str], Decimal]
    factors: Mapping[str, int]
    units: Mapping[tuple[str, str], str]
    terms: tuple[TermRow, ...]
    purses: tuple[PurseRank, ...]
    tasking: Mapping[str, TaskingRule]
    licences: Mapping[str, LicenceAsked]
    delays: Mapping[tuple[str, str], tuple[int, int]]
    zones: tuple[Zone, ...] = ()
    ceilings: tuple[CeilingRule, ...] = ()
    offers: tuple[OfferedShare, ...] = ()
    approvals: tuple[ApprovalRule, ...] = ()
    # Working days, by (stage, service); the service "" is any.
    targets: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def target(self, stage: str, kind: str) -> int | None:
        """Working days in which a stage is to be over; None where no row says."""
        return self.targets.get((stage, kind), self.targets.get((stage, "")))

    def row(self, case: Case) -> TermRow:
        """The row that holds for a case. Raises KeyError in a version with gaps: none is approved."""
        found = row_for(self.terms, case)
        if found is None:
            raise KeyError(case)
        return found

    def cofunded_row(self, case: Case) -> TermRow | None:
        """The co-funded row of a case, whatever the category: what a co-funded project is given."""
        rest = case.values()[1:]
        rows = (row for row in self.terms if row.terms == Terms.COFUNDED)
        matching = (
            row
            for row in rows
            if all(word in ("", value) for word, value in zip(row.match[1:], rest, strict=True))
        )
        return max(matching, key=lambda row: row.weight, default=None)


# A case that nothing decides: the word of the table, then the words of what is missing.
Gap = tuple[str, tuple[str, ...]]


def gaps(rules: Rules, *, sensors: Mapping[str, Any], categories: Iterable[str]) -> Iterator[Gap]:
    """Name every combination that a version leaves undecided; a version with none may be approved.

    `sensors` gives the unit that the ledger counts each sensor in: what is counted on the quota in
    another unit is named too.
    """
    codes, categories = tuple(sensors), tuple(categories)
    yield from (("multiplier", (mode,)) for mode in Mode.values if mode not in rules.factors)
    for key in product(codes, Kind.values):
        for table, rows in (
            ("minimum", rules.minimums),
            ("delay", rules.delays),
            ("unit", rules.units),
        ):
            if key not in rows:
                yield table, key
    for missing in undecided(rules.terms, sensors=codes, categories=categories):
        yield "price", missing
    yield from _wrong_units(rules, sensors, categories)
    yield from (("tasking", (code,)) for code in codes if code not in rules.tasking)
    known = {zone.place for zone in rules.zones}
    yield from (("place", (one,)) for one in Place.values if one not in {*known, Place.ELSEWHERE})
    if not rules.purses:
        yield "purses", ()


def _wrong_units(
    rules: Rules, sensors: Mapping[str, Any], categories: Sequence[str]
) -> Iterator[Gap]:
    """A service counted on the quota in a unit that the quota of its sensor does not have."""
    found = ((case, row_for(rules.terms, case)) for case in every_case(sensors, categories))
    counted = {(c.sensor, c.kind) for c, row in found if row and row.terms == Terms.QUOTA}
    for sensor, kind in sorted(counted):
        if rules.units.get((sensor, kind)) not in (None, sensors[sensor]):
            yield "unit_of_quota", (sensor, kind)
