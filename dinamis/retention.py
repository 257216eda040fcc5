"""Periods that end: each room registers what it forgets; a daily task lets each of them forget.

A rule forgets at most so many rows, in a transaction of its own, and says how many; it is called until
it forgets fewer, so that a worker that dies half-way loses one batch, and twice is once.
"""

from collections.abc import Callable
from datetime import datetime

import structlog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from dinamis.idempotency import IdempotentAnswer
from dinamis.outbox import Promise

log = structlog.get_logger(__name__)
BATCH = 5000
Rule = Callable[[int], int]

_rules: dict[str, Rule] = {}


def register(name: str, rule: Rule) -> None:
    """Add a rule, or replace the one of the same name."""
    _rules[name] = rule


def apply() -> dict[str, int]:
    """Let every rule forget what is over; return how many rows each forgot.

    One that fails is logged and does not keep the others from their work.
    """
    done = {}
    for name, rule in sorted(_rules.items()):
        try:
            done[name] = _until_nothing_is_left(rule)
        except Exception:
            log.exception("retention_failed", rule=name)
    log.info("retention", **done)
    return done


def before(name: str) -> datetime:
    """The instant before which this period has ended."""
    return timezone.now() - settings.RETENTION[name]


def delete(rows: QuerySet, most: int) -> int:
    """Delete at most so many of these rows."""
    some = list(rows.order_by("pk").values_list("pk", flat=True)[:most])
    rows.model._default_manager.filter(pk__in=some).delete()
    return len(some)


def _until_nothing_is_left(rule: Rule) -> int:
    total = 0
    while True:
        count = rule(BATCH)
        total += count
        if count < BATCH:
            return total


def _promises(most: int) -> int:
    return delete(Promise.objects.filter(done_at__lt=before("promises")), most)


def _answers(most: int) -> int:
    return delete(IdempotentAnswer.objects.filter(made_at__lt=before("answers")), most)


def _sessions(most: int) -> int:
    return delete(Session.objects.filter(expire_date__lt=timezone.now()), most)


def register_ground() -> None:
    """Called once, when the ground's app is ready."""
    register("promises", _promises)
    register("answers", _answers)
    register("sessions", _sessions)
