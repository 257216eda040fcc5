"""Which row of the price table holds for a case: the most specific one that matches, by a fixed rule."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from orders.pricing.words import Kind, Mode, Place, Reach

# The dimensions of a case, the one that weighs most first. "" in a row means any.
DIMENSIONS = ("category", "sensor", "kind", "place", "mode", "reach")
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Case:
    """What is priced: whose body, which sensor and service, where, how, within the quota or beyond."""

    category: str
    sensor: str
    kind: str
    place: str
    mode: str
    reach: str

    def values(self) -> tuple[str, ...]:
        return tuple(getattr(self, name) for name in DIMENSIONS)


@dataclass(frozen=True, slots=True)
class TermRow:
    """One row: `match` has a word or "" (any) for each of DIMENSIONS; euros are for one unit.

    `eur_per_unit` is what the requester pays, `cofunder_eur_per_unit` what a co-funder adds to it.
    """

    match: tuple[str, ...]
    terms: str
    eur_per_unit: Decimal = ZERO
    cofunder_eur_per_unit: Decimal = ZERO
    is_assumed: bool = False

    @property
    def weight(self) -> tuple[bool, ...]:
        """How specific the row is: which dimensions it names, in the order of DIMENSIONS."""
        return tuple(bool(word) for word in self.match)

    def holds_for(self, values: Sequence[str]) -> bool:
        return all(word in ("", value) for word, value in zip(self.match, values, strict=True))


def row_for(rows: Iterable[TermRow], case: Case) -> TermRow | None:
    """The row that holds for a case, or None when no row does.

    Of two rows that match, the dimensions are compared in the order of DIMENSIONS, and the row that
    names the first one that the other leaves open wins: a row for a category beats every row for any
    category, then a row for a sensor one for any sensor, and so on. Two rows that name the same
    dimensions cannot both match: the table holds a combination once.
    """
    values = case.values()
    matching = (row for row in rows if row.holds_for(values))
    return max(matching, key=lambda row: row.weight, default=None)


def every_case(sensors: Iterable[str], categories: Iterable[str]) -> Iterator[Case]:
    """Every combination that a table must decide."""
    words = product(
        categories, sensors, Kind.values, Place.values, Mode.values, Reach.values
    )  # in the order of DIMENSIONS
    return (Case(*combination) for combination in words)


def undecided(
    rows: Sequence[TermRow], *, sensors: Sequence[str], categories: Sequence[str]
) -> list[tuple[str, ...]]:
    """The cases that no row decides, put together: "" where every value of a dimension is missing."""
    cases = every_case(sensors, categories)
    missing = {case.values() for case in cases if row_for(rows, case) is None}
    everything = (categories, sensors, Kind.values, Place.values, Mode.values, Reach.values)
    for index, values in enumerate(everything):
        missing = _put_together(missing, index, set(values))
    return sorted(missing)


def _put_together(
    missing: set[tuple[str, ...]], index: int, whole: set[str]
) -> set[tuple[str, ...]]:
    groups: dict[tuple[str, ...], set[str]] = {}
    for values in missing:
        groups.setdefault((*values[:index], *values[index + 1 :]), set()).add(values[index])
    found = set()
    for rest, words in groups.items():
        for word in [""] if words == whole else words:
            found.add((*rest[:index], word, *rest[index:]))
    return found
