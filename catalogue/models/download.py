"""A download: who took which file of which product, by what way, and under which signature."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Signature
from catalogue.models.product import Product
from catalogue.models.product_file import ProductFile
from catalogue.models.stated_use import StatedUse


class DownloadQuerySet(models.QuerySet["Download"]):
    def visible_to(self, user: Any) -> "DownloadQuerySet":
        """One's own, and nobody else's."""
        return self.filter(user_id=user.pk) if user.is_authenticated else self.none()


class Download(models.Model):
    """One file begun; the parts of a resumed download are one row."""

    class How(models.TextChoices):
        BROWSER = "browser", _("in the browser")
        LINK = "link", _("by a signed link")
        ARCHIVE = "archive", _("as one archive")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="downloads", verbose_name=_("user")
    )
    product = models.ForeignKey(Product, models.PROTECT, related_name="downloads")
    file = models.ForeignKey(
        ProductFile, models.PROTECT, related_name="downloads", null=True, blank=True
    )
    signature = models.ForeignKey(
        Signature, models.PROTECT, related_name="downloads", null=True, blank=True
    )
    # Empty for what is open to everybody, and before it was asked.
    use = models.ForeignKey(
        StatedUse, models.PROTECT, related_name="downloads", null=True, blank=True
    )
    how = models.CharField(_("how"), max_length=10, choices=How)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    objects = DownloadQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("download")
        verbose_name_plural = _("downloads")

    def __str__(self) -> str:
        return f"{self.file or self.product} · {self.user}"
