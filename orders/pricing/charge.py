"""What a wish counts, held and delivered, in the unit of its sensor: pure sums, every step told.

Km² are geodesic and rounded to the hundredth; attempts are whole scene equivalents.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from orders.pricing.rules import Rules
from orders.pricing.terms import Case, TermRow
from orders.pricing.words import PRICED, Kind, Place, Reach, Terms, Unit

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class SensorFacts:
    """What the sums need of a sensor; `scene_km2` is the area of one scene equivalent."""

    code: str
    unit: str
    scene_km2: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A wish in figures. `served_km2` is the part of `asked_km2` that the scene can serve."""

    kind: str
    sensor: SensorFacts
    category: str
    mode: str
    asked_km2: Decimal
    served_km2: Decimal
    tries: int | None = None
    place: str = Place.ELSEWHERE
    # Asked under a project that CNES co-funds.
    is_cofunded: bool = False
    # What members already have, and was taken off before `served_km2`.
    subtracted_km2: Decimal = Decimal(0)

    def case(self, reach: str) -> Case:
        return Case(
            self.category, self.sensor.code, self.kind, str(self.place), self.mode, str(reach)
        )


@dataclass(frozen=True, slots=True)
class Purse:
    """What the quota has for a wish: its balance, and whether the rest may be paid beyond it."""

    balance: Decimal
    beyond: bool = False


@dataclass(frozen=True, slots=True)
class Explained:
    """One step of the sum: an id of orders.pricing.explain, an amount, and the values of its words."""

    id: str
    amount: Decimal
    unit: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        """As JSON: ids and values, never sentences."""
        values = {name: str(value) for name, value in self.values.items()}
        return {"id": self.id, "amount": str(self.amount), "unit": self.unit, "values": values}


@dataclass(frozen=True, slots=True)
class Charge:
    """What counts (`units`), what a delivery counts at least, and who carries which share of it.

    `units` is the sum of `quota_units` (held on a purse), `paid_units` (paid) and `means_units` (free
    within the scheme's means, counted nowhere). Euros: `price_eur` is the requester's, `cofunded_eur`
    the co-funder's; together they are the price of the paid units.
    """

    unit: str
    units: Decimal
    least_units: Decimal
    factor: int
    units_per_try: Decimal | None
    terms: str
    quota_units: Decimal
    paid_units: Decimal
    price_eur: Decimal
    cofunded_eur: Decimal
    eur_per_unit: Decimal
    steps: tuple[Explained, ...]
    # The paid share is at the terms of a co-funded project, not of the orderer's category.
    is_by_project: bool = False

    @property
    def means_units(self) -> Decimal:
        return self.units - self.quota_units - self.paid_units


def charge(measure: Measure, rules: Rules, purse: Purse | None = None) -> Charge:
    """Price a wish: area, minimum, scene equivalents, mode, tries, shares; every step explained.

    km²: max(served, minimum) × mode (Pléiades: minimum 100 km², DINAMIS 2021, DRIEE 2016). Attempts:
    ceil(area / scene equivalent) × mode × tries. `purse` matters only where the rest is paid beyond
    the quota. Raises KeyError where the version has no row: only versions without gaps are approved.
    """
    key = (measure.sensor.code, measure.kind)
    sensor = replace(measure.sensor, unit=rules.units[key])
    factor, minimum = rules.factors[measure.mode], rules.minimums[key]
    steps = [*_area_steps(measure, minimum, rules)]
    per_try = in_units(max(measure.served_km2, minimum), sensor, factor)
    if sensor.unit == Unit.ATTEMPT:
        scenes = per_try / factor
        steps.append(
            Explained("scene_equivalents", scenes, "times", {"scene_km2": sensor.scene_km2})
        )
    steps.append(Explained(f"mode_{measure.mode}", Decimal(factor), "times"))
    tries = measure.tries or 1 if _tries_count(measure, sensor.unit) else None
    if tries:
        steps.append(Explained("tries", Decimal(tries), "times"))
    units = per_try * (tries or 1)
    steps.append(Explained("counted", units, sensor.unit))
    share = _share(measure, rules, units, sensor.unit, purse)
    return Charge(
        unit=sensor.unit,
        units=units,
        least_units=min(units, in_units(minimum, sensor, factor) or CENT),
        factor=factor,
        units_per_try=per_try if tries else None,
        steps=tuple(steps),
        **share,
    )


