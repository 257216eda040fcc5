"""What is held for several lines, settled as one deed: the shares of a joint request, and its attempts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from dinamis.actors import Actor
from orders.ledger.errors import HeldTooSmall, KeyReused
from orders.ledger.kinds import AccountKind, MovementKind
from orders.ledger.models import Account, Movement, Period
from orders.ledger.services.accounts import account_of, lock
from orders.ledger.services.booking import book_new, booked
from orders.ledger.services.settling import Asked, entries, open_holds
from orders.ledger.sums import ZERO


@dataclass(frozen=True, slots=True)
class Part:
    """What is consumed, for `consumer`, and given back of what is held for one line."""

    line: str
    capture: Decimal = field(default=ZERO)
    release: Decimal = field(default=ZERO)
    consumer: object = ""


@transaction.atomic
def settle_together(
    parts: Sequence[Part], *, key: str, by: Actor, reason: str, rule_version: str = ""
) -> list[Movement]:
    """Settle parts of several lines' holds as one deed, all or none; a retry returns what it booked.

    Every account is locked first, in order of id. Raises HeldTooSmall for the first line that holds
    less than is asked of it, KeyReused when the deed is booked with other figures.
    """
    parts = sorted((one for one in parts if one.capture or one.release), key=lambda one: one.line)
    holds = [hold for one in parts for hold in open_holds(one.line)]
    consumed = _consumed(parts, {hold.to_account.period for hold in holds})
    ends = {account for hold in holds for account in (hold.from_account, hold.to_account)}
    lock([*ends, *(account for of in consumed.values() for account in of.values())])
    if found := booked(key):
        return _same(found, parts)
    wanted = []
    for one in parts:
        left = open_holds(one.line)
        if not left:
            raise HeldTooSmall(
                available=ZERO, required=one.capture + one.release, unit=Period.Unit.KM2
            )
        asked = Asked(capture=one.capture or None, release=one.release or None)
        unit = left[0].to_account.period.unit
        wanted += entries(left, asked, consumed[one.line], unit)
    if not wanted:
        return []
    return book_new(wanted, deed=key, by=by, reason=reason, rule_version=rule_version)


def _consumed(parts: Sequence[Part], periods: set[Period]) -> dict[str, dict[Period, Account]]:
    """The accounts that each line's captures go to, opened before any is locked."""
    return {
        one.line: {
            period: account_of(period, AccountKind.CONSUMED, one.consumer)
            for period in (periods if one.capture else ())
        }
        for one in parts
    }


def _same(found: list[Movement], parts: Sequence[Part]) -> list[Movement]:
    sums: dict[tuple[str, str], Decimal] = {}
    for movement in found:
        term = (movement.from_account.owner_key, movement.kind)
        sums[term] = sums.get(term, ZERO) + movement.amount
    wanted = {
        (one.line, str(kind)): amount
        for one in parts
        for kind, amount in (
            (MovementKind.CAPTURE, one.capture),
            (MovementKind.RELEASE, one.release),
        )
        if amount
    }
    if sums != wanted:
        raise KeyReused(found[0].deed)
    return found
