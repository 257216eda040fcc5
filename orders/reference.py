"""The reference rules, as sourced in domain.md; what no source gives is marked as set by us, to be changed."""

from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

from accounts.eligibility import Category
from catalogue.models import Sensor
from dinamis.actors import Actor
from orders.models import (
    Delay,
    LicenceRule,
    MinimumArea,
    Multiplier,
    PriceRow,
    PurseOrder,
    RuleVersion,
    TaskingDefault,
)
from orders.pricing.words import Kind, Mode, Purse, Silence, Terms
from orders.services.rules import approve

CODE = "2026-01"
SINCE = date(2026, 1, 1)
OURS = "Set for the start; no public source. An administrator changes it."
BY = Actor.system("reference")

MINIMUMS = {
    ("pleiades", Kind.PRODUCTION): (100, "DINAMIS, 2021; DRIEE, 2016: 100 km²"),
    ("pleiades", Kind.TASKING): (100, "DINAMIS, 2021; DRIEE, 2016: 100 km²"),
    ("spot67", Kind.PRODUCTION): (0, OURS),
    ("spot67", Kind.TASKING): (500, "Airbus price list, 2014: 500 km²"),
}
FACTORS = {
    Mode.MONO: (1, ""),
    Mode.STEREO: (2, "DRIEE, 2016: double for stereo"),
    Mode.TRI_STEREO: (3, "By extension of the stereo rule; no public source."),
}
# The last public prices of the delegation, in euros per km² (DRIEE, 2016).
DSP_EUR = {Kind.PRODUCTION: Decimal("4.06"), Kind.TASKING: Decimal("5.22")}
DELAYS = {Kind.PRODUCTION: (5, 15), Kind.TASKING: (20, 120)}
PURSES = (Purse.PROJECT, Purse.ORGANISATION, Purse.COMMON)
TASKING = {
    "pleiades": {"least_window_days": 14, "most_window_days": 366, "most_incidence": 40},
    "spot67": {"least_window_days": 14, "most_window_days": 366, "most_incidence": 40},
}
# SPOT 6-7 is signed once, before ordering; Pléiades at each product, when it is downloaded.
LICENCES = {"pleiades": False, "spot67": True}


def load() -> None:
    """Create and approve the first version of the rules; a version that is there stays as it is."""
    version, new = RuleVersion.objects.get_or_create(
        code=CODE,
        defaults={"effective_from": SINCE, "quote_days": 30, "note": OURS, **BY.columns()},
    )
    if new:
        _fill(version, list(Sensor.objects.values_list("code", flat=True)))
    if version.approved_at is None:
        approve(version, by=BY)


def _fill(version: RuleVersion, sensors: list[str]) -> None:
    for rows in (
        [Multiplier(version=version, mode=m, factor=f, source=s) for m, (f, s) in FACTORS.items()],
        [
            PurseOrder(version=version, rank=rank, purse=purse, source=OURS)
            for rank, purse in enumerate(PURSES, start=1)
        ],
        [_minimum(version, sensor, kind) for sensor, kind in product(sensors, Kind.values)],
        [_delay(version, sensor, kind) for sensor, kind in product(sensors, Kind.values)],
        [
            PriceRow(
                version=version,
                sensor_id=sensor,
                kind=kind,
                category=category,
                **_price(category, sensor, kind),
            )
            for sensor, kind, category in product(sensors, Kind.values, Category.values)
        ],
        [_tasking(version, sensor) for sensor in sensors],
        [_licence(version, sensor) for sensor in sensors if sensor in LICENCES],
    ):
        type(rows[0]).objects.bulk_create(rows)


def _minimum(version: RuleVersion, sensor: str, kind: str) -> MinimumArea:
    km2, source = MINIMUMS.get((sensor, kind), (0, OURS))
    return MinimumArea(version=version, sensor_id=sensor, kind=kind, km2=km2, source=source)


def _delay(version: RuleVersion, sensor: str, kind: str) -> Delay:
    least, most = DELAYS[Kind(kind)]
    return Delay(
        version=version,
        sensor_id=sensor,
        kind=kind,
        least_days=least,
        most_days=most,
        source=OURS,
    )


def _tasking(version: RuleVersion, sensor: str) -> TaskingDefault:
    limits = TASKING.get(sensor, TASKING["pleiades"])
    return TaskingDefault(
        version=version, sensor_id=sensor, silence=Silence.REFUSE, source=OURS, **limits
    )


def _licence(version: RuleVersion, sensor: str) -> LicenceRule:
    return LicenceRule(
        version=version,
        sensor_id=sensor,
        licence_id=sensor,
        before_order=LICENCES[sensor],
        source="DINAMIS, 2021",
    )


def _price(category: str, sensor: str, kind: str) -> dict[str, Any]:
    """French bodies: free within the quota. European scientists pay Pléiades, and have no SPOT.

    Others need a partnership with a European body, which comes with projects (domain.md 1 and 6).
    """
    if category == Category.FOREIGN_SCIENTIST:
        return {"terms": Terms.REFUSED, "source": "DINAMIS, 2021: partnership needed"}
    if category == Category.EUROPEAN_SCIENTIST:
        if sensor != "pleiades":
            return {"terms": Terms.REFUSED, "source": "DRIEE, 2016: Pléiades only"}
        return {
            "terms": Terms.PAID,
            "eur_per_unit": DSP_EUR[Kind(kind)],
            "source": "DINAMIS, 2021: preferential price; figure of DRIEE, 2016",
        }
    return {"terms": Terms.QUOTA, "source": "DINAMIS, 2021: free within the quota"}
