"""The life of an invitation: a referent says yes beforehand, the person says yes by a mailed link."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step


class State(models.TextChoices):
    SENT = "sent", _("Sent")
    ACCEPTED = "accepted", _("Accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


REFERENT, PERSON, DESK, SYSTEM = "referent", "person", "desk", "system"

STEPS = {
    "accept": step(
        State.SENT, to=State.ACCEPTED, by=PERSON, label=_("Accept the invitation"), style="primary",
        consequence=_("You are attached at once: the referent has already said yes."),
    ),
    "resend": step(
        State.SENT, State.EXPIRED, to=State.SENT, by=(REFERENT, DESK), label=_("Send again"),
        consequence=_("A new link goes out; the old one stops."),
    ),
    "withdraw": step(
        State.SENT, to=State.WITHDRAWN, by=(REFERENT, DESK, SYSTEM), label=_("Withdraw"),
        style="stop", consequence=_("The link stops at once."),
    ),
    "expire": step(State.SENT, to=State.EXPIRED, by=SYSTEM, label=_("Let expire")),
}  # fmt: skip

TURNS = {State.SENT: PERSON, State.ACCEPTED: "", State.WITHDRAWN: "", State.EXPIRED: ""}

PATIENCE = timedelta(days=30)

LIFE = Life(
    name="invitation",
    title=_("An invitation"),
    states=State,
    initial=State.SENT,
    steps=STEPS,
    turns=TURNS,
)
