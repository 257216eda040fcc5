"""The tables of a version that govern the quota itself."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import Sensor
from orders.models.rule_rows import ONLY_IN_A_DRAFT, RuleRow


class SecondPersonRule(RuleRow):
    """How much of a sensor's quota one administrator may modulate alone, in the sensor's unit."""

    sensor = models.ForeignKey(Sensor, models.PROTECT, related_name="+", verbose_name=_("sensor"))
    alone_up_to = models.DecimalField(
        _("one administrator alone, up to"), max_digits=14, decimal_places=2
    )

    class Meta:
        ordering = ["version", "sensor"]
        verbose_name = _("modulation by one person")
        verbose_name_plural = _("modulations by one person")
        triggers = ONLY_IN_A_DRAFT
        constraints = [
            models.UniqueConstraint(fields=["version", "sensor"], name="second_person_once"),
            models.CheckConstraint(
                condition=Q(alone_up_to__gte=Decimal(0)), name="alone_up_to_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sensor_id}: {self.alone_up_to}"
