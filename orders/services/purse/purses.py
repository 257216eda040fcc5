"""Which purses of the quota may carry a line, in the order that the rules say."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, Subquery
from django.utils import timezone

from accounts.models import Organisation
from orders.ledger.kinds import AccountKind, OwnerKind
from orders.models import Account, Line, Period
from orders.pricing.rules import PurseRank, Rules
from orders.pricing.words import Purse
from orders.states.pool import DrawState


@dataclass(frozen=True, slots=True)
class Carrier:
    """The purses that are tried, best first, and what each is called: its word of the rules, its owner."""

    accounts: tuple[Account, ...]
    names: tuple[tuple[str, str], ...]
    may_overtake: bool = False

    @property
    def first(self) -> Account:
        return self.accounts[0]

    @property
    def purse(self) -> str:
        return self.names[0][0]

    @property
    def owner(self) -> str:
        return self.names[0][1]

    @property
    def balance(self) -> Decimal:
        return self.first.balance

    def bearing(self, units: Decimal) -> "Carrier":
        """The same from the first purse on that has these units now; as it is where none has."""
        for number, account in enumerate(self.accounts):
            if account.balance >= units:
                return self._from(number)
        return self

    def of(self, account_id: int) -> "Carrier":
        """The same from one of its purses on."""
        return self._from([account.pk for account in self.accounts].index(account_id))

    def _from(self, number: int) -> "Carrier":
        return Carrier(self.accounts[number:], self.names[number:], self.may_overtake)


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
    accounts = _accounts(sensor, organisation, project, on=on or timezone.localdate())
    found: list[tuple[Account, PurseRank]] = []
    for rank in rules.purses:
        account = accounts.get(rank.purse)
        if account is None:
            continue
        found.append((account, rank))
        if not rank.else_next:
            break
    if not found:
        return None
    return Carrier(
        tuple(account for account, _rank in found),
        tuple((rank.purse, _owner(rank.purse, organisation, project)) for _a, rank in found),
        found[0][1].may_overtake,
    )


def carrier_of(line: Line, rules: Rules) -> Carrier | None:
    """The purses of a line today: the pool that agreed to carry it alone, or else those of its project
    while it runs and of its order's organisation."""
    drawn = line.draws.filter(state=DrawState.GRANTED).select_related("pool").first()
    if drawn is not None:
        pools = Account.objects.filter(period=drawn.pool.period_id, kind=AccountKind.POOL)
        account = pools.of(OwnerKind.POOL, drawn.pool_id).first()
        if account is not None:
            return Carrier((account,), (("pool", str(drawn.pool)),))
    order = line.order
    project = order.project
    if project is not None and not project.is_running(timezone.localdate()):
        project = None
    return carrier(line.sensor_id, order.organisation, rules, project=project)


def every_purse(
    sensor: str, organisation: Organisation, rules: Rules, *, project: Any = None
) -> list[Carrier]:
    """Each purse of today that could carry a line by itself, in the order of the rules."""
    accounts = _accounts(sensor, organisation, project, on=timezone.localdate())
    found = [(rank.purse, accounts.get(rank.purse)) for rank in rules.purses]
    return [
        Carrier((account,), ((word, _owner(word, organisation, project)),))
        for word, account in found
        if account is not None
    ]


def _owner(purse: str, organisation: Organisation, project: Any) -> str:
    if purse == Purse.PROJECT:
        return str(project)
    return organisation.category if purse == Purse.COMMON else str(organisation)


def _accounts(
    sensor: str, organisation: Organisation, project: Any, *, on: date
) -> dict[str, Account]:
    """The accounts of a sensor's period on a day that are somebody's here, by the word of their purse.

    One query: a wish without a project passes the row of projects over.
    """
    owned = {
        (AccountKind.ALLOTMENT, OwnerKind.ORGANISATION, str(organisation.pk)): Purse.ORGANISATION,
        (AccountKind.COMMON, OwnerKind.CATEGORY, organisation.category): Purse.COMMON,
    }
    if project is not None:
        owned[AccountKind.ALLOTMENT, OwnerKind.PROJECT, str(project.pk)] = Purse.PROJECT
    whose = Q()
    for kind, owner_kind, owner_key in owned:
        whose |= Q(kind=kind, owner_kind=owner_kind, owner_key=owner_key)
    period = Period.objects.on(on).filter(sensor=sensor).values("pk")[:1]
    accounts = Account.objects.filter(whose, period=Subquery(period)).select_related("period")
    return {
        owned[AccountKind(one.kind), OwnerKind(one.owner_kind), one.owner_key]: one
        for one in accounts
    }
