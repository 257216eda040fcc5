"""Which purses of the quota may carry a line, in the order that the rules say."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import Organisation
from orders.ledger.kinds import AccountKind, OwnerKind
from orders.models import Account, Line, Period
from orders.pricing.rules import PurseRank, Rules
from orders.pricing.words import Purse
from orders.states.pool import DrawState


@dataclass(frozen=True, slots=True)
class Carrier:
    """The purses that are tried, best first, and what the first of them is called."""

    accounts: tuple[Account, ...]
    purse: str
    owner: str
    may_overtake: bool = False

    @property
    def first(self) -> Account:
        return self.accounts[0]

    @property
    def balance(self) -> Decimal:
        return self.first.balance


def carrier(
    sensor: str,
    organisation: Organisation,
    rules: Rules,
    *,
    on: date | None = None,
    project: Any = None,
) -> Carrier | None:
    """The purses for an organisation's line today: the first that exists carries the whole line.

    Only where its row says so, a purse that is too small passes the line on to the next. None when
    no period is open for the sensor, or nothing in it is the organisation's or its category's.
    """
    period = Period.objects.on(on or timezone.localdate()).filter(sensor=sensor).first()
    if period is None:
        return None
    found: list[tuple[Account, PurseRank]] = []
    for rank in rules.purses:
        account = _account(period, rank.purse, organisation, project)
        if account is None:
            continue
        found.append((account, rank))
        if not rank.else_next:
            break
    if not found:
        return None
    first = found[0][1]
    return Carrier(
        tuple(account for account, _rank in found),
        first.purse,
        _owner(first.purse, organisation, project),
        first.may_overtake,
    )


def carrier_of(line: Line, rules: Rules) -> Carrier | None:
    """The purses of a line today: the pool that agreed to carry it alone, or else those of its project
    while it runs and of its order's organisation."""
    drawn = line.draws.filter(state=DrawState.GRANTED).select_related("pool").first()
    if drawn is not None:
        pools = Account.objects.filter(period=drawn.pool.period_id, kind=AccountKind.POOL)
        account = pools.of(OwnerKind.POOL, drawn.pool_id).first()
        if account is not None:
            return Carrier((account,), "pool", str(drawn.pool))
    order = line.order
    project = order.project
    if project is not None and not project.is_running(timezone.localdate()):
        project = None
    return carrier(line.sensor_id, order.organisation, rules, project=project)


def every_purse(
    sensor: str, organisation: Organisation, rules: Rules, *, project: Any = None
) -> list[Carrier]:
    """Each purse of today that could carry a line by itself, in the order of the rules."""
    period = Period.objects.on(timezone.localdate()).filter(sensor=sensor).first()
    if period is None:
        return []
    words = [rank.purse for rank in rules.purses]
    found = [(word, _account(period, word, organisation, project)) for word in words]
    return [
        Carrier((account,), word, _owner(word, organisation, project))
        for word, account in found
        if account is not None
    ]


def _owner(purse: str, organisation: Organisation, project: Any) -> str:
    if purse == Purse.PROJECT:
        return str(project)
    return organisation.category if purse == Purse.COMMON else str(organisation)


def _account(
    period: Period, purse: str, organisation: Organisation, project: Any = None
) -> Account | None:
    accounts = Account.objects.filter(period=period)
    if purse == Purse.ORGANISATION:
        allotments = accounts.filter(kind=AccountKind.ALLOTMENT)
        return allotments.of(OwnerKind.ORGANISATION, organisation.pk).first()
    if purse == Purse.COMMON:
        shares = accounts.filter(kind=AccountKind.COMMON)
        return shares.of(OwnerKind.CATEGORY, organisation.category).first()
    if purse == Purse.PROJECT and project is not None:
        allotments = accounts.filter(kind=AccountKind.ALLOTMENT)
        return allotments.of(OwnerKind.PROJECT, project.pk).first()
    return None  # a wish without a project passes the row of projects over
