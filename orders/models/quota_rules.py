"""The tables of a version that govern the quota itself."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import Sensor
from orders.ledger.kinds import QUOTAS
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


class CarryRule(RuleRow):
    """What of a quota's free part goes over into the next period, in % of the quota's size; the rest expires."""

    sensor = models.ForeignKey(Sensor, models.PROTECT, related_name="+", verbose_name=_("sensor"))
    account_kind = models.CharField(
        _("kind of account"),
        max_length=10,
        choices=[(kind.value, kind.label) for kind in QUOTAS],
    )
    up_to_percent = models.PositiveSmallIntegerField(_("carried over, up to % of its size"))

    class Meta:
        ordering = ["version", "sensor", "account_kind"]
        verbose_name = _("carry-over")
        verbose_name_plural = _("carry-overs")
        triggers = ONLY_IN_A_DRAFT
        constraints = [
            models.UniqueConstraint(
                fields=["version", "sensor", "account_kind"], name="carry_rule_once"
            ),
            models.CheckConstraint(
                condition=Q(up_to_percent__lte=100), name="carry_rule_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sensor_id} {self.account_kind}: {self.up_to_percent} %"


class AlertRule(RuleRow):
    """When those who look after a quota hear that it is nearly used: at so many % held or consumed."""

    sensor = models.ForeignKey(Sensor, models.PROTECT, related_name="+", verbose_name=_("sensor"))
    account_kind = models.CharField(
        _("kind of account"),
        max_length=10,
        choices=[(kind.value, kind.label) for kind in QUOTAS],
    )
    percent = models.PositiveSmallIntegerField(_("told at, in % used"))

    class Meta:
        ordering = ["version", "sensor", "account_kind", "percent"]
        verbose_name = _("alert level")
        verbose_name_plural = _("alert levels")
        triggers = ONLY_IN_A_DRAFT
        constraints = [
            models.UniqueConstraint(
                fields=["version", "sensor", "account_kind", "percent"], name="alert_level_once"
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=100), name="alert_level_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sensor_id} {self.account_kind}: {self.percent} %"


class PendingWeight(RuleRow):
    """How much of what is asked and not yet held a forecast reckons with, in %."""

    class Stage(models.TextChoices):
        QUOTE = "quote", _("open quotes")
        DRAFT = "draft", _("drafts")
        WAITING = "waiting", _("on the waiting list")

    stage = models.CharField(_("stage"), max_length=10, choices=Stage)
    percent = models.PositiveSmallIntegerField(_("reckoned with, in %"))

    class Meta:
        ordering = ["version", "stage"]
        verbose_name = _("weight of what is pending")
        verbose_name_plural = _("weights of what is pending")
        triggers = ONLY_IN_A_DRAFT
        constraints = [
            models.UniqueConstraint(fields=["version", "stage"], name="pending_weight_once"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="pending_weight_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.stage}: {self.percent} %"
