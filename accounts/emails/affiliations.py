"""The mails of an affiliation: to the referents for a request, to the person for an answer."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.emails.message import Message
from accounts.models import Affiliation, AffiliationEvent


def told(event: AffiliationEvent, referents: list[Any]) -> list[Message]:
    """The mails of one step of an affiliation: the referents for a request, the person for an answer."""
    affiliation = event.affiliation
    if event.step == "ask":
        return [_to_referent(affiliation, person) for person in referents]
    news = _AFFILIATION_NEWS.get(event.step)
    if news is None or (event.by_part and event.step != "end"):
        return []
    person, name = affiliation.user, affiliation.organisation.name
    subject, text, label, page = news()
    return [
        Message(
            to=person.email,
            language=person.language,
            subject=subject % {"name": name},
            paragraphs=(text % {"name": name},),
            reason=event.reason,
            label=label,
            path=reverse(page),
        )
    ]


def _to_referent(affiliation: Affiliation, referent: Any) -> Message:
    return Message(
        to=referent.email,
        language=referent.language,
        subject=_("Your turn: %(person)s asks to be attached to %(name)s")
        % {"person": affiliation.user.full_name, "name": affiliation.organisation.name},
        paragraphs=(affiliation.position, affiliation.statement),
        turn=_("Your turn: accept or refuse. Until then %(person)s waits.")
        % {"person": affiliation.user.full_name},
        facts=((_("Address, proved"), affiliation.user.email),),
        label=_("Accept or refuse…"),
        path=reverse("organisation"),
    )


def _accepted() -> tuple[str, str, str, str]:
    return (
        _("You are attached to %(name)s"),
        _("You can now sign the licences, download and ask for images for %(name)s."),
        _("Sign the licences"),
        "licences",
    )


def _refused() -> tuple[str, str, str, str]:
    return (
        _("The referent of %(name)s did not accept your request"),
        _("You are not attached to %(name)s. You can ask again, or ask another organisation."),
        _("See my requests"),
        "attach",
    )


def _suspended() -> tuple[str, str, str, str]:
    return (
        _("Your affiliation with %(name)s is suspended"),
        _("You can neither download nor ask for images for %(name)s until it is resumed."),
        _("My account"),
        "account",
    )


def _resumed() -> tuple[str, str, str, str]:
    return (
        _("Your affiliation with %(name)s is active again"),
        _("You can download and ask for images for %(name)s again."),
        _("My account"),
        "account",
    )


def _made_referent() -> tuple[str, str, str, str]:
    return (
        _("You are a referent of %(name)s"),
        _("You accept or refuse the accounts of your colleagues at %(name)s."),
        _("My organisation"),
        "organisation",
    )


def _no_longer_referent() -> tuple[str, str, str, str]:
    return (
        _("You are no longer a referent of %(name)s"),
        _("You stay attached to %(name)s; others now decide on its accounts."),
        _("My account"),
        "account",
    )


def _ended() -> tuple[str, str, str, str]:
    return (
        _("You are no longer attached to %(name)s"),
        _("Your rights and API keys for %(name)s have stopped. Your account stays yours."),
        _("My account"),
        "account",
    )


_AFFILIATION_NEWS = {
    "make_referent": _made_referent, "unmake_referent": _no_longer_referent,
    "accept": _accepted, "refuse": _refused, "suspend": _suspended, "resume": _resumed,
    "end": _ended, "leave": _ended,
}  # fmt: skip
