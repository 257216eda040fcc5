"""One process of clients: threads that hold quota in a loop, by one of the contending methods."""

import json
import random
import sys
import threading
import time
from collections.abc import Callable
from decimal import Decimal

import psycopg
from django.db import connection, models, transaction

from dinamis.actors import Actor
from orders.ledger import services
from orders.ledger.errors import QuotaTooSmall
from orders.ledger.models import Account, Movement
from orders.ledger.services import quick

LEDGER, FOR_UPDATE, NAIVE = "the ledger", "SELECT FOR UPDATE", "read, check, write"
SAME = "the same guarded statement, by psycopg"
RAW, RAW_ONE = "raw SQL, in a transaction", "raw SQL, in one statement"
TABLES = {"bench_account": Account._meta.db_table, "bench_movement": Movement._meta.db_table}
BY = Actor.system("bench")


class BenchAccount(models.Model):
    """What an account is without the ledger's triggers."""

    period_id = models.BigIntegerField()
    kind = models.CharField(max_length=10)
    owner_kind = models.CharField(max_length=12)
    owner_key = models.CharField(max_length=64)
    balance = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))

    class Meta:
        app_label = "benchmarks"
        managed = False
        db_table = "bench_account"

    def __str__(self) -> str:
        return f"{self.kind} {self.owner_key}"


class BenchMovement(models.Model):
    """What a movement is without them."""

    from_account_id = models.BigIntegerField()
    to_account_id = models.BigIntegerField()
    kind = models.CharField(max_length=10)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    deed = models.CharField(max_length=120)
    key = models.CharField(max_length=130)
    reason = models.TextField()
    rule_version = models.CharField(max_length=60)
    by_part = models.CharField(max_length=40)

    class Meta:
        app_label = "benchmarks"
        managed = False
        db_table = "bench_movement"

    def __str__(self) -> str:
        return self.key


def by_the_ledger(purse: Account, amount: Decimal, key: str) -> None:
    services.hold([purse], amount, line=key, key=key, by=BY, reason="bench")


@transaction.atomic
def by_locking(purse: Account, amount: Decimal, key: str) -> None:
    _by_hand(BenchAccount.objects.select_for_update(), purse, amount, key)


@transaction.atomic
def by_hoping(purse: Account, amount: Decimal, key: str) -> None:
    _by_hand(BenchAccount.objects.all(), purse, amount, key)


def _by_hand(accounts: models.QuerySet, purse: Account, amount: Decimal, key: str) -> None:
    """Look the key up, read the quota, check it, and write the movement and both balances.

    The line's account is opened before the quota is locked, as the ledger does.
    """
    if list(BenchMovement.objects.filter(deed=key)):
        return
    held = BenchAccount.objects.create(
        period_id=purse.period_id, kind="held", owner_kind="line", owner_key=key
    )
    giver = accounts.get(pk=purse.pk)
    if giver.balance < amount:
        raise QuotaTooSmall(available=giver.balance, required=amount, unit="km2")
    BenchMovement.objects.create(
        from_account_id=giver.pk,
        to_account_id=held.pk,
        kind="hold",
        amount=amount,
        deed=key,
        key=f"{key}/1",
        reason="bench",
        rule_version="",
        by_part="bench",
    )
    giver.balance -= amount
    giver.save(update_fields=["balance"])
    held.balance += amount
    held.save(update_fields=["balance"])


# The same guarded work by psycopg alone on the twin tables: the key looked up, the line's account
# opened, the purse drawn on only where it can carry the amount, the movement and both balances.
_KNOWN = "SELECT FROM bench_movement WHERE deed = %(key)s"
_OPEN = """INSERT INTO bench_account (period_id, kind, owner_kind, owner_key)
VALUES (%(period)s, 'held', 'line', %(key)s) RETURNING id"""
_DRAW = """UPDATE bench_account SET balance = balance - %(amount)s, movements = movements + 1,
moved_at = clock_timestamp() WHERE id = %(purse)s AND balance >= %(amount)s"""
_FILL = """UPDATE bench_account SET balance = balance + %(amount)s, movements = movements + 1,
moved_at = clock_timestamp() WHERE id = %(held)s"""
_WRITE = """INSERT INTO bench_movement (from_account_id, to_account_id, kind, amount, deed, key, reason,
rule_version, by_part, at) VALUES (%(purse)s, %(held)s, 'hold', %(amount)s, %(key)s::text, %(key)s::text || '/1',
'bench', '', 'bench', clock_timestamp())"""
_ALL = """
WITH purse AS (
    UPDATE bench_account SET balance = balance - %(amount)s, movements = movements + 1,
        moved_at = clock_timestamp()
    WHERE id = %(purse)s AND balance >= %(amount)s
        AND NOT EXISTS (SELECT FROM bench_movement WHERE deed = %(key)s)
    RETURNING id, period_id
), held AS (
    INSERT INTO bench_account (period_id, kind, owner_kind, owner_key, balance, movements, moved_at)
    SELECT period_id, 'held', 'line', %(key)s::text, %(amount)s, 1, clock_timestamp() FROM purse
    RETURNING id
)
INSERT INTO bench_movement (from_account_id, to_account_id, kind, amount, deed, key, reason,
    rule_version, by_part, at)
SELECT purse.id, held.id, 'hold', %(amount)s, %(key)s::text, %(key)s::text || '/1', 'bench', '', 'bench',
    clock_timestamp()
FROM purse, held RETURNING id
"""
_own = threading.local()


