"""The most that an order, a person, or an organisation in a year may ask of a sensor."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation
from dinamis.errors import NotNow
from orders.models import Line
from orders.pricing.explain import quantity
from orders.pricing.rules import CeilingRule, Rules
from orders.pricing.words import Scope
from orders.states import Approval, Supply

# Lines that count against a ceiling: asked, and not come to nothing.
COUNTED = (
    Approval.AWAITING_REFERENT,
    Approval.SUBMITTED,
    Approval.TO_COMPLETE,
    Approval.TO_CONFIRM,
    Approval.OFFERED,
    Approval.ACCEPTED,
)
NOTHING_CAME = (Supply.FAILED, Supply.CLOSED, Supply.STOPPED)


@dataclass(frozen=True, slots=True)
class Passed:
    """A ceiling that a wish would pass: what is asked already, and the most."""

    scope: str
    most: Decimal
    used: Decimal


def ceilings_of(rules: Rules, *, sensor: str, category: str) -> list[CeilingRule]:
    """The ceilings for a sensor and a category: of one scope, the one that names the category."""
    found: dict[str, CeilingRule] = {}
    for one in sorted(rules.ceilings, key=lambda row: bool(row.category)):
        if one.sensor == sensor and one.category in ("", category):
            found[one.scope] = one
    return list(found.values())


def passed(
    rules: Rules,
    *,
    sensor: str,
    category: str,
    units: Decimal,
    requester: Any,
    organisation: Organisation,
    order: Any = None,
) -> Passed | None:
    """The first ceiling that these units would pass, or None."""
    for one in ceilings_of(rules, sensor=sensor, category=category):
        used = _used(one, requester=requester, organisation=organisation, order=order)
        if used + units > one.most:
            return Passed(one.scope, one.most, used)
    return None


def check(line: Line) -> None:
    """Refuse a line that passes a ceiling. Two submissions of one organisation wait for each other.

    Raises NotNow (over_ceiling, with most, used and required); nothing is held then.
    """
    quote, order = line.quote, line.order
    rules = quote.rule_version.rules
    if not ceilings_of(rules, sensor=line.sensor_id, category=quote.category):
        return
    Organisation.objects.select_for_update(no_key=True).get(pk=order.organisation_id)
    over = passed(
        rules,
        sensor=line.sensor_id,
        category=quote.category,
        units=quote.units,
        requester=order.requester,
        organisation=order.organisation,
        order=order,
    )
    if over is None:
        return
    unit = quote.unit
    raise NotNow(
        "over_ceiling",
        _("At most %(most)s may be asked %(scope)s: %(used)s are asked already. Nothing was held.")
        % {
            "most": quantity(over.most, unit),
            "scope": Scope(over.scope).label,
            "used": quantity(over.used, unit),
        },
        scope=over.scope,
        most=str(over.most),
        used=str(over.used),
        required=str(quote.units),
    )


def _used(one: CeilingRule, *, requester: Any, organisation: Organisation, order: Any) -> Decimal:
    asked = Line.objects.filter(sensor=one.sensor, approval__in=COUNTED)
    asked = asked.exclude(supply__in=NOTHING_CAME)
    if one.scope == Scope.ORDER:
        asked = asked.filter(order=order) if order is not None else asked.none()
    else:
        asked = asked.filter(
            order__organisation=organisation, order__made_at__year=timezone.localdate().year
        )
        if one.scope == Scope.PERSON:
            asked = asked.filter(order__requester=requester)
    return asked.aggregate(total=Sum("quote__units"))["total"] or Decimal(0)
