"""The life of one review of a project: asked by the desk, given once on a mailed page, or not."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dinamis.lifecycle import Life, step


class ReviewState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("somebody", "Asked")
    GIVEN = "given", _("Review given")
    DECLINED = "declined", _("Declined")
    SILENT = "silent", _("No answer in time")
    WITHDRAWN = "withdrawn", _("Not asked any more")


REVIEWER, DESK, SYSTEM = "reviewer", "desk", "system"

STEPS = {
    "give": step(
        ReviewState.ASKED, ReviewState.SILENT, to=ReviewState.GIVEN, by=REVIEWER, style="primary",
        label=_("Give the review"),
        consequence=_("Recorded once, with the time. The DINAMIS desk decides."),
    ),
    "decline": step(
        ReviewState.ASKED, ReviewState.SILENT, to=ReviewState.DECLINED, by=REVIEWER,
        needs_reason=True,
        label=_("Declare a conflict of interest, or decline"),
        consequence=_("The desk may name somebody else."),
    ),
    "fall_silent": step(
        ReviewState.ASKED, to=ReviewState.SILENT, by=SYSTEM, label=_("Go on without it")
    ),
    "withdraw": step(
        ReviewState.ASKED, ReviewState.SILENT, to=ReviewState.WITHDRAWN, by=(DESK, SYSTEM),
        label=_("Ask no more"), style="stop",
        consequence=_("The link works no longer."),
    ),
}  # fmt: skip

REVIEW = Life(
    name="project_review",
    title=_("A review of a project"),
    states=ReviewState,
    initial=ReviewState.ASKED,
    steps=STEPS,
    turns={
        ReviewState.ASKED: REVIEWER,
        ReviewState.GIVEN: "",
        ReviewState.DECLINED: "",
        ReviewState.SILENT: "",
        ReviewState.WITHDRAWN: "",
    },
)
PATIENCE = timedelta(days=30)
REMIND = timedelta(days=7)  # before the end of the time to answer
