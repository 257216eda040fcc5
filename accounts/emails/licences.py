"""The mails of a changed licence: to those who signed it, and to the legal representative who accepted it."""

from django.utils.translation import gettext as _

from accounts.emails.message import Message
from accounts.models import LicenceNotice, MailedLink
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
    until = instant(link.expires_at)
    once = _("This link works once, until %(until)s. Opening it does nothing by itself.")
    return Message(
        to=link.email,
        language=link.language,
        subject=_("Your turn: accept the changed texts for %(name)s") % {"name": name},
        paragraphs=(
            _("The charter or a licence that you accepted for %(name)s has a new version.")
            % {"name": name},
            _("You read what changed and accept it for the organisation: one page."),
        ),
        turn=_("Your turn, until %(until)s.") % {"until": until},
        why=_("You receive this mail because you are the legal representative of a member."),
        label=_("Read and accept"),
        path=path,
        after=(once % {"until": until},),
    )
