"""What the mails of this room say: each is built from an event, in the reader's language, and sent elsewhere."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import (
    Affiliation,
    AffiliationEvent,
    MailedLink,
    Membership,
    MembershipEvent,
)

TEMPLATE = "accounts/notice"


@dataclass(frozen=True, slots=True)
class Message:
    """One mail: the subject is the same sentence as the page it leads to; at most one button."""

    to: str
    language: str
    subject: str
    paragraphs: tuple[str, ...]
    turn: str = ""
    why: str = ""
    reason: str = ""
    label: str = ""
    path: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    after: tuple[str, ...] = ()
    attachments: tuple[tuple[str, bytes, str], ...] = field(default=())

    @property
    def context(self) -> dict[str, Any]:
        """What the template shows."""
        return {
            "subject": self.subject,
            "paragraphs": self.paragraphs,
            "turn": self.turn or _("Nothing is expected of you."),
            "why": self.why or _("You receive this mail because you use DINAMIS."),
            "reason": self.reason,
            "label": self.label,
            "action_url": f"{settings.SITE_URL}{self.path}" if self.path else "",
            "facts": self.facts,
            "after": self.after,
        }


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


def membership_told(event: MembershipEvent) -> list[Message]:
    """The mails that one step of a membership sends; activation and links have their own."""
    membership = event.membership
    if event.step == "accept":
        return [_with_desk(membership), _for_desk(membership)]
    subject = _MEMBERSHIP_NEWS.get(event.step)
    if subject is None:
        return []
    title = str(subject()) % {"name": membership.organisation.name}
    people = [membership.referent_email]
    if event.step != "lapse":
        people.append(membership.legal_email)
    return [
        Message(
            to=email,
            language=membership.language,
            subject=title,
            reason=event.reason,
            paragraphs=(
                _("Reference of the request: %(reference)s.") % {"reference": membership.reference},
                _("To answer, write to the DINAMIS desk: %(email)s.")
                % {"email": settings.DESK_EMAIL},
            ),
        )
        for email in people
    ]


_MEMBERSHIP_NEWS = {
    "refuse": lambda: _("The membership of %(name)s is refused"),
    "lapse": lambda: _("The request to join of %(name)s has lapsed"),
    "suspend": lambda: _("The membership of %(name)s is suspended"),
    "resume": lambda: _("The membership of %(name)s is active again"),
    "expire": lambda: _("The membership of %(name)s has expired"),
    "leave": lambda: _("%(name)s is no longer a member"),
}


def _with_desk(membership: Membership) -> Message:
    return Message(
        to=membership.referent_email,
        language=membership.language,
        subject=_("DINAMIS now reviews the membership of %(name)s")
        % {"name": membership.organisation.name},
        paragraphs=(
            _("%(legal)s accepted the charter and the licences.")
            % {"legal": membership.legal_name},
            _("Nothing is expected of you. The answer comes by mail, as a rule within two weeks."),
        ),
    )


def _for_desk(membership: Membership) -> Message:
    """The desk reads its own language, whatever the dossier's."""
    with translation.override(settings.LANGUAGE_CODE):
        return Message(
            to=settings.DESK_EMAIL,
            language=settings.LANGUAGE_CODE,
            subject=_("To review: the membership of %(name)s")
            % {"name": membership.organisation.name},
            paragraphs=(
                _("%(reference)s, accepted by its legal representative.")
                % {"reference": membership.reference},
            ),
            turn=_("The desk's turn: approve, send back or refuse."),
            label=_("Open the file"),
            path=reverse("desk_membership", args=[membership.reference]),
        )


def activated(membership: Membership, certificate: bytes) -> list[Message]:
    """The certificate, to the legal representative and to the referent, who is told what comes next."""
    name = membership.organisation.name
    subject = _("%(name)s is a member of DINAMIS") % {"name": name}
    attachments = ((f"{membership.certificate_number}.pdf", certificate, "application/pdf"),)
    number = _("Certificate %(number)s, attached.") % {"number": membership.certificate_number}
    check = reverse("certificate", args=[membership.certificate_number])
    common = {"language": membership.language, "subject": subject, "attachments": attachments}
    return [
        Message(
            to=membership.legal_email,
            label=_("Check the certificate"),
            path=check,
            paragraphs=(number, _("Nothing more is expected of you.")),
            **common,
        ),
        Message(
            to=membership.referent_email,
            turn=_("Your turn: open your account."),
            label=_("Open my account"),
            path=f"{reverse('account_signup')}?email={membership.referent_email}",
            paragraphs=(
                number,
                _(
                    "You are its referent: create your account with this address, or sign in if you "
                    "have one. You will then accept the accounts of your colleagues."
                ),
            ),
            **common,
        ),
    ]


def affiliation_told(event: AffiliationEvent, referents: list[Any]) -> list[Message]:
    """The mails of one step of an affiliation: the referents for a request, the person for an answer."""
    affiliation = event.affiliation
    if event.step == "ask":
        return [_to_referent(affiliation, person) for person in referents]
    news = _AFFILIATION_NEWS.get(event.step)
    if news is None or event.by_part:
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
