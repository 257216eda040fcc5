"""A line at a supplier: our reference and theirs, what we asked, where they say it stands."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.policies import is_desk
from orders.models.line import Line
from orders.models.supplier import Supplier
from orders.suppliers.protocol import Stage

STAGES = {
    Stage.STUDIED: _("Being studied"),
    Stage.CHOICE: _("Waits for an answer"),
    Stage.PLACED: _("Placed"),
    Stage.TASKING: _("Being attempted"),
    Stage.PROPOSED: _("Image proposed"),
    Stage.PRODUCING: _("In production"),
    Stage.PARTIAL: _("Delivered in part"),
    Stage.DELIVERED: _("Delivered"),
    Stage.EXPIRED: _("Expired"),
    Stage.REJECTED: _("Rejected"),
    Stage.CANCELLED: _("Cancelled"),
    Stage.FAILED: _("Failed"),
}


class SupplierOrderQuerySet(models.QuerySet["SupplierOrder"]):
    def visible_to(self, user: Any) -> "SupplierOrderQuerySet":
        """The desk's alone."""
        return self.all() if is_desk(user) else self.none()

    def running(self) -> "SupplierOrderQuerySet":
        """Taken by the supplier, and not over there."""
        return self.filter(ended_at=None).exclude(their_reference="")

    def to_look_at(self, at: Any) -> "SupplierOrderQuerySet":
        """Running, and due to be looked at."""
        return self.running().filter(next_look_at__lte=at).order_by("next_look_at", "pk")


class SupplierOrder(models.Model):
    """`asked` is the Ask as it was sent; `stage_at` the instant the supplier dates its status from.

    `digest` is that of the last report taken in: one that says the same again costs nothing.
    `trouble` is what an officer should look at, in the desk's words.
    """

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="orders")
    line = models.ForeignKey(Line, models.PROTECT, related_name="supplier_orders")
    reference = models.CharField(_("our reference"), max_length=40, unique=True)
    their_reference = models.CharField(_("their reference"), max_length=120, blank=True)
    asked = models.JSONField(_("what was asked"), default=dict)
    stage = models.CharField(_("where it stands there"), max_length=12, choices=STAGES, blank=True)
    stage_at = models.DateTimeField(_("stands there since"), null=True, blank=True)
    reason = models.TextField(_("what they say of it"), max_length=2000, blank=True)
    code = models.CharField(_("their code"), max_length=80, blank=True)
    price = models.DecimalField(
        _("their price"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    digest = models.CharField(_("digest of the last report"), max_length=64, blank=True)
    trouble = models.TextField(_("to be looked at"), max_length=2000, blank=True)
    made_at = models.DateTimeField(_("made at"))
    looked_at = models.DateTimeField(_("looked at"), null=True, blank=True)
    next_look_at = models.DateTimeField(_("looked at next"), null=True, blank=True)
    # When its files are to be asked for; None when that is done.
    files_due_at = models.DateTimeField(_("files asked for next"), null=True, blank=True)
    ended_at = models.DateTimeField(_("over at"), null=True, blank=True)

    objects = SupplierOrderQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("order at a supplier")
        verbose_name_plural = _("orders at suppliers")
        indexes = [
            models.Index(
                fields=["supplier", "files_due_at"],
                condition=Q(files_due_at__isnull=False),
                name="supplier_order_files_due",
            ),
            models.Index(
                fields=["supplier", "next_look_at"],
                condition=Q(ended_at=None),
                name="supplier_order_due",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(ended_at=None),
                name="supplier_order_one_running_a_line",
            ),
            models.UniqueConstraint(
                fields=["supplier", "their_reference"],
                condition=~Q(their_reference=""),
                name="supplier_order_their_reference_once",
            ),
        ]

    def __str__(self) -> str:
        return self.reference
