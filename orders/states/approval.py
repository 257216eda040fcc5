"""The approval of a line: may this be asked of a supplier, at the scheme's expense?"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step


class Approval(models.TextChoices):
    DRAFT = "draft", _("Draft")
    LAPSED = "lapsed", _("Lapsed")
    WAITING_QUOTA = "waiting_quota", _("Waiting for quota")
    AWAITING_REFERENT = "awaiting_referent", _("With the referent")
    SUBMITTED = "submitted", _("With the DINAMIS desk")
    TO_COMPLETE = "to_complete", _("To be completed")
    TO_CONFIRM = "to_confirm", _("To be confirmed")
    OFFERED = "offered", _("Offered in part")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CONVERTED = "converted", _("Replaced by an existing image")


_WAITING = (
    Approval.AWAITING_REFERENT,
    Approval.SUBMITTED,
    Approval.TO_COMPLETE,
    Approval.TO_CONFIRM,
    Approval.OFFERED,
)

STEPS = {
    "submit": step(
        Approval.DRAFT,
        to=Approval.SUBMITTED,
        by="owner",
        label=_("Submit"),
        books="hold",
        style="primary",
        consequence=_("The quantity quoted is held on the quota until delivery."),
    ),
    "submit_to_referent": step(
        Approval.DRAFT,
        to=Approval.AWAITING_REFERENT,
        by="owner",
        label=_("Submit to the referent"),
        books="hold",
        style="primary",
        consequence=_("Your organisation asks its referent to agree first."),
    ),
    # The waiting list of a purse: nothing is held, the place in the list is `queued_at`.
    "wait": step(
        Approval.DRAFT,
        to=Approval.WAITING_QUOTA,
        by="owner",
        label=_("Wait for quota"),
        consequence=_(
            "Nothing is held yet. It is sent by itself, in its turn, when quota comes back."
        ),
    ),
    "stay": step(
        Approval.WAITING_QUOTA,
        to=Approval.WAITING_QUOTA,
        by="owner",
        label=_("Keep my place"),
        consequence=_("Quoted again under the rules of today; its place in the list stays."),
    ),
    "leave_list": step(
        Approval.WAITING_QUOTA,
        to=Approval.DRAFT,
        by="owner",
        label=_("Leave the list"),
        consequence=_("It is a draft again; its place in the list is given up."),
    ),
    "serve": step(
        Approval.WAITING_QUOTA,
        to=Approval.SUBMITTED,
        by="system",
        label=_("Send in its turn"),
        books="hold",
    ),
    "serve_to_referent": step(
        Approval.WAITING_QUOTA,
        to=Approval.AWAITING_REFERENT,
        by="system",
        label=_("Send to the referent in its turn"),
        books="hold",
    ),
    "set_aside": step(
        Approval.WAITING_QUOTA,
        to=Approval.DRAFT,
        by="system",
        label=_("Set aside"),
        needs_reason=True,
    ),
    "approve": step(
        Approval.AWAITING_REFERENT,
        to=Approval.SUBMITTED,
        by="referent",
        label=_("Approve"),
        style="primary",
        consequence=_("The request goes on to the DINAMIS desk."),
    ),
    "accept": step(
        Approval.SUBMITTED,
        to=Approval.ACCEPTED,
        by="desk",
        label=_("Accept"),
        style="primary",
        consequence=_("The line can be placed with the supplier."),
    ),
    "accept_by_rule": step(
        Approval.SUBMITTED,
        to=Approval.ACCEPTED,
        by="system",
        label=_("Accept at once, by the rules"),
    ),
    "offer_part": step(
        Approval.SUBMITTED,
        to=Approval.OFFERED,
        by="desk",
        label=_("Offer a part"),
        needs_reason=True,
        consequence=_("The requester accepts the part or not; what is held stays held until then."),
    ),
    "take_part": step(
        Approval.OFFERED,
        to=Approval.ACCEPTED,
        by="owner",
        label=_("Accept the offer"),
        books="hold_more",
        style="primary",
        consequence=_("What is not needed any more goes back to the quota at once."),
    ),
    "leave_part": step(
        Approval.OFFERED,
        to=Approval.SUBMITTED,
        by=("owner", "system"),
        label=_("Not accept the offer"),
        needs_reason=True,
        consequence=_("Your words go back to the desk, which decides again."),
    ),
    "ask_to_complete": step(
        Approval.SUBMITTED,
        to=Approval.TO_COMPLETE,
        by=("desk", "system"),
        label=_("Ask to complete"),
        needs_reason=True,
        consequence=_("The requester is asked; what is held stays held."),
    ),
    "complete": step(
        Approval.TO_COMPLETE,
        to=Approval.SUBMITTED,
        by="owner",
        label=_("Answer the desk"),
        needs_reason=True,
        style="primary",
        consequence=_("Your answer goes to the DINAMIS desk."),
    ),
    "ask_to_confirm": step(
        Approval.AWAITING_REFERENT,
        Approval.SUBMITTED,
        Approval.TO_COMPLETE,
        to=Approval.TO_CONFIRM,
        by="system",
        label=_("Ask to confirm the new quote"),
    ),
    "confirm": step(
        Approval.TO_CONFIRM,
        to=Approval.SUBMITTED,
        by="owner",
        label=_("Confirm the new quote"),
        books="hold_more",
        style="primary",
        consequence=_("The difference is held on the quota as well."),
    ),
    "refuse": step(
        Approval.AWAITING_REFERENT,
        Approval.SUBMITTED,
        Approval.TO_COMPLETE,
        to=Approval.REFUSED,
        by=("desk", "referent"),
        label=_("Refuse"),
        books="release",
        needs_reason=True,
        style="stop",
        consequence=_("Everything held goes back to the quota."),
    ),
    "withdraw": step(
        Approval.DRAFT,
        Approval.WAITING_QUOTA,
        *_WAITING,
        Approval.ACCEPTED,
        to=Approval.WITHDRAWN,
        by=("owner", "system"),
        label=_("Withdraw"),
        books="release",
        style="stop",
        consequence=_("Everything held goes back to the quota."),
    ),
    "convert": step(
        Approval.WAITING_QUOTA,
        *_WAITING,
        Approval.ACCEPTED,
        to=Approval.CONVERTED,
        by="owner",
        label=_("Take the existing image instead"),
        books="release",
        style="primary",
        consequence=_("Everything held goes back to the quota; the image is downloaded."),
    ),
    "lapse": step(
        Approval.DRAFT,
        Approval.WAITING_QUOTA,
        *_WAITING,
        to=Approval.LAPSED,
        by="system",
        label=_("Lapse"),
        books="release",
    ),
    "quote_again": step(
        Approval.LAPSED,
        to=Approval.DRAFT,
        by="owner",
        label=_("Quote again"),
        style="primary",
        consequence=_("The same request, under the rules of today."),
    ),
}

APPROVAL = Life(
    name="line_approval",
    title=_("Line: approval"),
    states=Approval,
    initial=Approval.DRAFT,
    steps=STEPS,
    turns={
        Approval.DRAFT: "owner",
        Approval.LAPSED: "",
        Approval.WAITING_QUOTA: "",
        Approval.AWAITING_REFERENT: "referent",
        Approval.SUBMITTED: "desk",
        Approval.TO_COMPLETE: "owner",
        Approval.TO_CONFIRM: "owner",
        Approval.OFFERED: "owner",
        Approval.ACCEPTED: "",
        Approval.REFUSED: "",
        Approval.WITHDRAWN: "",
        Approval.CONVERTED: "",
    },
)

# Asked for, and not yet decided: what holds quota and waits for somebody here.
WAITING = frozenset(_WAITING)
