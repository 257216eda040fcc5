"""How a supplier is doing, kept in the database so that every worker knows: lane, pace, circuit."""

import time
import uuid
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from dinamis.actors import Actor
from orders.models import Supplier, SupplierEvent, SupplierPulse
from orders.suppliers.protocol import Banned, SupplierError

log = structlog.get_logger(__name__)

# Faults in a row that open the circuit, then how long it stays open: doubled at each new fault.
FAULTS_TO_OPEN = 5
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=10)


def of(supplier: Supplier) -> SupplierPulse:
    """The pulse as it is now; made at the first look."""
    return SupplierPulse.objects.get_or_create(supplier=supplier)[0]


def lease() -> timedelta:
    """How long a lane or a call is ours without a sign of life: longer than the slowest call."""
    return timedelta(seconds=settings.SUPPLIER_LEASE_SECONDS)


def take_lane(supplier: Supplier) -> uuid.UUID | None:
    """Become the one worker that talks to this supplier; None when another does."""
    pulse, now, token = of(supplier), timezone.now(), uuid.uuid4()
    free = Q(lane_until=None) | Q(lane_until__lt=now)
    taken = SupplierPulse.objects.filter(free, pk=pulse.pk).update(
        lane_by=token, lane_until=now + lease()
    )
    return token if taken else None


def keep_lane(supplier: Supplier, token: uuid.UUID) -> bool:
    """Renew the lease; False when it was lost to another worker."""
    mine = SupplierPulse.objects.filter(supplier=supplier, lane_by=token)
    return bool(mine.update(lane_until=timezone.now() + lease()))


def leave_lane(supplier: Supplier, token: uuid.UUID) -> None:
    mine = SupplierPulse.objects.filter(supplier=supplier, lane_by=token)
    mine.update(lane_by=None, lane_until=None)


def may_ask(supplier: Supplier) -> bool:
    """True when the supplier is active, not paused, and neither the circuit nor a ban forbids it."""
    pulse = of(supplier)
    return (
        Supplier.objects.filter(pk=supplier.pk, is_active=True).exists()
        and pulse.paused_at is None
        and pulse.quiet_until(timezone.now()) is None
    )


def wait_for_slot(supplier: Supplier) -> None:
    """Sleep until the next call keeps to the supplier's rate, counted over all workers."""
    wait = _reserved(supplier)
    if wait > 0:
        time.sleep(wait)


def answered(supplier: Supplier) -> None:
    """They answered, yes or no: the circuit is closed."""
    SupplierPulse.objects.filter(supplier=supplier).update(
        faults=0, open_until=None, banned_until=None, last_success_at=timezone.now()
    )


def failed(supplier: Supplier, error: SupplierError) -> None:
    """No usable answer came: a row of faults opens the circuit, a ban silences everybody at once."""
    now = timezone.now()
    with transaction.atomic():
        pulse = SupplierPulse.objects.select_for_update().get(supplier=supplier)
        pulse.last_fault_at, pulse.last_fault = now, error.sentence[:500]
        if isinstance(error, Banned):
            pulse.banned_until = max(error.until, pulse.banned_until or error.until)
        else:
            pulse.faults = min(pulse.faults + 1, 1000)
            pulse.open_until = _open_until(pulse.faults, now) or pulse.open_until
        pulse.save(
            update_fields=["last_fault_at", "last_fault", "banned_until", "faults", "open_until"]
        )
    log.warning("supplier_fault", supplier=supplier.key, code=error.code, kind=type(error).__name__)


@transaction.atomic
def pause(supplier: Supplier, *, reason: str, by: Actor) -> None:
    """Ask nothing of it until an officer says so; what is to be asked waits."""
    of(supplier)
    SupplierPulse.objects.filter(supplier=supplier, paused_at=None).update(
        paused_at=timezone.now(), paused_reason=reason.strip()[:500]
    )
    record(supplier, "pause", by=by, reason=reason)


@transaction.atomic
def resume(supplier: Supplier, *, by: Actor) -> None:
    """Ask again, at once: the pause and the circuit are over; a ban is not ours to end."""
    of(supplier)
    SupplierPulse.objects.filter(supplier=supplier).update(
        paused_at=None, paused_reason="", faults=0, open_until=None
    )
    record(supplier, "resume", by=by)


def record(supplier: Supplier, act: str, *, by: Actor, about: str = "", reason: str = "") -> None:
    """Write down what an officer did with a supplier."""
    SupplierEvent.objects.create(
        supplier=supplier,
        act=act,
        about=about[:160],
        reason=reason.strip()[:2000],
        at=timezone.now(),
        **by.columns(),
    )


def _open_until(faults: int, now: datetime) -> datetime | None:
    if faults < FAULTS_TO_OPEN:
        return None
    doublings = min(faults - FAULTS_TO_OPEN, 10)
    return now + min(FIRST_PAUSE * 2**doublings, LONGEST_PAUSE)


def _reserved(supplier: Supplier) -> float:
    """Reserve the next instant of a call in one statement; return how many seconds it lies ahead."""
    table = connection.ops.quote_name(SupplierPulse._meta.db_table)
    spacing = timedelta(seconds=1 / float(supplier.rate_per_second))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET next_call_at ="  # noqa: S608 the table's own name
            " greatest(coalesce(next_call_at, clock_timestamp()), clock_timestamp()) + %s"
            " WHERE supplier_id = %s"
            " RETURNING extract(epoch FROM next_call_at - %s - clock_timestamp())",
            [spacing, supplier.pk, spacing],
        )
        return max(0.0, float(cursor.fetchone()[0]))
