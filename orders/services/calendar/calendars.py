"""The secret address of a person's calendar: made, shown again, renewed, withdrawn, found."""

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import PersonEvent, User
from accounts.services.people import people
from dinamis import sealing
from dinamis.actors import Actor
from dinamis.errors import NotAllowed
from orders.models import CalendarFeed

PURPOSE = "orders.calendar"
LENGTH = 43  # characters of a token: 256 random bits


@transaction.atomic
def renew(user: User, *, by: Actor) -> str:
    """Give the person an address, or another in place of the one they have; return its secret."""
    _check(user, by)
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(
        user=user,
        defaults={
            "digest": _digest(token),
            "sealed": sealing.seal(token, purpose=PURPOSE),
            "made_at": timezone.now(),
        },
    )
    people.note(user, PersonEvent.Kind.CALENDAR_MADE, by=by)
    return token


@transaction.atomic
def stop(user: User, *, by: Actor) -> bool:
    """Withdraw the address: it leads nowhere from now on. Say whether there was one."""
    _check(user, by)
    gone, _each = CalendarFeed.objects.filter(user=user).delete()
    if gone:
        people.note(user, PersonEvent.Kind.CALENDAR_STOPPED, by=by)
    return bool(gone)


def token_of(user: User) -> str:
    """The secret of the person's address, "" when they have none."""
    feed = CalendarFeed.objects.filter(user=user).first()
    return sealing.unseal(feed.sealed, purpose=PURPOSE) if feed else ""


def owner_of(token: str) -> User | None:
    """Whose address this is, while their account lives."""
    if len(token) != LENGTH:
        return None
    rows = CalendarFeed.objects.filter(digest=_digest(token), user__is_active=True)
    feed = rows.select_related("user").first()
    return feed.user if feed else None


def _check(user: User, by: Actor) -> None:
    if by.user != user:
        raise NotAllowed("not_yours", _("Only the person does this."))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
