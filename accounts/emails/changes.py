"""The mails of a change: the link of a new legal representative, and what became of what was asked."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.emails.message import Message, link_words
from accounts.models import ChangeEvent, MailedLink


def to_new_legal(mailed: MailedLink, path: str, *, ends: datetime | None) -> Message:
    """The mail that asks a person to become the legal representative before the wait `ends`."""
    name = mailed.membership.organisation.name
    return Message(
        to=mailed.email,
        language=mailed.language,
        subject=_("Your turn: accept as the legal representative of %(name)s") % {"name": name},
        paragraphs=(
            _("%(person)s, you are named as the new legal representative of %(name)s in DINAMIS.")
            % {"person": mailed.name, "name": name},
            _(
                "You check the facts, read the charter and the licences, and accept: one page. "
                "The membership goes on meanwhile."
            ),
        ),
        why=_("You receive this mail because a referent or the DINAMIS desk named you."),
        label=_("Check and accept"),
        path=path,
        **link_words(mailed, ends),
    )


def told(event: ChangeEvent, *, to: str, language: str) -> Message:
    """What one person concerned is told of a step; the desk's own mail leads to the review."""
    change = event.change
    subject = _NEWS[event.step]() % {
        "name": change.organisation.name,
        "what": change.get_kind_display(),
    }
    at_desk = to == settings.DESK_EMAIL
    path = reverse("desk_change", args=[change.pk]) if at_desk else reverse("organisation_facts")
    return Message(
        to=to,
        language=language,
        subject=subject,
        reason=event.reason,
        paragraphs=(
            _("By %(who)s. The membership goes on meanwhile.") % {"who": event.by_name},
            _("If you know nothing of this, write to the DINAMIS desk: %(email)s.")
            % {"email": settings.DESK_EMAIL},
        ),
        turn=_("The desk's turn: approve or refuse.") if at_desk else "",
        label=_("Open the change") if at_desk else _("See the facts of the organisation"),
        path=path,
    )


_NEWS = {
    "ask": lambda: _("%(name)s: a change is asked (%(what)s)"),
    "accept": lambda: _("%(name)s: the change is in place (%(what)s)"),
    "approve": lambda: _("%(name)s: the change is in place (%(what)s)"),
    "refuse": lambda: _("%(name)s: the change is refused (%(what)s)"),
    "decline": lambda: _("%(name)s: the person named declines (%(what)s)"),
    "withdraw": lambda: _("%(name)s: the change is withdrawn (%(what)s)"),
    "lapse": lambda: _("%(name)s: the change has lapsed, nobody answered (%(what)s)"),
}
TOLD = frozenset(_NEWS)
