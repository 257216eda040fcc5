"""What several ways of asking would count and cost, side by side. Nothing is booked, nothing stored."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.policies import check_is_member
from dinamis.actors import Actor
from dinamis.errors import Invalid, Refused
from orders.pricing.explain import Row, read
from orders.services.asking.evaluating import Evaluated, evaluate
from orders.services.asking.wishes import Production, Tasking
from orders.services.projects import project_use
from orders.services.purse.purses import Carrier, every_purse
from orders.services.tasking import odds
from orders.services.tasking.odds import Odds

MOST_OPTIONS = 12


@dataclass(frozen=True, slots=True)
class Option:
    """One way of asking. `found` is what it comes to, or None where `refused` says why not."""

    label: str
    wish: Production | Tasking
    found: Evaluated | None
    refused: Refused | None
    purses: tuple[Carrier, ...] = ()
    is_cheapest: bool = False
    odds: Odds | None = None

    @property
    def rows(self) -> list[Row]:
        """The sum line by line, in the active language."""
        return read([step.stored() for step in self.found.steps]) if self.found else []

    @property
    def after(self) -> Decimal | None:
        """What the purse would hold afterwards; below zero when it is too small."""
        found = self.found
        if found is None or found.available is None:
            return None
        return found.available - found.priced.quota_units


def options(
    wishes: Sequence[tuple[str, Production | Tasking]],
    *,
    by: Actor,
    beyond: bool = False,
    project: Any = None,
) -> list[Option]:
    """Work out up to 12 wishes, each under a label of the caller's; one refused stops no other.

    The cheapest that its purse carries is marked: fewest euros, then the smallest part of it. Raises
    NotAllowed (no active affiliation) and Invalid (none, or too many).
    """
    organisation = check_is_member(by.user).organisation
    if not 1 <= len(wishes) <= MOST_OPTIONS:
        raise Invalid(
            "options_out_of_range",
            _("Between 1 and %(most)s options are worked out at once.") % {"most": MOST_OPTIONS},
            most=MOST_OPTIONS,
        )
    found = [_option(label, wish, by, organisation, beyond, project) for label, wish in wishes]
    carried = [one for one in found if one.found is not None and not _is_short(one.found)]
    best = min(carried, key=_burden, default=None)
    return [replace(one, is_cheapest=one is best) for one in found]


def _option(
    label: str, wish: Production | Tasking, by: Actor, organisation: Any, beyond: bool, project: Any
) -> Option:
    try:
        project_use.check(project, by.user, wish)
        found = evaluate(
            wish, requester=by.user, organisation=organisation, beyond=beyond, project=project
        )
    except Refused as refused:
        return Option(label, wish, None, refused)
    purses: tuple[Carrier, ...] = ()
    if found.purse is not None:
        rules, sensor = found.version.rules, found.found.sensor.code
        purses = tuple(every_purse(sensor, organisation, rules, project=project))
    told = odds.of(wish, requester=by.user) if isinstance(wish, Tasking) else None
    return Option(label, wish, found, None, purses, odds=told)


def _is_short(found: Evaluated) -> bool:
    """True where its purse has less than it counts."""
    units = found.priced.quota_units
    return units > 0 and (found.available is None or found.available < units)


def _burden(option: Option) -> tuple[Decimal, Decimal]:
    """Euros; then the part of the purse that is used."""
    found = option.found
    assert found is not None  # noqa: S101 - only what was worked out is compared
    units = found.priced.quota_units
    share = units / found.available if units and found.available else units
    return found.priced.price_eur, share
