"""The life of what a supplier drops into the inbox, until it is put under done or refused."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step


class ArrivalState(models.TextChoices):
    ARRIVING = "arriving", _("Arriving")
    TAKEN = "taken", _("Being fetched")
    HANDED_OVER = "handed_over", _("Being worked on")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")
    GONE = "gone", _("Taken away by its sender")


# What is under way: of these one name is there once at a time.
OPEN = (ArrivalState.ARRIVING, ArrivalState.TAKEN, ArrivalState.HANDED_OVER)

STEPS = {
    "take": step(ArrivalState.ARRIVING, to=ArrivalState.TAKEN, by="system", label=_("Take")),
    "hand_over": step(
        ArrivalState.TAKEN, to=ArrivalState.HANDED_OVER, by="system", label=_("Hand over")
    ),
    "finish": step(
        ArrivalState.HANDED_OVER, to=ArrivalState.DONE, by="system", label=_("Put under done")
    ),
    "refuse": step(
        ArrivalState.TAKEN,
        ArrivalState.HANDED_OVER,
        to=ArrivalState.REFUSED,
        by=("system", "desk"),
        label=_("Refuse"),
        needs_reason=True,
        style="stop",
        consequence=_("It is put under refused, with your reason beside it for its sender."),
    ),
    "retry": step(
        ArrivalState.REFUSED,
        to=ArrivalState.TAKEN,
        by="desk",
        label=_("Try again"),
        style="primary",
        consequence=_("It is fetched again and worked through from the start."),
    ),
    "vanish": step(
        ArrivalState.ARRIVING,
        ArrivalState.TAKEN,
        to=ArrivalState.GONE,
        by="system",
        label=_("Note that it is gone"),
    ),
}

ARRIVAL = Life(
    name="arrival",
    title=_("Arrival in the inbox"),
    states=ArrivalState,
    initial=ArrivalState.ARRIVING,
    steps=STEPS,
    turns={
        ArrivalState.ARRIVING: "supplier",
        ArrivalState.TAKEN: "system",
        ArrivalState.HANDED_OVER: "system",
        ArrivalState.DONE: "",
        ArrivalState.REFUSED: "desk",
        ArrivalState.GONE: "",
    },
)
