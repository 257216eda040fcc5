"""Holds beside raw SQL on the same servers in one run; then a long account is read, and many are modulated."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.services.people import duties
from benchmarks import Measurement, Scale, at_least, at_most, exactly
from benchmarks._ledger import PLENTY, _drive, _make_tables, _purses
from benchmarks._ledger_clients import BY, LEDGER, RAW, RAW_ONE, SAME
from catalogue.models import Sensor
from dinamis.actors import Actor
from orders.ledger import milestones, reads, services
from orders.ledger.models import Account, Period
from orders.services.purse import modulations
from orders.services.purse.modulation_figures import Wish

SECONDS = {"small": 3.0, "full": 10.0}
MANY = {"small": 200, "full": 1000}
MOVEMENTS = {"small": 100_000, "full": 1_000_000}
ALLOTMENTS = {"small": 200, "full": 1000}
ROUNDS = 15  # reads, each as of another instant
PAGE = 50


def run(scale: Scale) -> Iterator[Measurement]:
    yield from _holds(scale)
    yield from _reads(MOVEMENTS[scale])
    yield from _modulation(ALLOTMENTS[scale])


def _holds(scale: Scale) -> Iterator[Measurement]:
    _make_tables()
    for many in (1, MANY[scale]):
        words = "one quota" if many == 1 else f"{many} quotas"
        rates = {}
        for method in (SAME, LEDGER, RAW, RAW_ONE):
            done = _drive(method, _purses(many, PLENTY / many), SECONDS[scale])
            rates[method] = done.rate
            yield Measurement(f"{method}, {words}", done.rate, "holds/s")
            yield Measurement(f"{method}, {words}, p95", done.p95, "ms")
        for method in (SAME, RAW):
            beside = rates[LEDGER] / rates[method]
            yield at_least(f"the ledger beside {method}, {words}", beside, 0.5, "×")
        beside = rates[LEDGER] / rates[RAW_ONE]
        yield Measurement(f"the ledger beside one statement without triggers, {words}", beside, "×")


def _reads(number: int) -> Iterator[Measurement]:
    """A year of one account, a movement every half minute: holds, and their releases later."""
    account, begin, end = _long_account(number)
    yield Measurement(f"{number:,} movements on one account", account.movements, "rows")
    begun = time.perf_counter()
    written = milestones.write()
    yield Measurement(f"{written} milestones written", time.perf_counter() - begun, "s")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE orders_movement, orders_account, orders_milestone")
    instants = [begin + (end - begin) * step / ROUNDS for step in range(1, ROUNDS + 1)]
    mean = instants[len(instants) // 2]
    expected = _added_up(account, mean)
    yield exactly(
        "the balance, less that of adding up all movements",
        float(reads.balance_at(account, mean) - expected),
        0,
        "km²",
    )
    yield at_most(
        "a past balance, slowest",
        _slowest(instants, lambda at: reads.balance_at(account, at)),
        200,
        "ms",
    )
    yield at_most(
        f"a page of {PAGE} of a past statement, slowest",
        _slowest(instants, lambda at: reads.statement(account, at=at, last=PAGE)),
        200,
        "ms",
    )
    cursor = reads.statement(account, at=mean, last=PAGE).earlier
    yield at_most(
        "the page before it, slowest",
        _slowest(
            instants[8:], lambda at: reads.statement(account, at=at, last=PAGE, before=cursor)
        ),
        200,
        "ms",
    )


def _slowest(instants: list[datetime], read: Callable[[datetime], object]) -> float:
    """The slowest of the reads, in milliseconds, once the pages are in memory."""
    read(instants[0])
    times = []
    for at in instants:
        begun = time.perf_counter()
        read(at)
        times.append(time.perf_counter() - begun)
    return 1000 * max(times)


def _long_account(number: int) -> tuple[Account, datetime, datetime]:
    """Write the movements past the triggers, which would take minutes; balances follow by sums."""
    sensor = Sensor.objects.get(code="bench")
    year = timezone.localdate().year
    period = services.open_period(sensor, year=year, by=BY)
    account = services.account_of(period, "allotment", "long")
    services.contribute(account, PLENTY, key="bench:long", by=BY, reason="bench")
    held = services.account_of(period, "held", "long")
    begin = datetime(year - 1, 1, 1, tzinfo=UTC)
    values = {"purse": account.pk, "held": held.pk, "begin": begin, "number": number // 2}
    with connection.cursor() as cursor:
        for table in ("orders_account", "orders_movement"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(
            "INSERT INTO orders_movement (kind, from_account_id, to_account_id, amount, deed, key,"
            " reason, rule_version, by_part, at)"
            " SELECT 'hold', %(purse)s, %(held)s, 1 + n %% 40, 'long:' || n, 'long:' || n || '/1',"
            " 'bench', '', 'bench', %(begin)s + n * interval '62 s'"
            " FROM generate_series(1, %(number)s) AS n",
            values,
        )
        cursor.execute(
            "INSERT INTO orders_movement (kind, from_account_id, to_account_id, amount, hold_id, deed,"
            " key, reason, rule_version, by_part, at)"
            " SELECT 'release', %(held)s, %(purse)s, amount, id, deed || 'r', deed || 'r/1', 'bench',"
            " '', 'bench', at + interval '31 s' FROM orders_movement"
            " WHERE kind = 'hold' AND from_account_id = %(purse)s",
            values,
        )
        cursor.execute(
            "UPDATE orders_account SET movements = movements + 2 * %(number)s,"
            " moved_at = greatest(moved_at, clock_timestamp())"
            " WHERE id IN (%(purse)s, %(held)s)",
            values,
        )
        for table in ("orders_account", "orders_movement"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    account.refresh_from_db()
    account.period = period
    return account, begin, begin + timedelta(seconds=62) * (number // 2)


def _added_up(account: Account, at: datetime) -> Decimal:
    """The balance as of an instant, without milestones."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(CASE WHEN to_account_id = %(pk)s THEN amount ELSE -amount END), 0)"
            " FROM orders_movement WHERE %(pk)s IN (from_account_id, to_account_id) AND at <= %(at)s",
            {"pk": account.pk, "at": at},
        )
        return cursor.fetchone()[0]


