"""A period on one page: what each quota was given, and how much of it is free, held and consumed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.db.models import QuerySet, Sum

from orders.ledger.kinds import QUOTAS, AccountKind, MovementKind
from orders.ledger.models import Account, Movement, Period
from orders.ledger.reads import cut_of
from orders.ledger.sums import ZERO


@dataclass(slots=True)
class Row:
    """One quota: granted = free + held + consumed, always."""

    account: Account
    free: Decimal = ZERO
    held: Decimal = ZERO
    consumed: Decimal = ZERO

    @property
    def granted(self) -> Decimal:
        return self.free + self.held + self.consumed


@dataclass(frozen=True, slots=True)
class Summary:
    """A period as of an instant.

    `rows` are its quotas, budget first; `consumers` says what each organisation consumed, whichever
    purse paid. `granted` is what the source put in, less what went back to it.
    """

    at: datetime
    period: Period
    rows: list[Row]
    consumers: dict[str, Decimal]
    granted: Decimal
    free: Decimal
    held: Decimal
    consumed: Decimal

    def row(self, account: Account) -> Row:
        """The row of one account; KeyError when it is not a quota of this period."""
        for row in self.rows:
            if row.account == account:
                return row
        raise KeyError(account)


def summary(period: Period, *, at: datetime | None = None) -> Summary:
    """Return every quota of a period as of an instant, the same figures for ever."""
    accounts = Account.objects.filter(period=period)
    at = cut_of(period, at)
    rows = {
        account.pk: Row(account)
        for account in accounts.quotas().order_by("kind", "owner_kind", "owner_key")
    }
    for account in rows.values():
        account.account.period = period
    movements = Movement.objects.filter(from_account__period=period, at__lte=at)
    _free(rows, movements)
    _at_work(rows, movements)
    consumers = _consumers(movements)
    ordered = sorted(rows.values(), key=lambda row: QUOTAS.index(row.account.kind))
    return Summary(
        at=at,
        period=period,
        rows=ordered,
        consumers=consumers,
        granted=_put_in(movements),
        free=sum((row.free for row in ordered), ZERO),
        held=sum((row.held for row in ordered), ZERO),
        consumed=sum(consumers.values(), ZERO),
    )


def quotas_now(period: Period) -> list[Row]:
    """Return every quota of a period as it is now, budget first: one look, without a lock.

    The same figures as `summary`, from each account's own movements and the holds that are open, so
    that what other periods hold costs nothing.
    """
    accounts = Account.objects.filter(period=period).quotas().in_bulk()
    with connection.cursor() as cursor:
        cursor.execute(_QUOTAS, {"period": period.pk, "kinds": [kind.value for kind in QUOTAS]})
        found = cursor.fetchall()
    rows = []
    for pk, free, granted, held in found:
        if pk in accounts:
            accounts[pk].period = period
            rows.append(Row(accounts[pk], free, held, granted - free - held))
    by_owner = sorted(rows, key=lambda row: (row.account.owner_kind, row.account.owner_key))
    return sorted(by_owner, key=lambda row: QUOTAS.index(row.account.kind))


_QUOTAS = """
WITH held AS (
    SELECT hold.from_account_id AS purse, sum(hold.amount - coalesce((
        SELECT sum(amount) FROM orders_movement WHERE hold_id = hold.id
    ), 0)) AS amount
    FROM orders_account AS line JOIN orders_movement AS hold ON hold.to_account_id = line.id
    WHERE line.period_id = %(period)s AND line.kind = 'held' AND line.balance > 0
        AND hold.kind = 'hold'
    GROUP BY hold.from_account_id
)
SELECT quota.id, quota.balance, coalesce((
        SELECT sum(amount) FROM orders_movement JOIN orders_account AS giver
            ON giver.id = from_account_id
        WHERE to_account_id = quota.id AND orders_movement.kind IN
            ('grant', 'transfer', 'adjust', 'expire') AND giver.kind <> 'consumed'
    ), 0) - coalesce((
        SELECT sum(amount) FROM orders_movement JOIN orders_account AS taker
            ON taker.id = to_account_id
        WHERE from_account_id = quota.id AND orders_movement.kind IN
            ('grant', 'transfer', 'adjust', 'expire') AND taker.kind <> 'consumed'
    ), 0), coalesce(held.amount, 0)
