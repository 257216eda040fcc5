"""Quotes: a wish checked, priced under the rules in force, explained line by line, and frozen."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.policies import check_is_member
from dinamis.actors import Actor
from dinamis.errors import NotAllowed, WayOn
from orders.models import Line, Quote
from orders.pricing.charge import Charge, Explained, Measure, SensorFacts, charge
from orders.pricing.rules import Rules
from orders.pricing.words import Purse, Terms
from orders.services.existing import existing_products
from orders.services.purses import Carrier, carrier
from orders.services.references import next_reference
from orders.services.rules import version_in_force
from orders.services.wishes import Checked, Production, Tasking, checked, of_row

# The columns that a line takes over from its quote.
WISH = (
    "kind",
    "sensor",
    "scene",
    "area",
    "area_km2",
    "whole_scene",
    "mode",
    "options",
    "window_starts_on",
    "window_ends_on",
    "max_cloud",
    "max_incidence",
    "tries",
)


@transaction.atomic
def make(wish: Production | Tasking, *, by: Actor) -> Quote:
    """Price a wish for the person who acts, for the organisation they act for. Books nothing.

    Raises NotAllowed (no active affiliation, not offered to the category), Invalid (the wish),
    NotNow (no rules in force).
    """
    organisation = check_is_member(by.user).organisation
    return _priced(wish, requester=by.user, organisation=organisation)


def renew(line: Line, *, by: Actor) -> Quote:
    """Price the wish of a line again, for its own requester, under the rules of today."""
    order = line.order
    return _priced(of_row(line), requester=order.requester, organisation=order.organisation)


def apply(line: Line, quote: Quote) -> None:
    """Give a locked line a new quote, and the wish that it prices."""
    line.quote, line.proposed_quote = quote, None
    for name in WISH:
        setattr(line, name, getattr(quote, name))
    line.save(update_fields=["quote", "proposed_quote", *WISH])


def _priced(wish: Production | Tasking, *, requester: Any, organisation: Organisation) -> Quote:
    now = timezone.now()
    version = version_in_force()
    rules = version.rules
    found = checked(wish, rules)
    priced = charge(_measure(found, organisation), rules)
    if priced.terms == Terms.REFUSED:
        raise _not_offered(found, organisation)
    purse = carrier(found.sensor.code, organisation, rules) if priced.terms == Terms.QUOTA else None
    existing = existing_products(found.area, found.columns["area_km2"], sensor=found.sensor)
    least, most = rules.delays[found.sensor.code, found.columns["kind"]]
    return Quote.objects.create(
        **found.columns,
        **_figures(priced),
        reference=next_reference("D"),
        requester=requester,
        organisation=organisation,
        category=organisation.category,
        rule_version=version,
        explained=[
            step.stored() for step in _steps(found, priced, purse, existing, rules, organisation)
        ],
        purse=purse.purse if purse else "",
        purse_before=purse.balance if purse else None,
        available=existing,
        is_provisional=found.is_provisional,
        least_days=least,
        most_days=most,
        made_at=now,
        expires_at=now + timedelta(days=version.quote_days),
    )


def _measure(found: Checked, organisation: Organisation) -> Measure:
    sensor, columns = found.sensor, found.columns
    return Measure(
        kind=columns["kind"],
        sensor=SensorFacts(sensor.code, sensor.unit, sensor.scene_equivalent_km2),
        category=organisation.category,
        mode=columns["mode"],
        asked_km2=found.asked_km2,
        served_km2=columns["area_km2"],
        tries=columns.get("tries"),
    )


def _figures(priced: Charge) -> dict[str, Any]:
    names = ("unit", "units", "least_units", "factor", "units_per_try", "terms", "price_eur")
    return {name: getattr(priced, name) for name in names}


def _steps(
    found: Checked,
    priced: Charge,
    purse: Carrier | None,
    existing: list[dict[str, str]],
    rules: Rules,
    organisation: Organisation,
) -> list[Explained]:
    """The sum, then what carries it, what exists already, and what is to pay."""
    steps = list(priced.steps)
    if found.is_provisional:
        steps.append(Explained("provisional", priced.units, priced.unit))
    if existing:
        best = existing[0]
        facts = {"count": len(existing), "share": best["share"]}
        steps.insert(-1, Explained("already_available", Decimal(best["overlap_km2"]), "km2", facts))
    steps.extend(_carried(priced, purse, rules, organisation, found))
    steps.append(Explained("to_pay", priced.price_eur, "eur"))
    return steps


def _carried(
    priced: Charge, purse: Carrier | None, rules: Rules, organisation: Organisation, found: Checked
) -> list[Explained]:
    if priced.terms == Terms.PAID:
        key = (organisation.category, found.sensor.code, found.columns["kind"])
        each = rules.prices[key].eur_per_unit
        return [Explained("price_paid", priced.price_eur, "eur", {"eur_per_unit": each})]
    if purse is None:
        return [Explained("no_purse", priced.units, priced.unit)]
    before, after = purse.balance, purse.balance - priced.units
    if after < 0:
        return [Explained("purse_too_small", priced.units, priced.unit, {"before": before})]
    named = {"category": purse.owner} if purse.purse == Purse.COMMON else {"owner": purse.owner}
    facts = {**named, "before": before, "after": after}
    return [Explained(f"carried_by_{purse.purse}", priced.units, priced.unit, facts)]


def _not_offered(found: Checked, organisation: Organisation) -> NotAllowed:
    return NotAllowed(
        "not_offered_to_category",
        _("%(sensor)s cannot be ordered by your organisation's category: %(category)s.")
        % {"sensor": found.sensor, "category": organisation.get_category_display()},
        ways_on=(WayOn(_("See what can be downloaded"), reverse("catalogue")),),
        category=organisation.category,
    )
