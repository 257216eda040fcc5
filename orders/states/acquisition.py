"""An image proposed to the requester: accepted or refused before its deadline, produced, delivered."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step


class AcquisitionState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
    TAKEN_BACK = "taken_back", _("Taken back")
    PRODUCED = "produced", _("Produced")
    DELIVERED = "delivered", _("Delivered")


STEPS = {
    "accept": step(
        AcquisitionState.PROPOSED,
        to=AcquisitionState.ACCEPTED,
        by=("owner", "delegate", "system"),
        label=_("Accept"),
        style="primary",
        consequence=_("The image is produced; unused attempts go back to the quota."),
    ),
    "refuse": step(
        AcquisitionState.PROPOSED,
        to=AcquisitionState.REFUSED,
        by=("owner", "delegate", "system"),
        label=_("Refuse"),
        consequence=_("Tasking goes on while the window is open."),
    ),
    "take_back": step(
        AcquisitionState.PROPOSED,
        to=AcquisitionState.TAKEN_BACK,
        by=("desk", "system"),
        label=_("Take the proposal back"),
        needs_reason=True,
        style="stop",
        consequence=_("Tasking goes on while the window is open."),
    ),
    "produce": step(
        AcquisitionState.ACCEPTED,
        to=AcquisitionState.PRODUCED,
        by=("desk", "system"),
        label=_("The supplier has produced it"),
        consequence=_("Its delivery is on the way."),
    ),
    "deliver": step(
        AcquisitionState.ACCEPTED,
        AcquisitionState.PRODUCED,
        to=AcquisitionState.DELIVERED,
        by="system",
        label=_("Delivered"),
    ),
}

ACQUISITION = Life(
    name="acquisition",
    title=_("Proposed image"),
    states=AcquisitionState,
    initial=AcquisitionState.PROPOSED,
    steps=STEPS,
    turns={
        AcquisitionState.PROPOSED: "owner",
        AcquisitionState.ACCEPTED: "supplier",
        AcquisitionState.REFUSED: "",
        AcquisitionState.TAKEN_BACK: "",
        AcquisitionState.PRODUCED: "supplier",
        AcquisitionState.DELIVERED: "",
    },
)
