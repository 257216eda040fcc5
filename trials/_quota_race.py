"""The campaign of quota_race: races, their control, opposite transfers and random deeds beside a model."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count

from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from benchmarks import Measurement, Scale, at_least, at_most, exactly
from catalogue.models import Sensor
from dinamis.actors import Actor
from orders.ledger import services
from orders.ledger.check import faults
from orders.ledger.errors import QuotaTooSmall
from orders.ledger.models import Account, Movement, Period
from trials._ledger_model import LedgerMachine
from trials._races import at_once, without_the_constraint

BY = Actor.system("trial")
ROOM = 10  # orders that the quota carries
SIZE = Decimal(100)  # km² each
_numbers, _years = count(1), count(3001)


@dataclass(frozen=True, slots=True)
class Size:
    """How hard it is tried."""

    threads: int
    orders: int  # of each thread
    rounds: int
    controls: int
    transfers: int  # in each direction
    examples: int  # of the model
    steps: int


SIZES = {"small": Size(40, 2, 2, 2, 100, 10, 15), "full": Size(80, 5, 20, 20, 500, 1000, 50)}


@dataclass(slots=True)
class Found:
    """What the rounds of races came to."""

    granted: list[int] = field(default_factory=list)
    errors: int = 0
    seconds: list[float] = field(default_factory=list)


def run(scale: Scale) -> Iterator[Measurement]:
    size = SIZES[scale]
    found = Found()
    for _ in range(size.rounds):
        _race(_purse(), size, found)
    yield exactly(
        f"most granted of {ROOM}, {size.threads} threads", max(found.granted), ROOM, "orders"
    )
    yield exactly(f"fewest granted of {ROOM}", min(found.granted), ROOM, "orders")
    yield exactly("answers neither held nor too small", found.errors, 0, "orders")
    slow = sorted(found.seconds)[int(len(found.seconds) * 0.95)]
    yield at_most("p95 of an answer", slow, 2, "s")
    yield from _opposite(size)
    yield exactly("faults in the ledger after it", len(faults()), 0, "faults")
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=size.examples,
            stateful_step_count=size.steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    yield exactly(f"counter-examples in {size.examples} × {size.steps} deeds", 0, 0, "")
    with without_the_constraint():
        control = Found()
        for _ in range(size.controls):
            _race(_purse(), size, control)
    oversold = sum(granted > ROOM for granted in control.granted)
    yield at_least(
        "control rounds that oversell", oversold, 0.95 * size.controls, f"of {size.controls}"
    )


def _purse() -> Account:
    """A quota for ROOM orders, in a year of its own."""
    period = _period()
    services.grant_budget(period, ROOM * SIZE, **_words())
    account = services.account_of(period, "allotment", 1)
    services.set_allotment(account, ROOM * SIZE, **_words())
    return account


def _period() -> Period:
    sensor = Sensor.objects.get_or_create(
        code="race", defaults={"name_fr": "Course", "name_en": "Race", "unit": "km2"}
    )[0]
    return services.open_period(sensor, year=next(_years), by=BY)


def _words() -> dict[str, object]:
    return {"key": f"trial:{next(_numbers)}", "by": BY, "reason": "trial"}


def _race(purse: Account, size: Size, found: Found) -> None:
    def orders() -> list[tuple[str, float]]:
        answers = []
        for _ in range(size.orders):
            words = _words()
            start = time.monotonic()
            try:
                services.hold([purse], SIZE, line=words["key"], **words)
                answer = "held"
            except QuotaTooSmall:
                answer = "refused"
            answers.append((answer, time.monotonic() - start))
        return answers

    for answers in at_once([orders] * size.threads, looking_at=purse):
        if isinstance(answers, Exception):
            found.errors += 1
        else:
            found.seconds += [seconds for _, seconds in answers]
    found.granted.append(Movement.objects.filter(kind="hold", from_account=purse).count())


def _opposite(size: Size) -> Iterator[Measurement]:
    """Transfers between two quotas, in both directions at once."""
    period = _period()
    services.grant_budget(period, Decimal(2 * size.transfers), **_words())
    pair = [services.account_of(period, "allotment", number) for number in (1, 2)]
    for account in pair:
        services.set_allotment(account, Decimal(size.transfers), **_words())
    before = _deadlocks()

    def many(giver: Account, taker: Account) -> int:
        for _ in range(size.transfers):
            services.transfer(giver, Decimal(1), to_account=taker, **_words())
        return size.transfers

    one, two = pair
    results = at_once([lambda: many(one, two), lambda: many(two, one)])
    errors = sum(isinstance(result, Exception) for result in results)
    yield exactly(f"errors in 2 × {size.transfers} opposite transfers", errors, 0, "errors")
    yield exactly("deadlocks PostgreSQL counted", _deadlocks() - before, 0, "deadlocks")


def _deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]
