"""A deed of very many movements, sent to the database in one trip; its triggers see each of them as ever."""

from collections import Counter
from collections.abc import Sequence

import psycopg
from django.db import connection, transaction
from django.utils.translation import gettext as _

from dinamis.actors import Actor
from dinamis.errors import Invalid
from orders.ledger.errors import QuotaTooSmall
from orders.ledger.models import Account, Movement
from orders.ledger.services.accounts import lock
from orders.ledger.services.booking import Entry, booked, same, tell_purses

# One statement a movement, because the instants and seals of an account follow each other; psycopg
# sends them as one pipeline.
_SQL = """
INSERT INTO orders_movement (
    kind, from_account_id, to_account_id, amount, deed, key, reason, rule_version,
    by_user_id, by_link_id, by_part
) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def _check_enough(entries: Sequence[Entry]) -> None:
    """Raise QuotaTooSmall for the first account that would end below zero; what the deed gives it counts."""
    given: Counter[Account] = Counter()
    taken: Counter[Account] = Counter()
    for entry in entries:
        given[entry.to_account] += entry.amount
        taken[entry.from_account] += entry.amount
    ids = [account.pk for account in taken]
    balances = dict(
        Account.objects.filter(pk__in=ids)
        .exclude(kind=Account.Kind.SOURCE)
        .values_list("pk", "balance")
    )
    for account, amount in taken.items():
        if account.pk in balances and balances[account.pk] + given[account] < amount:
            raise QuotaTooSmall(
                available=balances[account.pk] + given[account],
                required=amount,
                unit=account.period.unit,
            )


@transaction.atomic
def book_in_bulk(
    entries: Sequence[Entry], *, deed: str, by: Actor, reason: str, rule_version: str = ""
) -> list[Movement]:
    """Book a deed once, all its movements or none, as `book` does; settlements of holds are not for it.

    Every account is locked first, in order of id. Raises QuotaTooSmall, KeyReused and Invalid.
    """
    if not reason:
        raise Invalid("reason_missing", _("A reason is needed."))
    lock(account for entry in entries for account in (entry.from_account, entry.to_account))
    if found := booked(deed):
        return same(found, entries)
    _check_enough(entries)
    user, link = by.user and by.user.pk, by.link and by.link.pk
    rows = [
        (
            str(entry.kind),
            entry.from_account.pk,
            entry.to_account.pk,
            entry.amount,
            deed,
            f"{deed}/{number}",
            reason,
            rule_version,
            user,
            link,
            by.part,
        )
        for number, entry in enumerate(entries, 1)
    ]
    # PostgreSQL's own cursor, which keeps the statement prepared; see quick.py.
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.executemany(_SQL, rows)
    tell_purses(entries, by=by)
    return booked(deed)
