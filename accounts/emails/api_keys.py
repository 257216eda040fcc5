"""The mails of an API key: it stops soon, somebody revoked it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.emails.message import Message
from accounts.models import ApiKey
from dinamis.formats import day


def expires(key: ApiKey) -> Message:
    """To its owner, two weeks before."""
    when = day(key.expires_at)
    return _to_owner(
        key,
        subject=_("Your turn: the API key “%(name)s” stops on %(day)s")
        % {"name": key.name, "day": when},
        text=_("Rotate it: you receive a new secret, and the old one goes on working for a day."),
        turn=_("Your turn, before %(day)s.") % {"day": when},
    )


def revoked(key: ApiKey) -> Message:
    """To its owner, when a referent or the desk revoked it."""
    return _to_owner(
        key,
        subject=_("Your API key “%(name)s” was revoked") % {"name": key.name},
        text=_("%(who)s revoked it: programs that use it are refused from now on.")
        % {"who": key.revoked_by or _("The DINAMIS desk")},
    )


def _to_owner(key: ApiKey, *, subject: str, text: str, turn: str = "") -> Message:
    return Message(
        to=key.user.email,
        language=key.user.language,
        subject=subject,
        paragraphs=(text,),
        turn=turn,
        facts=(
            (_("Access key"), key.access_key),
            (_("It acts for"), str(key.organisation)),
        ),
        label=_("My API keys"),
        path=reverse("api_keys"),
    )
