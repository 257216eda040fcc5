"""What an order does to the quota: held for a line, captured when delivered, released when not needed."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from dinamis.actors import Actor
from dinamis.errors import NotNow
from orders.ledger.errors import HeldTooSmall, KeyReused, QuotaTooSmall
from orders.ledger.kinds import AccountKind, MovementKind, OwnerKind
from orders.ledger.models import Account, Movement, Period
from orders.ledger.services.accounts import account_of, in_unit, lock
from orders.ledger.services.booking import Entry, book_new, booked, same
from orders.ledger.services.quick import hold_at_once
from orders.ledger.sums import ZERO

Parts = list[tuple[Movement, Decimal]]


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


@transaction.atomic
def capture(
    line: str,
    amount: Decimal,
    *,
    consumer: object,
    key: str,
    by: Actor,
    reason: str,
    rule_version: str = "",
) -> list[Movement]:
    """Consume a part of what is held for a line, in the name of an organisation (`consumer`, its key).

    The purses are charged in the order in which they were held. Raises HeldTooSmall.
    """
    return _settle(
        line,
        capturing=amount,
        consumer=consumer,
        key=key,
        words={"by": by, "reason": reason, "rule_version": rule_version},
    )


@transaction.atomic
def release(
    line: str,
    *,
    amount: Decimal | None = None,
    key: str,
    by: Actor,
    reason: str,
    rule_version: str = "",
) -> list[Movement]:
    """Give what is held for a line back to the purses it came from: all of it, or `amount`.

    A part goes back to the last purse first. Nothing is booked when nothing is held. Raises
    HeldTooSmall.
    """
    return _settle(
        line,
        releasing=amount,
        release_rest=amount is None,
        key=key,
        words={"by": by, "reason": reason, "rule_version": rule_version},
    )


@transaction.atomic
def settle(
    line: str,
    *,
    captured: Decimal,
    consumer: object,
    key: str,
    by: Actor,
    reason: str,
    rule_version: str = "",
) -> list[Movement]:
    """Consume `captured` of what is held for a line and release all the rest, as one deed.

    `captured` may be zero. Raises HeldTooSmall.
    """
    return _settle(
        line,
        capturing=captured,
        consumer=consumer,
        release_rest=True,
        key=key,
        words={"by": by, "reason": reason, "rule_version": rule_version},
    )


def _settle(
    line: str,
    *,
    capturing: Decimal | None = None,
    releasing: Decimal | None = None,
    release_rest: bool = False,
    consumer: object = "",
    key: str,
    words: dict[str, object],
) -> list[Movement]:
    """Share what is captured and released over the line's holds, under lock, and book it."""
    holds = _open_holds(line)
    if not holds and not booked(key):
        return _nothing_held(line, capturing or releasing or ZERO)
    periods = {hold.to_account.period for hold in holds}
    consumed = {
        period: account_of(period, AccountKind.CONSUMED, consumer)
        for period in (periods if capturing else ())
    }
    touched = {account for hold in holds for account in (hold.from_account, hold.to_account)}
    lock([*touched, *consumed.values()])
    if found := booked(key):
        return _same_settlement(found, line, capturing, releasing)
    left = [(hold, hold.left) for hold in _open_holds(line)]
    available = sum((part for _hold, part in left), ZERO)
    unit = holds[0].to_account.period.unit
    first = ZERO if capturing is None else in_unit(capturing, unit, zero=release_rest)
    last = ZERO if releasing is None else in_unit(releasing, unit)
    if first + last > available:
        raise HeldTooSmall(available=available, required=first + last, unit=unit)
    taken, left = _split(left, first)
    back, _rest = _split(list(reversed(left)), available - first if release_rest else last)
    entries = [
        Entry(
            MovementKind.CAPTURE,
            hold.to_account,
            consumed[hold.to_account.period],
            part,
            hold,
        )
        for hold, part in taken
    ] + [
        Entry(MovementKind.RELEASE, hold.to_account, hold.from_account, part, hold)
        for hold, part in back
    ]
    return book_new(entries, deed=key, **words) if entries else []


def _nothing_held(line: str, asked: Decimal) -> list[Movement]:
    """Book nothing where nothing is held; raise HeldTooSmall when something was asked of it."""
    if asked:
        once = Account.objects.of(OwnerKind.LINE, line).select_related("period").first()
        unit = once.period.unit if once else Period.Unit.KM2
        raise HeldTooSmall(available=ZERO, required=Decimal(asked), unit=unit)
    return []


def _open_holds(line: str) -> list[Movement]:
    """The line's holds, first held first, each with `left`: what is neither captured nor released."""
    holds = Movement.objects.filter(
        kind=MovementKind.HOLD,
        to_account__kind=AccountKind.HELD,
        to_account__owner_kind=OwnerKind.LINE,
        to_account__owner_key=line,
    )
    return list(
        holds.select_related("from_account__period__sensor", "to_account__period__sensor")
        .annotate(left=F("amount") - Coalesce(Sum("settlements__amount"), Value(ZERO)))
        .filter(left__gt=0)
        .in_order()
    )


def _split(left: Parts, amount: Decimal) -> tuple[Parts, Parts]:
    """Take an amount from parts in their order; return what was taken and what remains."""
    taken, remaining = [], []
    for hold, part in left:
        share = min(part, amount)
        amount -= share
        if share:
            taken.append((hold, share))
        if part > share:
            remaining.append((hold, part - share))
    return taken, remaining


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


def _same_settlement(
    found: list[Movement], line: str, capturing: Decimal | None, releasing: Decimal | None
) -> list[Movement]:
    """Return a settlement found again, if it is this line's and has the amounts that were asked."""
    sums = dict.fromkeys(MovementKind, ZERO)
    for movement in found:
        sums[MovementKind(movement.kind)] += movement.amount
    asked = {MovementKind.CAPTURE: capturing, MovementKind.RELEASE: releasing}
    if found[0].from_account.owner_key != line or any(
        amount is not None and sums[kind] != Decimal(amount).quantize(ZERO)
        for kind, amount in asked.items()
    ):
        raise KeyReused(found[0].deed)
    return found
