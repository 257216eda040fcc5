"""The mail that invites."""

from django.utils.translation import gettext as _

from accounts.emails.message import Message
from accounts.models import Invitation
from dinamis.formats import instant


def invited(invitation: Invitation, path: str) -> Message:
    """To the invited address, which may have an account or not: the mail is the same."""
    name = invitation.organisation.name
    until = instant(invitation.due_at)
    facts = ((_("Position"), invitation.position),)
    if invitation.ends_on:
        facts += ((_("Last day"), invitation.ends_on.isoformat()),)
    return Message(
        to=invitation.email,
        language=invitation.language,
        subject=_("Your turn: %(name)s invites you to DINAMIS") % {"name": name},
        paragraphs=(
            _(
                "%(person)s invites you to be attached to %(name)s, which has very-high-resolution "
                "satellite images through DINAMIS."
            )
            % {"person": invitation.by_name, "name": name},
            _("You are attached as soon as you accept: nobody else has to say yes."),
            _("If you know nothing of this, do nothing: the invitation expires by itself."),
        ),
        facts=facts,
        turn=_("Your turn, until %(until)s.") % {"until": until},
        why=_("You receive this mail because somebody invited this address to DINAMIS."),
        label=_("See the invitation"),
        path=path,
        after=(
            _("This link works once, until %(until)s. Opening it does nothing by itself.")
            % {"until": until},
        ),
    )
