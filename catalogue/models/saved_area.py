"""An area that somebody drew or uploaded, under a key nobody guesses that the address bar names."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SavedAreaQuerySet(models.QuerySet["SavedArea"]):
    def visible_to(self, user: Any) -> "SavedAreaQuerySet":
        """The reader's own library; an area of another is reached by its key alone."""
        return self.filter(owner_id=user.pk) if user.is_authenticated else self.none()

    def kept(self) -> "SavedAreaQuerySet":
        """Those the owner named and put aside."""
        return self.filter(is_kept=True)


class SavedArea(models.Model):
    """An area asked for. `owner` is null for a visitor; the key is then the only way to it."""

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="saved_areas",
        null=True,
        blank=True,
        verbose_name=_("owner"),
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    geometry = models.MultiPolygonField(_("area"), srid=4326)
    area_km2 = models.DecimalField(_("area, in km²"), max_digits=12, decimal_places=2)
    is_kept = models.BooleanField(_("in the owner's library"), default=False)
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)

    objects = SavedAreaQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("saved area")
        verbose_name_plural = _("saved areas")
        constraints = [
            models.CheckConstraint(condition=Q(area_km2__gt=0), name="saved_area_is_not_empty"),
            models.CheckConstraint(
                condition=Q(is_kept=False) | Q(owner__isnull=False) & ~Q(name=""),
                name="saved_area_kept_has_an_owner_and_a_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.key)
