"""A delivery handed in: where it lies, what it holds, whose line it is, how far it has got."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Case, Q, When
from django.utils.translation import gettext_lazy as _

from accounts.policies import is_desk
from catalogue.models import Product
from dinamis.actors import ActedBy
from dinamis.leases import Leased
from dinamis.lifecycle import Living
from dinamis.reasons import Reasoned
from dinamis.said import notes_told
from orders.models.arrival import Arrival
from orders.models.line import Line
from orders.states import DeliveryState


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, user: Any) -> "DeliveryQuerySet":
        """The desk's alone."""
        return self.all() if is_desk(user) else self.none()

    def waiting_first(self) -> "DeliveryQuerySet":
        """Those that wait for an officer, then those under way, then the rest, newest first."""
        rank = Case(
            When(state=DeliveryState.WAITING, then=0),
            When(state__in=[DeliveryState.RECEIVED, DeliveryState.STORED], then=1),
            default=2,
        )
        return self.order_by(rank, "-received_at", "-pk")


class Delivery(ActedBy, Living, Leased, Reasoned):
    """One folder or archive. `source` is where it lies until it is stored; we remove only our own.

    `asked` is what the person who handed it in said of its order, `notes` what was noted of it
    (code, path, sentence, and `said` to tell it again), `pictures` product path → stored pictures.
    """

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=255)
    source = models.CharField(_("where it lies"), max_length=1000)
    is_staged = models.BooleanField(_("a copy of ours"), default=False)
    asked = models.CharField(_("order named when handed in"), max_length=80, blank=True)
    licence = models.CharField(_("licence, if not the sensor's"), max_length=20, blank=True)
    embargo_until = models.DateField(_("under embargo until"), null=True, blank=True)
    line = models.ForeignKey(Line, models.PROTECT, related_name="deliveries", null=True, blank=True)
    # What it came as; several where an officer had it tried again. The last one counts.
    arrival = models.ForeignKey(
        Arrival, models.PROTECT, related_name="deliveries", null=True, blank=True
    )
    state = models.CharField(
        _("state"), max_length=12, choices=DeliveryState, default=DeliveryState.RECEIVED
    )
    notes = models.JSONField(_("notes"), default=list, blank=True)
    pictures = models.JSONField(_("pictures"), default=dict, blank=True)
    # Only the metadata can be trusted to be there: tiles may be empty and are not opened.
    without_pixels = models.BooleanField(_("metadata only"), default=False)
    is_read = models.BooleanField(_("its list of files is known"), default=False)
    received_at = models.DateTimeField(_("handed in at"), auto_now_add=True)
    products = models.ManyToManyField(Product, related_name="deliveries", blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            *ActedBy.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="delivery_refused_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def notes_told(self) -> list[dict[str, str]]:
        """The notes in the language of the reader."""
        return notes_told(self.notes)


class DeliveryFile(models.Model):
    """One file of a delivery: stored once, by one step. `product` is its product's metadata path."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="files")
    path = models.CharField(_("path"), max_length=400)
    role = models.CharField(_("role"), max_length=20)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    product = models.CharField(_("product"), max_length=400, blank=True)
    stated = models.CharField(_("checksum stated"), max_length=160, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    storage_name = models.CharField(_("name in the store"), max_length=200, blank=True)

    class Meta:
        ordering = ["delivery", "pk"]
        verbose_name = _("file of a delivery")
        verbose_name_plural = _("files of a delivery")
        constraints = [
            models.UniqueConstraint(fields=["delivery", "path"], name="delivery_file_once")
        ]

    def __str__(self) -> str:
        return self.path

    @property
    def is_stored(self) -> bool:
        return bool(self.storage_name)
