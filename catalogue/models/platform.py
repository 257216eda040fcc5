"""A satellite: its sensor, what it sees, and the years in which it can have taken an image."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalogue.models.sensor import Sensor


class Platform(models.Model):
    """One satellite, with its dates of service (the first and last day of an image)."""

    code = models.CharField(_("code"), max_length=20, primary_key=True)
    sensor = models.ForeignKey(Sensor, models.PROTECT, related_name="platforms")
    name = models.CharField(_("name"), max_length=80)
    resolution_m = models.FloatField(_("resolution, in metres"))
    swath_km = models.FloatField(_("swath, in kilometres"))
    in_service_from = models.DateField(_("in service from"))
    in_service_to = models.DateField(_("in service to"), null=True, blank=True)

    class Meta:
        ordering = ["sensor", "code"]
        verbose_name = _("satellite")
        verbose_name_plural = _("satellites")
        constraints = [
            models.CheckConstraint(
                condition=Q(in_service_to=None) | Q(in_service_to__gte=F("in_service_from")),
                name="platform_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.name
