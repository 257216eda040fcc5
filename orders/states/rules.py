"""The life of a version of the rules: written by one administrator, approved by another."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step


class RuleState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    DROPPED = "dropped", _("Given up")


STEPS = {
    "approve": step(
        RuleState.PROPOSED,
        to=RuleState.APPROVED,
        by=("second_administrator", "system"),
        label=_("Approve"),
        style="primary",
        consequence=_("In force from its day on, and never changed again."),
    ),
    "propose": step(
        RuleState.DRAFT,
        to=RuleState.PROPOSED,
        by=("administrator", "system"),
        label=_("Propose"),
        needs_reason=True,
        style="primary",
        consequence=_("Another administrator reads it, and approves it or sends it back."),
    ),
    "send_back": step(
        RuleState.PROPOSED,
        to=RuleState.DRAFT,
        by="administrator",
        label=_("Send back"),
        needs_reason=True,
        consequence=_("It is a draft again, with your words."),
    ),
    "drop": step(
        RuleState.DRAFT,
        RuleState.PROPOSED,
        to=RuleState.DROPPED,
        by="administrator",
        label=_("Give it up"),
        needs_reason=True,
        style="stop",
        consequence=_("The rules in force stay as they are."),
    ),
}

RULES = Life(
    name="rule_version",
    title=_("A version of the rules"),
    states=RuleState,
    initial=RuleState.DRAFT,
    steps=STEPS,
    turns={
        RuleState.DRAFT: "administrator",
        RuleState.PROPOSED: "second_administrator",
        RuleState.APPROVED: "",
        RuleState.DROPPED: "",
    },
)
