"""A decision of the desk: it waits a moment in which it can be undone, then takes effect."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step


class DecisionState(models.TextChoices):
    PENDING = "pending", _("Takes effect in a moment")
    TAKEN = "taken", _("Taken")
    UNDONE = "undone", _("Undone")
    OVERTAKEN = "overtaken", _("Overtaken")


STEPS = {
    "take": step(
        DecisionState.PENDING,
        to=DecisionState.TAKEN,
        by="system",
        label=_("Take effect"),
        books="what the step of the line books",
    ),
    "undo": step(
        DecisionState.PENDING,
        to=DecisionState.UNDONE,
        by="decider",
        label=_("Undo"),
        consequence=_("Nothing has happened: the request waits as before."),
    ),
    "overtake": step(
        DecisionState.PENDING,
        to=DecisionState.OVERTAKEN,
        by="system",
        label=_("Leave it: it is not possible any more"),
    ),
}

DECISION = Life(
    name="decision",
    title=_("A decision of the desk"),
    states=DecisionState,
    initial=DecisionState.PENDING,
    steps=STEPS,
    turns={
        DecisionState.PENDING: "system",
        DecisionState.TAKEN: "",
        DecisionState.UNDONE: "",
        DecisionState.OVERTAKEN: "",
    },
)
