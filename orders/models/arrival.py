"""What was seen in the inbox: one row for each thing, whatever became of it, and its history."""

import uuid
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Case, Q, When
from django.utils.translation import gettext_lazy as _

from accounts.policies import is_desk
from dinamis.actors import ActedBy
from dinamis.leases import Leased
from dinamis.lifecycle import Living
from dinamis.reasons import Reasoned
from orders.models.supplier_order import SupplierOrder
from orders.states import ARRIVAL, ArrivalState
from orders.states.arrival import OPEN


class ArrivalQuerySet(models.QuerySet["Arrival"]):
    def visible_to(self, user: Any) -> "ArrivalQuerySet":
        """The desk's alone."""
        return self.all() if is_desk(user) else self.none()

    def open(self) -> "ArrivalQuerySet":
        return self.filter(state__in=OPEN)

    def in_trouble(self) -> "ArrivalQuerySet":
        """Refused, or with a step that failed: an officer looks."""
        failing = Q(state__in=OPEN) & ~Q(error="")
        return self.filter(Q(state=ArrivalState.REFUSED) | failing)

    def open_first(self) -> "ArrivalQuerySet":
        rank = Case(When(state__in=OPEN, then=0), default=1)
        return self.order_by(rank, "-state_since", "-pk")


class Arrival(Living, Leased, Reasoned):
    """One thing of the inbox. `supplier` is the name of its folder, `path` where it lies in the inbox now.

    What a supplier lists by program is an arrival of its `supplier_order`; `handed` names it there.

    `mark` is the digest of names, sizes and times; it stays the same from `mark_since` on. `error` is
    what the step tried last met, "" once it went well.
    """

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    supplier = models.CharField(_("supplier's folder"), max_length=255, blank=True)
    name = models.CharField(_("name"), max_length=255)
    path = models.CharField(_("where it lies"), max_length=1000)
    # Written before a move, so that one broken off is ended and not begun anew.
    going_to = models.CharField(_("where it is moved to"), max_length=1000, blank=True)
    is_folder = models.BooleanField(_("a folder"), default=False)
    supplier_order = models.ForeignKey(
        SupplierOrder, models.PROTECT, related_name="arrivals", null=True, blank=True
    )
    handed = models.CharField(_("what the supplier calls it"), max_length=500, blank=True)
    mark = models.CharField(_("mark"), max_length=64)
    mark_since = models.DateTimeField(_("unchanged since"))
    size = models.PositiveBigIntegerField(_("size in bytes"))
    files = models.PositiveIntegerField(_("files"))
    state = models.CharField(
        _("state"), max_length=12, choices=ArrivalState, default=ArrivalState.ARRIVING
    )
    error = models.TextField(_("trouble met last"), blank=True)
    seen_at = models.DateTimeField(_("seen at"), auto_now_add=True)

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        ordering = ["-seen_at", "-pk"]
        verbose_name = _("arrival in the inbox")
        verbose_name_plural = _("arrivals in the inbox")
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "name"],
                condition=Q(state="arriving", supplier_order=None),
                name="arrival_arriving_once",
            ),
            models.UniqueConstraint(
                fields=["supplier_order", "handed"],
                condition=Q(supplier_order__isnull=False),
                name="arrival_handed_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="arrival_refused_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def delivery(self) -> Any:
        """What it was handed over as, the last one where it was tried again; None before."""
        return max(self.deliveries.all(), key=lambda one: one.pk, default=None)

    @property
    def is_refusable(self) -> bool:
        delivery = self.delivery
        over = delivery is not None and delivery.state in ("published", "refused")
        return self.state == ArrivalState.TAKEN or (
            self.state == ArrivalState.HANDED_OVER and not over
        )


class ArrivalFile(models.Model):
    """One file of an arrival that must be fetched: from an S3, one step each."""

    arrival = models.ForeignKey(Arrival, models.CASCADE, related_name="parts")
    path = models.CharField(_("path inside the arrival"), max_length=1000, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    stamp = models.CharField(_("tag"), max_length=200)
    is_fetched = models.BooleanField(_("fetched"), default=False)

    class Meta:
        ordering = ["arrival", "pk"]
        verbose_name = _("file of an arrival")
        verbose_name_plural = _("files of an arrival")
        constraints = [
            models.UniqueConstraint(fields=["arrival", "path"], name="arrival_file_once")
        ]

    def __str__(self) -> str:
        return self.path


class ArrivalEvent(ActedBy, Reasoned):
    """One step of an arrival's life. Only ever added."""

    arrival = models.ForeignKey(Arrival, models.PROTECT, related_name="events")
    step = models.CharField(_("step"), max_length=20)
    source = models.CharField(_("from"), max_length=12)
    target = models.CharField(_("to"), max_length=12)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("event of an arrival")
        verbose_name_plural = _("events of an arrival")
        constraints = [*ActedBy.Meta.constraints]
        triggers = [
            pgtrigger.Protect(
                name="arrival_event_only_added", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.arrival_id} {self.step}"

    @property
    def label(self) -> str:
        """The step in words."""
        return str(ARRIVAL.steps[self.step].label)


class InboxLook(models.Model):
    """How the last look at the inbox went: one row for each address, without what it may hold of secrets."""

    place = models.CharField(_("inbox"), max_length=500, unique=True)
    looked_at = models.DateTimeField(_("looked at"))
    things = models.PositiveIntegerField(_("things seen"), default=0)
    error = models.TextField(_("trouble"), blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)

    class Meta:
        ordering = ["-looked_at"]
        verbose_name = _("look at the inbox")
        verbose_name_plural = _("looks at the inbox")

    def __str__(self) -> str:
        return f"{self.place} {self.looked_at:%Y-%m-%d %H:%M}"
