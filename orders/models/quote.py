"""A quote: one wish priced under one version of the rules, frozen line by line, until a day."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from catalogue.models import Scene, Sensor
from orders.models.order import Order
from orders.models.project import Project
from orders.models.rule import RuleVersion
from orders.pricing.explain import Row, read
from orders.pricing.rules import LicenceAsked
from orders.pricing.words import Kind, Mode, Place, Terms, Unit


class QuoteQuerySet(models.QuerySet["Quote"]):
    def visible_to(self, user: Any) -> "QuoteQuerySet":
        """One's own quotes; those of an order are read through the order."""
        return self.filter(requester_id=user.pk) if user.is_authenticated else self.none()

    def explained_to(self, user: Any) -> "QuoteQuerySet":
        """Quotes whose sum the reader may read: one's own, and those of the orders that one sees."""
        if not user.is_authenticated:
            return self.none()
        seen = Order.objects.visible_to(user).values("pk")
        of_lines = Q(line__order__in=seen) | Q(proposed_for__order__in=seen)
        return self.filter(Q(requester_id=user.pk) | of_lines).distinct()


class Wish(models.Model):
    """What is wanted: a scene to be produced, or an area to be tasked within ceilings."""

    kind = models.CharField(_("service"), max_length=12, choices=Kind)
    sensor = models.ForeignKey(Sensor, models.PROTECT, related_name="+")
    scene = models.ForeignKey(Scene, models.PROTECT, related_name="+", null=True, blank=True)
    # The part of the area that can be served: clipped to the scene where the scene is smaller.
    area = models.MultiPolygonField(_("area"), srid=4326)
    area_km2 = models.DecimalField(_("area, in km²"), max_digits=12, decimal_places=2)
    # The area is the scene itself, and follows its footprint when the desk completes it.
    whole_scene = models.BooleanField(_("the whole image"), default=False)
    mode = models.CharField(_("mode"), max_length=12, choices=Mode, default=Mode.MONO)
    # Keys of products whose footprints were subtracted from the area asked.
    without = models.JSONField(_("without the products"), default=list, blank=True)
    options = models.JSONField(_("product options"), default=dict, blank=True)
    window_starts_on = models.DateField(_("window from"), null=True, blank=True)
    window_ends_on = models.DateField(_("window to"), null=True, blank=True)
    max_cloud = models.PositiveSmallIntegerField(_("cloud ceiling, in %"), null=True, blank=True)
    max_incidence = models.PositiveSmallIntegerField(
        _("incidence ceiling, in degrees"), null=True, blank=True
    )
    # An image no cloudier than this is accepted by itself; above it, up to the ceiling, one is asked.
    accept_cloud = models.PositiveSmallIntegerField(
        _("accepted by itself up to, in % of cloud"), null=True, blank=True
    )
    # Bounds of the base-to-height ratio of a pair or triplet.
    min_bh = models.DecimalField(
        _("least base to height"), max_digits=3, decimal_places=2, null=True, blank=True
    )
    max_bh = models.DecimalField(
        _("most base to height"), max_digits=3, decimal_places=2, null=True, blank=True
    )
    tries = models.PositiveSmallIntegerField(_("tries"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind="production",
                    scene__isnull=False,
                    window_starts_on=None,
                    window_ends_on=None,
                    max_cloud=None,
                    max_incidence=None,
                    tries=None,
                )
                | Q(
                    kind="tasking",
                    scene=None,
                    window_starts_on__isnull=False,
                    window_ends_on__gt=F("window_starts_on"),
                    max_cloud__lte=100,
                    max_incidence__lte=90,
                    tries__gte=1,
                ),
                name="%(class)s_is_of_one_kind",
            ),
            models.CheckConstraint(condition=Q(area_km2__gt=0), name="%(class)s_area_positive"),
            models.CheckConstraint(
                condition=Q(accept_cloud=None) | Q(accept_cloud__lte=F("max_cloud")),
                name="%(class)s_asks_above_what_it_accepts",
            ),
            models.CheckConstraint(
                condition=Q(min_bh=None, max_bh=None)
                | Q(mode__in=["stereo", "tri_stereo"], min_bh__gt=0, max_bh__gte=F("min_bh")),
                name="%(class)s_base_to_height_in_order",
            ),
        ]

    @property
    def is_tasking(self) -> bool:
        return self.kind == Kind.TASKING


