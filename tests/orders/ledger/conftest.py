"""A Pléiades year with a budget of 1,000 km², a SPOT year with 20 attempts, and short ways to them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count

import pgtrigger
import pytest
from django.db import connection, models, transaction

from catalogue.models import Sensor
from dinamis.actors import Actor
from orders.ledger import services
from orders.ledger.models import Account, Period

BY = Actor.system("test")
_numbers = count(1)


def key(word: str = "deed") -> str:
    """A key no other deed has."""
    return f"{word}:{next(_numbers)}"


def words(word: str = "deed", **more: object) -> dict[str, object]:
    """The keywords every verb wants."""
    return {"key": key(word), "by": BY, "reason": "because", **more}


def now() -> datetime:
    return datetime.now(tz=UTC)


def balance(account: Account) -> Decimal:
    """The balance, once its column and the sum of its movements agree."""
    account = Account.objects.get(pk=account.pk)
    made = sum((m.amount for m in account.taken.all()), Decimal(0)) - sum(
        (m.amount for m in account.given.all()), Decimal(0)
    )
    assert account.balance == made
    return made


@contextmanager
def undone() -> Iterator[None]:
    """Take back what was done inside, foreign keys broken by hand included."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def by_hand(table: str, change: str, row: models.Model) -> None:
    """Change one row, or take it away ("gone"), as the owner of the database can: past the triggers."""
    verb = "DELETE FROM" if change == "gone" else "UPDATE"
    change = "" if change == "gone" else f"SET {change}"
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(f"{verb} {table} {change} WHERE id = {row.pk}")
        assert cursor.rowcount == 1


@pytest.fixture
def pleiades(db: None) -> Sensor:
    return Sensor.objects.get_or_create(
        code="pleiades", defaults={"name_fr": "Pléiades", "name_en": "Pléiades", "unit": "km2"}
    )[0]


@pytest.fixture
def spot(db: None) -> Sensor:
    return Sensor.objects.get_or_create(
        code="spot67",
        defaults={
            "name_fr": "SPOT 6-7",
            "name_en": "SPOT 6-7",
            "unit": "attempt",
            "scene_equivalent_km2": Decimal(3600),
        },
    )[0]


@pytest.fixture
def period(pleiades: Sensor) -> Period:
    """2026, Pléiades, 1,000 km²."""
    period = services.open_period(pleiades, year=2026, by=BY)
    services.grant_budget(period, Decimal(1000), **words("grant"))
    return period


@pytest.fixture
def attempts(spot: Sensor) -> Period:
    """2026, SPOT, 20 attempts."""
    period = services.open_period(spot, year=2026, by=BY)
    services.grant_budget(period, Decimal(20), **words("grant"))
    return period


@pytest.fixture
def budget(period: Period) -> Account:
    return services.account_of(period, "budget")


@pytest.fixture
def allotment(period: Period) -> Account:
    """Organisation 1, 500 km²."""
    account = services.account_of(period, "allotment", 1)
    services.set_allotment(account, Decimal(500), **words("allot"))
    return account


@pytest.fixture
def common(period: Period) -> Account:
    """The common share of research, 300 km²."""
    account = services.account_of(period, "common", "research")
    services.set_allotment(account, Decimal(300), **words("allot"))
    return account
