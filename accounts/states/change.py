"""The life of a change: facts of an organisation, its legal representative or its referents, asked and decided."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step


class State(models.TextChoices):
    UNDER_REVIEW = "under_review", _("Under review at the DINAMIS desk")
    AWAITING_LEGAL = "awaiting_legal", _("Waiting for the new legal representative")
    APPLIED = "applied", _("Applied")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Lapsed")


# The words for who may take a step; policies.py says who they are.
REFERENT, LEGAL, DESK, SYSTEM = "referent", "legal_representative", "desk", "system"

STEPS = {
    "approve": step(
        State.UNDER_REVIEW, to=State.APPLIED, by=DESK, style="primary",
        label=_("Approve the change"),
        consequence=_("The facts change now; the referents are told by mail."),
    ),
    "send_on": step(
        State.UNDER_REVIEW, to=State.AWAITING_LEGAL, by=(DESK, SYSTEM), style="primary",
        label=_("Write to the new legal representative"),
        consequence=_("A link goes out by mail; the membership goes on meanwhile."),
    ),
    "accept": step(
        State.AWAITING_LEGAL, to=State.APPLIED, by=LEGAL, style="primary",
        label=_("Accept for the organisation"),
        consequence=_("You are its legal representative from now on."),
    ),
    "refuse": step(
        State.UNDER_REVIEW, to=State.REFUSED, by=DESK, needs_reason=True, style="stop",
        label=_("Refuse the change"),
        consequence=_("The referents receive your reason; nothing changes."),
    ),
    "decline": step(
        State.AWAITING_LEGAL, to=State.REFUSED, by=LEGAL, needs_reason=True,
        label=_("I am not this organisation's legal representative"),
        consequence=_("The referents receive your reason; nothing changes."),
    ),
    "withdraw": step(
        State.UNDER_REVIEW, State.AWAITING_LEGAL, to=State.WITHDRAWN, by=(REFERENT, DESK),
        label=_("Withdraw the change"),
        consequence=_("Nothing changes; a link already sent stops working."),
    ),
    "lapse": step(
        State.AWAITING_LEGAL, to=State.LAPSED, by=SYSTEM, label=_("Let lapse"),
    ),
}  # fmt: skip

TURNS = {
    State.UNDER_REVIEW: DESK,
    State.AWAITING_LEGAL: LEGAL,
    State.APPLIED: "",
    State.REFUSED: "",
    State.WITHDRAWN: "",
    State.LAPSED: "",
}

PATIENCE = {State.UNDER_REVIEW: timedelta(days=14), State.AWAITING_LEGAL: timedelta(days=30)}
OPEN = frozenset(PATIENCE)

LIFE = Life(
    name="change",
    title=_("A change of an organisation's facts"),
    states=State,
    initial=State.UNDER_REVIEW,
    steps=STEPS,
    turns=TURNS,
)
