"""A file of a product, as it was delivered, and what its last reading said of the stored bytes."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalogue.models.product import Product


class ProductFileQuerySet(models.QuerySet["ProductFile"]):
    def damaged(self) -> "ProductFileQuerySet":
        """Found altered or missing: not given out until they are restored."""
        return self.exclude(fault="")

    def longest_unread(self) -> "ProductFileQuerySet":
        """Those never read again first, then by the age of the last try."""
        return self.order_by(F("looked_at").asc(nulls_first=True), "pk")


class ProductFile(models.Model):
    """One file; `sha256` is of the stored bytes, `fault` what its reading found wrong with them.

    `hashed_at` is when they were last read and right, `looked_at` when that was last tried.
    """

    class Fault(models.TextChoices):
        ALTERED = "altered", _("altered")
        MISSING = "missing", _("missing")

    product = models.ForeignKey(Product, models.CASCADE, related_name="files")
    name = models.CharField(_("path inside the product"), max_length=400)
    role = models.CharField(_("role"), max_length=20)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    storage_name = models.CharField(_("name in the store"), max_length=400, unique=True)
    hashed_at = models.DateTimeField(_("read and right"), null=True, blank=True)
    looked_at = models.DateTimeField(_("read last"), null=True, blank=True)
    fault = models.CharField(_("fault"), max_length=10, choices=Fault, blank=True, default="")
    fault_at = models.DateTimeField(_("fault found"), null=True, blank=True)

    objects = ProductFileQuerySet.as_manager()

    class Meta:
        ordering = ["product", "name"]
        verbose_name = _("file of a product")
        verbose_name_plural = _("files of a product")
        indexes = [
            models.Index(F("looked_at").asc(nulls_first=True), "id", name="product_file_unread"),
            models.Index(fields=["product"], condition=~Q(fault=""), name="product_file_damaged"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="product_file_once"),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="product_file_has_a_digest"
            ),
            models.CheckConstraint(
                condition=Q(fault="", fault_at=None) | Q(~Q(fault=""), fault_at__isnull=False),
                name="product_file_fault_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name
