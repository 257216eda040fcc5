"""The life of a membership, from the first form to the day the organisation leaves."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step


class State(models.TextChoices):
    DRAFT = "draft", _("Being written")
    AWAITING_REFERENT = "awaiting_referent", _("Waiting for the referent to prove their address")
    AWAITING_LEGAL = "awaiting_legal", _("Waiting for the legal representative")
    SENT_BACK = "sent_back", _("Sent back for correction")
    UNDER_REVIEW = "under_review", _("Under review at the DINAMIS desk")
    AWAITING_OPINIONS = "awaiting_opinions", _("Waiting for outside opinions")
    ACTIVE = "active", _("Active")
    REFUSED = "refused", _("Refused")
    APPEALED = "appealed", _("Refused, and read again on appeal")
    DISMISSED = "dismissed", _("Refused after appeal")
    SUSPENDED = "suspended", _("Suspended")
    EXPIRED = "expired", _("Expired")
    LEFT = "left", _("Left")


# The words for who may take a step; policies.py says who they are.
REFERENT, LEGAL, DESK, SYSTEM = "referent", "legal_representative", "desk", "system"
ADVISER = "adviser"

STEPS = {
    "submit": step(
        State.DRAFT, to=State.AWAITING_REFERENT, by=REFERENT, style="primary",
        label=_("Send the form"),
        consequence=_("The legal representative receives the request by mail."),
    ),
    "prove": step(
        State.AWAITING_REFERENT, to=State.AWAITING_LEGAL, by=REFERENT, style="primary",
        label=_("Confirm my address"),
        consequence=_("The legal representative receives the request by mail."),
    ),
    "accept": step(
        State.AWAITING_LEGAL, to=State.UNDER_REVIEW, by=LEGAL, style="primary",
        label=_("Accept for the organisation"),
        consequence=_("The DINAMIS desk reviews the membership."),
    ),
    "object": step(
        State.AWAITING_LEGAL, to=State.SENT_BACK, by=LEGAL, needs_reason=True,
        label=_("Send back for correction"),
        consequence=_("The future referent receives your reason and corrects the form."),
    ),
    "send_back": step(
        State.UNDER_REVIEW, State.AWAITING_OPINIONS, to=State.SENT_BACK, by=DESK, needs_reason=True,
        label=_("Send back for correction"),
        consequence=_("The future referent receives your reason and corrects the form."),
    ),
    "correct": step(
        State.SENT_BACK, to=State.AWAITING_LEGAL, by=REFERENT, style="primary",
        label=_("Send the corrected form"),
        consequence=_("The legal representative receives the request by mail."),
    ),
    "ask_opinions": step(
        State.UNDER_REVIEW, to=State.AWAITING_OPINIONS, by=DESK,
        label=_("Ask for outside opinions"),
        consequence=_("The membership waits until the opinions are in."),
    ),
    "note_opinions": step(
        State.AWAITING_OPINIONS, to=State.UNDER_REVIEW, by=SYSTEM,
        label=_("Go on: no opinion is open"),
        consequence=_("The review goes on with them in the file."),
    ),
    "approve": step(
        State.UNDER_REVIEW, to=State.ACTIVE, by=DESK, style="primary",
        label=_("Approve"),
        consequence=_("The membership takes effect now and the certificate goes out by mail."),
    ),
    "refuse": step(
        State.UNDER_REVIEW, State.AWAITING_OPINIONS, to=State.REFUSED, by=DESK,
        needs_reason=True, style="stop", label=_("Refuse"),
        consequence=_("The future referent and the legal representative receive your reason."),
    ),
    "appeal": step(
        State.REFUSED, to=State.APPEALED, by=REFERENT, needs_reason=True, style="primary",
        label=_("Appeal"),
        consequence=_("Another officer of the desk reads the file again."),
    ),
    "grant": step(
        State.APPEALED, to=State.UNDER_REVIEW, by=DESK, needs_reason=True, style="primary",
        label=_("Take the review up again"),
        consequence=_("The appeal is granted; the file is reviewed anew."),
    ),
    "dismiss": step(
        State.APPEALED, to=State.DISMISSED, by=DESK, needs_reason=True, style="stop",
        label=_("Confirm the refusal"),
        consequence=_("The refusal is final. The people concerned receive your reason."),
    ),
    "lapse": step(
        State.DRAFT, State.AWAITING_REFERENT, State.AWAITING_LEGAL, State.SENT_BACK,
        to=State.EXPIRED, by=SYSTEM, label=_("Let lapse"),
    ),
    "renew": step(
        State.ACTIVE, to=State.ACTIVE, by=REFERENT, style="primary", label=_("Renew"),
        consequence=_("The membership goes on for a new period."),
    ),
    "suspend": step(
        State.ACTIVE, to=State.SUSPENDED, by=DESK, needs_reason=True, style="stop",
        label=_("Suspend"),
        consequence=_("Nobody orders or downloads for this organisation until it is resumed."),
    ),
    "resume": step(
        State.SUSPENDED, to=State.ACTIVE, by=DESK, style="primary", label=_("Resume"),
        consequence=_("Its people may order and download again."),
    ),
    "expire": step(State.ACTIVE, State.SUSPENDED, to=State.EXPIRED, by=SYSTEM, label=_("Expire")),
    "leave": step(
        State.ACTIVE, State.SUSPENDED, to=State.LEFT, by=DESK, needs_reason=True, style="stop",
        label=_("Note that it leaves"),
        consequence=_("The organisation is no longer a member."),
    ),
}  # fmt: skip

# What was done, for who reads the history: a step's label is its button's.
DONE = {
    "begin": _("Begun, to be finished later"),
    "propose": _("Proposed"),
    "submit": _("The form was sent"),
    "prove": _("The future referent's address is confirmed"),
    "accept": _("Accepted for the organisation"),
    "object": _("Sent back by the legal representative"),
    "send_back": _("Sent back for correction by the desk"),
    "correct": _("The corrected form was sent"),
    "ask_opinions": _("Outside opinions asked"),
    "note_opinions": _("No opinion is open any more"),
    "approve": _("Approved by the desk"),
    "refuse": _("Refused"),
    "appeal": _("Appealed"),
    "grant": _("Appeal granted: reviewed anew"),
    "dismiss": _("Refusal confirmed after appeal"),
    "lapse": _("Lapsed without an answer"),
    "renew": _("Renewed"),
    "suspend": _("Suspended by the desk"),
    "resume": _("Rights resumed"),
    "expire": _("Expired"),
    "leave": _("The organisation left"),
}

TURNS = {
    State.DRAFT: REFERENT,
    State.AWAITING_REFERENT: REFERENT,
    State.AWAITING_LEGAL: LEGAL,
    State.SENT_BACK: REFERENT,
    State.UNDER_REVIEW: DESK,
    State.AWAITING_OPINIONS: ADVISER,
    State.ACTIVE: "",
    State.REFUSED: "",
    State.APPEALED: DESK,
    State.DISMISSED: "",
    State.SUSPENDED: DESK,
    State.EXPIRED: "",
    State.LEFT: "",
}

# How long each state may last before somebody is late.
PATIENCE = {
    State.DRAFT: timedelta(days=30),
    State.AWAITING_REFERENT: timedelta(days=7),
    State.AWAITING_LEGAL: timedelta(days=30),
    State.SENT_BACK: timedelta(days=30),
    State.UNDER_REVIEW: timedelta(days=14),
    State.AWAITING_OPINIONS: timedelta(days=30),
    State.APPEALED: timedelta(days=30),
    State.REFUSED: timedelta(days=60),  # an answer to a refusal is taken until then
}
# A membership that ends can be renewed from then on.
RENEW_FROM = timedelta(days=90)

# Under way: a second proposal of the same organisation would only double the work.
OPEN = frozenset(PATIENCE) - {State.REFUSED}
# The organisation is a member, whether its rights rest or not: what it can leave.
STANDING = STEPS["leave"].sources

LIFE = Life(
    name="membership",
    title=_("A membership"),
    states=State,
    initial=State.DRAFT,
    steps=STEPS,
    turns=TURNS,
)
