"""Our orders held against a supplier's: what is missing there, unknown here, or told differently."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.policies import is_desk
from dinamis.actors import ActedBy
from orders.models.supplier import Supplier
from orders.models.supplier_order import SupplierOrder


class ReconciliationQuerySet(models.QuerySet["Reconciliation"]):
    def visible_to(self, user: Any) -> "ReconciliationQuerySet":
        """The desk's alone."""
        return self.all() if is_desk(user) else self.none()


class Reconciliation(ActedBy):
    """One comparison of all orders, ours and theirs. `failed` says why it could not be made whole."""

    supplier = models.ForeignKey(Supplier, models.CASCADE, related_name="reconciliations")
    began_at = models.DateTimeField(_("began at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ours = models.PositiveIntegerField(_("our orders"), default=0)
    theirs = models.PositiveIntegerField(_("their orders"), default=0)
    failed = models.TextField(_("why it stopped"), max_length=1000, blank=True)

    objects = ReconciliationQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at", "-pk"]
        verbose_name = _("reconciliation")
        verbose_name_plural = _("reconciliations")
        constraints = [*ActedBy.Meta.constraints]

    def __str__(self) -> str:
        return f"{self.supplier} {self.began_at:%Y-%m-%d %H:%M}"


class Difference(models.Model):
    """One order that is not the same on both sides."""

    class What(models.TextChoices):
        MISSING = "missing", _("Missing there")
        UNKNOWN = "unknown", _("Unknown here")
        TWICE = "twice", _("There twice")
        STATE = "state", _("Another state")
        PRICE = "price", _("Another price")

    reconciliation = models.ForeignKey(Reconciliation, models.CASCADE, related_name="differences")
    what = models.CharField(_("what differs"), max_length=10, choices=What)
    order = models.ForeignKey(
        SupplierOrder, models.CASCADE, related_name="+", null=True, blank=True
    )
    reference = models.CharField(_("our reference"), max_length=40, blank=True)
    their_reference = models.CharField(_("their reference"), max_length=120, blank=True)
    ours = models.CharField(_("here"), max_length=120, blank=True)
    theirs = models.CharField(_("there"), max_length=120, blank=True)

    class Meta:
        ordering = ["what", "reference", "their_reference"]
        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        constraints = [
            models.CheckConstraint(
                condition=~Q(reference="", their_reference=""), name="difference_names_an_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.reference or self.their_reference}"
