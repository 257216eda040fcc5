"""What time does to affiliations and requests: remind, escalate, end. Each thing is told once.

Every function may run at any hour and as often as wanted: a row is marked and its mail promised in one
transaction, by an UPDATE that only one runner can win.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Affiliation, Change
from accounts.services.people import affiliations
from accounts.states.affiliation import BELONGING
from dinamis.actors import Actor
from dinamis.outbox import after_commit

CLOCK = Actor.system("clock")
ANNOUNCED_DAYS = (30, 7)


def announce_ends() -> int:
    """Tell the person and the referents 30 and 7 days before the last day; return how many were told."""
    today, told = timezone.localdate(), 0
    for days in sorted(ANNOUNCED_DAYS):
        near = Affiliation.objects.active().filter(
            Q(end_told_days=None) | Q(end_told_days__gt=days),
            ends_on__gte=today,
            ends_on__lte=today + timedelta(days=days),
        )
        told += _each(near, {"end_told_days": days}, "accounts.tasks.tell_end_near")
    return told


def end_due() -> int:
    """End what had its last day yesterday or before, in the site's time zone; return how many."""
    over = Affiliation.objects.filter(state__in=sorted(BELONGING), ends_on__lt=timezone.localdate())
    ended = 0
    for row in over.select_related("user").order_by("pk"):
        with translation.override(row.user.language):
            reason = _("The last day of the affiliation is past.")
        affiliations.end(row, reason=reason, by=CLOCK)
        ended += 1
    return ended


def remind_requests() -> int:
    """Tell referents of requests unanswered for REQUEST_REMIND_DAYS; return how many."""
    late = _unanswered(settings.REQUEST_REMIND_DAYS).filter(reminded_at=None)
    return _each(late, {"reminded_at": timezone.now()}, "accounts.tasks.tell_request_waits")


def escalate_requests() -> int:
    """Tell the desk of requests unanswered for REQUEST_ESCALATE_DAYS; return how many."""
    late = _unanswered(settings.REQUEST_ESCALATE_DAYS).filter(escalated_at=None)
    return _each(late, {"escalated_at": timezone.now()}, "accounts.tasks.tell_request_escalated")


def remind_changes() -> int:
    """Tell the desk of changes that wait there for CHANGE_REMIND_DAYS; return how many."""
    late = _undecided(settings.CHANGE_REMIND_DAYS).filter(reminded_at=None)
    return _each(late, {"reminded_at": timezone.now()}, "accounts.tasks.tell_change_waits")


def escalate_changes() -> int:
    """Tell the administrators of changes that the desk has not decided for CHANGE_ESCALATE_DAYS."""
    late = _undecided(settings.CHANGE_ESCALATE_DAYS).filter(escalated_at=None)
    return _each(late, {"escalated_at": timezone.now()}, "accounts.tasks.tell_change_escalated")


def _undecided(days: int) -> QuerySet[Change]:
    before = timezone.now() - timedelta(days=days)
    return Change.objects.for_desk().filter(state_since__lte=before)


def _unanswered(days: int) -> QuerySet[Affiliation]:
    before = timezone.now() - timedelta(days=days)
    return Affiliation.objects.requested().filter(state_since__lte=before)


def _each(rows: QuerySet[Any], mark: dict[str, Any], task: str) -> int:
    """Mark each row that still answers the question, and promise its mail with it."""
    told = 0
    for pk in list(rows.values_list("pk", flat=True)):
        with transaction.atomic():
            if rows.order_by().filter(pk=pk).update(**mark):
                after_commit(task, pk)
                told += 1
    return told