class Quote(Wish):
    """The price of a wish. `units` is what counts; `least_units` what a delivery counts at least.

    Of `units`, `quota_units` are held on a purse and `paid_units` are paid; the rest is free within the
    scheme's means. `price_eur` is the requester's, `cofunded_eur` the co-funder's.

    `explained` holds the steps of the sum as ids and values (see orders.pricing.explain), so that
    they are read in any language later. A provisional quote, over a scene that the desk has not
    completed, binds nobody.
    """

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(_("reference"), max_length=20, unique=True)
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="quotes", verbose_name=_("requester")
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="quotes")
    # The project that it is priced under: its allotment is tried first, its co-funding holds.
    project = models.ForeignKey(
        Project, models.PROTECT, related_name="quotes", null=True, blank=True
    )
    category = models.CharField(_("category"), max_length=30)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit)
    units = models.DecimalField(_("counted"), max_digits=14, decimal_places=2)
    least_units = models.DecimalField(_("counted at least"), max_digits=14, decimal_places=2)
    factor = models.PositiveSmallIntegerField(_("factor of the mode"))
    units_per_try = models.DecimalField(
        _("counted by one try"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    terms = models.CharField(_("terms"), max_length=15, choices=Terms)
    # The requester agreed to pay for what the quota does not carry.
    beyond = models.BooleanField(_("beyond the quota"), default=False)
    quota_units = models.DecimalField(
        _("held on the quota"), max_digits=14, decimal_places=2, default=0
    )
    paid_units = models.DecimalField(_("paid"), max_digits=14, decimal_places=2, default=0)
    cofunded_eur = models.DecimalField(
        _("co-funded, in euros"), max_digits=12, decimal_places=2, default=0
    )
    asked_area = models.MultiPolygonField(_("area asked"), srid=4326, null=True, blank=True)
    asked_km2 = models.DecimalField(
        _("area asked, in km²"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    subtracted_km2 = models.DecimalField(
        _("subtracted, in km²"), max_digits=12, decimal_places=2, default=0
    )
    place = models.CharField(_("place"), max_length=10, choices=Place, blank=True)
    # Place → its share of the area, in %.
    place_shares = models.JSONField(_("shares of the places"), default=dict, blank=True)
    price_eur = models.DecimalField(_("to pay, in euros"), max_digits=12, decimal_places=2)
    rule_version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="quotes")
    explained = models.JSONField(_("explained"), default=list)
    purse = models.CharField(_("purse"), max_length=120, blank=True)
    purse_before = models.DecimalField(
        _("quota before"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    available = models.JSONField(_("products that exist already"), default=list, blank=True)
    is_provisional = models.BooleanField(_("provisional"), default=False)
    least_days = models.PositiveSmallIntegerField(_("delay from, in days"), null=True, blank=True)
    most_days = models.PositiveSmallIntegerField(_("delay to, in days"), null=True, blank=True)
    made_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("valid until"))

    objects = QuoteQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        constraints = [
            *Wish.Meta.constraints,
            models.CheckConstraint(
                condition=Q(units__gt=0) & Q(least_units__gt=0) & Q(units__gte=F("least_units")),
                name="quote_counts_at_least_its_minimum",
            ),
            models.CheckConstraint(
                condition=Q(terms__in=["free", "quota"], price_eur=0, paid_units=0)
                | Q(terms="cofunded", price_eur__gte=0, paid_units__gt=0)
                | Q(terms__in=["preferential", "dsp"], price_eur__gt=0, paid_units__gt=0),
                name="quote_is_free_or_paid",
            ),
            models.CheckConstraint(
                condition=Q(terms="free", quota_units=0)
                | Q(
                    ~Q(terms="free"),
                    quota_units__gte=0,
                    units=F("quota_units") + F("paid_units"),
                ),
                name="quote_shares_make_the_whole",
            ),
            models.CheckConstraint(
                condition=Q(cofunded_eur__gte=0), name="quote_cofunding_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="quote_expires_later"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def purse_after(self) -> Decimal | None:
        """What the purse would hold afterwards; below zero when it is too small."""
        return None if self.purse_before is None else self.purse_before - self.quota_units

    @property
    def is_short(self) -> bool:
        """True when the purse cannot hold what it is asked to."""
        return self.purse_after is not None and self.purse_after < 0

    @property
    def licence(self) -> LicenceAsked | None:
        """The licence that its sensor asks for, and whether it is signed before ordering."""
        return self.rule_version.rules.licences.get(self.sensor_id)

    @property
    def rows(self) -> list[Row]:
        """The sum, line by line, in the active language."""
        return read(self.explained)

    def has_expired(self, at: datetime) -> bool:
        return self.expires_at <= at
