"""One version of the rules as values, and the question whether its tables are complete."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product

from orders.pricing.words import Kind, Mode


@dataclass(frozen=True, slots=True)
class Price:
    """`terms` is a word of Terms; euros per unit, zero unless the terms are "paid"."""

    terms: str
    eur_per_unit: Decimal


@dataclass(frozen=True, slots=True)
class PurseRank:
    purse: str
    else_next: bool


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


@dataclass(frozen=True, slots=True)
class Rules:
    """Every table of one version, ready to be read. Areas in km²."""

    code: str
    effective_from: date
    quote_days: int
    minimums: Mapping[tuple[str, str], Decimal]
    factors: Mapping[str, int]
    prices: Mapping[tuple[str, str, str], Price]
    purses: tuple[PurseRank, ...]
    tasking: Mapping[str, TaskingRule]
    licences: Mapping[str, LicenceAsked]
    delays: Mapping[tuple[str, str], tuple[int, int]]


def gaps(rules: Rules, *, sensors: Iterable[str], categories: Iterable[str]) -> Iterator[str]:
    """Name every combination that a version leaves undecided; a version with none may be approved."""
    sensors = tuple(sensors)
    yield from (f"multiplier {mode}" for mode in Mode.values if mode not in rules.factors)
    for sensor, kind in product(sensors, Kind.values):
        if (sensor, kind) not in rules.minimums:
            yield f"minimum area {sensor} {kind}"
        if (sensor, kind) not in rules.delays:
            yield f"delay {sensor} {kind}"
    for category, sensor, kind in product(categories, sensors, Kind.values):
        if (category, sensor, kind) not in rules.prices:
            yield f"price {category} {sensor} {kind}"
    yield from (f"tasking {sensor}" for sensor in sensors if sensor not in rules.tasking)
    if not rules.purses:
        yield "purses"
