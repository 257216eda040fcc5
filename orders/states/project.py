"""The life of a project: written by its lead, reviewed, approved in full or in part, used, reported on, closed."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dinamis.lifecycle import Life, step


class ProjectState(models.TextChoices):
    DRAFT = "draft", _("Being written")
    SUBMITTED = "submitted", _("With the DINAMIS desk")
    TO_COMPLETE = "to_complete", _("To be completed")
    IN_REVIEW = "in_review", _("With the reviewers")
    REVIEWED = "reviewed", _("Reviewed, to be decided")
    OFFERED = "offered", _("Offered in part")
    APPROVED = "approved", pgettext_lazy("a project", "Approved")
    REFUSED = "refused", pgettext_lazy("a project", "Refused")
    APPEALED = "appealed", pgettext_lazy("a project", "Refused, and read again on appeal")
    DISMISSED = "dismissed", pgettext_lazy("a project", "Refused after appeal")
    WITHDRAWN = "withdrawn", pgettext_lazy("a project", "Withdrawn")
    CLOSED = "closed", pgettext_lazy("a project", "Closed")


_S = ProjectState
LEAD, DESK, SYSTEM = "lead", "desk", "system"
_DECIDED_FROM = (_S.SUBMITTED, _S.REVIEWED)

STEPS = {
    "submit": step(
        _S.DRAFT, _S.TO_COMPLETE, to=_S.SUBMITTED, by=LEAD, style="primary",
        label=_("Submit the project"),
        consequence=_("The DINAMIS desk reads it and asks reviewers."),
    ),
    "ask_reviews": step(
        *_DECIDED_FROM, to=_S.IN_REVIEW, by=DESK, style="primary",
        label=_("Ask the reviewers"),
        consequence=_("Each of them is asked by mail for scores and words."),
    ),
    "note_reviews": step(
        _S.IN_REVIEW, to=_S.REVIEWED, by=SYSTEM,
        label=_("Go on: no review is open"),
        consequence=_("The desk decides with them in the file."),
    ),
    "ask_to_complete": step(
        *_DECIDED_FROM, to=_S.TO_COMPLETE, by=DESK, needs_reason=True,
        label=_("Ask to complete"),
        consequence=_("The lead receives your words, changes the form and submits it again."),
    ),
    "approve": step(
        *_DECIDED_FROM, to=_S.APPROVED, by=DESK, style="primary", books="allot",
        label=_("Approve in full"),
        consequence=_("What was asked is allotted to the project now."),
    ),
    "offer": step(
        *_DECIDED_FROM, to=_S.OFFERED, by=DESK, needs_reason=True,
        label=_("Offer a part"),
        consequence=_("The lead accepts the part or not; nothing is allotted before."),
    ),
    "take_offer": step(
        _S.OFFERED, to=_S.APPROVED, by=LEAD, style="primary", books="allot",
        label=_("Accept the offer"),
        consequence=_("What was offered is allotted to the project now."),
    ),
    "leave_offer": step(
        _S.OFFERED, to=_S.REVIEWED, by=(LEAD, SYSTEM), needs_reason=True,
        label=_("Not accept the offer"),
        consequence=_("Your words go back to the desk, which decides again."),
    ),
    "refuse": step(
        *_DECIDED_FROM, to=_S.REFUSED, by=DESK, needs_reason=True, style="stop",
        label=_("Refuse"),
        consequence=_("The lead receives your reason and may appeal."),
    ),
    "appeal": step(
        _S.REFUSED, to=_S.APPEALED, by=LEAD, needs_reason=True, style="primary",
        label=_("Appeal"),
        consequence=_("Another officer of the desk reads the project again."),
    ),
    "grant": step(
        _S.APPEALED, to=_S.SUBMITTED, by=DESK, needs_reason=True, style="primary",
        label=_("Take the review up again"),
        consequence=_("The appeal is granted; the project is decided anew."),
    ),
    "dismiss": step(
        _S.APPEALED, to=_S.DISMISSED, by=DESK, needs_reason=True, style="stop",
        label=_("Confirm the refusal"),
        consequence=_("The refusal is final. The lead receives your reason."),
    ),
    "withdraw": step(
        _S.DRAFT, _S.SUBMITTED, _S.TO_COMPLETE, _S.REVIEWED, _S.IN_REVIEW, _S.OFFERED,
        to=_S.WITHDRAWN, by=(LEAD, SYSTEM), style="stop",
        label=_("Withdraw the project"),
        consequence=_("Nobody reads it any more. Nothing was allotted."),
    ),
    "close": step(
        _S.APPROVED, to=_S.CLOSED, by=(LEAD, DESK, SYSTEM), books="return", needs_reason=True,
        label=_("Close the project"),
        consequence=_("What is free of its allotments goes back to the budget."),
    ),
}  # fmt: skip

TURNS = {
    _S.DRAFT: LEAD,
    _S.SUBMITTED: DESK,
    _S.TO_COMPLETE: LEAD,
    _S.IN_REVIEW: "reviewer",
    _S.REVIEWED: DESK,
    _S.OFFERED: LEAD,
    _S.APPROVED: "",
    _S.REFUSED: "",
    _S.APPEALED: DESK,
    _S.DISMISSED: "",
    _S.WITHDRAWN: "",
    _S.CLOSED: "",
}

# How long each state may last before somebody is late.
PATIENCE = {
    _S.DRAFT: timedelta(days=90),
    _S.SUBMITTED: timedelta(days=14),
    _S.TO_COMPLETE: timedelta(days=30),
    _S.IN_REVIEW: timedelta(days=30),
    _S.REVIEWED: timedelta(days=14),
    _S.OFFERED: timedelta(days=30),
    _S.APPEALED: timedelta(days=30),
    _S.REFUSED: timedelta(days=60),  # an appeal is taken until then
}

PROJECT = Life(
    name="project",
    title=_("A project"),
    states=ProjectState,
    initial=_S.DRAFT,
    steps=STEPS,
    turns=TURNS,
)

# The lead may change the words while the project is in one of these.
WRITABLE = frozenset({_S.DRAFT, _S.TO_COMPLETE})
# Somebody has to answer for it: it wants a lead. A refusal that nobody appeals lapses by itself.
LED = frozenset(_S.values) - PROJECT.final - {_S.DRAFT, _S.REFUSED}
# Read by the desk from then on; a draft is its people's own.
SENT = frozenset(_S.values) - {_S.DRAFT}
