"""The rules of the scheme as dated rows: what a quote freezes is one approved version of them."""

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.eligibility import Category
from catalogue.models import Sensor
from dinamis.actors import ActedBy
from orders.pricing.rules import LicenceAsked, Price, PurseRank, Rules, TaskingRule
from orders.pricing.words import Kind, Mode, Purse, Silence, Terms

ZERO = Decimal(0)


class RuleVersionQuerySet(models.QuerySet["RuleVersion"]):
    def in_force(self, on: date) -> "RuleVersionQuerySet":
        """The approved versions that have begun by a day, the one that holds first."""
        return self.filter(approved_at__isnull=False, effective_from__lte=on).order_by(
            "-effective_from", "-pk"
        )


class RuleVersion(ActedBy):
    """One set of rules, in force from a day until the next version begins."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    effective_from = models.DateField(_("in force from"))
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    quote_days = models.PositiveSmallIntegerField(_("days a quote is valid"), default=30)

    objects = RuleVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-effective_from", "-pk"]
        verbose_name = _("version of the rules")
        verbose_name_plural = _("versions of the rules")
        constraints = [
            *ActedBy.Meta.constraints,
            models.CheckConstraint(condition=Q(quote_days__gt=0), name="rule_quote_days_positive"),
        ]

    def __str__(self) -> str:
        return self.code

    @cached_property
    def rules(self) -> Rules:
        """Every table of this version as the pure functions read them; read once."""
        return Rules(
            code=self.code,
            effective_from=self.effective_from,
            quote_days=self.quote_days,
            minimums={(r.sensor_id, r.kind): r.km2 for r in self.minimumarea_rows.all()},
            factors={r.mode: r.factor for r in self.multiplier_rows.all()},
            prices={
                (r.category, r.sensor_id, r.kind): Price(r.terms, r.eur_per_unit)
                for r in self.pricerow_rows.all()
            },
            purses=tuple(PurseRank(r.purse, r.else_next) for r in self.purseorder_rows.all()),
            tasking={r.sensor_id: r.limits for r in self.taskingdefault_rows.all()},
            licences={
                r.sensor_id: LicenceAsked(r.licence_id, r.before_order)
                for r in self.licencerule_rows.all()
            },
            delays={
                (r.sensor_id, r.kind): (r.least_days, r.most_days) for r in self.delay_rows.all()
            },
        )


class RuleRow(models.Model):
    """One row of one table of a version; `source` says where its figure comes from."""

    version = models.ForeignKey(RuleVersion, models.CASCADE, related_name="%(class)s_rows")
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        abstract = True


class MinimumArea(RuleRow):
    """The least area, in km², that a sensor is ordered by in one service."""

    sensor = models.ForeignKey(Sensor, models.PROTECT, related_name="+")
    kind = models.CharField(_("service"), max_length=12, choices=Kind)
    km2 = models.DecimalField(_("minimum, in km²"), max_digits=12, decimal_places=2)

    class Meta:
        ordering = ["version", "sensor", "kind"]
        verbose_name = _("minimum area")
        verbose_name_plural = _("minimum areas")
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
        constraints = [
            models.UniqueConstraint(fields=["version", "mode"], name="multiplier_once_a_version"),
            models.CheckConstraint(condition=Q(factor__gt=0), name="multiplier_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.mode} × {self.factor}"


class PriceRow(RuleRow):
    """At whose expense a category has a service of a sensor, and the price where it pays."""

    category = models.CharField(_("category"), max_length=30, choices=Category.choices)
    sensor = models.ForeignKey(Sensor, models.PROTECT, related_name="+")
    kind = models.CharField(_("service"), max_length=12, choices=Kind)
    terms = models.CharField(_("terms"), max_length=10, choices=Terms)
    eur_per_unit = models.DecimalField(
        _("euros per km² or attempt"), max_digits=10, decimal_places=2, default=ZERO
    )

    class Meta:
        ordering = ["version", "sensor", "kind", "category"]
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "category", "sensor", "kind"], name="price_once_a_version"
            ),
            models.CheckConstraint(
                condition=Q(terms="paid", eur_per_unit__gt=ZERO)
                | Q(~Q(terms="paid"), eur_per_unit=ZERO),
                name="price_only_where_one_pays",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.sensor_id} {self.kind}: {self.terms}"


class PurseOrder(RuleRow):
    """Which purse of the quota is tried in which rank.

    The first purse that exists carries the whole line; only where `else_next` is set, one that is
    too small passes it on to the next.
    """

    rank = models.PositiveSmallIntegerField(_("rank"))
    purse = models.CharField(_("purse"), max_length=15, choices=Purse)
    else_next = models.BooleanField(_("too small: try the next"), default=False)

    class Meta:
        ordering = ["version", "rank"]
        verbose_name = _("order of purses")
        verbose_name_plural = _("orders of purses")
        constraints = [
            models.UniqueConstraint(fields=["version", "rank"], name="purse_rank_once_a_version"),
            models.UniqueConstraint(fields=["version", "purse"], name="purse_once_a_version"),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.purse}"


class TaskingDefault(RuleRow):
    """What a tasking request may ask of a sensor, and what it asks when nothing is said."""

    sensor = models.ForeignKey(Sensor, models.PROTECT, related_name="+")
    tries = models.PositiveSmallIntegerField(_("tries, when nothing is said"), default=3)
    most_tries = models.PositiveSmallIntegerField(_("most tries"), default=10)
    least_window_days = models.PositiveSmallIntegerField(_("shortest window, in days"))
    most_window_days = models.PositiveSmallIntegerField(_("longest window, in days"))
    cloud = models.PositiveSmallIntegerField(_("cloud ceiling, in %"), default=10)
    incidence = models.PositiveSmallIntegerField(_("incidence ceiling, in degrees"), default=30)
    most_incidence = models.PositiveSmallIntegerField(_("highest incidence, in degrees"))
    answer_days = models.PositiveSmallIntegerField(_("days to answer a proposal"), default=4)
    silence = models.CharField(_("silence means"), max_length=10, choices=Silence)

    class Meta:
        ordering = ["version", "sensor"]
        verbose_name = _("tasking default")
        verbose_name_plural = _("tasking defaults")
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

    sensor = models.ForeignKey(Sensor, models.PROTECT, related_name="+")
    licence = models.ForeignKey("accounts.Licence", models.PROTECT, related_name="+")
    before_order = models.BooleanField(_("signed before ordering"))

    class Meta:
        ordering = ["version", "sensor"]
        verbose_name = _("licence asked")
        verbose_name_plural = _("licences asked")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "sensor"], name="licence_rule_once_a_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sensor_id}: {self.licence_id}"


class Delay(RuleRow):
    """How long a service usually takes, in days, as a range."""

    sensor = models.ForeignKey(Sensor, models.PROTECT, related_name="+")
    kind = models.CharField(_("service"), max_length=12, choices=Kind)
    least_days = models.PositiveSmallIntegerField(_("at least, in days"))
    most_days = models.PositiveSmallIntegerField(_("at most, in days"))

    class Meta:
        ordering = ["version", "sensor", "kind"]
        verbose_name = _("usual delay")
        verbose_name_plural = _("usual delays")
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
