"""The mails of a membership: what happened to it, and its certificate."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.emails.message import Message
from accounts.models import Membership, MembershipEvent


def told(event: MembershipEvent) -> list[Message]:
    """The mails that one step of a membership sends; activation and links have their own."""
    membership = event.membership
    if event.step == "accept":
        return [_with_desk(membership), _for_desk(membership)]
    if event.step == "appeal":
        return [_for_desk_again(event)]
    subject = _MEMBERSHIP_NEWS.get(event.step)
    if subject is None:
        return []
    title = str(subject()) % {"name": membership.organisation.name}
    people = [membership.referent_email, membership.legal_email]
    if event.step == "lapse":
        people = people[:1]
    elif event.step == "refuse" and not membership.events.filter(step="appeal").exists():
        people = people[1:]  # the referent receives the link that answers, with the reason
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
    "grant": lambda: _("The appeal of %(name)s is granted: its file is reviewed again"),
    "dismiss": lambda: _("The refusal of %(name)s is confirmed"),
    "renew": lambda: _("The membership of %(name)s is renewed"),
    "lapse": lambda: _("The request to join of %(name)s has lapsed"),
    "suspend": lambda: _("The membership of %(name)s is suspended"),
    "resume": lambda: _("The membership of %(name)s is active again"),
    "expire": lambda: _("The membership of %(name)s has expired"),
    "leave": lambda: _("%(name)s is no longer a member"),
}


def _for_desk_again(event: MembershipEvent) -> Message:
    """An appeal, in the desk's language."""
    membership = event.membership
    with translation.override(settings.LANGUAGE_CODE):
        return Message(
            to=settings.DESK_EMAIL,
            language=settings.LANGUAGE_CODE,
            subject=_("Appeal: the membership of %(name)s")
            % {"name": membership.organisation.name},
            paragraphs=(_("Another officer than the one who refused reads it again."),),
            reason=event.reason,
            turn=_("The desk's turn: take the review up again, or confirm the refusal."),
            label=_("Open the file"),
            path=reverse("desk_membership", args=[membership.reference]),
        )


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


def activated(membership: Membership, files: Iterable[tuple[str, bytes]]) -> list[Message]:
    """The certificate and the charter, to the legal representative and to the referent, who is told what comes next."""
    name = membership.organisation.name
    subject = _("%(name)s is a member of DINAMIS") % {"name": name}
    attachments = tuple((name, content, "application/pdf") for name, content in files)
    number = _("Certificate %(number)s and the charter countersigned by DINAMIS, attached.") % {
        "number": membership.certificate_number
    }
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
