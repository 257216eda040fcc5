"""A queue of copies of one request that was really made; then the pages of an officer, timed in this process."""

import base64
import logging
import statistics
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Affiliation, Membership, Organisation, User
from accounts.services.people import duties
from benchmarks import Measurement, Scale, at_most
from catalogue.models import Sensor
from dinamis import geo
from dinamis.actors import Actor
from orders.ledger import services as ledger
from orders.models import Judgement, Line, Order, Quote
from orders.services.asking import quotes
from orders.services.asking.wishes import Tasking
from orders.services.lines import orders

BY = Actor.system("bench")
NUMBER = {"small": 1_000, "full": 10_000}
ROUNDS = {"small": 15, "full": 60}
ORGANISATIONS = 50
LIMIT, MOST_QUERIES = 300, 100  # ms at the 95th percentile; questions a page


def run(scale: Scale) -> Iterator[Measurement]:
    number = NUMBER[scale]
    logging.getLogger("django_structlog").setLevel(logging.WARNING)  # not a line for each page
    begun = time.perf_counter()
    line = _queue(number)
    yield Measurement(f"{number:,} requests written", time.perf_counter() - begun, "s")
    client = officer()
    middle = number // 100
    pages = (
        ("the queue", "/desk/orders/"),
        ("its middle", f"/desk/orders/?page={middle}"),
        ("what is late of it", "/desk/orders/?late=1"),
        ("found by a word", "/desk/orders/?q=number+77"),
        ("one request", f"/desk/orders/{line.reference}/"),
        ("who is late", "/desk/late/"),
    )
    for name, path in pages:
        yield from _timed(client, name, path, ROUNDS[scale])


def _timed(client: Client, name: str, path: str, rounds: int) -> Iterator[Measurement]:
    asked: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    client.get(path)  # templates are compiled once in each process
    with connection.execute_wrapper(count):
        answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    times, worked = [], []
    for _round in range(rounds):
        begun, before = time.perf_counter(), time.process_time()
        client.get(path)
        times.append(1000 * (time.perf_counter() - begun))
        worked.append(1000 * (time.process_time() - before))
    yield Measurement(f"{name}, p50", statistics.median(times), "ms")
    # What other work on the machine does not change.
    yield Measurement(f"{name}, processor of this process", statistics.median(worked), "ms")
    ranked = sorted(times)
    yield at_most(f"{name}, p95", ranked[int(0.95 * (len(ranked) - 1))], LIMIT, "ms")
    yield at_most(f"{name}, queries", len(asked), MOST_QUERIES, "")


def officer() -> Client:
    """Signed in: somebody of the desk, with the second factor that the pages ask for."""
    mark = uuid.uuid4().hex[:8]
    user = User.objects.create_user(email=f"desk-{mark}@bench.example", password=mark)
    TOTP.activate(user, base64.b32encode(mark.encode()).decode())
    duties.appoint(user, kind="desk", by=BY)
    client = Client(headers={"host": settings.SITE_URL.partition("://")[2]})
    client.force_login(user)
    return client


def _queue(number: int) -> Line:
    """One request made by its services, and copies of its rows: fifty organisations, sixty days."""
    mark = uuid.uuid4().hex[:8]
    with transaction.atomic():
        bodies = members(mark)
        asker = person(mark, bodies[0])
        line = request_of(asker, bodies[0])
        copies(line, bodies, number, mark)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE orders_line, orders_order, orders_quote, orders_judgement")
    return line


def members(mark: str) -> list[Organisation]:
    return [_member(f"Organisation {mark} {one}") for one in range(ORGANISATIONS)]


def _member(name: str) -> Organisation:
    now = timezone.now()
    made = Organisation.objects.create(name=name, category="research", sector="coast")
    Membership.objects.create(
        organisation=made,
        reference=f"A-{uuid.uuid4().hex[:12]}",
        state="active",
        language="en",
        referent_name="Referent",
        referent_email="referent@bench.example",
        referent_proved_at=now,
        legal_name="Head",
        legal_position="Head",
        legal_email="head@bench.example",
        legal_accepted_at=now,
        proposed_at=now,
        activated_at=now,
        state_since=now,
    )
    return made


def person(mark: str, body: Organisation) -> User:
    now = timezone.now()
    user = User.objects.create_user(email=f"lou-{mark}@bench.example", password=mark)
    Affiliation.objects.create(
        user=user,
        organisation=body,
        state="active",
        position="researcher",
        is_current=True,
        requested_at=now,
        activated_at=now,
        state_since=now,
    )
    return user


def request_of(asker: User, body: Organisation) -> Line:
    sensor = Sensor.objects.get(code="pleiades")
    today = timezone.localdate()
    period = ledger.open_period(sensor, year=today.year, by=BY)
    key = uuid.uuid4().hex
    ledger.grant_budget(period, Decimal(100_000), key=f"{key}:b", by=BY, reason="bench")
    account = ledger.account_of(period, "allotment", body.pk)
    ledger.set_allotment(account, Decimal(10_000), key=f"{key}:a", by=BY, reason="bench")
    shape = geo.swath_footprint(-52.3, 4.9, width_km=15.0, length_km=15.0, orientation_deg=0)
    wish = Tasking(
        sensor=sensor,
        area=geo.to_geos(shape, multi=True),
        starts_on=today + timedelta(days=1),
        ends_on=today + timedelta(days=90),
    )
    by = Actor.of(asker)
    quote = quotes.make(wish, by=by)
    placed = orders.place(
        [quote], title="Coast line", purpose="To follow it.", submission=key, by=by
    )
    return placed.lines.get()


def copies(line: Line, bodies: list[Organisation], number: int, mark: str) -> None:
    judgement = line.judgements.get()
    now = timezone.now()
    quoted = [
        _copy(line.quote, reference=f"D-{mark}-{one}"[:20], key=uuid.uuid4())
        for one in range(number - 1)
    ]
    Quote.objects.bulk_create(quoted, batch_size=500)
    asked = [
        _copy(
            line.order,
            reference=f"C-{mark}-{one}"[:20],
            submission=f"{mark}-{one}",
            organisation=bodies[one % ORGANISATIONS],
            title=f"Coast line, number {one}",
        )
        for one in range(number - 1)
    ]
    Order.objects.bulk_create(asked, batch_size=500)
    lines = [
        _copy(
            line,
            order=order,
            quote=quote,
            reference=f"{order.reference}-1",
            state_since=now - timedelta(minutes=one * 86_400 // number),
        )
        for one, (order, quote) in enumerate(zip(asked, quoted, strict=True))
    ]
    Line.objects.bulk_create(lines, batch_size=500)
    Judgement.objects.bulk_create([_copy(judgement, line=one) for one in lines], batch_size=500)


def _copy(row: object, **changed: object) -> object:
    names = [one.attname for one in row._meta.concrete_fields if not one.primary_key]
    values = {name: getattr(row, name) for name in names}
    made = type(row)(**values)
    for name, value in changed.items():
        setattr(made, name, value)
    return made
