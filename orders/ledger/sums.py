"""Sums over the movements: the truth that balances repeat."""

from datetime import datetime
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from orders.ledger.kinds import AccountKind, MovementKind
from orders.ledger.models import Account, Movement, Period

ZERO = Decimal("0.00")
# What changes the size of a quota; hold, capture and release only change what it is doing.
_SIZING = (
    MovementKind.GRANT,
    MovementKind.TRANSFER,
    MovementKind.ADJUST,
    MovementKind.EXPIRE,
)


def total(movements: QuerySet[Movement]) -> Decimal:
    return movements.aggregate(total=Sum("amount"))["total"] or ZERO


def net(account: Account, movements: QuerySet[Movement]) -> Decimal:
    """What the account received of these movements, less what it gave."""
    return total(movements.filter(to_account=account)) - total(
        movements.filter(from_account=account)
    )


def allotted(account: Account, *, at: datetime | None = None) -> Decimal:
    """The size of a quota: what it was given and not taken back, whether free, held or consumed."""
    sizing = Movement.objects.filter(kind__in=_SIZING).exclude(
        Q(from_account__kind=AccountKind.CONSUMED) | Q(to_account__kind=AccountKind.CONSUMED)
    )
    return net(account, sizing if at is None else sizing.filter(at__lte=at))


def budgeted(period: Period, *, at: datetime | None = None) -> Decimal:
    """The size of a period's budget: what the source put into it, less what went back from it."""
    sizing = Movement.objects.exclude(kind=MovementKind.EXPIRE).filter(
        Q(from_account__kind=AccountKind.SOURCE, to_account__kind=AccountKind.BUDGET)
        | Q(from_account__kind=AccountKind.BUDGET, to_account__kind=AccountKind.SOURCE),
        from_account__period=period,
    )
    if at is not None:
        sizing = sizing.filter(at__lte=at)
    return total(sizing.filter(to_account__kind=AccountKind.BUDGET)) - total(
        sizing.filter(from_account__kind=AccountKind.BUDGET)
    )
