"""Duties held for the whole scheme: given and taken back, never deleted."""

from django.db import transaction
from django.utils import timezone

from accounts import policies
from accounts.models import Duty, User
from accounts.services.people import sessions
from dinamis.actors import Actor


@transaction.atomic
def appoint(user: User, *, kind: str, by: Actor) -> Duty:
    """Give a duty; a duty held already is returned as it is. Administrators and the system may.

    The person's sessions end: what was opened with less care does not grow into more rights.
    """
    _check(by)
    duty = Duty.objects.current().filter(user=user, kind=kind).first()
    if duty is None:
        duty = Duty.objects.create(user=user, kind=Duty.Kind(kind), **by.columns())
        sessions.end_all(user)
    _forget(user)
    return duty


@transaction.atomic
def relieve(user: User, *, kind: str, by: Actor) -> int:
    """Take a duty back; the person's sessions end. Return how many rows ended (0 or 1)."""
    _check(by)
    ended = Duty.objects.current().filter(user=user, kind=kind).update(ended_at=timezone.now())
    if ended:
        sessions.end_all(user)
    _forget(user)
    return ended


def _check(by: Actor) -> None:
    if not by.part:
        policies.check_is_administrator(by.user)


def _forget(user: User) -> None:
    """The person's object remembers its duties; let it read them again."""
    user.__dict__.pop("duties_held", None)
