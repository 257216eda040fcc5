"""What a person changes about themselves."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.eligibility import ASKS_NATIONALITY
from accounts.models import Affiliation, Organisation, PersonEvent, User
from accounts.services.programs import linked_accounts
from accounts.states.affiliation import OPEN
from dinamis.actors import Actor
from dinamis.errors import NotAllowed


@transaction.atomic
def change_profile(
    user: User, *, full_name: str, language: str, nationality: str = "", by: Actor
) -> User:
    """Keep a new name, language and nationality (ISO 3166-1, or nothing); only the person does this."""
    if by.user != user:
        raise NotAllowed("not_yours", _("Only the person changes this."))
    user.full_name, user.language = full_name.strip(), language
    user.nationality = nationality
    user.save(update_fields=["full_name", "language", "nationality"])
    note(user, PersonEvent.Kind.PROFILE, by=by)
    linked_accounts.person_changed(user)
    return user


def asks_nationality(user: User) -> bool:
    """True where a rule needs it, for the people of bodies outside France, or where it was said before."""
    mine = Affiliation.objects.filter(user=user, state__in=OPEN)
    return bool(user.nationality) or (
        mine.filter(organisation__category__in=ASKS_NATIONALITY).exists()
    )


def wants_nationality(organisation: Organisation) -> bool:
    """True where the rules of Pléiades look at who the people of such a body are."""
    return organisation.category in ASKS_NATIONALITY


def say_nationality(user: User, nationality: str, *, by: Actor) -> None:
    """Keep the nationality (ISO 3166-1) that a person says of themselves, inside the caller's transaction."""
    if user.nationality != nationality:
        user.nationality = nationality
        user.save(update_fields=["nationality"])
        note(user, PersonEvent.Kind.PROFILE, by=by)


def note(user: User, kind: str, *, about: str = "", by: Actor) -> PersonEvent:
    """Write what was done to an account in its history, inside the caller's transaction."""
    return PersonEvent.objects.create(user=user, kind=kind, about=about, **by.columns())
