"""What a program is told of a person, besides the name and address that allauth knows."""

from typing import Any
from uuid import UUID

from accounts.models import Affiliation, User


def organisation_of(user: User) -> dict[str, Any]:
    """The claim `organisation`: of the current affiliation; nothing for a person without one."""
    current = Affiliation.objects.active().filter(user=user, is_current=True)
    affiliation = current.select_related("organisation").first()
    if affiliation is None:
        return {}
    body = affiliation.organisation
    known = {"siret": body.siret, "rnsr": body.rnsr, "ror": body.ror}
    return {
        "organisation": {
            "name": body.name,
            "country": body.country,
            "identifiers": {kind: value for kind, value in known.items() if value},
            "is_member": body.is_member,
        }
    }


def user_of(sub: str) -> User | None:
    """The person a program calls by this identifier, if they may sign in."""
    try:
        public_id = UUID(sub)
    except ValueError:
        return None
    return User.objects.filter(public_id=public_id, is_active=True).first()
