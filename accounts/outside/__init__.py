"""Other houses that say who somebody is: what they said, and which of their words are believed.

`oidc` and `saml` speak with them; here is what both have in common, without HTTP and without a database.
"""

from dataclasses import dataclass
from typing import Any

import structlog
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp

log = structlog.get_logger(__name__)
LONGEST = 200  # characters of a fact that is kept


class Unbelieved(Exception):
    """A provider's answer is not what it must be. The reason is for the log, never for the page."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody, as a provider knows them: never changing `uid` of `provider`, and what was said beside."""

    provider: str
    provider_name: str
    uid: str
    name: str = ""
    email: str = ""
    organisation: str = ""

    @classmethod
    def of(cls, account: SocialAccount) -> "Identity":
        """The same, from what is kept of it."""
        return cls(account.provider, name_of(account.provider), account.uid, **account.extra_data)

    @property
    def kept(self) -> dict[str, str]:
        """All that is kept of what a provider sends, so that people know their identities apart."""
        facts = {"email": self.email, "name": self.name, "organisation": self.organisation}
        return {name: value for name, value in facts.items() if value}


def clean(value: Any) -> str:
    """A fact that another house sent, as a line of text that fits."""
    text = value if isinstance(value, str) else ""
    return "".join(char for char in " ".join(text.split()) if char.isprintable())[:LONGEST]


def is_said_proved(value: Any) -> bool:
    """True when a provider says it proved an address. Some send the word instead of the truth."""
    return value is True or (isinstance(value, str) and value.lower() == "true")


def is_trusted(domains: list[str], email: str, *, proved: bool) -> bool:
    """True when this address was proved by a provider that is trusted for exactly this domain.

    A domain covers no other below it: who gives out `x@univ.example` may not speak for `lab.univ.example`.
    """
    if not proved or not email.isascii() or email.count("@") != 1:
        return False
    return email.rpartition("@")[2].lower() in domains


def apps(kind: str = "") -> list[SocialApp]:
    """The providers that are set up, in the order of their names."""
    found = [app for app in get_adapter().list_apps(None) if kind in ("", app.provider)]
    return sorted(found, key=lambda app: app.name.casefold())


def app(kind: str, provider_id: str) -> SocialApp:
    """One provider by kind and id; raises SocialApp.DoesNotExist."""
    for one in apps(kind):
        if one.provider_id == provider_id:
            return one
    raise SocialApp.DoesNotExist


def name_of(provider_id: str) -> str:
    """What people call a provider; its id, once it is no longer set up."""
    return next((one.name for one in apps() if one.provider_id == provider_id), provider_id)
