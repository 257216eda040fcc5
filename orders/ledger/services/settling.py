"""What becomes of a hold: captured when delivered, released when not needed, each part once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Sum, Value
from django.db.models.functions import Coalesce

from dinamis.actors import Actor
from orders.ledger.errors import HeldTooSmall, KeyReused
from orders.ledger.kinds import AccountKind, MovementKind, OwnerKind
from orders.ledger.models import Account, Movement, Period
from orders.ledger.services.accounts import account_of, in_unit, lock
from orders.ledger.services.booking import Entry, book_new, booked
from orders.ledger.sums import ZERO

Parts = list[tuple[Movement, Decimal]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be captured and released of a line's holds; `rest` releases all that is not captured."""

    capture: Decimal | None = None
    release: Decimal | None = None
    rest: bool = False
    consumer: object = ""

    def amounts(self, unit: str) -> dict[MovementKind, Decimal | None]:
        """The amounts as they are booked, None for what was left open."""
        return {
            kind: None if amount is None else in_unit(amount, unit, zero=self.rest)
            for kind, amount in (
                (MovementKind.CAPTURE, self.capture),
                (MovementKind.RELEASE, self.release),
            )
        }


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
    asked = Asked(capture=amount, consumer=consumer)
    return _settle(line, asked, key=key, by=by, reason=reason, rule_version=rule_version)


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
    asked = Asked(release=amount, rest=amount is None)
    return _settle(line, asked, key=key, by=by, reason=reason, rule_version=rule_version)


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
    asked = Asked(capture=captured, rest=True, consumer=consumer)
    return _settle(line, asked, key=key, by=by, reason=reason, rule_version=rule_version)


def _settle(
    line: str, asked: Asked, *, key: str, by: Actor, reason: str, rule_version: str
) -> list[Movement]:
    """Lock every account concerned, look the key up, share the amounts over the holds and book."""
    holds = open_holds(line)
    if not holds and not booked(key):
        return _nothing_held(line, asked)
    consumed = {
        period: account_of(period, AccountKind.CONSUMED, asked.consumer)
        for period in ({hold.to_account.period for hold in holds} if asked.capture else ())
    }
    ends = {account for hold in holds for account in (hold.from_account, hold.to_account)}
    lock([*ends, *consumed.values()])
    if found := booked(key):
        return _same_settlement(found, line, asked)
    found_entries = entries(open_holds(line), asked, consumed, holds[0].to_account.period.unit)
    if not found_entries:
        return []
    return book_new(found_entries, deed=key, by=by, reason=reason, rule_version=rule_version)


def entries(
    holds: Sequence[Movement], asked: Asked, consumed: Mapping[Period, Account], unit: str
) -> list[Entry]:
    """Capture from the holds in their order, release from the last; raise HeldTooSmall."""
    left = [(hold, hold.left) for hold in holds]
    available = sum((part for _hold, part in left), ZERO)
    amounts = asked.amounts(unit)
    first = amounts[MovementKind.CAPTURE] or ZERO
    last = amounts[MovementKind.RELEASE] or ZERO
    if first + last > available:
        raise HeldTooSmall(available=available, required=first + last, unit=unit)
    taken, left = _split(left, first)
    back, _left = _split(left[::-1], available - first if asked.rest else last)
    return [
        Entry(MovementKind.CAPTURE, hold.to_account, consumed[hold.to_account.period], part, hold)
        for hold, part in taken
    ] + [
        Entry(MovementKind.RELEASE, hold.to_account, hold.from_account, part, hold)
        for hold, part in back
    ]


def _nothing_held(line: str, asked: Asked) -> list[Movement]:
    """Book nothing where nothing is held; raise HeldTooSmall when something was asked of it."""
    if amount := asked.capture or asked.release:
        once = Account.objects.of(OwnerKind.LINE, line).select_related("period").first()
        unit = once.period.unit if once else Period.Unit.KM2
        raise HeldTooSmall(available=ZERO, required=Decimal(amount), unit=unit)
    return []


def open_holds(line: str) -> list[Movement]:
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


def _same_settlement(found: list[Movement], line: str, asked: Asked) -> list[Movement]:
    """Return a settlement found again, if it is this line's and has the amounts that were asked."""
    sums = dict.fromkeys(MovementKind, ZERO)
    for movement in found:
        sums[MovementKind(movement.kind)] += movement.amount
    held = found[0].from_account
    if held.owner_key != line or any(
        amount is not None and sums[kind] != amount
        for kind, amount in asked.amounts(held.period.unit).items()
    ):
        raise KeyReused(found[0].deed)
    return found
