"""What the end of a period does to each of its quotas: carried over by the rules, expired, or held on."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_DOWN, Decimal

from django.utils.translation import gettext as _

from dinamis.errors import NotNow
from orders.ledger import services as ledger
from orders.ledger.kinds import AccountKind, MovementKind
from orders.ledger.models import Account, Period
from orders.ledger.services import Entry
from orders.ledger.summaries import quotas_now
from orders.services.purse import quota
from orders.services.rules.rules import version_in_force

ZERO = Decimal("0.00")
# What the source may not grant to directly goes through the budget.
_GRANTED = (AccountKind.BUDGET, AccountKind.ALLOTMENT, AccountKind.POOL)


@dataclass(frozen=True, slots=True)
class Ending:
    """One quota at the end: its size, what is free, and of that what goes on; held stays held."""

    account: Account
    name: str
    size: Decimal
    free: Decimal
    held: Decimal
    consumed: Decimal
    carried: Decimal

    @property
    def expired(self) -> Decimal:
        return self.free - self.carried


@dataclass(frozen=True, slots=True)
class Figures:
    """All quotas of a period; `digest` names exactly these figures and where they go."""

    period: Period
    next_period: Period | None
    rows: list[Ending]
    digest: str

    @property
    def carried(self) -> Decimal:
        return sum((row.carried for row in self.rows), ZERO)

    @property
    def expired(self) -> Decimal:
        return sum((row.expired for row in self.rows), ZERO)

    @property
    def held(self) -> Decimal:
        return sum((row.held for row in self.rows), ZERO)


def following(period: Period) -> Period | None:
    """The period of the sensor that begins the day after this one ends, if it is open."""
    day = period.ends_on + timedelta(days=1)
    return Period.objects.filter(sensor=period.sensor_id, starts_on=day).first()


def span_after(period: Period) -> tuple[int, int | None]:
    """The year and quarter of the period that follows; a year is followed by a year."""
    day = period.ends_on + timedelta(days=1)
    is_year = (period.ends_on - period.starts_on).days > 300
    return day.year, None if is_year else (day.month + 2) // 3


def figures(period: Period) -> Figures:
    """Work the end of a period out by the rules in force, on the ledger as it is."""
    shares = _shares(period)
    found = quotas_now(period)
    names = quota.names([row.account for row in found])
    rows = [
        Ending(
            account=row.account,
            name=names[row.account.pk],
            size=row.granted,
            free=row.free,
            held=row.held,
            consumed=row.consumed,
            carried=_carried(period, row.free, row.granted, shares.get(row.account.kind, 0)),
        )
        for row in found
    ]
    next_period = following(period)
    said = [str(next_period.pk if next_period else 0)]
    said += [f"{row.account.pk} {row.free} {row.held} {row.carried}" for row in rows]
    return Figures(period, next_period, rows, hashlib.sha256("\n".join(said).encode()).hexdigest())


def check_there_is_a_next(found: Figures) -> None:
    """Raise NotNow when something is carried over and nothing is open to take it."""
    if found.carried and found.next_period is None:
        raise NotNow(
            "next_period_missing",
            _("Something is carried over: open the period that follows first."),
            carried=str(found.carried),
        )


def endings(found: Figures, *, carried: bool) -> list[Entry]:
    """The movements back to the source: of what is carried over, or of what expires."""
    source = ledger.account_of(found.period, AccountKind.SOURCE)
    amounts = [(row.account, row.carried if carried else row.expired) for row in found.rows]
    return [
        Entry(MovementKind.EXPIRE, account, source, amount) for account, amount in amounts if amount
    ]


def beginnings(found: Figures) -> list[Entry]:
    """The movements that give what is carried over to the same owners in the next period."""
    rows = [row for row in found.rows if row.carried]
    if not rows:
        return []
    source = ledger.account_of(found.next_period, AccountKind.SOURCE)
    budget = ledger.account_of(found.next_period, AccountKind.BUDGET)
    entries = []
    for row in rows:
        heir = _heir(found.next_period, row.account)
        if heir.kind in _GRANTED:
            entries.append(Entry(MovementKind.GRANT, source, heir, row.carried))
        else:
            entries += [
                Entry(MovementKind.GRANT, source, budget, row.carried),
                Entry(MovementKind.TRANSFER, budget, heir, row.carried),
            ]
    return entries


def accounts(period: Period) -> list[Account]:
    """Every account of both periods that a closing reads or moves, looked at without a lock.

    Those that may take something over are opened, so that all can be locked in one go.
    """
    here, next_period = [period], following(period)
    if next_period is not None:
        here.append(next_period)
        kinds = [kind for kind, percent in _shares(period).items() if percent]
        for account in Account.objects.filter(period=period, kind__in=kinds, balance__gt=0):
            _heir(next_period, account)
    return list(Account.objects.filter(period__in=here).exclude(kind=AccountKind.HELD))


def _shares(period: Period) -> dict[str, int]:
    """Kind of account → what is carried of it, in % of its size; a kind without a row carries nothing."""
    rules = version_in_force().carryrule_rows.filter(sensor=period.sensor_id)
    return {row.account_kind: row.up_to_percent for row in rules}


def _heir(period: Period, account: Account) -> Account:
    return ledger.account_of(period, account.kind, account.owner_key, owner_kind=account.owner_kind)


def _carried(period: Period, free: Decimal, size: Decimal, percent: int) -> Decimal:
    step = Decimal(1) if period.unit == Period.Unit.ATTEMPT else Decimal("0.01")
    most = (size * percent / 100 / step).to_integral_value(ROUND_DOWN) * step
    return min(free, most)
