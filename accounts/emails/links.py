"""The mails that carry a link: to prove an address, to accept, to correct."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.emails.message import Message
from accounts.models import MailedLink, Membership


def link(mailed: MailedLink, path: str) -> Message:
    """The mail that carries a link: to prove an address, to accept, or to correct."""
    membership = mailed.membership
    name = membership.organisation.name
    subject, paragraphs, label = _LINKS[MailedLink.Purpose(mailed.purpose)](membership, name)
    until = date_format(timezone.localtime(mailed.expires_at), "DATETIME_FORMAT")
    once = _("This link works once, until %(until)s. Opening it does nothing by itself.")
    return Message(
        to=mailed.email,
        language=mailed.language,
        subject=subject,
        paragraphs=paragraphs,
        reason=_last_reason(membership) if mailed.purpose == MailedLink.Purpose.CORRECT else "",
        turn=_("Your turn, until %(until)s.") % {"until": until},
        why=_("You receive this mail because you are named in a request to join DINAMIS."),
        label=label,
        path=path,
        after=(once % {"until": until},),
    )


def _to_prove(membership: Membership, name: str) -> tuple[str, tuple[str, ...], str]:
    return (
        _("Your turn: confirm your address, so that %(name)s can join DINAMIS") % {"name": name},
        (
            _("%(person)s, you are named as the future referent of %(name)s.")
            % {"person": membership.referent_name, "name": name},
            _(
                "Once you confirm this address, %(legal)s, legal representative, receives the request "
                "to accept the charter and the licences."
            )
            % {"legal": membership.legal_name},
            _("If you know nothing of this, do nothing: the request lapses by itself."),
        ),
        _("Confirm my address"),
    )


def _to_accept(membership: Membership, name: str) -> tuple[str, tuple[str, ...], str]:
    return (
        _("Your turn: accept the membership of %(name)s") % {"name": name},
        (
            _("%(person)s, you are named as the legal representative of %(name)s.")
            % {"person": membership.legal_name, "name": name},
            _(
                "%(referent)s asks that it join DINAMIS, which gives public bodies and researchers "
                "very-high-resolution satellite images. Joining is free."
            )
            % {"referent": membership.referent_name},
            _("You check the facts, read the charter and the licences, and accept: one page."),
        ),
        _("Check and accept"),
    )


def _to_correct(membership: Membership, name: str) -> tuple[str, tuple[str, ...], str]:
    return (
        _("Your turn: correct the membership form of %(name)s") % {"name": name},
        (_("The form came back to you. What was written is kept; change what is asked."),),
        _("Correct the form"),
    )


_LINKS = {
    MailedLink.Purpose.PROVE: _to_prove,
    MailedLink.Purpose.ACCEPT: _to_accept,
    MailedLink.Purpose.CORRECT: _to_correct,
}


def _last_reason(membership: Membership) -> str:
    event = membership.events.filter(step__in=["object", "send_back"]).order_by("-pk").first()
    return event.reason if event else ""
