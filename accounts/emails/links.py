"""The mails that carry a link: to prove an address, to accept, to correct."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from accounts.emails.message import Message, link_words, reminded
from accounts.models import MailedLink, Membership
from dinamis.formats import day


def link(mailed: MailedLink, path: str) -> Message:
    """The mail that carries a link: to prove an address, to accept, or to correct."""
    membership = mailed.membership
    name = membership.organisation.name
    subject, paragraphs, label = _LINKS[MailedLink.Purpose(mailed.purpose)](membership, name)
    return Message(
        to=mailed.email,
        language=mailed.language,
        subject=reminded(mailed, subject),
        paragraphs=paragraphs,
        reason=_last_reason(membership, _ANSWERED.get(mailed.purpose, ())),
        why=_("You receive this mail because you are named in a request to join DINAMIS."),
        label=label,
        path=path,
        **link_words(mailed, membership.waits_until),
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


def _to_go_on(membership: Membership, name: str) -> tuple[str, tuple[str, ...], str]:
    return (
        _("Your turn: finish the request to join of %(name)s") % {"name": name},
        (
            _("What was typed is kept. Nothing is sent to anybody until you send the form."),
            _("If you know nothing of this, do nothing: the form is forgotten by itself."),
        ),
        _("Go on with the form"),
    )


def _to_appeal(membership: Membership, name: str) -> tuple[str, tuple[str, ...], str]:
    return (
        _("The membership of %(name)s is refused") % {"name": name},
        (
            _("Reference of the request: %(reference)s.") % {"reference": membership.reference},
            _("You may answer once. Another officer of the desk then reads the file again."),
        ),
        _("Answer the refusal"),
    )


def _to_renew(membership: Membership, name: str) -> tuple[str, tuple[str, ...], str]:
    return (
        _("Your turn: renew the membership of %(name)s") % {"name": name},
        (
            _("It ends on %(day)s. One page to confirm starts a new period.")
            % {"day": day(membership.ends_on)},
            _("Without it, nobody orders or downloads for the organisation after that day."),
        ),
        _("Renew"),
    )


# The steps whose reason the mail of an act repeats.
_ANSWERED = {
    MailedLink.Purpose.CORRECT: ("object", "send_back"),
    MailedLink.Purpose.APPEAL: ("refuse",),
}
_LINKS = {
    MailedLink.Purpose.DRAFT: _to_go_on,
    MailedLink.Purpose.APPEAL: _to_appeal,
    MailedLink.Purpose.RENEW: _to_renew,
    MailedLink.Purpose.PROVE: _to_prove,
    MailedLink.Purpose.ACCEPT: _to_accept,
    MailedLink.Purpose.CORRECT: _to_correct,
}


def _last_reason(membership: Membership, steps: Sequence[str]) -> str:
    event = membership.events.filter(step__in=steps).order_by("-pk").first()
    return event.reason if event else ""
