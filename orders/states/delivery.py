"""The life of a delivery: handed in, read and stored, matched to its line or kept for the desk."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step


class DeliveryState(models.TextChoices):
    RECEIVED = "received", _("Handed in")
    STORED = "stored", _("Read and stored")
    WAITING = "waiting", _("Waits at the desk")
    PUBLISHED = "published", _("Published")
    REFUSED = "refused", _("Refused")


STEPS = {
    "store": step(
        DeliveryState.RECEIVED,
        to=DeliveryState.STORED,
        by="system",
        label=_("Read, check and store"),
    ),
    "wait": step(
        DeliveryState.STORED, to=DeliveryState.WAITING, by="system", label=_("Keep for the desk")
    ),
    "publish": step(
        DeliveryState.STORED,
        DeliveryState.WAITING,
        to=DeliveryState.PUBLISHED,
        by=("system", "desk"),
        label=_("Publish"),
        books="capture",
        style="primary",
        consequence=_("The image is free for every member from now on."),
    ),
    "refuse": step(
        DeliveryState.RECEIVED,
        DeliveryState.STORED,
        DeliveryState.WAITING,
        to=DeliveryState.REFUSED,
        by=("system", "desk"),
        label=_("Refuse"),
        needs_reason=True,
        style="stop",
        consequence=_("Its files are put away; nothing is published."),
    ),
}

DELIVERY = Life(
    name="delivery",
    title=_("Delivery"),
    states=DeliveryState,
    initial=DeliveryState.RECEIVED,
    steps=STEPS,
    turns={
        DeliveryState.RECEIVED: "system",
        DeliveryState.STORED: "system",
        DeliveryState.WAITING: "desk",
        DeliveryState.PUBLISHED: "",
        DeliveryState.REFUSED: "",
    },
)