def _cursor() -> psycopg.Cursor:
    """A connection of this thread's own, without Django; statements are prepared once."""
    if not hasattr(_own, "cursor"):
        facts = connection.get_connection_params()
        wanted = {name: facts[name] for name in ("dbname", "user", "password", "host", "port")
                  if facts.get(name)}  # fmt: skip
        _own.cursor = psycopg.connect(**wanted, autocommit=True, prepare_threshold=1).cursor()
    return _own.cursor


def _too_small(purse: Account, amount: Decimal) -> QuotaTooSmall:
    return QuotaTooSmall(available=Decimal(0), required=amount, unit="km2")


def by_the_same_statement(purse: Account, amount: Decimal, key: str) -> None:
    """The ledger's own statement on its own guarded tables, without Django: what Python costs is the rest."""
    values = {
        "purses": [purse.pk],
        "amount": amount,
        "line": key,
        "deed": key,
        "reason": "bench",
        "rule_version": "",
        "by_user": None,
        "by_link": None,
        "by_part": BY.part,
    }
    try:
        done = _cursor().execute(quick.SQL, values).fetchone()
    except psycopg.IntegrityError as error:
        if error.diag.constraint_name != "quota_not_overdrawn":
            raise
        done = None
    if done is None:
        raise _too_small(purse, amount)


def by_raw_sql(purse: Account, amount: Decimal, key: str) -> None:
    cursor = _cursor()
    values = {"purse": purse.pk, "period": purse.period_id, "amount": amount, "key": key}
    with cursor.connection.transaction():
        if cursor.execute(_KNOWN, values).fetchone() is not None:
            return
        values["held"] = cursor.execute(_OPEN, values).fetchone()[0]
        if not cursor.execute(_DRAW, values).rowcount:
            raise _too_small(purse, amount)
        cursor.execute(_WRITE, values)
        cursor.execute(_FILL, values)


def by_one_statement(purse: Account, amount: Decimal, key: str) -> None:
    values = {"purse": purse.pk, "amount": amount, "key": key}
    if _cursor().execute(_ALL, values).fetchone() is None:
        raise _too_small(purse, amount)


METHODS = {
    LEDGER: by_the_ledger,
    FOR_UPDATE: by_locking,
    NAIVE: by_hoping,
    SAME: by_the_same_statement,
    RAW: by_raw_sql,
    RAW_ONE: by_one_statement,
}


def main() -> None:
    """Run the threads that the command line asks for and print how long each hold took, in seconds."""
    order, number = json.loads(sys.argv[1]), sys.argv[2]
    accounts = Account.objects.select_related("period__sensor")
    purses = list(accounts.filter(pk__in=order["purses"]))
    times: list[float] = []
    start = threading.Barrier(order["threads"])
    threads = [
        threading.Thread(
            target=_client,
            args=(METHODS[order["method"]], purses, order, start, number, one, times),
        )
        for one in range(order["threads"])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    json.dump(times, sys.stdout)


def _client(
    method: Callable[[Account, Decimal, str], None],
    purses: list[Account],
    order: dict[str, float],
    start: threading.Barrier,
    process: str,
    thread: int,
    times: list[float],
) -> None:
    chance = random.Random(f"{process}:{thread}")
    run = f"{purses[0].pk}:{process}:{thread}"
    connection.ensure_connection()
    start.wait()
    number, end = 0, time.monotonic() + order["seconds"]
    while (begun := time.monotonic()) < end:
        number += 1
        try:
            method(chance.choice(purses), Decimal(chance.randint(1, 40)), f"bench:{run}:{number}")
        except QuotaTooSmall:
            continue
        times.append(time.monotonic() - begun)
    connection.close()
