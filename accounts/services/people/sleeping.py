"""Accounts that nobody uses: warned, then closed. Closing ends everything the person had, at once."""

from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Affiliation, ApiKey, Duty, User
from accounts.services.people import affiliations
from accounts.services.programs import api_keys
from dinamis.actors import Actor
from dinamis.outbox import after_commit

CLOCK = Actor.system("clock")


def last_seen() -> QuerySet[User]:
    """People with `seen_at`: the last sign-in or use of a key, or the day the account was made."""
    used = ApiKey.objects.filter(user=OuterRef("pk")).order_by().values("user")
    newest = Subquery(used.annotate(at=Max("last_used_at")).values("at"))
    return User.objects.filter(is_active=True).annotate(
        seen_at=Greatest("joined_at", "last_login", newest)
    )


def warn() -> int:
    """Promise one mail to whoever was not seen for so long that closing is near; return how many."""
    asleep = last_seen().filter(
        Q(sleep_told_at=None) | Q(sleep_told_at__lte=F("seen_at")),
        seen_at__lte=_before(settings.INACTIVE_CLOSE_DAYS - settings.INACTIVE_WARN_DAYS),
    )
    told = 0
    for pk in list(asleep.values_list("pk", flat=True)):
        with transaction.atomic():
            person = User.objects.select_for_update(no_key=True).get(pk=pk)
            if not asleep.filter(pk=pk).exists():
                continue
            person.sleep_told_at = timezone.now()
            person.save(update_fields=["sleep_told_at"])
            after_commit("accounts.tasks.tell_sleeping", pk)
            told += 1
    return told


def close_sleeping() -> int:
    """Close what was warned long enough ago and not seen since; return how many."""
    over = last_seen().filter(
        seen_at__lte=_before(settings.INACTIVE_CLOSE_DAYS),
        sleep_told_at__gt=F("seen_at"),
        sleep_told_at__lte=_before(settings.INACTIVE_WARN_DAYS),
    )
    closed = 0
    for person in over.order_by("pk"):
        with translation.override(person.language):
            reason = _("The account was not used for a long time and is closed.")
        closed += close(person, reason=reason, by=CLOCK)
    return closed


@transaction.atomic
def close(user: User, *, reason: str, by: Actor) -> bool:
    """Close an account: affiliations, requests, keys, duties and sessions end in one transaction.

    False when it was closed already. The person is told by mail.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not user.is_active:
        return False
    now = timezone.now()
    affiliations.end_all(
        Affiliation.objects.open().filter(user=user), reason=reason, by=Actor.system("closing")
    )
    api_keys.revoke_all(user, by=by)
    Duty.objects.current().filter(user=user).update(ended_at=now)
    for session in UserSession.objects.filter(user=user):
        session.end()
    user.is_active, user.closed_at = False, now
    user.save(update_fields=["is_active", "closed_at"])
    after_commit("accounts.tasks.tell_closed", user.pk)
    return True


def _before(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def closing_day(user: Any) -> datetime:
    """The day on which a warned account is closed, when its person does nothing."""
    seen = last_seen().get(pk=user.pk).seen_at
    by_rule = seen + timedelta(days=settings.INACTIVE_CLOSE_DAYS)
    warned = user.sleep_told_at + timedelta(days=settings.INACTIVE_WARN_DAYS)
    return max(by_rule, warned)
