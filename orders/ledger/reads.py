"""What the ledger says: balances, statements and summaries, as of any instant, the same for ever.

A movement takes its instant under its accounts' locks. A read first takes those rows FOR SHARE, which
waits for whoever is booking, and only then looks at the clock: nothing booked later can carry an
instant that the read already covers.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet, Sum

from orders.ledger import milestones
from orders.ledger.kinds import QUOTAS, AccountKind, MovementKind
from orders.ledger.models import Account, Movement, Period
from orders.ledger.sums import ZERO

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What a statement can be about.
Subject = Account | Period | QuerySet[Account]


@dataclass(frozen=True, slots=True)
class Line:
    """A movement as a statement shows it: `change` is what it does to the balance, `balance` is after it."""

    movement: Movement
    change: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True)
class Statement:
    """Movements up to `at` and what they made.

    `lines` are oldest first; the last of them when only some were asked, and then `opening` is the
    balance before the first shown and `earlier` where the page before it ends. `totals` has every
    kind of movement, over all lines. Without a quota among its accounts (`is_of_quotas`), as of who draws
    on a common share, the balance is what is held or consumed, not what is left.
    """

    at: datetime
    unit: str
    opening: Decimal
    closing: Decimal
    lines: list[Line]
    count: int
    totals: dict[MovementKind, Decimal]
    earlier: "Cursor | None" = None
    is_of_quotas: bool = True


@dataclass(frozen=True, slots=True)
class Cursor:
    """The movement that a page of a statement ends before."""

    at: datetime
    pk: int

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}.{self.pk}"

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """The cursor that a text names; None for one that names none."""
        instant, _dot, number = text.partition(".")
        if not (instant.isdecimal() and number.isdecimal() and len(text) < 40):
            return None
        try:
            return cls(_EPOCH + timedelta(microseconds=int(instant)), int(number))
        except OverflowError:
            return None


def balance(account: Account) -> Decimal:
    """Return an account's balance now."""
    return Account.objects.values_list("balance", flat=True).get(pk=account.pk)


def balance_at(account: Account, at: datetime) -> Decimal:
    """Return an account's balance after every movement up to and including an instant."""
    at = cut(Account.objects.filter(pk=account.pk), at)
    return milestones.balance_of(milestones.tally(account.pk, at))


def accounts_of(
    period: Period, owner_kind: str, owner_key: object, *, lines: Iterable[str] = ()
) -> QuerySet[Account]:
    """Return an owner's accounts in a period, with what is held for these lines of orders."""
    return Account.objects.filter(
        Q(owner_kind=owner_kind, owner_key=str(owner_key))
        | Q(kind=AccountKind.HELD, owner_key__in=list(lines)),
        period=period,
    )


def cut(accounts: QuerySet[Account], at: datetime | None = None) -> datetime:
    """Return the instant up to which these accounts are settled for ever: `at`, or now if that is sooner.

    Waits for the bookings under way on them, and makes new ones wait for an instant.
    """
    sql, params = accounts.order_by("pk").values("pk").query.sql_with_params()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{sql} FOR SHARE", params)
        cursor.execute("SELECT clock_timestamp()")
        now = cursor.fetchone()[0]
    return now if at is None else min(at, now)


def cut_of(period: Period, at: datetime | None = None) -> datetime:
    """The same for a whole period. Every movement has an end that is not a line's: those are enough."""
    return cut(Account.objects.filter(period=period).exclude(kind=AccountKind.HELD), at)


def statement(
    of: Subject,
    *,
    at: datetime | None = None,
    last: int | None = None,
    before: Cursor | None = None,
) -> Statement:
    """Return what moved on an account, on several of one period, or in a whole period, up to an instant.

    Several accounts are read as one: the balance is that of the quotas among them (of all, when
    there is none), so that a movement between two of them, or from held to consumed, is listed and
    changes nothing. `last` shows only so many lines, the newest; `before` the page that ends before a
    movement, whose running balance goes on from there.
    """
    scope = _Scope.of(of)
    at = scope.cut(at)
    sums = scope.sums(at)
    newest, earlier = _page(scope, at, before, last)
    lines, after = [], sums.balance if before is None else scope.balance_before(at, before)
    for movement in newest:
        change = scope.change(movement)
        lines.append(Line(movement, change, after))
        after -= change
    return Statement(
        at=at,
        unit=scope.unit,
        opening=after,
        closing=sums.balance,
        lines=lines[::-1],
        count=sums.count,
        totals={kind: sums.totals.get(kind, ZERO) for kind in MovementKind},
        earlier=earlier,
        is_of_quotas=scope.is_of_quotas,
    )


def _page(
    scope: "_Scope", at: datetime, before: Cursor | None, last: int | None
) -> tuple[list[Movement], Cursor | None]:
    """The newest movements, and where they stop when there are older ones."""
    most = None if last is None else last + 1
    found = list(scope.newest(at, before, most))
    if last is None or len(found) <= last:
        return found, None
    shown = found[:last]
    return shown, Cursor(shown[-1].at, shown[-1].pk)


def lines(of: Subject, *, at: datetime | None = None) -> tuple[datetime, Iterator[Line]]:
    """Return the instant and every line up to it, oldest first, read as they are asked for."""
    scope = _Scope.of(of)
    at = scope.cut(at)
    return at, _running(scope, scope.movements(at).in_order())


def _running(scope: "_Scope", movements: QuerySet[Movement]) -> Iterator[Line]:
    after = ZERO
    for movement in movements.select_related(*_SHOWN).iterator(chunk_size=1000):
        change = scope.change(movement)
        after += change
        yield Line(movement, change, after)


