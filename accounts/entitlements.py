"""What a body may do with images, as one decision table: category × country × purpose × sensor.

Each cell says whether it is open, on which conditions, with whose opinion and at whose expense, and
explains itself in sentences. Pure: who may join at all is `eligibility`, and the euros are rows of
the room of orders, which a test holds to this table.
"""

from dataclasses import dataclass
from itertools import product
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import eligibility
from accounts.eligibility import Category, CountryGroup, Opinion


class Purpose(models.TextChoices):
    """What images are for."""

    MISSION = "mission", _("a public-service mission")
    RESEARCH = "research", _("research")
    TEACHING = "teaching", _("teaching")
    ORDER = "order", _("a public order in France")
    OWN_RD = "own_rd", _("a company's own research and development")
    COMMERCIAL = "commercial", _("a commercial use")


class Sensor(models.TextChoices):
    """The two families of the scheme, by their codes in the catalogue."""

    PLEIADES = "pleiades", _("Pléiades")
    SPOT67 = "spot67", _("SPOT 6-7")


class Payer(models.TextChoices):
    """At whose expense an image is ordered."""

    SCHEME = "scheme", _("free, within the quota")
    ITSELF = "itself", _("paid at the preferential price, with no free share")
    PARTNER = "partner", _("ordered and paid for by the European partner or the French member")
    NOBODY = "nobody", _("not offered")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One cell: `conditions` hold where it is open, `why` is the sentence that decides either way."""

    eligible: bool
    why: Any
    payer: str
    conditions: tuple[Any, ...] = ()
    opinions: frozenset[str] = frozenset()


# Whom each opinion is about (domain.md 1: CNES examines for Pléiades, Airbus for SPOT 6-7). Airbus is
# asked about a French company whatever the sensor.
ABOUT = {Sensor.PLEIADES: Opinion.CNES, Sensor.SPOT67: Opinion.AIRBUS}
_SCIENCE = frozenset({Purpose.RESEARCH, Purpose.TEACHING})
PURPOSES = {
    Category.PUBLIC_BODY: frozenset({Purpose.MISSION, *_SCIENCE}),
    Category.RESEARCH: frozenset({Purpose.MISSION, *_SCIENCE}),
    Category.ASSOCIATION: frozenset({Purpose.MISSION, *_SCIENCE}),
    Category.CONTRACTOR: frozenset({Purpose.ORDER}),
    Category.PRIVATE_RD: frozenset({Purpose.OWN_RD}),
    Category.EUROPEAN_SCIENTIST: _SCIENCE,
    Category.FOREIGN_SCIENTIST: _SCIENCE,
}
_WHY = {
    Category.PUBLIC_BODY: _("A French public body has images free, within the quota."),
    Category.RESEARCH: _("A French research or teaching body has images free, within the quota."),
    Category.ASSOCIATION: _(
        "An association with a public-interest mission has images free, within the quota."
    ),
    Category.CONTRACTOR: _(
        "A contractor has images free, within the quota, for the public order alone, until it ends."
    ),
    Category.PRIVATE_RD: _(
        "A French company has images free, within the quota, for its own research and development."
    ),
    Category.EUROPEAN_SCIENTIST: _(
        "A European scientific body in co-operation with a French member pays Pléiades at the "
        "preferential price, with no free share."
    ),
    Category.FOREIGN_SCIENTIST: _(
        "A scientific body outside Europe, in co-operation with a French member, has Pléiades through "
        "its European partner, who may be that member."
    ),
}
_PAYERS = {
    Category.EUROPEAN_SCIENTIST: Payer.ITSELF,
    Category.FOREIGN_SCIENTIST: Payer.PARTNER,
}


def _closed(why: Any) -> Outcome:
    return Outcome(False, why, Payer.NOBODY)


def _cell(category: Category, group: CountryGroup, purpose: Purpose, sensor: Sensor) -> Outcome:
    """The rules in the order in which they are told: the body, the use, the sensor."""
    ruling = eligibility.TABLE[category, group]
    if not ruling.eligible:
        return _closed(ruling.conditions[0])
    if purpose == Purpose.COMMERCIAL:
        return _closed(_("The scheme serves no commercial use."))
    if purpose not in PURPOSES[category]:
        return _closed(_not_for(category))
    if category in _PAYERS and sensor == Sensor.SPOT67:
        return _closed(
            _("SPOT 6-7 is for French bodies; Pléiades is open to scientists elsewhere.")
        )
    return Outcome(
        True,
        _WHY[category],
        _PAYERS.get(category, Payer.SCHEME),
        ruling.conditions,
        ruling.opinions & _asked_about(category, sensor),
    )


def _not_for(category: Category) -> Any:
    if category == Category.CONTRACTOR:
        return _("A contractor has images for a public order, and for nothing else.")
    if category == Category.PRIVATE_RD:
        return _("A French company has images for its own research and development alone.")
    if category in _PAYERS:
        return _("Bodies outside France have images for research and teaching alone.")
    return _("A public order or a company's research is asked for in the category of companies.")


def _asked_about(category: Category, sensor: Sensor) -> frozenset[str]:
    return frozenset(Opinion) if category == Category.PRIVATE_RD else frozenset({ABOUT[sensor]})


TABLE: dict[tuple[str, str, str, str], Outcome] = {
    key: _cell(*key) for key in product(Category, CountryGroup, Purpose, Sensor)
}


def outcome(category: str, country: str, purpose: str, sensor: str) -> Outcome:
    """Return the cell for a body of this category established in this country (ISO 3166-1 alpha-2).

    Source: domain.md 1 and 6 (deck of 2021 and later pages; European bodies: Pléiades only, 2016).
    """
    key = (Category(category), eligibility.country_group(country), Purpose(purpose), Sensor(sensor))
    return TABLE[key]


def closed_to(category: str, country: str) -> frozenset[str]:
    """The sensors, by their codes, that such a body may have for no purpose; none before it says what it is."""
    if not category:
        return frozenset()
    return frozenset(
        sensor.value
        for sensor in Sensor
        if not any(outcome(category, country, one, sensor).eligible for one in Purpose)
    )


def summary(category: str, country: str) -> list[tuple[Any, str, Any]]:
    """For each sensor: its name, who pays, and the sentence that decides, for the best purpose."""
    lines = []
    for sensor in Sensor:
        cells = [outcome(category, country, purpose, sensor) for purpose in Purpose]
        best = next((cell for cell in cells if cell.eligible), None)
        if best is None:
            mine = PURPOSES[Category(category)]
            best = outcome(category, country, sorted(mine)[0], sensor)
        lines.append((sensor.label, best.payer, best.why))
    return lines
