"""One call that changes something at a supplier: written before it is made, never made twice."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step


class CallState(models.TextChoices):
    WAITING = "waiting", _("Waiting to be sent")
    SENT = "sent", _("Sent, no answer yet")
    DOUBTFUL = "doubtful", _("Answer lost, to be looked up")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused by the supplier")
    STUCK = "stuck", _("Needs attention")
    DROPPED = "dropped", _("Dropped")


STEPS = {
    "send": step(CallState.WAITING, to=CallState.SENT, by="system", label=_("Send")),
    "finish": step(CallState.SENT, to=CallState.DONE, by="system", label=_("Answered")),
    "refuse": step(
        CallState.SENT,
        CallState.DOUBTFUL,
        to=CallState.REFUSED,
        by="system",
        label=_("Refused"),
        needs_reason=True,
    ),
    # Nothing was taken there for sure: the same call may be sent again.
    "put_off": step(CallState.SENT, to=CallState.WAITING, by="system", label=_("Send later")),
    # It may have been taken: nothing is sent before it was looked up.
    "doubt": step(CallState.SENT, to=CallState.DOUBTFUL, by="system", label=_("Answer lost")),
    "find": step(
        CallState.DOUBTFUL, to=CallState.DONE, by="system", label=_("Found at the supplier")
    ),
    "miss": step(
        CallState.DOUBTFUL, to=CallState.WAITING, by="system", label=_("Not at the supplier")
    ),
    "give_up": step(
        CallState.WAITING,
        CallState.DOUBTFUL,
        to=CallState.STUCK,
        by="system",
        label=_("Tried too often"),
    ),
    "replay": step(
        CallState.STUCK,
        to=CallState.DOUBTFUL,
        by="desk",
        label=_("Try again"),
        style="primary",
        consequence=_("It is looked up at the supplier first; nothing is ordered twice."),
    ),
    "drop": step(
        CallState.WAITING,
        CallState.STUCK,
        to=CallState.DROPPED,
        by=("desk", "system"),
        label=_("Drop"),
        needs_reason=True,
        style="stop",
        consequence=_("Nothing is sent; the line is at the desk again."),
    ),
}

SUPPLIER_CALL = Life(
    name="supplier_call",
    title=_("Call to a supplier"),
    states=CallState,
    initial=CallState.WAITING,
    steps=STEPS,
    turns={
        CallState.WAITING: "system",
        CallState.SENT: "supplier",
        CallState.DOUBTFUL: "system",
        CallState.DONE: "",
        CallState.REFUSED: "",
        CallState.STUCK: "desk",
        CallState.DROPPED: "",
    },
)
# Still to be carried out by the worker.
OPEN = frozenset({CallState.WAITING, CallState.SENT, CallState.DOUBTFUL})
