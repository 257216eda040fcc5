"""The mails of an outside opinion: asked of an adviser, told to the desk."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.emails.message import Message, link_words, reminded
from accounts.models import MailedLink, Opinion, OpinionEvent


def asked(mailed: MailedLink, opinion: Opinion, path: str) -> Message:
    """The mail that asks an adviser, with a link that answers once."""
    organisation = opinion.membership.organisation
    subject = _("Your turn: your opinion on the membership of %(name)s") % {
        "name": organisation.name
    }
    return Message(
        to=mailed.email,
        language=mailed.language,
        subject=reminded(mailed, subject),
        paragraphs=(
            _("%(name)s asks to join DINAMIS, which asks %(adviser)s for an opinion first.")
            % {"name": organisation.name, "adviser": opinion.adviser.name},
            _("The facts and the three answers stand on one page; no account is needed."),
            _("Without an answer by then, the DINAMIS desk may decide without it."),
        ),
        why=_("You receive this mail because DINAMIS asks your organisation for opinions."),
        facts=(
            (_("Category"), organisation.get_category_display()),
            (_("Country"), organisation.country_name),
        ),
        label=_("Give the opinion"),
        path=path,
        **link_words(mailed, opinion.due_at),
    )


def told(event: OpinionEvent) -> Message:
    """What the desk is told of an answer, or of none. The language is the desk's."""
    opinion = event.opinion
    name = opinion.membership.organisation.name
    if event.step == "fall_silent":
        subject = _("%(adviser)s gave no opinion in time on %(name)s")
        turn = _("The desk's turn: go on without it, or ask again.")
    else:
        subject = _("%(adviser)s gave an opinion on %(name)s")
        turn = _("The desk's turn, once no other opinion is open.")
    return Message(
        to=settings.DESK_EMAIL,
        language=settings.LANGUAGE_CODE,
        subject=subject % {"adviser": opinion.adviser.name, "name": name},
        paragraphs=(
            _("Opinion: %(state)s.") % {"state": str(opinion.get_state_display()).lower()},
        ),
        reason=event.reason,
        turn=turn,
        label=_("Open the file"),
        path=reverse("desk_membership", args=[opinion.membership.reference]),
    )
