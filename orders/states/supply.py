"""The supply of a line: what is asked of the supplier, and what came of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step


class Supply(models.TextChoices):
    NONE = "none", _("Nothing asked yet")
    TO_PLACE = "to_place", _("To be placed")
    PLACING = "placing", _("Being sent to the supplier")
    PLACED = "placed", _("With the supplier")
    ATTEMPTING = "attempting", _("Being attempted")
    PROPOSED = "proposed", _("Image proposed")
    IN_PRODUCTION = "in_production", _("In production")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")
    CLOSED = "closed", _("Window closed without an image")
    STOPPED = "stopped", _("Not needed any more")


STEPS = {
    "prepare": step(
        Supply.NONE, to=Supply.TO_PLACE, by="system", label=_("Prepare for the supplier")
    ),
    "place": step(
        Supply.TO_PLACE,
        to=Supply.PLACED,
        by="desk",
        label=_("Placed with the supplier"),
        style="primary",
        consequence=_("From now on the requester cannot withdraw."),
    ),
    # A supplier that is asked by program: the intent first, then what its answer says.
    "send": step(
        Supply.TO_PLACE,
        to=Supply.PLACING,
        by=("desk", "system"),
        label=_("Send to the supplier"),
        consequence=_("From now on the requester cannot withdraw."),
    ),
    "acknowledge": step(
        Supply.PLACING, to=Supply.PLACED, by="system", label=_("Taken by the supplier")
    ),
    "put_back": step(
        Supply.PLACING,
        to=Supply.TO_PLACE,
        by="system",
        label=_("Not taken by the supplier"),
        needs_reason=True,
    ),
    "start_production": step(
        Supply.PLACED,
        to=Supply.IN_PRODUCTION,
        by=("desk", "system"),
        label=_("Production has begun"),
    ),
    "start_attempts": step(
        Supply.PLACED,
        to=Supply.ATTEMPTING,
        by=("desk", "system"),
        label=_("Tasking has begun"),
    ),
    "propose": step(
        Supply.ATTEMPTING,
        to=Supply.PROPOSED,
        by=("desk", "system"),
        label=_("Propose an image"),
        style="primary",
        consequence=_("The requester accepts or refuses it before the deadline."),
    ),
    "take_image": step(
        Supply.PROPOSED,
        to=Supply.IN_PRODUCTION,
        by=("owner", "delegate", "system"),
        label=_("Accept the image"),
        books="settle_attempts",
        style="primary",
        consequence=_("The image is produced; unused attempts go back to the quota."),
    ),
    "leave_image": step(
        Supply.PROPOSED,
        to=Supply.ATTEMPTING,
        by=("owner", "delegate", "desk", "system"),
        label=_("Refuse the image"),
        consequence=_("Tasking goes on while the window is open."),
    ),
    # Some suppliers ask nothing: what keeps to the ceilings of the order is produced.
    "take_as_ordered": step(
        Supply.ATTEMPTING,
        to=Supply.IN_PRODUCTION,
        by="system",
        label=_("Image taken within the ceilings asked"),
        books="settle_attempts",
    ),
    "deliver": step(
        Supply.PLACED,
        Supply.IN_PRODUCTION,
        to=Supply.DELIVERED,
        by=("desk", "system"),
        label=_("Deliver"),
        books="capture",
        style="primary",
        consequence=_("What is delivered is counted, the rest goes back to the quota."),
    ),
    "fail": step(
        Supply.TO_PLACE,
        Supply.PLACED,
        Supply.ATTEMPTING,
        Supply.IN_PRODUCTION,
        to=Supply.FAILED,
        by=("desk", "system"),
        label=_("The supplier cannot"),
        books="release_rest",
        needs_reason=True,
        style="stop",
        consequence=_("What is still held goes back to the quota."),
    ),
    "close": step(
        Supply.TO_PLACE,
        Supply.PLACED,
        Supply.ATTEMPTING,
        to=Supply.CLOSED,
        by=("desk", "system"),
        label=_("Close the window"),
        books="release_rest",
        consequence=_("Unused attempts go back to the quota."),
    ),
    "cancel": step(
        Supply.PLACED,
        Supply.ATTEMPTING,
        to=Supply.STOPPED,
        by=("owner", "desk", "system"),
        label=_("Cancel the tasking"),
        books="release_rest",
        style="stop",
        consequence=_(
            "Attempts made stay counted, and those too near to be stopped; the rest goes back."
        ),
    ),
    "stop": step(
        Supply.NONE,
        Supply.TO_PLACE,
        to=Supply.STOPPED,
        by="system",
        label=_("Stop"),
    ),
}

SUPPLY = Life(
    name="line_supply",
    title=_("Line: supply"),
    states=Supply,
    initial=Supply.NONE,
    steps=STEPS,
    turns={
        Supply.NONE: "",
        Supply.TO_PLACE: "desk",
        Supply.PLACING: "supplier",
        Supply.PLACED: "supplier",
        Supply.ATTEMPTING: "supplier",
        Supply.PROPOSED: "owner",
        Supply.IN_PRODUCTION: "supplier",
        Supply.DELIVERED: "",
        Supply.FAILED: "",
        Supply.CLOSED: "",
        Supply.STOPPED: "",
    },
)

# A step that makes sense for one kind of line only.
ONLY_FOR = {
    "start_production": "production",
    "start_attempts": "tasking",
    "propose": "tasking",
    "take_image": "tasking",
    "leave_image": "tasking",
    "take_as_ordered": "tasking",
    "close": "tasking",
    "cancel": "tasking",
}
# Nothing has left the house yet: the line can still be stopped at no cost.
STOPPABLE = frozenset({Supply.NONE, Supply.TO_PLACE})
OVER = SUPPLY.final
