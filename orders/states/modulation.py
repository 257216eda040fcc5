"""The life of a modulation: seen before it is written, and above a threshold applied by a second person."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step


class ModulationState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPLIED = "applied", _("Applied")
    DROPPED = "dropped", _("Given up")


STEPS = {
    "apply": step(
        ModulationState.PROPOSED,
        to=ModulationState.APPLIED,
        by=("quota_administrator", "second_quota_administrator"),
        label=_("Apply"),
        books="modulate",
        style="primary",
        consequence=_("Every movement is written at once, or none; nothing is erased afterwards."),
    ),
    "drop": step(
        ModulationState.PROPOSED,
        to=ModulationState.DROPPED,
        by="quota_administrator",
        label=_("Give it up"),
        needs_reason=True,
        style="stop",
        consequence=_("Nothing moves."),
    ),
}

MODULATION = Life(
    name="modulation",
    title=_("A modulation of the quota"),
    states=ModulationState,
    initial=ModulationState.PROPOSED,
    steps=STEPS,
    turns={
        ModulationState.PROPOSED: "second_quota_administrator",
        ModulationState.APPLIED: "",
        ModulationState.DROPPED: "",
    },
)
