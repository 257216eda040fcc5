"""The contenders in turn: each gets the same clients, seconds and amounts on quotas of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import count

from django.db import connection

from benchmarks import Measurement, Scale, at_least, exactly
from benchmarks._ledger_clients import FOR_UPDATE, LEDGER, NAIVE, TABLES
from catalogue.models import Sensor
from dinamis.actors import Actor
from orders.ledger import services
from orders.ledger.check import faults

BY = Actor.system("bench")
PROCESSES, THREADS = 2, 16
SECONDS = {"small": 3.0, "full": 10.0}
PLENTY, LITTLE = Decimal(9_000_000), Decimal(4000)  # km², for amounts of 1 to 40
MANY = {"small": 200, "full": 1000}
_years = count(4001)


@dataclass(frozen=True, slots=True)
class Result:
    held: int
    seconds: float
    p95: float  # milliseconds

    @property
    def rate(self) -> float:
        return self.held / self.seconds


def run(scale: Scale) -> Iterator[Measurement]:
    _make_tables()
    hot = {}
    for method in (LEDGER, FOR_UPDATE, NAIVE):
        hot[method] = _drive(method, _purses(1, PLENTY), SECONDS[scale])
        yield Measurement(f"{method}, one quota", hot[method].rate, "holds/s")
        yield Measurement(f"{method}, one quota, p95", hot[method].p95, "ms")
    many = {}
    for method in (LEDGER, FOR_UPDATE):
        many[method] = _drive(method, _purses(MANY[scale], PLENTY / MANY[scale]), SECONDS[scale])
        yield Measurement(f"{method}, {MANY[scale]} quotas", many[method].rate, "holds/s")
    yield at_least("the ledger on one quota", hot[LEDGER].rate, 500, "holds/s")
    ratio = hot[LEDGER].rate / hot[FOR_UPDATE].rate
    yield at_least("the ledger beside SELECT FOR UPDATE, one quota", ratio, 0.8, "×")
    yield Measurement(
        "the ledger beside SELECT FOR UPDATE, many quotas",
        many[LEDGER].rate / many[FOR_UPDATE].rate,
        "×",
    )
    for method in (LEDGER, FOR_UPDATE, NAIVE):
        purses = _purses(1, LITTLE)
        _drive(method, purses, SECONDS[scale])
        over = max(_held(method, purses[0]) - LITTLE, Decimal(0))
        name = f"{method}: oversold of {LITTLE} km²"
        if method == NAIVE:
            yield Measurement(name, float(over), "km²", "above 0", over > 0)
        else:
            yield exactly(name, float(over), 0, "km²")
    yield exactly("faults in the ledger after it", len(faults()), 0, "faults")


def _make_tables() -> None:
    """Twin tables without triggers, with the same columns, indexes and keys, for the other contenders."""
    with connection.cursor() as cursor:
        for mine, theirs in TABLES.items():
            cursor.execute(f"DROP TABLE IF EXISTS {mine} CASCADE")
            cursor.execute(f"CREATE TABLE {mine} (LIKE {theirs} INCLUDING ALL)")
            # The twins of the quotas keep their ids; what the contenders open counts from here.
            cursor.execute(f"ALTER TABLE {mine} ALTER id RESTART WITH 1000000000")
        for end in ("from_account_id", "to_account_id"):
            cursor.execute(
                f"ALTER TABLE bench_movement ADD FOREIGN KEY ({end}) REFERENCES bench_account"
                " DEFERRABLE INITIALLY DEFERRED"
            )


def _purses(number: int, amount: Decimal) -> list[int]:
    """Open a year with so many quotas of this amount, with their twins; return their ids."""
    sensor = Sensor.objects.get_or_create(
        code="bench", defaults={"name_fr": "Banc", "name_en": "Bench", "unit": "km2"}
    )[0]
    period = services.open_period(sensor, year=next(_years), by=BY)
    purses = []
    for key in range(number):
        account = services.account_of(period, "allotment", key)
        words = {"key": f"bench:{period.pk}:{key}", "by": BY, "reason": "bench"}
        services.contribute(account, amount, **words)
        purses.append(account.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_account SELECT * FROM orders_account WHERE id = ANY(%s)", [purses]
        )
        cursor.execute("VACUUM ANALYZE orders_account, bench_account")
    return purses


def _drive(method: str, purses: list[int], seconds: float) -> Result:
    """Let all clients hold as fast as they can for so many seconds."""
    code = "import django; django.setup(); from benchmarks import _ledger_clients as c; c.main()"
    order = json.dumps({"method": method, "purses": purses, "threads": THREADS, "seconds": seconds})
    clients = [
        subprocess.Popen(
            [sys.executable, "-c", code, order, str(number)], stdout=subprocess.PIPE, text=True
        )
        for number in range(PROCESSES)
    ]
    answers = []
    for client in clients:
        told, _ = client.communicate(timeout=seconds + 120)
        assert client.returncode == 0, method
        answers += json.loads(told)
    times = sorted(answers)
    return Result(len(times), seconds, 1000 * times[int(len(times) * 0.95)])


def _held(method: str, purse: int) -> Decimal:
    table = "orders_movement" if method == LEDGER else "bench_movement"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce(sum(amount), 0) FROM {table} WHERE from_account_id = %s", [purse]
        )
        return cursor.fetchone()[0]