_SHOWN = ("from_account__period__sensor", "to_account__period__sensor", "by_user", "by_link")


@dataclass(frozen=True, slots=True)
class _Sums:
    balance: Decimal
    count: int
    totals: dict[MovementKind, Decimal]


def _before(movements: QuerySet[Movement], cursor: Cursor | None) -> QuerySet[Movement]:
    if cursor is None:
        return movements
    return movements.filter(at__lte=cursor.at).exclude(at=cursor.at, pk__gte=cursor.pk)


@dataclass(frozen=True, slots=True)
class _Scope:
    """The accounts a statement is about, and those among them whose balance it runs."""

    period: Period | None
    accounts: QuerySet[Account]
    counted: frozenset[int]
    unit: str
    one: int | None = None  # its only account: read by its milestones
    is_of_quotas: bool = True

    @classmethod
    def of(cls, of: Subject) -> "_Scope":
        if isinstance(of, Account):
            one = Account.objects.filter(pk=of.pk)
            return cls(None, one, frozenset([of.pk]), of.period.unit, of.pk, of.kind in QUOTAS)
        accounts = Account.objects.filter(period=of) if isinstance(of, Period) else of
        units = set(accounts.order_by().values_list("period__unit", flat=True))
        if len(units) > 1:
            raise ValueError("a statement has one unit")
        quotas = frozenset(accounts.quotas().values_list("pk", flat=True))
        counted = quotas or frozenset(accounts.values_list("pk", flat=True))
        unit = units.pop() if units else Period.Unit.KM2
        period = of if isinstance(of, Period) else None
        return cls(period, accounts, counted, unit, is_of_quotas=bool(quotas))

    def cut(self, at: datetime | None) -> datetime:
        return cut_of(self.period, at) if self.period else cut(self.accounts, at)

    def movements(self, at: datetime) -> QuerySet[Movement]:
        if self.period:
            return Movement.objects.filter(from_account__period=self.period, at__lte=at)
        ids = self.accounts.order_by().values("pk")
        return Movement.objects.filter(Q(from_account__in=ids) | Q(to_account__in=ids), at__lte=at)

    def newest(self, at: datetime, before: Cursor | None, most: int | None) -> Iterable[Movement]:
        """Up to `most` movements, the newest first: each end of one account by its own index."""
        if self.one is None or most is None:
            rows = _before(self.movements(at), before).order_by("-at", "-pk")
            return rows.select_related(*_SHOWN)[:most]
        ids: list[tuple[datetime, int]] = []
        for end in ("from_account", "to_account"):
            side = Movement.objects.filter(**{end: self.one, "at__lte": at})
            rows = _before(side, before).order_by("-at", "-pk")
            ids += rows.values_list("at", "pk")[:most]
        keys = [pk for _at, pk in sorted(ids, reverse=True)[:most]]
        shown = Movement.objects.filter(pk__in=keys).select_related(*_SHOWN)
        return shown.order_by("-at", "-pk")

    def sums(self, at: datetime) -> "_Sums":
        """The balance, the number of movements and the totals by kind, up to an instant."""
        if self.one is not None:
            found = milestones.tally(self.one, at)
            return _Sums(
                balance=milestones.balance_of(found),
                count=sum(one.count for one in found.values()),
                totals={kind: one.taken + one.given for kind, one in found.items()},
            )
        if self.period is not None:
            return self._whole(at)
        by_kind = self.movements(at).order_by().values("kind")
        rows = by_kind.annotate(total=Sum("amount"), moved=Count("pk"))
        found = list(rows.values_list("kind", "total", "moved"))
        return _Sums(
            balance=self._balance(at),
            count=sum(moved for _kind, _total, moved in found),
            totals={kind: amount for kind, amount, _moved in found},
        )

    def _whole(self, at: datetime) -> "_Sums":
        """Of a whole period: both ends of each movement are accounts of it."""
        keys = self.accounts.order_by().values_list("pk", flat=True)
        found = milestones.tallies(keys, at)
        totals: dict[MovementKind, Decimal] = {}
        ends = 0
        for sums in found.values():
            for kind, one in sums.items():
                totals[kind] = totals.get(kind, ZERO) + one.taken
                ends += one.count
        counted = (milestones.balance_of(found.get(pk, {})) for pk in self.counted)
        return _Sums(sum(counted, ZERO), ends // 2, totals)

    def _balance(self, at: datetime) -> Decimal:
        """The balance of the accounts that are counted, each from its last milestone on."""
        found = milestones.tallies(self.counted, at)
        return sum((milestones.balance_of(sums) for sums in found.values()), ZERO)

    def balance_before(self, at: datetime, before: Cursor) -> Decimal:
        """The balance that a page which ends before a movement begins from."""
        at = min(at, before.at)
        if (
            self.one is not None
        ):  # instants grow along an account: no two of its movements share one
            return milestones.balance_of(
                milestones.tally(self.one, min(at, before.at - timedelta(microseconds=1)))
            )
        same = self.movements(at).filter(at=before.at, pk__lt=before.pk)
        earlier = min(at, before.at - timedelta(microseconds=1))
        return self._balance(earlier) + sum((self.change(one) for one in same), ZERO)

    def change(self, movement: Movement) -> Decimal:
        taken = movement.to_account_id in self.counted
        given = movement.from_account_id in self.counted
        return movement.amount * (taken - given)
