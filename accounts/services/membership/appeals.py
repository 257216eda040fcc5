"""A refusal answered: once, by the referent, and read again by another officer than the one who refused."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.services.membership import membership_steps as steps
from accounts.states.membership import LIFE
from dinamis.actors import Actor
from dinamis.errors import NotAllowed, NotNow


@transaction.atomic
def appeal(membership: Membership, *, reason: str, by: Actor) -> Membership:
    """The referent answers the refusal; raises NotNow past the delay, or for a second appeal."""
    membership = steps.locked(membership)
    LIFE.check("appeal", membership.state)
    if membership.events.filter(step="appeal").exists():
        raise NotNow("appealed_already", _("This refusal was already answered once."))
    if membership.due_at and membership.due_at < timezone.now():
        raise NotNow("appeal_too_late", _("The time to answer this refusal is over."))
    return steps.take(membership, "appeal", reason=reason, by=by)


@transaction.atomic
def decide(membership: Membership, name: str, *, reason: str, by: Actor) -> Membership:
    """Grant or dismiss an appeal; raises NotAllowed for the officer who refused."""
    if name not in ("grant", "dismiss"):
        raise KeyError(name)
    membership = steps.locked(membership)
    LIFE.check(name, membership.state)
    if not may_decide(membership, by.user):
        raise NotAllowed(
            "another_officer_decides",
            _("You refused this membership: another officer reads the appeal."),
        )
    return steps.take(membership, name, reason=reason, by=by)


def may_decide(membership: Membership, officer: object) -> bool:
    """True for an officer who is not the one whose refusal is appealed against."""
    refusal = membership.events.filter(step="refuse").last()
    return refusal is None or refusal.by_user != officer
