"""A wish worked out under the rules in force, for a person and a body: figures only, nothing stored."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Organisation
from dinamis import formats
from dinamis.errors import NotAllowed, NotNow, Refused, WayOn
from orders.models import Line, RuleVersion
from orders.pricing.charge import Charge, Explained, Measure, Purse, SensorFacts, charge
from orders.pricing.rules import Rules
from orders.pricing.words import Purse as PurseWord
from orders.pricing.words import Terms
from orders.services.asking import ceilings
from orders.services.asking.existing import existing_products
from orders.services.asking.places import Located, locate
from orders.services.asking.wishes import Checked, Production, Tasking, checked
from orders.services.projects.project_use import is_cofunded
from orders.services.purse.purses import Carrier, carrier, carrier_of
from orders.services.rules.rules import version_in_force


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What a wish comes to: checked, located, priced, carried, with what exists already."""

    version: RuleVersion
    found: Checked
    located: Located
    priced: Charge
    purse: Carrier | None
    available: Decimal | None
    beyond: bool
    existing: list[dict[str, str]]
    steps: tuple[Explained, ...]

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of a quote that hold this."""
        priced, found = self.priced, self.found
        names = (
            "unit",
            "units",
            "least_units",
            "factor",
            "units_per_try",
            "terms",
            "quota_units",
            "paid_units",
            "price_eur",
            "cofunded_eur",
        )
        least, most = self.version.rules.delays[found.sensor.code, found.columns["kind"]]
        return {
            **found.columns,
            **{name: getattr(priced, name) for name in names},
            "rule_version": self.version,
            "beyond": self.beyond,
            "asked_area": found.asked_area,
            "asked_km2": found.asked_km2,
            "subtracted_km2": found.subtracted_km2,
            "place": self.located.place,
            "place_shares": {name: str(share) for name, share in self.located.shares.items()},
            "explained": [step.stored() for step in self.steps],
            "purse": self.purse.purse if self.purse else "",
            "purse_before": self.available,
            "available": self.existing,
            "is_provisional": found.is_provisional,
            "least_days": least,
            "most_days": most,
        }


def evaluate(
    wish: Production | Tasking,
    *,
    requester: Any,
    organisation: Organisation,
    beyond: bool = False,
    held: Decimal = Decimal(0),
    project: Any = None,
    line: Line | None = None,
) -> Evaluated:
    """Check, locate and price a wish. `held` is what the wish's own `line` holds already, on its purses.

    With `beyond`, what the purse has not is priced beyond the quota. Raises Invalid (the wish),
    NotAllowed (not offered to the category), NotNow (no rules in force; nothing is sold beyond).
    """
    version = version_in_force()
    rules = version.rules
    found = checked(wish, rules)
    located = locate(found.area, rules.zones)
    measure = measure_of(
        found, organisation.category, located.place, is_cofunded=is_cofunded(project)
    )
    priced = charge(measure, rules)
    purse = available = None
    if priced.terms == Terms.QUOTA:
        purse = _purse(found, organisation, rules, project=project, line=line)
        purse = purse.bearing(priced.quota_units - held) if purse else None
        available = purse.balance + held if purse else None
        if beyond:
            priced = charge(measure, rules, Purse(available or Decimal(0), beyond=True))
    if priced.terms == Terms.REFUSED:
        raise _not_offered(found, organisation, version, beyond=purse is not None or beyond)
    existing = existing_products(found.area, found.columns["area_km2"], sensor=found.sensor)
    over = ceilings.passed(
        rules,
        sensor=found.sensor.code,
        category=organisation.category,
        units=priced.units,
        requester=requester,
        organisation=organisation,
    )
    steps = [
        *_sum(found, priced, located, existing),
        *_carried(priced, purse, available),
        *_paid(priced, organisation, beyond=priced.quota_units > 0 or available is not None),
        *_by_project(priced, project),
    ]
    if over is not None:
        facts = {"before": over.used, "after": over.most}
        steps.append(Explained(f"over_ceiling_{over.scope}", priced.units, priced.unit, facts))
    steps.append(Explained("to_pay", priced.price_eur, "eur"))
    return Evaluated(
        version, found, located, priced, purse, available, beyond, existing, tuple(steps)
    )


def _purse(
    found: Checked, organisation: Organisation, rules: Rules, *, project: Any, line: Line | None
) -> Carrier | None:
    """The purses of a line that there is already (a pool may carry it), or of one that there may be."""
    if line is not None:
        return carrier_of(line, rules)
    return carrier(found.sensor.code, organisation, rules, project=project)


def measure_of(found: Checked, category: str, place: str, *, is_cofunded: bool = False) -> Measure:
    """The pricing question of a checked wish."""
    sensor, columns = found.sensor, found.columns
    return Measure(
        kind=columns["kind"],
        sensor=SensorFacts(sensor.code, sensor.unit, sensor.scene_equivalent_km2),
        category=category,
        mode=columns["mode"],
        asked_km2=found.asked_km2,
        served_km2=columns["area_km2"],
        subtracted_km2=found.subtracted_km2,
        tries=columns.get("tries"),
        place=place,
        is_cofunded=is_cofunded,
    )


def _sum(
    found: Checked, priced: Charge, located: Located, existing: list[dict[str, str]]
) -> list[Explained]:
    """The sum, what exists already before its total, then where the area lies."""
    steps = list(priced.steps)
    if existing:
        best = existing[0]
        facts = {"count": len(existing), "share": best["share"]}
        steps.insert(-1, Explained("already_available", Decimal(best["overlap_km2"]), "km2", facts))
    if found.is_provisional:
        steps.append(Explained("provisional", priced.units, priced.unit))
    for place, share in located.shares.items():
        word = f"place_{place}" if place == located.place else f"partly_{place}"
        steps.append(Explained(word, share, "percent"))
    return steps


def _carried(priced: Charge, purse: Carrier | None, available: Decimal | None) -> list[Explained]:
    if priced.means_units:
        return [Explained("carried_by_means", priced.means_units, priced.unit)]
    if not priced.quota_units:
        return []
    if purse is None or available is None:
        return [Explained("no_purse", priced.units, priced.unit)]
    after = available - priced.quota_units
    if after < 0:
        return [Explained("purse_too_small", priced.units, priced.unit, {"before": available})]
    return [carried_by(purse, priced.quota_units, priced.unit, available=available)]


def carried_by(purse: Carrier, units: Decimal, unit: str, *, available: Decimal) -> Explained:
    """The step that names a purse, what it has before (`available`) and after."""
    whose = {"category" if purse.purse == PurseWord.COMMON else "owner": purse.owner}
    facts = {**whose, "before": available, "after": available - units}
    return Explained(f"carried_by_{purse.purse}", units, unit, facts)


def _paid(priced: Charge, organisation: Organisation, *, beyond: bool) -> list[Explained]:
    if not priced.paid_units:
        return []
    share = "share_beyond" if beyond else "share_without_quota"
    category = {"category": organisation.category}
    steps = [Explained(share, priced.paid_units, priced.unit, category)]
    each = {"eur_per_unit": priced.eur_per_unit}
    steps.append(Explained(f"price_{priced.terms}", priced.price_eur, "eur", each))
    if priced.cofunded_eur:
        steps.append(Explained("cofunded_share", priced.cofunded_eur, "eur"))
    return steps


def _by_project(priced: Charge, project: Any) -> list[Explained]:
    """Which project gave its co-funding, where the orderer's own category would have paid more."""
    if not priced.is_by_project:
        return []
    facts = {"owner": project}
    return [Explained("cofunded_by_project", priced.paid_units, priced.unit, facts)]