FROM orders_account AS quota LEFT JOIN held ON held.purse = quota.id
WHERE quota.period_id = %(period)s AND quota.kind = ANY(%(kinds)s)
"""


def quota_of(account: Account) -> Row:
    """Return one quota as it is now: a single look, without a lock, for cards and quotes."""
    with connection.cursor() as cursor:
        cursor.execute(_QUOTA, {"account": account.pk})
        return Row(account, *cursor.fetchone())


_QUOTA = """
WITH mine AS (
    SELECT id, amount FROM orders_movement WHERE from_account_id = %(account)s AND kind = 'hold'
), settled AS (
    SELECT coalesce(sum(done.amount), 0) AS amount,
        coalesce(sum(done.amount) FILTER (WHERE done.kind = 'capture'), 0) AS captured
    FROM orders_movement AS done JOIN mine ON done.hold_id = mine.id
), corrected AS (
    SELECT coalesce(sum(CASE WHEN taker.kind = 'consumed' THEN amount ELSE -amount END), 0) AS amount
    FROM orders_movement
    JOIN orders_account AS giver ON giver.id = from_account_id
    JOIN orders_account AS taker ON taker.id = to_account_id
    WHERE orders_movement.kind = 'adjust' AND (
        (from_account_id = %(account)s AND taker.kind = 'consumed')
        OR (to_account_id = %(account)s AND giver.kind = 'consumed')
    )
)
SELECT account.balance,
    (SELECT coalesce(sum(amount), 0.00) FROM mine) - settled.amount,
    settled.captured + corrected.amount
FROM orders_account AS account, settled, corrected WHERE account.id = %(account)s
"""


def _free(rows: dict[int, Row], movements: QuerySet[Movement]) -> None:
    for pk, amount in _sums(movements, "to_account"):
        if pk in rows:
            rows[pk].free += amount
    for pk, amount in _sums(movements, "from_account"):
        if pk in rows:
            rows[pk].free -= amount


def _at_work(rows: dict[int, Row], movements: QuerySet[Movement]) -> None:
    """Held and consumed belong to the purse that carried the hold."""
    for pk, amount in _sums(movements.filter(kind=MovementKind.HOLD), "from_account"):
        rows[pk].held += amount
    for pk, amount in _sums(movements.exclude(hold=None), "hold__from_account"):
        rows[pk].held -= amount
    for pk, amount in _sums(movements.filter(kind=MovementKind.CAPTURE), "hold__from_account"):
        rows[pk].consumed += amount
    corrected = movements.filter(kind=MovementKind.ADJUST)
    back = corrected.filter(from_account__kind=AccountKind.CONSUMED)
    more = corrected.filter(to_account__kind=AccountKind.CONSUMED)
    for pk, amount in _sums(back, "to_account"):
        rows[pk].consumed -= amount
    for pk, amount in _sums(more, "from_account"):
        rows[pk].consumed += amount


def _consumers(movements: QuerySet[Movement]) -> dict[str, Decimal]:
    consumers: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
    for side, sign in (("to_account", 1), ("from_account", -1)):
        ends = movements.filter(**{f"{side}__kind": AccountKind.CONSUMED})
        for key, amount in _sums(ends, f"{side}__owner_key"):
            consumers[key] += sign * amount
    return dict(sorted(consumers.items()))


def _put_in(movements: QuerySet[Movement]) -> Decimal:
    inward = dict(_sums(movements.filter(from_account__kind=AccountKind.SOURCE), "from_account"))
    outward = dict(_sums(movements.filter(to_account__kind=AccountKind.SOURCE), "to_account"))
    return sum(inward.values(), ZERO) - sum(outward.values(), ZERO)


def _sums(movements: QuerySet[Movement], column: str) -> list[tuple[object, Decimal]]:
    return list(
        movements.order_by().values(column).annotate(sum=Sum("amount")).values_list(column, "sum")
    )