def _modulation(number: int) -> Iterator[Measurement]:
    """A cut and a rise of so many allotments, each looked at first and then written as it was seen."""
    period = _shared_out(number)
    user = User.objects.create_user("bench@dinamis.example", None, full_name="Bench")
    duties.appoint(user, kind="quota_administrator", by=BY)
    by, ways = Actor.of(user), (("pro_rata", -900), ("by_use", 500))
    for rule, amount in ways:
        wish = Wish(period, "allotments", rule, amount=Decimal(amount))
        begun = time.perf_counter()
        seen = modulations.preview(wish, by=by).digest
        looked = time.perf_counter() - begun
        row = modulations.propose(
            wish, reason="bench", seen=seen, submission=f"bench:{rule}", by=by
        )
        whole = time.perf_counter() - begun
        yield Measurement(f"{number} allotments, {rule}: the preview", looked, "s")
        yield exactly(f"{number} allotments, {rule}: applied", row.state == "applied", 1, "")
        yield at_most(f"{number} allotments, {rule}: seen and written", whole, 2, "s")


def _shared_out(number: int) -> Period:
    """A year with so many allotments of 1,000 km², of which each has 100 held and 200 consumed."""
    sensor = Sensor.objects.get(code="pleiades")
    period = services.open_period(sensor, year=timezone.localdate().year, by=BY)
    services.grant_budget(
        period, Decimal(number * 2000), key=f"bench:{period.pk}", by=BY, reason="bench"
    )
    for place in range(number):
        body = Organisation.objects.create(
            name=f"Bench {place}", category="research", sector="bench"
        )
        account = services.account_of(period, "allotment", body.pk, owner_kind="organisation")
        words = {"by": BY, "reason": "bench"}
        services.set_allotment(account, Decimal(1000), key=f"bench:share:{place}", **words)
        services.hold(
            [account], Decimal(300), line=f"bench-{place}", key=f"bench:hold:{place}", **words
        )
        services.capture(
            f"bench-{place}", Decimal(200), consumer=body.pk, key=f"bench:take:{place}", **words
        )
    return period