def _share(
    measure: Measure, rules: Rules, units: Decimal, unit: str, purse: Purse | None
) -> dict[str, Any]:
    """Who carries what. Within the quota first; what a purse has not is beyond it, where one asked so."""
    row, by_project = _row(measure, rules, Reach.WITHIN)
    none = Decimal(0)
    on_quota = units if row.terms == Terms.QUOTA else none
    paid = units if row.terms in PRICED else none
    if row.terms == Terms.QUOTA and purse is not None and purse.beyond and purse.balance < units:
        row, by_project = _row(measure, rules, Reach.BEYOND)
        on_quota = whole(max(purse.balance, none), unit) if row.terms in PRICED else none
        paid = units - on_quota if row.terms in PRICED else none
    return {
        "terms": row.terms,
        "quota_units": on_quota,
        "paid_units": paid,
        "eur_per_unit": row.eur_per_unit,
        "is_by_project": by_project,
        **in_euros(paid, row),
    }


def _row(measure: Measure, rules: Rules, reach: str) -> tuple[TermRow, bool]:
    """The row that holds, and whether a co-funded project gave it: only where its category would pay."""
    case = measure.case(reach)
    row = rules.row(case)
    better = rules.cofunded_row(case) if measure.is_cofunded and row.terms in PRICED else None
    if better is None or better is row:
        return row, False
    return better, True


def in_euros(units: Decimal, row: TermRow) -> dict[str, Decimal]:
    """The requester's euros and the co-funder's for paid units.

    Rounding: half up, to the cent, once on the requester's amount and once on the whole; the
    co-funder takes the difference, so that the two always make the whole.
    """
    price = _cents(units * row.eur_per_unit)
    together = _cents(units * (row.eur_per_unit + row.cofunder_eur_per_unit))
    return {"price_eur": price, "cofunded_eur": together - price}


def whole(units: Decimal, unit: str) -> Decimal:
    """What a balance can carry: hundredths of km², whole attempts."""
    return units if unit == Unit.KM2 else units.to_integral_value(ROUND_FLOOR)


def _cents(euros: Decimal) -> Decimal:
    return euros.quantize(CENT, ROUND_HALF_UP)


def captured(
    delivered_km2: Decimal, *, held: Decimal, least_units: Decimal, sensor: SensorFacts, factor: int
) -> Decimal:
    """What a delivery counts: max(the quote's minimum, min(held, delivered ∩ asked)), design rule 3.

    `delivered_km2` is the area delivered inside the area asked; more than asked costs nothing.
    Never more than is held.
    """
    delivered = in_units(delivered_km2, sensor, factor) if delivered_km2 > 0 else Decimal(0)
    return min(held, max(least_units, min(held, delivered)))


def in_units(km2: Decimal, sensor: SensorFacts, factor: int) -> Decimal:
    """An area in the sensor's unit: km² to the hundredth, or whole scene equivalents, at least one."""
    if sensor.unit == Unit.KM2:
        return (km2 * factor).quantize(CENT, ROUND_HALF_UP)
    scenes = (km2 / sensor.scene_km2).to_integral_value(ROUND_CEILING)
    return max(scenes, Decimal(1)) * factor


def _area_steps(measure: Measure, minimum: Decimal, rules: Rules) -> list[Explained]:
    steps = [Explained("area_asked", measure.asked_km2, "km2")]
    under_scene = measure.served_km2 + measure.subtracted_km2
    if under_scene < measure.asked_km2:
        steps.append(Explained("clipped_to_scene", under_scene - measure.asked_km2, "km2"))
    if measure.subtracted_km2:
        steps.append(Explained("subtracted", -measure.subtracted_km2, "km2"))
    if measure.served_km2 < minimum:
        values = {
            "area_km2": measure.served_km2,
            "minimum_km2": minimum,
            "version": rules.code,
            "since_on": rules.effective_from.isoformat(),
        }
        raised = minimum - measure.served_km2
        steps.append(Explained("raised_to_minimum", raised, "km2", values))
    return steps


def _tries_count(measure: Measure, unit: str) -> bool:
    """Tries multiply attempts only: Pléiades tasking counts valid km², however often it tries."""
    return measure.kind == Kind.TASKING and unit == Unit.ATTEMPT
