"""The life of a product passed on: its receiver signs, and it ends with the order or by whoever gave it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step


class State(models.TextChoices):
    ASKED = "asked", _("Waiting for the receiver's signature")
    SIGNED = "signed", _("Signed by the receiver")
    REVOKED = "revoked", _("Revoked")
    ENDED = "ended", _("Ended with the public order")


# The words for who may take a step; policies.py says who they are.
RECEIVER, GIVER, REFERENT, DESK, SYSTEM = "receiver", "giver", "referent", "desk", "system"

STEPS = {
    "sign": step(
        State.ASKED, to=State.SIGNED, by=RECEIVER, style="primary", label=_("Sign"),
        consequence=_("Recorded with the time, this text and this address."),
    ),
    "revoke": step(
        State.ASKED, State.SIGNED, to=State.REVOKED, by=(GIVER, REFERENT, DESK, SYSTEM),
        needs_reason=True, style="stop", label=_("Revoke"),
        consequence=_("The receiver is told by mail to delete the files, with your reason."),
    ),
    "end": step(
        State.ASKED, State.SIGNED, to=State.ENDED, by=SYSTEM, label=_("End"),
        consequence=_("The public order is over: the receiver is told to delete the files."),
    ),
}  # fmt: skip

TURNS = {State.ASKED: RECEIVER, State.SIGNED: "", State.REVOKED: "", State.ENDED: ""}

# One product goes to one person once at a time.
OPEN = (State.ASKED, State.SIGNED)

LIFE = Life("passing_on", _("A product passed on"), State, State.ASKED, STEPS, TURNS)
