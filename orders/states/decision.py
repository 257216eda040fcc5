"""A decision of the desk: it waits a moment in which it can be undone, then takes effect."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step
from orders.states.approval import APPROVAL


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

# The codes of the refusals that a decision meets when its moment has come, as the desk reads them.
OBSTACLES = {
    "not_in_this_state": _("Meanwhile the request has become “%(state)s”."),
    "step_is_not_yours": _("Whoever decided is not an officer of the desk any more."),
    "requester_has_no_right": _(
        "%(person)s is not attached to %(organisation)s now: the line waits, or is refused."
    ),
    "quote_is_provisional": _(
        "The image must be completed first: until then its quote binds nobody."
    ),
}
OTHER_OBSTACLE = _("The request has changed since (%(code)s): open it and decide again.")


def obstacle_sentence(
    code: str, facts: Mapping[str, Any], *, person: Any, organisation: Any
) -> str:
    """Why a decision was left, in the language of the moment; a code that is not listed is named."""
    state = facts.get("state", "")
    if state in APPROVAL.states.values:
        state = APPROVAL.states(state).label
    words = {"code": code, "state": state, "person": person, "organisation": organisation}
    return str(OBSTACLES.get(code, OTHER_OBSTACLE)) % words
