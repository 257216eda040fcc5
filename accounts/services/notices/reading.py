"""The list of what a person was told: counted for the bell, opened, marked as read."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Notice
from dinamis.actors import Actor

MOST_COUNTED = 100  # the bell says 99+ beyond


def unread(user: Any) -> QuerySet[Notice]:
    """What a person has not read, to be counted: no more than MOST_COUNTED."""
    return Notice.objects.visible_to(user).unread().order_by()[:MOST_COUNTED]


def unread_count(user: Any) -> int:
    """How many a person has not read; no more than MOST_COUNTED are counted."""
    return unread(user).count()


def read(notice: Notice, *, by: Actor) -> Notice:
    """The person has seen it; twice is once."""
    if notice.read_at is None:
        mark(by=by, pks=[notice.pk])
        notice.refresh_from_db()
    return notice


def mark(*, by: Actor, pks: Sequence[int] | None = None, family: str = "") -> int:
    """Mark one's own notices as read: these, those of one family, or all; return how many were not."""
    rows = Notice.objects.visible_to(by.user).unread()
    if pks is not None:
        rows = rows.filter(pk__in=pks)
    if family:
        rows = rows.filter(family=family)
    return rows.update(read_at=timezone.now())


def unmark(notice: Notice, *, by: Actor) -> int:
    """Put it back among what is to be read."""
    return Notice.objects.visible_to(by.user).filter(pk=notice.pk).update(read_at=None)
