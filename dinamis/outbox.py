"""Promises to act later: a row in the same transaction, a worker woken after it, a sweep.

`after_commit("orders.tasks.tell", event.pk)` writes a row beside the change. Redis only carries
the wake-up; losing it costs at most one sweep. A worker claims the row with a short lease that it
renews while it works, so a dead worker is noticed within a minute, whatever the broker thinks.
Attempts are counted here; after `MAX_ATTEMPTS` the row waits for a person.
"""

import traceback
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dinamis.celery import app
from dinamis.leases import LEASE, renewed

log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 5
# Wait before the second, third, fourth and fifth attempt.
BACK_OFF = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=3),
    timedelta(minutes=20),
)


class OutboxQuerySet(models.QuerySet["Promise"]):
    def open(self) -> "OutboxQuerySet":
        """Not kept yet, and still worth trying."""
        return self.filter(done_at=None, attempts__lt=MAX_ATTEMPTS)

    def claimable(self) -> "OutboxQuerySet":
        """Open, due, and in nobody's hands."""
        now = timezone.now()
        return self.open().filter(Q(claimed_until=None) | Q(claimed_until__lt=now), due_at__lte=now)

    def stuck(self) -> "OutboxQuerySet":
        """Tried to the end without success: a person must look."""
        return self.filter(done_at=None, attempts__gte=MAX_ATTEMPTS)


class Promise(models.Model):
    """One call of one task, promised in the transaction that needs it."""

    task = models.CharField(max_length=120)
    arguments = models.JSONField(default=list)
    made_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        indexes = [
            models.Index(fields=["due_at"], condition=Q(done_at=None), name="promise_open_by_due")
        ]

    def __str__(self) -> str:
        return f"{self.task}{tuple(self.arguments)}"


def after_commit(task: str, *arguments: Any, due_at: Any = None) -> Promise:
    """Promise to run `task` with `arguments` (ids, never objects) once this is committed.

    Outside a transaction it is a programming error. `due_at` puts it off; the wait is in the
    database, never in the broker. Promised again in the same transaction (two deeds that call for
    the same work or the same mail) it is one promise, due at the earlier of the two instants.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{task} was promised outside a transaction")
    due = due_at or timezone.now()
    known = _promised_here(task, list(arguments))
    if known is not None and known.due_at <= due:
        return known
    if known is not None:
        known.due_at = due
        known.save(update_fields=["due_at"])
        promise = known
    else:
        promise = Promise.objects.create(task=task, arguments=list(arguments), due_at=due)
    transaction.on_commit(_Wake(promise.pk, at_once=due_at is None))
    return promise


def is_promised(task: str, *arguments: Any) -> bool:
    """True while a promise of this waits in nobody's hands: another one would only come beside it."""
    now = timezone.now()
    waiting = Promise.objects.open().filter(Q(claimed_until=None) | Q(claimed_until__lt=now))
    return waiting.filter(task=task, arguments=list(arguments)).exists()


class _Wake:
    """What runs after the commit; among Django's hooks it stands for a promise of this transaction.

    A savepoint that is rolled back takes its hooks along, so that what it promised is not counted.
    """

    def __init__(self, pk: int, *, at_once: bool) -> None:
        self.pk, self.at_once = pk, at_once

    def __call__(self) -> None:
        if self.at_once:
            wake(self.pk)


def _promised_here(task: str, arguments: list[Any]) -> Promise | None:
    """The same promise, made in the transaction that is open and seen by no worker yet.

    One made by another transaction does not count: a worker may keep it before this one commits, and
    would not see what it is to tell.
    """
    own = [hook.pk for _sids, hook, _robust in connection.run_on_commit if isinstance(hook, _Wake)]
    if not own:
        return None
    same = Promise.objects.filter(pk__in=own, task=task, arguments=arguments)
    return same.filter(attempts=0, claimed_until=None, done_at=None).first()


def wake(pk: int) -> None:
    """Ask a worker to keep a promise; a silent broker costs a second, and loses nothing."""
    try:
        app.send_task("dinamis.tasks.keep", [pk])
    except Exception as error:  # noqa: BLE001 any broker fault: the sweep finds the row
        log.warning("wake_up_failed", promise=pk, error=str(error))


def keep(pk: int) -> bool:
    """Claim one promise and carry it out; say whether this call did it.

    A second runner, a repeated message or a late one finds nothing to claim and does nothing.
    """
    if not _claim(pk):
        return False
    promise = Promise.objects.get(pk=pk)
    try:
        with renewed(partial(_renew, pk), name=f"lease-{pk}"):
            app.tasks[promise.task].run(*promise.arguments)
    except Exception as error:  # noqa: BLE001 whatever the task's fault, it is tried again
        _put_back(promise, error)
        return False
    Promise.objects.filter(pk=pk).update(done_at=timezone.now(), claimed_until=None, error="")
    return True


def sweep(limit: int = 200) -> int:
    """Wake workers for promises that are due and in nobody's hands; return how many."""
    due = list(Promise.objects.claimable().order_by("due_at")[:limit].values_list("pk", flat=True))
    for pk in due:
        wake(pk)
    return len(due)


def _claim(pk: int) -> bool:
    now = timezone.now()
    return bool(
        Promise.objects.claimable()
        .filter(pk=pk)
        .update(claimed_until=now + LEASE, attempts=F("attempts") + 1)
    )


def _renew(pk: int) -> None:
    Promise.objects.filter(pk=pk).update(claimed_until=timezone.now() + LEASE)


def _put_back(promise: Promise, error: Exception) -> None:
    wait = BACK_OFF[min(promise.attempts, len(BACK_OFF)) - 1]
    Promise.objects.filter(pk=promise.pk).update(
        claimed_until=None,
        due_at=timezone.now() + wait,
        error=f"{type(error).__name__}: {error}"[:2000],
    )
    if promise.attempts >= MAX_ATTEMPTS:
        log.error("promise_needs_attention", promise=promise.pk, task=promise.task)
    # The frames, without the message: a mail server's refusal quotes the address. The row keeps it.
    log.error(
        "promise_failed",
        promise=promise.pk,
        task=promise.task,
        attempt=promise.attempts,
        error=type(error).__name__,
        frames="".join(traceback.format_tb(error.__traceback__)),
    )
