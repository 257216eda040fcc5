"""What an organisation may still draw on, read from the ledger: for cards, pages and statements."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation
from orders.ledger import reads
from orders.ledger.kinds import AccountKind, OwnerKind
from orders.ledger.models import Period
from orders.ledger.summaries import Row, quota_of
from orders.models import Account, Line, Pledge, Pool, Project
from orders.services.purse.purses import Carrier, carrier
from orders.services.rules.rules import rules_in_force

# Who owns an account by number, and how each is called.
_OWNERS: dict[str, tuple[Any, Callable[[Any], str]]] = {
    OwnerKind.ORGANISATION: (Organisation, lambda one: one.name),
    OwnerKind.POOL: (Pool, lambda one: one.title),
    OwnerKind.PROJECT: (Project, lambda one: f"{one.reference} · {one.title}"),
}


@dataclass(frozen=True, slots=True)
class Left:
    """The purse that would carry an organisation's next line, with what became of it so far."""

    carrier: Carrier
    row: Row

    @property
    def is_common(self) -> bool:
        return self.carrier.first.kind == AccountKind.COMMON

    def after(self, units: Decimal) -> Decimal:
        return self.row.free - units


def left(sensor: str, organisation: Organisation) -> Left | None:
    """The organisation's purse for a sensor today, or None when no quota is open for it."""
    found = carrier(sensor, organisation, rules_in_force())
    if found is None:
        return None
    return Left(found, quota_of(found.first))


def open_periods() -> list[Period]:
    """The periods that today falls in, one for each sensor."""
    found = Period.objects.on(timezone.localdate()).select_related("sensor")
    return list(found.order_by("sensor__order"))


def accounts_of(period: Period, organisation: Organisation) -> QuerySet[Account]:
    """The organisation's accounts in a period, with what is held for each of its lines."""
    lines = Line.objects.filter(order__organisation=organisation, sensor=period.sensor_id)
    held = lines.values_list("reference", flat=True)
    return reads.accounts_of(period, OwnerKind.ORGANISATION, organisation.pk, lines=held)


def owner_name(account: Account) -> str:
    """Who an account belongs to, in words: an organisation, a category, a line; "" for the scheme's own."""
    return names([account])[account.pk]


def names(accounts: list[Account]) -> dict[int, str]:
    """The names of many accounts, with one query for each kind of owner that occurs."""
    known: dict[tuple[str, str], str] = {}
    for kind, (model, named) in _OWNERS.items():
        keys = {a.owner_key for a in accounts if a.owner_kind == kind and a.owner_key.isdecimal()}
        if keys:
            known |= {(kind, str(one.pk)): named(one) for one in model.objects.filter(pk__in=keys)}
    known |= _pledges(accounts)
    return {account.pk: _name(account, known) for account in accounts}


def _name(account: Account, known: dict[tuple[str, str], str]) -> str:
    if account.owner_kind in _OWNERS:
        missing = account.owner_key if account.owner_kind == "organisation" else ""
        return known.get((account.owner_kind, account.owner_key), missing)
    if account.owner_kind == "category":
        return str(Organisation(category=account.owner_key).get_category_display())
    if account.owner_kind == "line":
        return known.get(("line", account.owner_key), account.owner_key)
    return ""


def _pledges(accounts: list[Account]) -> dict[tuple[str, str], str]:
    """What is held for a pledge bears the name of its pool, as a line its reference."""
    holders = [a.owner_key for a in accounts if a.owner_key.startswith(Pledge.HOLDER)]
    if not holders:
        return {}
    numbers = {one.removeprefix(Pledge.HOLDER) for one in holders}
    pledges = Pledge.objects.filter(pk__in=numbers).select_related("pool")
    return {
        ("line", one.holder): _("pledge to “%(pool)s”") % {"pool": one.pool.title}
        for one in pledges
    }
