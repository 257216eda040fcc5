"""The one way into the ledger: a deed of one or several movements, booked once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dinamis.actors import Actor
from dinamis.errors import Invalid
from dinamis.events import emit
from orders.ledger.errors import KeyReused, QuotaTooSmall
from orders.ledger.kinds import DECIDED, PURSES, MovementKind
from orders.ledger.models import Account, Movement
from orders.ledger.services.accounts import lock


@dataclass(frozen=True, slots=True)
class Entry:
    """A movement to be booked."""

    kind: MovementKind
    from_account: Account
    to_account: Account
    amount: Decimal
    hold: Movement | None = None


def booked(deed: str) -> list[Movement]:
    """Return the movements of a deed, none when it is not booked."""
    return list(Movement.objects.filter(deed=deed).order_by("pk"))


def book(
    entries: Sequence[Entry], *, deed: str, by: Actor, reason: str, rule_version: str = ""
) -> list[Movement]:
    """Book a deed once, all its movements or none, and return them.

    The key is looked up before any balance: a retry finds its movements, even on a quota spent
    since. Raises QuotaTooSmall, KeyReused when the deed is booked with other figures, and Invalid
    when a decision gives no reason.
    """
    if found := booked(deed):
        return same(found, entries)
    return book_new(entries, deed=deed, by=by, reason=reason, rule_version=rule_version)


def book_new(
    entries: Sequence[Entry], *, deed: str, by: Actor, reason: str, rule_version: str = ""
) -> list[Movement]:
    """Book a deed that was just looked up in vain; one booked meanwhile is found all the same.

    PostgreSQL refuses an overdraft by itself, so no account is locked beforehand. Only a refusal
    looks at the balances, under lock, to say what is available.
    """
    if not reason and any(entry.kind in DECIDED for entry in entries):
        raise Invalid("reason_missing", _("A reason is needed."))
    words = {"deed": deed, "reason": reason, "rule_version": rule_version, **by.columns()}
    try:
        return _placed(entries, words, by)
    except IntegrityError as error:
        broken = constraint_of(error)
        if broken == "movement_booked_once":
            return same(booked(deed), entries)
        if broken != "quota_not_overdrawn":
            raise
    with transaction.atomic():
        lock(account for entry in entries for account in (entry.from_account, entry.to_account))
        if found := booked(deed):
            return same(found, entries)
        check_enough(entries)
        return _placed(entries, words, by)


def same(found: list[Movement], entries: Sequence[Entry]) -> list[Movement]:
    """Return what was found; raise KeyReused when it is not what was asked.

    A hold may have found another purse the first time; line and amount are what it asked.
    """
    if _terms(found) != _terms(entries):
        raise KeyReused(found[0].deed)
    return found


def check_enough(entries: Sequence[Entry]) -> None:
    """Raise QuotaTooSmall for the first account that cannot give what the entries take from it."""
    needed: Counter[Account] = Counter()
    for entry in entries:
        needed[entry.from_account] += entry.amount
    balances = dict(
        Account.objects.filter(pk__in=[account.pk for account in needed])
        .exclude(kind=Account.Kind.SOURCE)
        .values_list("pk", "balance")
    )
    for account, amount in needed.items():
        if account.pk in balances and balances[account.pk] < amount:
            raise QuotaTooSmall(
                available=balances[account.pk], required=amount, unit=account.period.unit
            )


def constraint_of(error: IntegrityError) -> str:
    """Return the name of the constraint that a statement broke."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""


def _placed(entries: Sequence[Entry], words: dict[str, object], by: Actor) -> list[Movement]:
    """Insert the movements, one statement each; their triggers check them and move the balances.

    Whoever waits for a purse is told of what it was given, in the same transaction.
    """
    with transaction.atomic():
        if len(entries) > 1:
            lock(account for entry in entries for account in (entry.from_account, entry.to_account))
        placed = [
            Movement.objects.create(
                key=f"{words['deed']}/{number}",
                kind=entry.kind,
                from_account=entry.from_account,
                to_account=entry.to_account,
                amount=entry.amount,
                hold=entry.hold,
                **words,
            )
            for number, entry in enumerate(entries, 1)
        ]
        tell_purses(entries, by=by)
        return placed


def tell_purses(entries: Sequence[Entry], *, by: Actor) -> None:
    """Say which purses were given something, for whoever waits for them."""
    given = {entry.to_account for entry in entries if entry.to_account.kind in PURSES}
    if given:
        emit("quota.came_back", accounts=sorted(given, key=lambda one: one.pk), by=by)


def _terms(rows: Sequence[Movement] | Sequence[Entry]) -> Counter[tuple[object, ...]]:
    terms: Counter[tuple[object, ...]] = Counter()
    for row in rows:
        giver = None if row.kind == MovementKind.HOLD else row.from_account
        terms[row.kind, giver, row.to_account] += row.amount
    return terms
