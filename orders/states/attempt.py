"""One attempt to acquire an image: planned, made or missed, then cloudy or proposed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step


class AttemptState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    MISSED = "missed", _("Not made")
    ATTEMPTED = "attempted", _("Made")
    CLOUDY = "cloudy", _("Too cloudy")
    PROPOSED = "proposed", _("Proposed")


STEPS = {
    "attempt": step(
        AttemptState.PLANNED,
        to=AttemptState.ATTEMPTED,
        by=("desk", "system"),
        label=_("The satellite tried"),
        books="count_attempt",
        consequence=_("It counts, whatever the clouds."),
    ),
    "miss": step(
        AttemptState.PLANNED,
        to=AttemptState.MISSED,
        by=("desk", "system"),
        label=_("The satellite did not try"),
        needs_reason=True,
        consequence=_("Nothing is counted."),
    ),
    "cloud_over": step(
        AttemptState.ATTEMPTED,
        to=AttemptState.CLOUDY,
        by=("desk", "system"),
        label=_("Too cloudy"),
        consequence=_("Tasking goes on."),
    ),
    "propose": step(
        AttemptState.ATTEMPTED,
        to=AttemptState.PROPOSED,
        by=("desk", "system"),
        label=_("Propose the image"),
        style="primary",
        consequence=_("The requester accepts or refuses it before the deadline."),
    ),
}

ATTEMPT = Life(
    name="attempt",
    title=_("Attempt"),
    states=AttemptState,
    initial=AttemptState.PLANNED,
    steps=STEPS,
    turns={
        AttemptState.PLANNED: "supplier",
        AttemptState.MISSED: "",
        AttemptState.ATTEMPTED: "desk",
        AttemptState.CLOUDY: "",
        AttemptState.PROPOSED: "",
    },
)
