"""The usual hold in one statement, so that a quota everybody draws on is locked for as short as can be."""

from collections.abc import Sequence
from contextlib import nullcontext
from decimal import Decimal

import psycopg
from django.db import IntegrityError, connection, transaction

from dinamis.actors import Actor
from orders.ledger.models import Account, Movement
from orders.ledger.services.booking import constraint_of

# The key is looked up, the first purse that seems able is taken and the line's account opened; the
# triggers then lock, check and move. What the look overlooks (a purse spent or a key booked while
# waiting for the lock) ends on a constraint.
SQL = """
WITH purse AS (
    SELECT account.id, account.period_id
    FROM unnest(%(purses)s::bigint[]) WITH ORDINALITY AS tried (id, place)
    JOIN orders_account AS account USING (id)
    WHERE account.balance >= %(amount)s::numeric
        AND NOT EXISTS (SELECT FROM orders_movement WHERE deed = %(deed)s::text)
    ORDER BY tried.place LIMIT 1
), opened AS (
    INSERT INTO orders_account (period_id, kind, owner_kind, owner_key)
    SELECT period_id, 'held', 'line', %(line)s::text FROM purse
    ON CONFLICT DO NOTHING RETURNING id
), held AS (
    SELECT id FROM opened
    UNION ALL
    SELECT account.id FROM orders_account AS account JOIN purse USING (period_id)
    WHERE account.kind = 'held' AND owner_kind = 'line' AND owner_key = %(line)s::text
    LIMIT 1
)
INSERT INTO orders_movement (
    kind, from_account_id, to_account_id, amount, deed, key, reason, rule_version,
    by_user_id, by_link_id, by_part
)
SELECT 'hold', purse.id, held.id, %(amount)s::numeric, %(deed)s::text, %(deed)s::text || '/1',
    %(reason)s::text, %(rule_version)s::text, %(by_user)s::bigint, %(by_link)s::bigint,
    %(by_part)s::text
FROM purse, held
RETURNING id, by_user_id, by_link_id, by_part, from_account_id, to_account_id, kind, amount, hold_id,
    deed, key, reason, rule_version, at, digest
"""
_LOST = ("quota_not_overdrawn", "movement_booked_once")


def _run(values: dict[str, object]) -> list[Movement]:
    """Run the statement, prepared once a connection: Django's own cursors send it whole each time, and
    PostgreSQL reads and plans it anew."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(SQL, values, prepare=True)
        names = [column.name for column in cursor.description]
        return [Movement.from_db(connection.alias, names, row) for row in cursor.fetchall()]


def hold_at_once(
    purses: Sequence[Account],
    amount: Decimal,
    *,
    line: str,
    deed: str,
    by: Actor,
    reason: str,
    rule_version: str,
) -> list[Movement]:
    """Hold on the first purse that can carry it; return nothing, having done nothing, when that fails.

    It fails on a quota too small, a key booked already and a race lost: the caller then goes step
    by step and finds out which.
    """
    values = {
        "purses": [purse.pk for purse in purses],
        "amount": amount,
        "line": line,
        "deed": deed,
        "reason": reason,
        "rule_version": rule_version,
        "by_user": by.user and by.user.pk,
        "by_link": by.link and by.link.pk,
        "by_part": by.part,
    }
    alone = not connection.in_atomic_block  # one statement is a transaction by itself
    try:
        with nullcontext() if alone else transaction.atomic():
            done = _run(values)
    except IntegrityError as error:
        if constraint_of(error) not in _LOST:
            raise
        return []
    for movement in done:
        movement.from_account = next(p for p in purses if p.pk == movement.from_account_id)
    return done
