"""Sums of one account up to an instant: the last milestone before it, and the movements since."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction

from orders.ledger.kinds import MovementKind
from orders.ledger.models import Account, Milestone
from orders.ledger.sums import ZERO

EVERY = 2000  # movements between two milestones


@dataclass(frozen=True, slots=True)
class Tally:
    """What an account received and gave by movements of one kind, and how many they were."""

    taken: Decimal
    given: Decimal
    count: int


# The sums of a milestone and of everything since, by kind: each side by its own index.
_TALLY = """
SELECT kind, sum(taken), sum(given), sum(count)::bigint FROM (
    SELECT kind, taken, given, count FROM orders_milestone
    WHERE account_id = %(account)s AND at = %(since)s
    UNION ALL
    SELECT kind, amount, 0.00, 1 FROM orders_movement
    WHERE to_account_id = %(account)s AND at > %(since)s AND at <= %(at)s
    UNION ALL
    SELECT kind, 0.00, amount, 1 FROM orders_movement
    WHERE from_account_id = %(account)s AND at > %(since)s AND at <= %(at)s
) AS moved GROUP BY kind
"""
_LAST = "SELECT max(at) FROM orders_milestone WHERE account_id = %(account)s AND at <= %(at)s"
# The instant of the movement that is so many after another one of the account.
_NEXT = """
SELECT at FROM (
    (SELECT at FROM orders_movement WHERE to_account_id = %(account)s AND at > %(since)s
        ORDER BY at LIMIT %(every)s)
    UNION ALL
    (SELECT at FROM orders_movement WHERE from_account_id = %(account)s AND at > %(since)s
        ORDER BY at LIMIT %(every)s)
) AS moved ORDER BY at OFFSET %(every)s - 1 LIMIT 1
"""
_BEHIND = """
SELECT account.id FROM orders_account AS account
WHERE account.movements >= %(every)s AND account.movements - coalesce((
    SELECT sum(count) FROM orders_milestone WHERE account_id = account.id AND at = (
        SELECT max(at) FROM orders_milestone WHERE account_id = account.id)
), 0) >= %(every)s ORDER BY account.id
"""


# The same of several accounts, each from its own milestone on. (A bare `id` would be a milestone's own.)
_TALLIES = """
WITH scope AS (
    SELECT wanted.id, coalesce((
        SELECT max(m.at) FROM orders_milestone m WHERE m.account_id = wanted.id AND m.at <= %(at)s
    ), '-infinity') AS since FROM unnest(%(accounts)s::bigint[]) AS wanted(id)
)
SELECT account, kind, sum(taken), sum(given), sum(count)::bigint FROM (
    SELECT scope.id AS account, kind, taken, given, count FROM scope
        JOIN orders_milestone ON account_id = scope.id AND at = since
    UNION ALL
    SELECT scope.id, kind, amount, 0.00, 1 FROM scope
        JOIN orders_movement ON to_account_id = scope.id AND at > since AND at <= %(at)s
    UNION ALL
    SELECT scope.id, kind, 0.00, amount, 1 FROM scope
        JOIN orders_movement ON from_account_id = scope.id AND at > since AND at <= %(at)s
) AS moved GROUP BY account, kind
"""


def tally(account: int, at: datetime) -> dict[MovementKind, Tally]:
    """Return the sums by kind of an account's movements up to an instant that is settled."""
    with connection.cursor() as cursor:
        since = _last(cursor, account, at)
        return _tallied(cursor, {"account": account, "since": since, "at": at})


def tallies(accounts: Iterable[int], at: datetime) -> dict[int, dict[MovementKind, Tally]]:
    """The same of several accounts by their key, in one query; those that never moved are left out."""
    found: dict[int, dict[MovementKind, Tally]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_TALLIES, {"accounts": list(accounts), "at": at})
        for account, kind, *sums in cursor.fetchall():
            found.setdefault(account, {})[MovementKind(kind)] = Tally(*sums)
    return found


def _tallied(cursor: object, values: dict[str, object]) -> dict[MovementKind, Tally]:
    cursor.execute(_TALLY, values)
    return {MovementKind(kind): Tally(*sums) for kind, *sums in cursor.fetchall()}


def balance_of(sums: dict[MovementKind, Tally]) -> Decimal:
    return sum((one.taken - one.given for one in sums.values()), ZERO)


def write(*, every: int = EVERY) -> int:
    """Write the milestones that are due, of all accounts; return how many. Run twice, nothing is doubled."""
    with connection.cursor() as cursor:
        cursor.execute(_BEHIND, {"every": every})
        behind = [pk for (pk,) in cursor.fetchall()]
    return sum(_write_all(pk, every) for pk in behind)


def _write_all(account: int, every: int) -> int:
    written = 0
    while _write_one(account, every):
        written += 1
    return written


@transaction.atomic
def _write_one(account: int, every: int) -> bool:
    """One milestone. The account is taken FOR SHARE, so that no booking under way is passed over."""
    list(Account.objects.raw("SELECT id FROM orders_account WHERE id = %s FOR SHARE", [account]))
    with connection.cursor() as cursor:
        since = _last(cursor, account, datetime.max)
        values = {"account": account, "since": since, "every": every}
        cursor.execute(_NEXT, values)
        found = cursor.fetchone()
        if found is None:
            return False
        sums = _tallied(cursor, values | {"at": found[0]})
    rows = [
        Milestone(account_id=account, at=found[0], kind=kind, **asdict(one))
        for kind, one in sums.items()
    ]
    Milestone.objects.bulk_create(rows, ignore_conflicts=True)
    return True


def _last(cursor: object, account: int, at: datetime) -> datetime | str:
    """The instant of the last milestone up to another; before all movements where there is none."""
    cursor.execute(_LAST, {"account": account, "at": "infinity" if at == datetime.max else at})
    return cursor.fetchone()[0] or "-infinity"