def _not_offered(
    found: Checked, organisation: Organisation, version: RuleVersion, *, beyond: bool
) -> Refused:
    look = WayOn(_("See what can be downloaded"), reverse("catalogue"))
    if not beyond:
        return NotAllowed(
            "not_offered_to_category",
            _("%(sensor)s cannot be ordered by your organisation's category: %(category)s.")
            % {"sensor": found.sensor, "category": organisation.get_category_display()},
            ways_on=(look,),
            category=organisation.category,
        )
    offers = [one for one in version.rules.offers if one.sensor == found.sensor.code]
    return NotNow(
        "not_sold_beyond_the_quota",
        _("Beyond the quota, %(sensor)s has no price for one image. %(offers)s")
        % {"sensor": found.sensor, "offers": " ".join(_offered(one) for one in offers)},
        ways_on=(look, WayOn(_("See the quota"), reverse("quota"))),
        offers=[{"eur": str(one.eur), "attempts": one.attempts} for one in offers],
    )


def _offered(one: Any) -> str:
    if one.about_km2 is None:
        return _("A contribution of %(eur)s brings %(attempts)s.") % {
            "eur": formats.euros(one.eur, 0),
            "attempts": formats.attempts(one.attempts),
        }
    return _("A contribution of %(eur)s brings %(attempts)s, about %(area)s.") % {
        "eur": formats.euros(one.eur, 0),
        "attempts": formats.attempts(one.attempts),
        "area": formats.area(one.about_km2, 0),
    }
