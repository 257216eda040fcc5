"""The life of a report on a project: asked by the clock, given by the lead, or waived by the desk."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dinamis.lifecycle import Life, step


class ReportState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("somebody", "Asked")
    GIVEN = "given", _("Report received")
    WAIVED = "waived", _("Not asked any more")


STEPS = {
    "give": step(
        ReportState.ASKED, to=ReportState.GIVEN, by="lead", style="primary",
        label=_("Hand in the report"),
        consequence=_("The DINAMIS desk reads it; it stays with the project."),
    ),
    "waive": step(
        ReportState.ASKED, to=ReportState.WAIVED, by="desk", needs_reason=True,
        label=_("Ask no more"),
        consequence=_("No reminder goes out any more."),
    ),
}  # fmt: skip

REPORT = Life(
    name="project_report",
    title=_("A report on a project"),
    states=ReportState,
    initial=ReportState.ASKED,
    steps=STEPS,
    turns={ReportState.ASKED: "lead", ReportState.GIVEN: "", ReportState.WAIVED: ""},
)
# The first report is asked so long after the first delivery, the last one at the project's end.
FIRST_AFTER = timedelta(days=365)
PATIENCE = timedelta(days=60)
REMIND = timedelta(days=14)  # before it is due
ESCALATE = timedelta(days=30)  # after it was due: the desk is told
