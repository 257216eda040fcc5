"""The mails of projects: what happened to one, and the link that invites a partner."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.emails.message import Message, link_words, reminded
from accounts.models import MailedLink
from dinamis.formats import day
from orders.models import ProjectEvent, ProjectPartner, ProjectReport

# step → who is told ("lead", "desk", "partners"), and the subject. None: not told.
TOLD: dict[str, tuple[tuple[str, ...], Any]] = {
    "submit": (("desk",), gettext_lazy("To review: the project %(title)s")),
    "note_reviews": (("desk",), gettext_lazy("Reviewed: the project %(title)s")),
    "ask_to_complete": (("lead",), gettext_lazy("Your turn: complete the project %(title)s")),
    "approve": (("lead", "partners"), gettext_lazy("The project %(title)s is approved")),
    "offer": (("lead",), gettext_lazy("Your turn: an offer for the project %(title)s")),
    "take_offer": (
        ("desk", "partners"),
        gettext_lazy("The offer for the project %(title)s is accepted"),
    ),
    "leave_offer": (("desk",), gettext_lazy("The offer for the project %(title)s is not accepted")),
    "give_year": (("lead",), gettext_lazy("The year's quota of the project %(title)s is there")),
    "refuse": (("lead",), gettext_lazy("The project %(title)s is refused")),
    "appeal": (("desk",), gettext_lazy("Appeal: the project %(title)s")),
    "grant": (("lead",), gettext_lazy("The project %(title)s is read again")),
    "dismiss": (("lead",), gettext_lazy("The refusal of the project %(title)s is confirmed")),
    "withdraw": (("lead", "desk"), gettext_lazy("The project %(title)s is withdrawn")),
    "close": (("lead", "partners"), gettext_lazy("The project %(title)s is closed")),
    "lead_left": (
        ("referents",),
        gettext_lazy("Your turn: another lead for the project %(title)s"),
    ),
    "lead_missing": (("desk",), gettext_lazy("Without a lead: the project %(title)s")),
    "hand_over": (("lead",), gettext_lazy("You now lead the project %(title)s")),
}
TURNS = {
    "lead_left": gettext_lazy(
        "Its lead is no longer attached to your organisation: hand it over to a colleague on its page."
    ),
    "lead_missing": gettext_lazy(
        "Its lead left two weeks ago, and the referents named no other: write to them, hand the "
        "project over, or close it."
    ),
    "submit": gettext_lazy("The desk's turn: ask reviewers, or decide."),
    "note_reviews": gettext_lazy("The desk's turn: decide."),
    "ask_to_complete": gettext_lazy("Your turn: change the form and submit it again."),
    "offer": gettext_lazy("Your turn: accept the offer, or say why not."),
    "leave_offer": gettext_lazy("The desk's turn: decide again."),
    "refuse": gettext_lazy("You may appeal once: another officer then reads it again."),
    "appeal": gettext_lazy("The desk's turn: another officer than the one who refused decides."),
}


def told(event: ProjectEvent, *, to: str, language: str) -> Message:
    """What one addressee is told of a step, in the language that is active."""
    project = event.project
    _roles, subject = TOLD[event.step]
    return Message(
        to=to,
        language=language,
        subject=str(subject) % {"title": project.title},
        paragraphs=(
            _("%(reference)s, %(organisation)s, led by %(lead)s.")
            % {
                "reference": project.reference,
                "organisation": project.organisation,
                "lead": project.lead,
            },
        ),
        reason=event.reason,
        turn=str(TURNS.get(event.step, "")),
        why=_("You receive this mail because you take part in a project at DINAMIS."),
        label=_("Open the project"),
        path=reverse("project", args=[project.reference]),
    )


def invited(mailed: MailedLink, partner: ProjectPartner, path: str) -> Message:
    """The mail that invites a partner, with a link that answers once."""
    project = partner.project
    subject = _("Your turn: take part in the project %(title)s?") % {"title": project.title}
    return Message(
        to=mailed.email,
        language=mailed.language,
        subject=reminded(mailed, subject),
        paragraphs=(
            _("%(lead)s, %(organisation)s, names you as a partner: %(role)s.")
            % {
                "lead": project.lead,
                "organisation": project.organisation,
                "role": partner.get_role_display(),
            },
            _("One page tells what the project is, and takes your answer. No account is needed."),
        ),
        why=_("You receive this mail because you are named as a partner of a project at DINAMIS."),
        label=_("Read and answer"),
        path=path,
        **link_words(mailed),
    )


def answered(partner: ProjectPartner) -> Message:
    """The lead is told what a partner answered."""
    project = partner.project
    takes_part = partner.state == "accepted"
    subject = (
        _("%(name)s takes part in the project %(title)s")
        if takes_part
        else _("%(name)s does not take part in the project %(title)s")
    )
    return Message(
        to=project.lead.email,
        language=project.lead.language,
        subject=subject % {"name": partner.name, "title": project.title},
        paragraphs=(_("Partner: %(body)s.") % {"body": partner.belongs_to},),
        why=_("You receive this mail because you take part in a project at DINAMIS."),
        label=_("Open the project"),
        path=reverse("project", args=[project.reference]),
    )


REPORTS = {
    "asked": gettext_lazy("Your turn: a report on the project %(title)s"),
    "reminded": gettext_lazy("Reminder: a report on the project %(title)s"),
    "escalated": gettext_lazy("Overdue: the report on the project %(title)s"),
    "given": gettext_lazy("Handed in: the report on the project %(title)s"),
}


def report(row: ProjectReport, what: str, *, to: str, language: str) -> Message:
    """A report asked, reminded, overdue or handed in."""
    project = row.project
    until = day(row.due_at) if row.due_at else ""
    turns = {
        "escalated": _("The desk's turn: write to the lead, or ask no more."),
        "given": _("The desk's turn: read it."),
    }
    return Message(
        to=to,
        language=language,
        subject=str(REPORTS[what]) % {"title": project.title},
        paragraphs=(
            _("What came of the images, in a page or less, and the publications by their DOI."),
            _("The text to thank with stands on the project's page, ready to copy."),
        )
        if what in ("asked", "reminded")
        else (
            _("%(reference)s, %(organisation)s, led by %(lead)s.")
            % {
                "reference": project.reference,
                "organisation": project.organisation,
                "lead": project.lead,
            },
        ),
        turn=turns.get(what) or _("Your turn, until %(until)s.") % {"until": until},
        why=_("You receive this mail because you take part in a project at DINAMIS."),
        label=_("Open the project"),
        path=reverse("project", args=[project.reference]),
    )


def desk_address() -> tuple[str, str]:
    """Where the desk is written to, and in which language."""
    return settings.DESK_EMAIL, settings.LANGUAGE_CODE
