"""The life of an affiliation: a person asks to be attached to an organisation, belongs to it, leaves it."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step


class State(models.TextChoices):
    REQUESTED = "requested", _("Waiting for the referent")
    ACTIVE = "active", _("Active")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    SUSPENDED = "suspended", _("Suspended")
    ENDED = "ended", _("Ended")


REFERENT, PERSON, DESK, SYSTEM = "referent", "person", "desk", "system"

STEPS = {
    "accept": step(
        State.REQUESTED, to=State.ACTIVE, by=(REFERENT, DESK, SYSTEM), style="primary",
        label=_("Accept"), consequence=_("They may order and download for the organisation."),
    ),
    "refuse": step(
        State.REQUESTED, to=State.REFUSED, by=(REFERENT, DESK), needs_reason=True, style="stop",
        label=_("Refuse"), consequence=_("They receive your reason by mail."),
    ),
    "withdraw": step(
        State.REQUESTED, to=State.WITHDRAWN, by=(PERSON, SYSTEM), label=_("Withdraw my request"),
        consequence=_("The referent is no longer asked."),
    ),
    "suspend": step(
        State.ACTIVE, to=State.SUSPENDED, by=(REFERENT, DESK), needs_reason=True, style="stop",
        label=_("Suspend"), consequence=_("They neither order nor download until resumed."),
    ),
    "resume": step(
        State.SUSPENDED, to=State.ACTIVE, by=(REFERENT, DESK), style="primary", label=_("Resume"),
        consequence=_("They may order and download again."),
    ),
    "end": step(
        State.ACTIVE, State.SUSPENDED, to=State.ENDED, by=(REFERENT, DESK, SYSTEM),
        needs_reason=True, style="stop", label=_("End the affiliation"),
        consequence=_("Their rights and API keys stop at once; they are told by mail."),
    ),
    "leave": step(
        State.ACTIVE, State.SUSPENDED, to=State.ENDED, by=PERSON, style="stop",
        label=_("Leave this organisation"), consequence=_("Your rights and API keys stop at once."),
    ),
}  # fmt: skip

TURNS = {
    State.REQUESTED: REFERENT,
    State.ACTIVE: "",
    State.REFUSED: "",
    State.WITHDRAWN: "",
    State.SUSPENDED: REFERENT,
    State.ENDED: "",
}

# A referent who has not answered by then is late.
PATIENCE = {State.REQUESTED: timedelta(days=7)}

# The person belongs, whether their rights rest or not: what can be ended.
BELONGING = STEPS["end"].sources
# At most one of these per person and organisation.
OPEN = frozenset({State.REQUESTED}) | BELONGING

LIFE = Life(
    name="affiliation",
    title=_("An affiliation"),
    states=State,
    initial=State.REQUESTED,
    steps=STEPS,
    turns=TURNS,
)
