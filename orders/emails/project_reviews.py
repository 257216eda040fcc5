"""The mail that asks for a review of a project."""

from django.utils.translation import gettext as _

from accounts.emails.message import Message, link_words
from accounts.models import MailedLink
from orders.models import ProjectReview


def asked(mailed: MailedLink, review: ProjectReview, path: str) -> Message:
    """Ask a reviewer, with a link that answers once; a second one is a reminder."""
    project = review.project
    subject = _("Your turn: your review of the project %(title)s") % {"title": project.title}
    if review.reminded_at:
        subject = _("Reminder: %(subject)s") % {"subject": subject}
    return Message(
        to=mailed.email,
        language=mailed.language,
        subject=subject,
        paragraphs=(
            _("%(organisation)s asks DINAMIS for satellite images for this project.")
            % {"organisation": project.organisation},
            _(
                "The project, the questions and your answer stand on one page; no account is needed."
            ),
            _("If you take part in it, or work with those who do, say so there instead."),
        ),
        why=_("You receive this mail because the DINAMIS desk names you as a reviewer."),
        facts=(
            (_("Reference"), project.reference),
            (_("Lead"), str(project.lead)),
            (_("Track"), project.get_track_display()),
        ),
        label=_("Give the review"),
        path=path,
        **link_words(mailed),
    )
