"""What a wish counts, held and delivered, in the unit of its sensor: pure sums, every step told.

Km² are geodesic and rounded to the hundredth; attempts are whole scene equivalents.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any

from orders.pricing.rules import Rules
from orders.pricing.words import Kind, Terms, Unit

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
    """What is held (`units`), what a delivery counts at least, and the price where one pays."""

    unit: str
    units: Decimal
    least_units: Decimal
    factor: int
    units_per_try: Decimal | None
    terms: str
    price_eur: Decimal
    steps: tuple[Explained, ...]


def charge(measure: Measure, rules: Rules) -> Charge:
    """Price a wish: area, minimum, scene equivalents, mode, tries, terms; every step explained.

    Pléiades: max(served, minimum) × mode, in km² (minimum 100 km²: DINAMIS 2021, DRIEE 2016).
    SPOT: ceil(area / scene equivalent) × mode × tries, in attempts. Raises KeyError where the
    version has no row: only versions without gaps are approved.
    """
    key = (measure.sensor.code, measure.kind)
    factor = rules.factors[measure.mode]
    minimum = rules.minimums[key]
    price = rules.prices[measure.category, *key]
    steps = [*_area_steps(measure, minimum, rules)]
    counted_km2 = max(measure.served_km2, minimum)
    per_try = in_units(counted_km2, measure.sensor, factor)
    if measure.sensor.unit == Unit.ATTEMPT:
        scenes = per_try / factor
        steps.append(
            Explained("scene_equivalents", scenes, "times", {"scene_km2": measure.sensor.scene_km2})
        )
    steps.append(Explained(f"mode_{measure.mode}", Decimal(factor), "times"))
    tries = _tries(measure)
    if tries:
        steps.append(Explained("tries", Decimal(tries), "times"))
    units = per_try * (tries or 1)
    steps.append(Explained("counted", units, measure.sensor.unit))
    price_eur = (units * price.eur_per_unit).quantize(CENT, ROUND_HALF_UP)
    return Charge(
        unit=measure.sensor.unit,
        units=units,
        least_units=in_units(minimum, measure.sensor, factor),
        factor=factor,
        units_per_try=per_try if tries else None,
        terms=price.terms,
        price_eur=price_eur if price.terms == Terms.PAID else Decimal("0.00"),
        steps=tuple(steps),
    )


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
    if measure.served_km2 < measure.asked_km2:
        steps.append(Explained("clipped_to_scene", measure.served_km2 - measure.asked_km2, "km2"))
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


def _tries(measure: Measure) -> int | None:
    """Tries multiply attempts only: Pléiades tasking counts valid km², however often it tries."""
    if measure.kind == Kind.TASKING and measure.sensor.unit == Unit.ATTEMPT:
        return measure.tries or 1
    return None
