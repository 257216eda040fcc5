"""The first referent of a new member: attached when the proved address has an account."""

from typing import Any

from allauth.account.models import EmailAddress
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.services.people import affiliations
from dinamis.actors import Actor


def attach_to(membership: Membership) -> Any:
    """Attach the person who proved the referent's address, if they have an account already."""
    proved = (
        EmailAddress.objects.filter(
            email__iexact=membership.referent_email, verified=True, user__is_active=True
        )
        .select_related("user")
        .first()
    )
    return _found(proved.user, membership) if proved else None


def welcome(user: User) -> int:
    """Attach a person to the memberships that name one of their proved addresses; return how many."""
    emails = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    lowered = [email.lower() for email in emails]
    waiting = Membership.objects.active().filter(referent_email__in=lowered)
    return sum(_found(user, membership) is not None for membership in waiting)


def _found(user: User, membership: Membership) -> Any:
    """Make the founding affiliation, once: a referent who has left is not brought back by signing in."""
    if membership.organisation.affiliations.filter(user=user).exists():
        return None
    return affiliations.found(
        membership.organisation, user=user, position=_("Referent"), by=Actor.system("joining")
    )
