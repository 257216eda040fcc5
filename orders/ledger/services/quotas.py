"""The quota administrator's verbs: a budget set, allotments given and modulated, each with a reason."""

from decimal import Decimal

from django.db import transaction

from dinamis.actors import Actor
from orders.ledger.errors import CutTooDeep, KeyReused, QuotaTooSmall
from orders.ledger.kinds import AccountKind, MovementKind
from orders.ledger.models import Account, Movement, Period
from orders.ledger.services.accounts import account_of, in_unit, lock
from orders.ledger.services.booking import Entry, book, book_new, booked
from orders.ledger.sums import allotted, budgeted


def grant_budget(
    period: Period, amount: Decimal, *, key: str, by: Actor, reason: str, rule_version: str = ""
) -> Movement:
    """Add to a period's budget, from outside."""
    return contribute(
        account_of(period, AccountKind.BUDGET),
        amount,
        key=key,
        by=by,
        reason=reason,
        rule_version=rule_version,
    )


def contribute(
    account: Account, amount: Decimal, *, key: str, by: Actor, reason: str, rule_version: str = ""
) -> Movement:
    """Add to a budget, a pool or an allotment, from outside: a grant or a contributor's payment."""
    source = account_of(account.period, AccountKind.SOURCE)
    return _moved(MovementKind.GRANT, source, account, amount, key, by, reason, rule_version)


def transfer(
    from_account: Account,
    amount: Decimal,
    *,
    to_account: Account,
    key: str,
    by: Actor,
    reason: str,
    rule_version: str = "",
) -> Movement:
    """Give free quota of one account to another: budget, reserve, common share, allotment or pool.

    Raises QuotaTooSmall, saying what the giver has.
    """
    return _moved(
        MovementKind.TRANSFER, from_account, to_account, amount, key, by, reason, rule_version
    )


def adjust(
    from_account: Account,
    amount: Decimal,
    *,
    to_account: Account,
    key: str,
    by: Actor,
    reason: str,
    rule_version: str = "",
) -> Movement:
    """Correct what was given or consumed, by a new movement. Raises CutTooDeep, saying how far it can go."""
    try:
        return _moved(
            MovementKind.ADJUST, from_account, to_account, amount, key, by, reason, rule_version
        )
    except QuotaTooSmall as refused:
        raise CutTooDeep(
            available=refused.available, required=refused.required, unit=refused.unit
        ) from refused


@transaction.atomic
def set_budget(
    period: Period, amount: Decimal, *, key: str, by: Actor, reason: str, rule_version: str = ""
) -> list[Movement]:
    """Bring a period's budget to this size: a grant when it grows, an adjustment when it shrinks.

    No movement when it has that size already. Raises CutTooDeep: only what is free in the budget
    can go back.
    """
    wanted = in_unit(amount, period.unit, zero=True)
    source = account_of(period, AccountKind.SOURCE)
    budget = account_of(period, AccountKind.BUDGET)
    lock([source, budget])
    if found := booked(key):
        return _reached(found, wanted, budgeted(period, at=found[-1].at))
    more = wanted - budgeted(period)
    return _resized(budget, more, source, MovementKind.GRANT, key, by, reason, rule_version)


@transaction.atomic
def set_allotment(
    account: Account,
    amount: Decimal,
    *,
    counterpart: Account | None = None,
    key: str,
    by: Actor,
    reason: str,
    rule_version: str = "",
) -> list[Movement]:
    """Bring an allotment, common share, pool or reserve to this size, against the budget.

    The size counts what is free, held and consumed. The first giving is a transfer, a later change
    an adjustment; no movement when it has that size already. Raises QuotaTooSmall when the budget
    lacks it, CutTooDeep (with the largest possible cut) when too much is held or consumed.
    """
    wanted = in_unit(amount, account.period.unit, zero=True)
    counterpart = counterpart or account_of(account.period, AccountKind.BUDGET)
    lock([account, counterpart])
    if found := booked(key):
        return _reached(found, wanted, allotted(account, at=found[-1].at))
    size = allotted(account)
    growing = MovementKind.ADJUST if size else MovementKind.TRANSFER
    return _resized(account, wanted - size, counterpart, growing, key, by, reason, rule_version)


def _resized(
    account: Account,
    more: Decimal,
    counterpart: Account,
    growing: MovementKind,
    key: str,
    by: Actor,
    reason: str,
    rule_version: str,
) -> list[Movement]:
    if not more:
        return []
    words = {"deed": key, "by": by, "reason": reason, "rule_version": rule_version}
    if more > 0:
        return book_new([Entry(growing, counterpart, account, more)], **words)
    try:
        return book_new([Entry(MovementKind.ADJUST, account, counterpart, -more)], **words)
    except QuotaTooSmall as refused:
        raise CutTooDeep(
            available=refused.available, required=refused.required, unit=refused.unit
        ) from refused


def _reached(found: list[Movement], wanted: Decimal, size: Decimal) -> list[Movement]:
    """Return a deed found again, if it led to the size now asked."""
    if size != wanted:
        raise KeyReused(found[0].deed)
    return found


def _moved(
    kind: MovementKind,
    giver: Account,
    taker: Account,
    amount: Decimal,
    key: str,
    by: Actor,
    reason: str,
    rule_version: str,
) -> Movement:
    entry = Entry(kind, giver, taker, in_unit(amount, giver.period.unit))
    return book([entry], deed=key, by=by, reason=reason, rule_version=rule_version)[0]
