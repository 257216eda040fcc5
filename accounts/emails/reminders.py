"""The mails that carry no link to act: the desk is late, the legal representative does not answer."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.emails.message import Message
from accounts.models import Membership
from accounts.states.membership import State
from dinamis.formats import day


def told(membership: Membership) -> Message:
    """Who is told that a wait lasts: the referent about the legal representative, else the desk."""
    name = membership.organisation.name
    since = _("It waits since %(day)s.") % {"day": day(membership.state_since)}
    if membership.state == State.AWAITING_LEGAL:
        return Message(
            to=membership.referent_email,
            language=membership.language,
            subject=_("The legal representative of %(name)s has not answered") % {"name": name},
            paragraphs=(
                since,
                _(
                    "%(legal)s received the link again today, at %(email)s. Tell them; without an answer "
                    "by %(day)s the request lapses."
                )
                % {
                    "legal": membership.legal_name,
                    "email": membership.legal_email,
                    "day": day(membership.due_at),
                },
            ),
        )
    return Message(
        to=settings.DESK_EMAIL,
        language=settings.LANGUAGE_CODE,
        subject=_("Late: the membership of %(name)s waits for the desk") % {"name": name},
        paragraphs=(since,),
        turn=_("The desk's turn."),
        label=_("Open the file"),
        path=reverse("desk_membership", args=[membership.reference]),
    )
