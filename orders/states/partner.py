"""The life of a partner of a project: invited by its lead, answers by a mailed link or from their account."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step


class PartnerState(models.TextChoices):
    INVITED = "invited", _("Invited")
    ACCEPTED = "accepted", _("Takes part")
    DECLINED = "declined", _("Does not take part")
    REMOVED = "removed", _("Removed")


PARTNER, LEAD = "partner", "lead"

STEPS = {
    "accept": step(
        PartnerState.INVITED,
        to=PartnerState.ACCEPTED,
        by=PARTNER,
        label=_("Take part"),
        style="primary",
        consequence=_("You see the project, and may order images under it once it is approved."),
    ),
    "decline": step(
        PartnerState.INVITED,
        PartnerState.ACCEPTED,
        to=PartnerState.DECLINED,
        by=PARTNER,
        label=_("Not take part"),
        consequence=_("The lead of the project is told."),
    ),
    "remove": step(
        PartnerState.INVITED,
        PartnerState.ACCEPTED,
        to=PartnerState.REMOVED,
        by=LEAD,
        label=_("Remove"),
        style="stop",
        consequence=_("Sees the project no longer; orders made under it go on."),
    ),
    "invite_again": step(
        PartnerState.DECLINED,
        PartnerState.REMOVED,
        PartnerState.INVITED,
        to=PartnerState.INVITED,
        by=LEAD,
        label=_("Invite again"),
        consequence=_("A new link goes out by mail; the old one stops."),
    ),
}

PARTNERSHIP = Life(
    name="project_partner",
    title=_("A partner of a project"),
    states=PartnerState,
    initial=PartnerState.INVITED,
    steps=STEPS,
    turns={
        PartnerState.INVITED: PARTNER,
        PartnerState.ACCEPTED: "",
        PartnerState.DECLINED: "",
        PartnerState.REMOVED: "",
    },
)
# Who belongs to the project, answered or not.
OPEN = frozenset({PartnerState.INVITED, PartnerState.ACCEPTED})
