"""Duties held for the whole scheme: given and taken back, never deleted."""

from django.db import transaction
from django.utils import timezone

from accounts import policies
from accounts.models import Duty, User
from dinamis.actors import Actor


@transaction.atomic
def appoint(user: User, *, kind: str, by: Actor) -> Duty:
    """Give a duty; a duty held already is returned as it is. Administrators and the system may."""
    _check(by)
    duty = Duty.objects.current().filter(user=user, kind=kind).first()
    duty = duty or Duty.objects.create(user=user, kind=Duty.Kind(kind), **by.columns())
    _forget(user)
    return duty


@transaction.atomic
def relieve(user: User, *, kind: str, by: Actor) -> int:
    """Take a duty back; return how many rows ended (0 or 1)."""
    _check(by)
    ended = Duty.objects.current().filter(user=user, kind=kind).update(ended_at=timezone.now())
    _forget(user)
    return ended


def _check(by: Actor) -> None:
    if not by.part:
        policies.check_is_administrator(by.user)


def _forget(user: User) -> None:
    """The person's object remembers its duties; let it read them again."""
    user.__dict__.pop("duties_held", None)
