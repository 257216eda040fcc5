"""A period of one sensor's quota: a year or a quarter, in the days of Paris."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dinamis.actors import ActedBy

PARIS = ZoneInfo("Europe/Paris")


class PeriodQuerySet(models.QuerySet["Period"]):
    def on(self, day: date) -> "PeriodQuerySet":
        """Whose first and last days surround this day."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def at(self, instant: datetime) -> "PeriodQuerySet":
        """Running at this instant: the day is the one it is in Paris."""
        return self.on(instant.astimezone(PARIS).date())

    def current(self) -> "PeriodQuerySet":
        return self.at(timezone.now())


class Period(ActedBy):
    """The time over which a budget is counted. The unit is the sensor's, frozen when it opens."""

    class Unit(models.TextChoices):
        KM2 = "km2", _("km²")
        ATTEMPT = "attempt", _("scene-equivalent attempts")

    sensor = models.ForeignKey(
        "catalogue.Sensor", models.PROTECT, verbose_name=_("sensor"), related_name="periods"
    )
    label = models.CharField(_("name"), max_length=20)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    opened_at = models.DateTimeField(_("opened"), auto_now_add=True)

    objects = PeriodQuerySet.as_manager()

    class Meta(ActedBy.Meta):
        ordering = ["-starts_on", "sensor_id"]
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        constraints = [
            *ActedBy.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="period_ends_after_it_starts"
            ),
            ExclusionConstraint(
                name="periods_never_overlap",
                expressions=[
                    ("sensor", RangeOperators.EQUAL),
                    (
                        Func(
                            F("starts_on"),
                            F("ends_on"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.sensor} {self.label}"

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed in Paris."""
        return timezone.now().astimezone(PARIS).date() > self.ends_on
