"""The price table of a version and what it stands on: units, places, ceilings, contributors' offers."""

from decimal import Decimal

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.eligibility import Category
from catalogue.models import Sensor
from orders.models.rule_rows import ONLY_IN_A_DRAFT, RuleRow
from orders.pricing.terms import TermRow
from orders.pricing.words import Kind, Mode, Place, Reach, Scope, Terms, Unit

ZERO = Decimal(0)


class PriceRow(RuleRow):
    """At whose expense a case is served. An empty dimension is any; the most specific row holds.

    See orders.pricing.terms for the rule. `is_assumed` marks what no source gives: an administrator
    is to set it.
    """

    category = models.CharField(_("category"), max_length=30, choices=Category.choices, blank=True)
    sensor = models.ForeignKey(
        Sensor, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("sensor")
    )
    kind = models.CharField(_("service"), max_length=12, choices=Kind, blank=True)
    place = models.CharField(_("place"), max_length=10, choices=Place, blank=True)
    mode = models.CharField(_("mode"), max_length=12, choices=Mode, blank=True)
    reach = models.CharField(_("quota"), max_length=10, choices=Reach, blank=True)
    terms = models.CharField(_("terms"), max_length=15, choices=Terms)
    eur_per_unit = models.DecimalField(
        _("euros per km² or attempt"), max_digits=10, decimal_places=2, default=ZERO
    )
    cofunder_eur_per_unit = models.DecimalField(
        _("co-funder's euros per km² or attempt"), max_digits=10, decimal_places=2, default=ZERO
    )
    is_assumed = models.BooleanField(_("not in the sources"), default=False)

    class Meta:
        ordering = ["version", "sensor", "kind", "category", "reach", "place", "mode", "pk"]
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        triggers = ONLY_IN_A_DRAFT
        constraints = [
            models.UniqueConstraint(
                fields=["version", "category", "sensor", "kind", "place", "mode", "reach"],
                nulls_distinct=False,
                name="price_once_a_version",
            ),
            models.CheckConstraint(
                condition=Q(terms__in=["preferential", "dsp"], eur_per_unit__gt=ZERO)
                | Q(terms="cofunded", eur_per_unit__gte=ZERO)
                | Q(terms__in=["free", "quota", "refused"], eur_per_unit=ZERO),
                name="price_only_where_one_pays",
            ),
            models.CheckConstraint(
                condition=Q(terms="cofunded", cofunder_eur_per_unit__gte=ZERO)
                | Q(cofunder_eur_per_unit=ZERO),
                name="price_cofunder_only_where_cofunded",
            ),
        ]

    def __str__(self) -> str:
        words = (self.category, self.sensor_id, self.kind, self.place, self.mode, self.reach)
        return f"{' '.join(word or '*' for word in words)}: {self.terms}"

    @property
    def term(self) -> TermRow:
        return TermRow(
            match=(
                self.category,
                self.sensor_id or "",
                self.kind,
                self.place,
                self.mode,
                self.reach,
            ),
            terms=self.terms,
            eur_per_unit=self.eur_per_unit,
            cofunder_eur_per_unit=self.cofunder_eur_per_unit,
            is_assumed=self.is_assumed,
        )


class UnitRow(RuleRow):
    """What a service of a sensor is counted in: km², or scene-equivalent attempts."""

    sensor = models.ForeignKey(Sensor, models.PROTECT, related_name="+", verbose_name=_("sensor"))
    kind = models.CharField(_("service"), max_length=12, choices=Kind)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit)

    class Meta:
        ordering = ["version", "sensor", "kind"]
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        triggers = ONLY_IN_A_DRAFT
        constraints = [
            models.UniqueConstraint(
                fields=["version", "sensor", "kind"], name="unit_once_a_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sensor_id} {self.kind}: {self.unit}"


class PlaceRow(RuleRow):
    """Where a place lies: a circle (centre in degrees, radius in km) or an outline of its own.

    Places are tried in the order of their rank; what lies in none is elsewhere.
    """

    place = models.CharField(_("place"), max_length=10, choices=Place)
    rank = models.PositiveSmallIntegerField(_("rank"))
    centre_lon = models.FloatField(_("centre, longitude in degrees"), null=True, blank=True)
    centre_lat = models.FloatField(_("centre, latitude in degrees"), null=True, blank=True)
    radius_km = models.FloatField(_("radius, in km"), null=True, blank=True)
    geometry = models.MultiPolygonField(_("outline"), srid=4326, null=True, blank=True)
    is_approximate = models.BooleanField(_("approximate"), default=True)

    class Meta:
        ordering = ["version", "rank"]
        verbose_name = _("place")
        verbose_name_plural = _("places")
        triggers = ONLY_IN_A_DRAFT
        constraints = [
            models.UniqueConstraint(fields=["version", "place"], name="place_once_a_version"),
            models.UniqueConstraint(fields=["version", "rank"], name="place_rank_once_a_version"),
            models.CheckConstraint(
                condition=Q(centre_lon=None, centre_lat=None, radius_km=None)
                | Q(
                    centre_lon__gte=-180,
                    centre_lon__lte=180,
                    centre_lat__gte=-90,
                    centre_lat__lte=90,
                    radius_km__gt=0,
                    radius_km__lte=5000,
                ),
                name="place_circle_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(place="elsewhere"), name="place_elsewhere_is_the_rest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.place}"


class Ceiling(RuleRow):
    """The most units of a sensor that one order, or a person or an organisation in a year, may ask."""

    scope = models.CharField(_("counted"), max_length=15, choices=Scope)
    sensor = models.ForeignKey(Sensor, models.PROTECT, related_name="+", verbose_name=_("sensor"))
    category = models.CharField(_("category"), max_length=30, choices=Category.choices, blank=True)
    most = models.DecimalField(_("at most, in its unit"), max_digits=14, decimal_places=2)

    class Meta:
        ordering = ["version", "sensor", "scope", "category"]
        verbose_name = _("ceiling")
        verbose_name_plural = _("ceilings")
        triggers = ONLY_IN_A_DRAFT
        constraints = [
            models.UniqueConstraint(
                fields=["version", "scope", "sensor", "category"], name="ceiling_once_a_version"
            ),
            models.CheckConstraint(condition=Q(most__gt=ZERO), name="ceiling_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.sensor_id} {self.scope} ≤ {self.most}"


class ContributorOffer(RuleRow):
    """A contribution to the scheme: so many attempts for so many euros, about so many km²."""

    sensor = models.ForeignKey(Sensor, models.PROTECT, related_name="+", verbose_name=_("sensor"))
    eur = models.DecimalField(_("euros"), max_digits=12, decimal_places=2)
    attempts = models.PositiveSmallIntegerField(_("scene-equivalent attempts"))
    about_km2 = models.DecimalField(
        _("about, in km²"), max_digits=12, decimal_places=0, null=True, blank=True
    )

    class Meta:
        ordering = ["version", "sensor", "eur"]
        verbose_name = _("contributor's offer")
        verbose_name_plural = _("contributors' offers")
        triggers = ONLY_IN_A_DRAFT
        constraints = [
            models.UniqueConstraint(
                fields=["version", "sensor", "eur"], name="contributor_offer_once_a_version"
            ),
            models.CheckConstraint(
                condition=Q(eur__gt=ZERO, attempts__gt=0), name="contributor_offer_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.eur} € → {self.attempts}"
