"""Held for a line of an order: which purse carries it, and what is said when none can."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from dinamis.actors import Actor
from dinamis.errors import NotNow
from orders.ledger.errors import KeyReused, QuotaTooSmall
from orders.ledger.kinds import AccountKind, MovementKind, OwnerKind
from orders.ledger.models import Account, Movement, Period
from orders.ledger.services.accounts import account_of, in_unit, lock
from orders.ledger.services.booking import Entry, book_new, booked, same
from orders.ledger.services.quick import hold_at_once
from orders.ledger.sums import ZERO


def held(line: str) -> Decimal:
    """Return what is held for a line now, over all its purses and periods."""
    accounts = Account.objects.of(OwnerKind.LINE, line).filter(kind=AccountKind.HELD)
    return accounts.aggregate(total=Sum("balance"))["total"] or ZERO


def hold(
    purses: Sequence[Account],
    amount: Decimal,
    *,
    line: str,
    key: str,
    by: Actor,
    reason: str,
    rule_version: str = "",
    split: bool = False,
) -> list[Movement]:
    """Hold an amount for a line on the first purse that can carry all of it.

    With `split`, several purses may carry it together, in their order, as movements of one deed.
    All are of one period. Raises QuotaTooSmall with what is available: in the best purse, or in all
    of them when it may be split; NotNow when there is no purse at all.
    """
    period = _one_period(purses)
    amount = in_unit(amount, period.unit)
    words = {"deed": key, "reason": reason, "rule_version": rule_version}
    if not split and (done := hold_at_once(purses, amount, line=line, by=by, **words)):
        return done
    with transaction.atomic():
        if found := booked(key):
            return _same_hold(found, line, amount)
        return _held(purses, amount, period, line, split, {"by": by, **words})


def _held(
    purses: Sequence[Account],
    amount: Decimal,
    period: Period,
    line: str,
    split: bool,
    words: dict[str, Any],
) -> list[Movement]:
    """Hold step by step: for a split, a purse lost to somebody quicker, or a refusal that says why."""
    if split:
        lock([account_of(period, AccountKind.HELD, line), *purses])
    shares = list(_shares(purses, _balances(purses), amount, split))
    to_account = account_of(period, AccountKind.HELD, line) if shares else None
    for share in shares:
        entries = [Entry(MovementKind.HOLD, purse, to_account, part) for purse, part in share]
        try:
            return book_new(entries, **words)
        except QuotaTooSmall:
            continue  # somebody was quicker on this purse too
    balances = _balances(purses)
    available = sum(balances.values(), ZERO) if split else max(balances.values())
    raise QuotaTooSmall(available=available, required=amount, unit=period.unit)


def _shares(
    purses: Sequence[Account], balances: dict[int, Decimal], amount: Decimal, split: bool
) -> Iterator[list[tuple[Account, Decimal]]]:
    """Every way worth trying: each purse that seems able to carry it all, or one split."""
    if not split:
        yield from ([(purse, amount)] for purse in purses if balances[purse.pk] >= amount)
        return
    share = []
    for purse in purses:
        if part := min(balances[purse.pk], amount):
            share.append((purse, part))
            amount -= part
    if not amount:
        yield share


def _balances(purses: Sequence[Account]) -> dict[int, Decimal]:
    ids = [purse.pk for purse in purses]
    return dict(Account.objects.filter(pk__in=ids).values_list("pk", "balance"))


def _one_period(purses: Sequence[Account]) -> Period:
    if not purses:
        raise NotNow("no_purse", _("No quota is open to this request."))
    if len({purse.period_id for purse in purses}) != 1:
        raise ValueError("a hold is tried on purses of one period")
    return purses[0].period


def _same_hold(found: list[Movement], line: str, amount: Decimal) -> list[Movement]:
    to_account = Account.objects.get(pk=found[0].to_account_id)
    if to_account.owner_key != line:
        raise KeyReused(found[0].deed)
    return same(found, [Entry(MovementKind.HOLD, found[0].from_account, to_account, amount)])
