"""The life of an account with a partner: wanted, open, changed, closed; failed until somebody asks again."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step


class State(models.TextChoices):
    WANTED = "wanted", _("Being opened")
    ACTIVE = "active", _("Account open")
    CHANGING = "changing", _("Being changed")
    ENDING = "ending", _("Being closed")
    INACTIVE = "inactive", _("Account closed")
    FAILED = "failed", _("Failed")


PERSON, DESK, SYSTEM = "person", "desk", "system"

STEPS = {
    "want": step(
        State.INACTIVE, State.ENDING, State.FAILED, to=State.WANTED, by=(PERSON, DESK, SYSTEM),
        label=_("Open"), consequence=_("The partner is asked within a minute."),
    ),
    "change": step(
        State.ACTIVE, to=State.CHANGING, by=SYSTEM, label=_("Change name or address"),
    ),
    "close": step(
        State.WANTED, State.ACTIVE, State.CHANGING, State.FAILED, to=State.ENDING,
        by=(DESK, SYSTEM), label=_("Close"), consequence=_("The partner is asked within a minute."),
    ),
    "opened": step(
        State.WANTED, State.CHANGING, to=State.ACTIVE, by=SYSTEM, label=_("Opened"),
    ),
    "closed": step(State.ENDING, to=State.INACTIVE, by=SYSTEM, label=_("Closed by the partner")),
    "fail": step(
        State.WANTED, State.CHANGING, State.ENDING, to=State.FAILED, by=SYSTEM,
        label=_("The partner did not do it"),
    ),
}  # fmt: skip

TURNS = {
    State.WANTED: SYSTEM,
    State.ACTIVE: "",
    State.CHANGING: SYSTEM,
    State.ENDING: SYSTEM,
    State.INACTIVE: "",
    State.FAILED: DESK,
}
TO_DO = frozenset({State.WANTED, State.CHANGING, State.ENDING})
# The wait before each further attempt; after the last one the desk must look.
BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)

LIFE = Life(
    name="linked account",
    title=_("An account with a partner"),
    states=State,
    initial=State.WANTED,
    steps=STEPS,
    turns=TURNS,
)
