"""Accounts found or opened, locked in the one order, and amounts brought to their unit."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.db import connection
from django.utils.translation import gettext as _

from dinamis.compiled import Compiled
from dinamis.errors import Invalid
from orders.ledger.kinds import OWNERS, AccountKind, OwnerKind
from orders.ledger.models import Account, Period

_CENT = Decimal("0.01")


# Every booking looks for its accounts, so it is written once.
_named = Compiled(
    lambda period, kind, owner_kind, owner_key: Account.objects.filter(
        period=period, kind=kind, owner_kind=owner_kind, owner_key=owner_key
    )
)


def account_of(
    period: Period,
    kind: AccountKind | str,
    owner_key: object = "",
    *,
    owner_kind: OwnerKind | str | None = None,
) -> Account:
    """Return the account of a kind and owner in a period, opened empty if it is not there yet.

    The kind of owner is needed for the allotment of a project only. Opening books nothing, so it has
    no actor.
    """
    if owner_kind is None:
        owner_kind = OWNERS[AccountKind(kind)][0]
    named = (period.pk, str(kind), str(owner_kind), str(owner_key))
    found = _named(*named)
    if not found:
        opened = Account(period=period, kind=kind, owner_kind=owner_kind, owner_key=str(owner_key))
        Account.objects.bulk_create([opened], ignore_conflicts=True)
        found = _named(*named)
    [account] = found
    account.period = period
    return account


def lock(accounts: Iterable[Account | int]) -> None:
    """Lock accounts until the transaction ends, in order of id, as every booking does.

    For a transaction that books several deeds: taken one by one in another order they could wait for
    each other. NO KEY, because a movement's foreign keys hold KEY SHARE on them.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("accounts are locked inside a transaction")
    ids = {account if isinstance(account, int) else account.pk for account in accounts}
    those = Account.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    list(those.values_list("pk", flat=True))


def in_unit(amount: Decimal, unit: str, *, zero: bool = False) -> Decimal:
    """Return the amount as it is booked: km² to the hundredth, attempts whole.

    Raises Invalid for what is not a number, not above zero (unless `zero`), too large, or a
    fraction of an attempt.
    """
    try:
        amount = Decimal(amount)
        rounded = amount.quantize(_CENT, ROUND_HALF_UP)
        if not rounded.is_finite():
            raise InvalidOperation
    except (InvalidOperation, TypeError, ValueError) as error:
        raise Invalid("amount_not_a_number", _("This is not an amount.")) from error
    if rounded < 0 or (rounded == 0 and not zero) or rounded.adjusted() > 11:
        raise Invalid("amount_not_positive", _("An amount is above zero."), amount=str(amount))
    if unit == Period.Unit.ATTEMPT and amount != amount.to_integral_value():
        raise Invalid("attempts_are_whole", _("Attempts are counted whole."), amount=str(amount))
    return rounded
