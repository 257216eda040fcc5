"""A satellite: its sensor, what it sees, and the years in which it can have taken an image."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from catalogue.models.collection import Collection
from catalogue.models.edition import raises_edition
from catalogue.models.sensor import Sensor


class PlatformQuerySet(models.QuerySet["Platform"]):
    def shown(self) -> "PlatformQuerySet":
        """Those a search can find something of: orderable, or with at least one scene."""
        scenes = self.model._meta.get_field("scenes").related_model
        held = scenes.objects.filter(platform=OuterRef("pk"))
        return self.filter(Q(sensor__isnull=False) | Exists(held))


class Platform(models.Model):
    """One satellite, with its dates of service (the first and last day of an image).

    Without a sensor its images are kept and given out, and none can be ordered.
    """

    code = models.CharField(_("code"), max_length=20, primary_key=True)
    sensor = models.ForeignKey(
        Sensor,
        models.PROTECT,
        related_name="platforms",
        null=True,
        blank=True,
        verbose_name=_("sensor"),
        help_text=_("What its images are ordered and counted as; empty: kept, never ordered."),
    )
    collection = models.ForeignKey(
        Collection,
        models.PROTECT,
        related_name="platforms",
        verbose_name=_("collection"),
        help_text=_("Where its scenes belong when a delivery names no other."),
    )
    name = models.CharField(_("name"), max_length=80)
    resolution_m = models.FloatField(_("resolution, in metres"))
    swath_km = models.FloatField(_("swath, in kilometres"))
    in_service_from = models.DateField(_("in service from"))
    in_service_to = models.DateField(_("in service to"), null=True, blank=True)

    objects = PlatformQuerySet.as_manager()

    class Meta:
        ordering = ["sensor", "collection", "code"]
        verbose_name = _("satellite")
        verbose_name_plural = _("satellites")
        triggers = [raises_edition()]
        constraints = [
            models.CheckConstraint(
                condition=Q(in_service_to=None) | Q(in_service_to__gte=F("in_service_from")),
                name="platform_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def family_name(self) -> str:
        """The name of its family where images are ordered from it, else its own."""
        return self.sensor.name if self.sensor else self.name
