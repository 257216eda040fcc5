"""A family of satellites with one unit of account: km² for Pléiades, attempts for SPOT."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Sensor(models.Model):
    """What the quota is counted in, and what a way to an image is offered for."""

    class Unit(models.TextChoices):
        KM2 = "km2", _("km²")
        ATTEMPT = "attempt", _("scene-equivalent attempts")

    code = models.SlugField(_("code"), max_length=20, primary_key=True)
    name_fr = models.CharField(_("name in French"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    family = models.CharField(_("family"), max_length=20)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit)
    scene_equivalent_km2 = models.DecimalField(
        _("area of a scene equivalent, in km²"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("sensor")
        verbose_name_plural = _("sensors")
        constraints = [
            models.CheckConstraint(
                condition=Q(unit="km2")
                | Q(scene_equivalent_km2__isnull=False, scene_equivalent_km2__gt=Decimal(0)),
                name="sensor_attempt_has_an_area",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_fr
