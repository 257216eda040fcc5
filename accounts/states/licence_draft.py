"""The life of a new version of a licence, from the first words to the day it is written."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Waiting for a second person")
    APPROVED = "approved", _("Approved")
    DROPPED = "dropped", _("Dropped")


# The words for who may take a step; policies.py says who they are.
WRITER, SECOND = "writer", "second_person"

STEPS = {
    "propose": step(
        State.DRAFT, to=State.PROPOSED, by=WRITER, style="primary",
        label=_("Propose for approval"),
        consequence=_("Another administrator reads it and decides. Nothing changes until then."),
    ),
    "approve": step(
        State.PROPOSED, to=State.APPROVED, by=SECOND, style="primary",
        label=_("Approve this version"),
        consequence=_("Both texts are written for good and take effect on their day."),
    ),
    "send_back": step(
        State.PROPOSED, to=State.DRAFT, by=SECOND, needs_reason=True,
        label=_("Send back"),
        consequence=_("Its writer reads your reason and changes the text."),
    ),
    "drop": step(
        State.DRAFT, State.PROPOSED, to=State.DROPPED, by=WRITER, style="stop",
        label=_("Drop it"),
        consequence=_("The version in force stays; the draft stays readable in the history."),
    ),
}  # fmt: skip

TURNS = {State.DRAFT: WRITER, State.PROPOSED: SECOND, State.APPROVED: "", State.DROPPED: ""}

LIFE = Life("licence_draft", _("A new version of a licence"), State, State.DRAFT, STEPS, TURNS)
