"""A copy of a person's data: asked for, made by a worker, taken by the person, thrown away."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DataExportQuerySet(models.QuerySet["DataExport"]):
    def visible_to(self, user: Any) -> "DataExportQuerySet":
        """One's own, nobody else's: not the desk's, not an administrator's."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def living(self) -> "DataExportQuerySet":
        """Being made, or ready and not yet expired."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()))


class DataExport(models.Model):
    """One copy. Its file goes when it expires; the row says that it was asked for."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports", verbose_name=_("person")
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    ready_at = models.DateTimeField(_("ready"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    storage_name = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    objects = DataExportQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("copy of personal data")
        verbose_name_plural = _("copies of personal data")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(ready_at=None), name="one_copy_made_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.asked_at:%Y-%m-%d}"
