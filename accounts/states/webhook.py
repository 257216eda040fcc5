"""Two lives: of a webhook, an address of an organisation's own program; of one call that it is owed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step

REFERENT, SYSTEM = "referent", "system"


class State(models.TextChoices):
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    DISABLED = "disabled", _("Stopped: it did not answer")
    REMOVED = "removed", _("Removed")


STEPS = {
    "pause": step(
        State.ACTIVE, to=State.PAUSED, by=REFERENT, label=_("Pause"),
        consequence=_("What happens meanwhile is not sent. What waits is sent when it goes on."),
    ),
    "resume": step(
        State.PAUSED, State.DISABLED, to=State.ACTIVE, by=REFERENT, style="primary",
        label=_("Go on"), consequence=_("What waits is sent at once, then all that happens."),
    ),
    "disable": step(
        State.ACTIVE, to=State.DISABLED, by=SYSTEM, label=_("Stop"),
        consequence=_("The referents are told by mail."),
    ),
    "remove": step(
        State.ACTIVE, State.PAUSED, State.DISABLED, to=State.REMOVED, by=REFERENT, style="stop",
        label=_("Remove"), consequence=_("Nothing is sent to it any more; its log stays a while."),
    ),
}  # fmt: skip
TURNS = {State.ACTIVE: "", State.PAUSED: "", State.DISABLED: REFERENT, State.REMOVED: ""}
LIFE = Life("webhook", _("A webhook of an organisation"), State, State.ACTIVE, STEPS, TURNS)


class CallState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    GIVEN_UP = "given_up", _("Given up")


CALL_STEPS = {
    "deliver": step(
        CallState.WAITING, to=CallState.DELIVERED, by=SYSTEM, label=_("Deliver"),
        consequence=_("The other side answered that it has it."),
    ),
    "give_up": step(
        CallState.WAITING, to=CallState.GIVEN_UP, by=SYSTEM, label=_("Give up"),
        consequence=_("The last attempt of the ladder failed, or the webhook is gone."),
    ),
    "replay": step(
        CallState.DELIVERED, CallState.GIVEN_UP, to=CallState.WAITING, by=REFERENT,
        label=_("Send again"),
        consequence=_("The same message with the same identifier, from the first attempt on."),
    ),
}  # fmt: skip
CALL_TURNS = {CallState.WAITING: SYSTEM, CallState.DELIVERED: "", CallState.GIVEN_UP: ""}
CALL_LIFE = Life(
    "webhook_call", _("A call of a webhook"), CallState, CallState.WAITING, CALL_STEPS, CALL_TURNS
)
