"""The life of a period's closing: proposed with its figures, and closed by a second person, once."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dinamis.lifecycle import Life, step


class ClosingState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    CLOSED = "closed", pgettext_lazy("a period", "Closed")
    DROPPED = "dropped", _("Given up")


STEPS = {
    "close": step(
        ClosingState.PROPOSED,
        to=ClosingState.CLOSED,
        by="second_quota_administrator",
        label=_("Close the period"),
        books="expire, carry",
        style="primary",
        consequence=_(
            "What is free is carried over or expires; what is held waits for its delivery."
        ),
    ),
    "drop": step(
        ClosingState.PROPOSED,
        to=ClosingState.DROPPED,
        by="quota_administrator",
        label=_("Give it up"),
        needs_reason=True,
        style="stop",
        consequence=_("Nothing moves."),
    ),
}

CLOSING = Life(
    name="closing",
    title=_("The closing of a period"),
    states=ClosingState,
    initial=ClosingState.PROPOSED,
    steps=STEPS,
    turns={
        ClosingState.PROPOSED: "second_quota_administrator",
        ClosingState.CLOSED: "",
        ClosingState.DROPPED: "",
    },
)
