"""The life of an opinion asked of an outside adviser: answered, or left without an answer."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step


class State(models.TextChoices):
    ASKED = "asked", _("Opinion asked")
    FAVOURABLE = "favourable", _("Favourable")
    RESERVED = "reserved", _("Favourable with reservations")
    UNFAVOURABLE = "unfavourable", _("Unfavourable")
    SILENT = "silent", _("Without an answer in time")
    WITHDRAWN = "withdrawn", _("No longer asked")


ADVISER, DESK, SYSTEM = "adviser", "desk", "system"

STEPS = {
    "favour": step(
        State.ASKED, State.SILENT, to=State.FAVOURABLE, by=(ADVISER, DESK), style="primary",
        label=_("Favourable"),
    ),
    "reserve": step(
        State.ASKED, State.SILENT, to=State.RESERVED, by=(ADVISER, DESK), needs_reason=True,
        label=_("Favourable with reservations"),
    ),
    "oppose": step(
        State.ASKED, State.SILENT, to=State.UNFAVOURABLE, by=(ADVISER, DESK), needs_reason=True,
        style="stop", label=_("Unfavourable"),
    ),
    "fall_silent": step(
        State.ASKED, to=State.SILENT, by=SYSTEM, label=_("No answer came in time"),
        consequence=_("The desk may go on without it."),
    ),
    "withdraw": step(
        State.ASKED, State.SILENT, to=State.WITHDRAWN, by=(DESK, SYSTEM),
        label=_("Ask no longer"),
    ),
}  # fmt: skip

TURNS = {
    State.ASKED: ADVISER,
    State.FAVOURABLE: "",
    State.RESERVED: "",
    State.UNFAVOURABLE: "",
    State.SILENT: DESK,
    State.WITHDRAWN: "",
}

# An adviser is reminded after the first; after the second the desk may go on without an answer.
REMIND_AFTER = timedelta(days=10)
PATIENCE = timedelta(days=21)
ANSWERS = {
    "favour": State.FAVOURABLE, "reserve": State.RESERVED, "oppose": State.UNFAVOURABLE,
}  # fmt: skip

LIFE = Life(
    name="opinion",
    title=_("An outside opinion"),
    states=State,
    initial=State.ASKED,
    steps=STEPS,
    turns=TURNS,
)
