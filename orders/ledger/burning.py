"""How quotas were used over their period, day by day: for the curve, and for the table beside it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from orders.ledger.models import Account
from orders.ledger.sums import ZERO


@dataclass(frozen=True, slots=True)
class Day:
    """What some quotas came to at the end of a day of Paris: granted = free + held + consumed."""

    day: date
    granted: Decimal
    held: Decimal
    consumed: Decimal


def days(quotas: Iterable[Account]) -> Iterator[Day]:
    """Yield, oldest first, each day on which something changed, several quotas read as one.

    What moves between two of them changes nothing; the last day is what `quota_of` says of them now.
    """
    granted = held = consumed = ZERO
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"quotas": [account.pk for account in quotas]})
        for day, more_granted, more_held, more_consumed in cursor.fetchall():
            granted += more_granted
            held += more_held
            consumed += more_consumed
            yield Day(day, granted, held, consumed)


# A capture or a release belongs to the purse of its hold; a correction of what was consumed moves
# nothing in or out of the scheme, so it changes what is consumed and not what was granted.
_SQL = """
WITH moved AS (
    SELECT (movement.at AT TIME ZONE 'Europe/Paris')::date AS day,
        movement.kind, movement.amount,
        (movement.from_account_id = ANY(%(quotas)s))::int AS gives,
        (movement.to_account_id = ANY(%(quotas)s))::int AS takes,
        coalesce(held.from_account_id = ANY(%(quotas)s), false)::int AS settles,
        (giver.kind = 'consumed')::int - (taker.kind = 'consumed')::int AS corrects
    FROM orders_movement AS movement
    JOIN orders_account AS giver ON giver.id = movement.from_account_id
    JOIN orders_account AS taker ON taker.id = movement.to_account_id
    LEFT JOIN orders_movement AS held ON held.id = movement.hold_id
    WHERE movement.from_account_id = ANY(%(quotas)s)
        OR movement.to_account_id = ANY(%(quotas)s)
        OR held.from_account_id = ANY(%(quotas)s)
)
SELECT day,
    sum(CASE WHEN kind IN ('hold', 'release', 'capture') OR corrects <> 0 THEN 0
        ELSE amount * (takes - gives) END),
    sum(CASE WHEN kind = 'hold' THEN amount * gives
        WHEN kind IN ('release', 'capture') THEN -amount * settles ELSE 0 END),
    sum(CASE WHEN kind = 'capture' THEN amount * settles
        WHEN kind = 'adjust' AND corrects <> 0 THEN -amount * corrects ELSE 0 END)
FROM moved GROUP BY day ORDER BY day
"""
