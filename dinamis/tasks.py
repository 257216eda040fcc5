"""The ground's own tasks: keep a promise, look for forgotten ones, show that workers live."""

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from dinamis import outbox, retention

HEARTBEAT = "worker-heartbeat"


@shared_task(name="dinamis.tasks.keep")
def keep(pk: int) -> None:
    outbox.keep(pk)


@shared_task(name="dinamis.tasks.sweep")
def sweep() -> None:
    outbox.sweep()


@shared_task(name="dinamis.tasks.heartbeat")
def heartbeat() -> None:
    """Written by a worker that really consumes: /readyz reads its age."""
    cache.set(HEARTBEAT, timezone.now().timestamp(), timeout=600)


@shared_task(name="dinamis.tasks.forget")
def forget() -> None:
    """Every night: what is kept no longer than its period."""
    retention.apply()
