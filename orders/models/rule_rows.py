"""The tables of a version: areas, factors, purses, tasking, licences, delays."""

from decimal import Decimal

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import Sensor
from orders.models.rule import RuleVersion
from orders.pricing.rules import TaskingRule
from orders.pricing.words import Kind, Mode, Purse, Silence

ZERO = Decimal(0)

# A row is written, changed and taken away while its version is a draft, and never afterwards.
ONLY_IN_A_DRAFT = [
    pgtrigger.Trigger(
        name="only_in_a_draft",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("found", "text")],
        func="""
            IF TG_OP <> 'INSERT' THEN
                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;
                IF found <> 'draft' THEN
                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'
                        USING ERRCODE = 'check_violation';
                END IF;
            END IF;
            IF TG_OP <> 'DELETE' THEN
                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;
                IF found <> 'draft' THEN
                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'
                        USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
            END IF;
            RETURN OLD;
        """,
    )
]


class RuleRow(models.Model):
    """One row of one table of a version; `source` says where its figure comes from."""

    version = models.ForeignKey(RuleVersion, models.CASCADE, related_name="%(class)s_rows")
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        abstract = True


class MinimumArea(RuleRow):
    """The least area, in km², that a sensor is ordered by in one service."""

    sensor = models.ForeignKey(Sensor, models.PROTECT, related_name="+", verbose_name=_("sensor"))
    kind = models.CharField(_("service"), max_length=12, choices=Kind)
    km2 = models.DecimalField(_("minimum, in km²"), max_digits=12, decimal_places=2)

    class Meta:
        ordering = ["version", "sensor", "kind"]
        verbose_name = _("minimum area")
        verbose_name_plural = _("minimum areas")
        triggers = ONLY_IN_A_DRAFT
        constraints = [
            models.UniqueConstraint(
                fields=["version", "sensor", "kind"], name="minimum_area_once_a_version"
            ),
            models.CheckConstraint(condition=Q(km2__gte=ZERO), name="minimum_area_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.sensor_id} {self.kind}: {self.km2} km²"


class Multiplier(RuleRow):
    """How many times a stereo pair or triplet counts."""

    mode = models.CharField(_("mode"), max_length=12, choices=Mode)
    factor = models.PositiveSmallIntegerField(_("factor"))

    class Meta:
        ordering = ["version", "factor"]
        verbose_name = _("multiplier")
        verbose_name_plural = _("multipliers")
        triggers = ONLY_IN_A_DRAFT
        constraints = [
            models.UniqueConstraint(fields=["version", "mode"], name="multiplier_once_a_version"),
            models.CheckConstraint(condition=Q(factor__gt=0), name="multiplier_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.mode} × {self.factor}"


class PurseOrder(RuleRow):
    """Which purse of the quota is tried in which rank.

    The first purse that exists carries the whole line; only where `else_next` is set, one that is
    too small passes it on to the next. Requests that found it too small wait in order; only where
    `may_overtake` is set, one that fits goes before an earlier one that does not.
    """

    rank = models.PositiveSmallIntegerField(_("rank"))
    purse = models.CharField(_("purse"), max_length=15, choices=Purse)
    else_next = models.BooleanField(_("too small: try the next"), default=False)
    may_overtake = models.BooleanField(_("waiting list: smaller ones may go first"), default=False)

    class Meta:
        ordering = ["version", "rank"]
        verbose_name = _("order of purses")
        verbose_name_plural = _("orders of purses")
        triggers = ONLY_IN_A_DRAFT
        constraints = [
            models.UniqueConstraint(fields=["version", "rank"], name="purse_rank_once_a_version"),
            models.UniqueConstraint(fields=["version", "purse"], name="purse_once_a_version"),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.purse}"


class TaskingDefault(RuleRow):
    """What a tasking request may ask of a sensor, and what it asks when nothing is said."""

    sensor = models.ForeignKey(Sensor, models.PROTECT, related_name="+", verbose_name=_("sensor"))
    tries = models.PositiveSmallIntegerField(_("tries, when nothing is said"), default=3)
    most_tries = models.PositiveSmallIntegerField(_("most tries"), default=10)
    least_window_days = models.PositiveSmallIntegerField(_("shortest window, in days"))
    most_window_days = models.PositiveSmallIntegerField(_("longest window, in days"))
    cloud = models.PositiveSmallIntegerField(_("cloud ceiling, in %"), default=10)
    incidence = models.PositiveSmallIntegerField(_("incidence ceiling, in degrees"), default=30)
    most_incidence = models.PositiveSmallIntegerField(_("highest incidence, in degrees"))
    answer_days = models.PositiveSmallIntegerField(_("days to answer a proposal"), default=4)
    silence = models.CharField(_("silence means"), max_length=10, choices=Silence)
    # A pass nearer than this is made and counts, even if the tasking is cancelled.
    cancel_hours = models.PositiveSmallIntegerField(_("cancelled in time, in hours"), default=24)

    class Meta:
        ordering = ["version", "sensor"]
        verbose_name = _("tasking default")
        verbose_name_plural = _("tasking defaults")
        triggers = ONLY_IN_A_DRAFT
        constraints = [
            models.UniqueConstraint(
                fields=["version", "sensor"], name="tasking_default_once_a_version"
            ),
            models.CheckConstraint(
                condition=Q(least_window_days__gte=2)
                & Q(most_window_days__gte=F("least_window_days")),
                name="tasking_window_never_a_single_day",
            ),
            models.CheckConstraint(
                condition=Q(tries__gte=1) & Q(most_tries__gte=F("tries")),
                name="tasking_tries_in_order",
            ),
            models.CheckConstraint(
                condition=Q(cloud__lte=100)
                & Q(most_incidence__gte=F("incidence"))
                & Q(most_incidence__lte=90),
                name="tasking_ceilings_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sensor_id}: {self.tries} × {self.cloud} %"

    @property
    def limits(self) -> TaskingRule:
        return TaskingRule(**{name: getattr(self, name) for name in TaskingRule.__slots__})


class LicenceRule(RuleRow):
    """The licence a person must have signed before ordering from a sensor (none: no row)."""

    sensor = models.ForeignKey(Sensor, models.PROTECT, related_name="+", verbose_name=_("sensor"))
    licence = models.ForeignKey(
        "accounts.Licence", models.PROTECT, related_name="+", verbose_name=_("licence")
    )
    before_order = models.BooleanField(_("signed before ordering"))

    class Meta:
        ordering = ["version", "sensor"]
        verbose_name = _("licence asked")
        verbose_name_plural = _("licences asked")
        triggers = ONLY_IN_A_DRAFT
        constraints = [
            models.UniqueConstraint(
                fields=["version", "sensor"], name="licence_rule_once_a_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sensor_id}: {self.licence_id}"


class Delay(RuleRow):
    """How long a service usually takes, in days, as a range."""

    sensor = models.ForeignKey(Sensor, models.PROTECT, related_name="+", verbose_name=_("sensor"))
    kind = models.CharField(_("service"), max_length=12, choices=Kind)
    least_days = models.PositiveSmallIntegerField(_("at least, in days"))
    most_days = models.PositiveSmallIntegerField(_("at most, in days"))

    class Meta:
        ordering = ["version", "sensor", "kind"]
        verbose_name = _("usual delay")
        verbose_name_plural = _("usual delays")
        triggers = ONLY_IN_A_DRAFT
        constraints = [
            models.UniqueConstraint(
                fields=["version", "sensor", "kind"], name="delay_once_a_version"
            ),
            models.CheckConstraint(
                condition=Q(most_days__gte=F("least_days")), name="delay_is_a_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sensor_id} {self.kind}: {self.least_days}–{self.most_days}"
