"""A lease on a row: who works on it says so in the database, and says it again while the work goes on.

A worker that dies stops renewing, and the row is free again after `LEASE`, whatever the broker thinks.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

LEASE = timedelta(seconds=45)
RENEW_EVERY = 15.0  # seconds


class Leased(models.Model):
    """A row that one worker at a time works on."""

    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True


@contextmanager
def held(row: Leased) -> Iterator[bool]:
    """Hold the lease of a row during the block; False when somebody else holds it.

    The row in memory is left as it was: the lease lives in the database alone.
    """
    rows = type(row)._base_manager.filter(pk=row.pk)
    until = timezone.now() + LEASE
    free = Q(claimed_until=None) | Q(claimed_until__lt=timezone.now())
    if not rows.filter(free).update(claimed_until=until):
        yield False
        return
    last = [until]

    def renew() -> None:
        until = timezone.now() + LEASE
        # Only what is still ours: somebody may have taken over from a worker that hung.
        if rows.filter(claimed_until=last[0]).update(claimed_until=until):
            last[0] = until

    try:
        with renewed(renew, name=f"lease-{row._meta.model_name}-{row.pk}"):
            yield True
    finally:
        rows.filter(claimed_until=last[0]).update(claimed_until=None)


def free_at(row: Leased) -> datetime:
    """When to try again a row that somebody else holds: just after that lease would lapse."""
    until = type(row)._base_manager.values_list("claimed_until", flat=True).get(pk=row.pk)
    return max(until or timezone.now(), timezone.now()) + timedelta(seconds=1)


@contextmanager
def renewed(renew: Callable[[], object], *, name: str) -> Iterator[None]:
    """Call `renew` from a thread while the work goes on, so that only a dead worker loses its lease."""
    over = threading.Event()

    def repeat() -> None:
        while not over.wait(RENEW_EVERY):
            renew()
        connection.close()

    thread = threading.Thread(target=repeat, daemon=True, name=name)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=5)
