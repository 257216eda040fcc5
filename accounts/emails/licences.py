"""The mails of licences: the receipt of a signature, and of a changed text to who signed or accepted it."""

from django.utils.translation import gettext as _

from accounts.emails.message import Message, link_words
from accounts.models import LicenceNotice, MailedLink, Signature
from dinamis.formats import day, instant


def asked_again(notice: LicenceNotice, path: str) -> Message:
    """To a person who signed the former version; `path` is the page that signs."""
    licence = notice.licence
    if licence.has_subject:
        turn = _("Nothing now: each product is signed when you download it.")
    else:
        turn = _("Your turn, until %(day)s.") % {"day": day(notice.until)}
    return Message(
        to=notice.user.email,
        language=notice.language,
        subject=_("The text of “%(licence)s” has changed") % {"licence": licence.name},
        paragraphs=(
            _("Version %(version)s is in force.") % {"version": notice.version},
            _(
                "What you signed before counts until %(day)s. After that day no file leaves under this "
                "licence until you have read and signed the new text; everything else goes on."
            )
            % {"day": day(notice.until)},
        ),
        turn=turn,
        why=_("You receive this mail because you signed this licence."),
        label=_("Read the new text"),
        path=path,
    )


def to_accept_again(link: MailedLink, path: str) -> Message:
    """To the legal representative of a member that accepted the former version."""
    name = link.membership.organisation.name
    return Message(
        to=link.email,
        language=link.language,
        subject=_("Your turn: accept the changed texts for %(name)s") % {"name": name},
        paragraphs=(
            _("The charter or a licence that you accepted for %(name)s has a new version.")
            % {"name": name},
            _("You read what changed and accept it for the organisation: one page."),
        ),
        why=_("You receive this mail because you are the legal representative of a member."),
        label=_("Read and accept"),
        path=path,
        **link_words(link),
    )


def receipt(
    signature: Signature, files: tuple[tuple[str, bytes, str], ...], language: str
) -> Message:
    """To whoever signed: the evidence, attached; the personal facts are there still."""
    facts: list[tuple[str, str]] = [
        (_("Licence"), signature.text.licence.name),
        (_("Version"), signature.version),
        (_("Signed"), instant(signature.signed_at)),
    ]
    if signature.subject:
        facts.append((_("For"), signature.subject_name))
    return Message(
        to=signature.facts.email,
        language=language,
        subject=_("Receipt of your signature, number %(number)s") % {"number": signature.number},
        paragraphs=(
            _(
                "Attached: the text you signed with its evidence, as PDF to read and as JSON from "
                "which anybody can recompute the digests."
            ),
        ),
        facts=tuple(facts),
        why=_("You receive this mail because you signed this licence."),
        attachments=files,
    )
