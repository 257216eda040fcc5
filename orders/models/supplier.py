"""A supplier as a row: how it is reached, what it serves, how fast it may be asked, how it answers."""

from datetime import date, datetime
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.policies import is_desk
from catalogue.models import Sensor
from dinamis.actors import ActedBy
from orders.pricing.words import Kind


class SupplierQuerySet(models.QuerySet["Supplier"]):
    def visible_to(self, user: Any) -> "SupplierQuerySet":
        """The desk's alone."""
        return self.all() if is_desk(user) else self.none()

    def by_program(self) -> "SupplierQuerySet":
        """Active, and asked by program."""
        return self.filter(is_active=True).exclude(kind=Supplier.Kind.DESK)

    def serving(self, kind: str, sensor: str, on: date) -> "SupplierQuerySet":
        """Active ones that sell this service of this sensor on a day, the preferred first."""
        served = SupplierService.objects.filter(
            Q(ends_on=None) | Q(ends_on__gte=on),
            supplier=models.OuterRef("pk"),
            service=kind,
            sensor=sensor,
            starts_on__lte=on,
        )
        found = self.filter(models.Exists(served), is_active=True)
        return found.order_by("preference", "pk")


class Supplier(models.Model):
    """Who is asked for images. Secrets are not here: `credentials` names them in the settings.

    `options` are the words of its kind, such as {"reference_parameter": "customer_reference"}.
    """

    class Kind(models.TextChoices):
        DESK = "desk", _("by hand, at the desk")
        STAPI = "stapi", _("STAPI")
        ONEATLAS = "oneatlas", _("OneAtlas")

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    base_url = models.URLField(_("base address"), blank=True)
    credentials = models.SlugField(
        _("credentials' name in the settings"), max_length=40, blank=True
    )
    email = models.EmailField(_("address of its order desk"), blank=True)
    options = models.JSONField(_("options of its kind"), default=dict, blank=True)
    is_active = models.BooleanField(_("active"), default=False)
    is_experimental = models.BooleanField(_("experimental"), default=False)
    # What it serves is sent at once when a line is accepted; otherwise an officer sends it.
    places_by_itself = models.BooleanField(_("asked without an officer"), default=False)
    preference = models.PositiveSmallIntegerField(_("order of preference"), default=50)
    rate_per_second = models.DecimalField(
        _("calls a second at most"), max_digits=6, decimal_places=2, default=1
    )
    poll_minutes = models.PositiveSmallIntegerField(_("minutes between two polls"), default=15)
    # How long after a lost answer the supplier certainly shows what it took.
    settle_seconds = models.PositiveSmallIntegerField(_("seconds to settle"), default=60)

    objects = SupplierQuerySet.as_manager()

    class Meta:
        ordering = ["preference", "name"]
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        constraints = [
            models.CheckConstraint(
                condition=Q(rate_per_second__gt=0), name="supplier_rate_positive"
            ),
            models.CheckConstraint(
                condition=Q(poll_minutes__gte=1), name="supplier_polls_at_most_each_minute"
            ),
            # Above one call a second they ban for ten minutes.
            models.CheckConstraint(
                condition=~Q(kind="oneatlas") | Q(rate_per_second__lt=1),
                name="supplier_oneatlas_under_one_a_second",
            ),
            models.CheckConstraint(
                condition=Q(kind="desk") | ~Q(base_url=""), name="supplier_has_an_address"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_by_hand(self) -> bool:
        return self.kind == self.Kind.DESK


class SupplierService(models.Model):
    """One thing that a supplier sells, between two days. `product` is what it calls it."""

    supplier = models.ForeignKey(Supplier, models.CASCADE, related_name="services")
    service = models.CharField(_("service"), max_length=12, choices=Kind)
    sensor = models.ForeignKey(Sensor, models.PROTECT, related_name="+")
    product = models.CharField(_("its product"), max_length=80, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        ordering = ["supplier", "service", "sensor", "starts_on"]
        verbose_name = _("service of a supplier")
        verbose_name_plural = _("services of suppliers")
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "service", "sensor", "starts_on"], name="supplier_service_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="supplier_service_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier}: {self.get_service_display()} {self.sensor_id}"


class SupplierPulse(models.Model):
    """How a supplier answers: written by the workers, read at the desk, apart from what people edit."""

    supplier = models.OneToOneField(Supplier, models.CASCADE, related_name="pulse")
    # One worker at a time talks to a supplier: the lane, with its lease.
    lane_by = models.UUIDField(_("worker's round"), null=True, blank=True)
    lane_until = models.DateTimeField(_("lane taken until"), null=True, blank=True)
    next_call_at = models.DateTimeField(_("next call not before"), null=True, blank=True)
    # The circuit: open after a row of faults; tried again with one call when its time is over.
    faults = models.PositiveSmallIntegerField(_("faults in a row"), default=0)
    open_until = models.DateTimeField(_("no call before"), null=True, blank=True)
    banned_until = models.DateTimeField(_("banned until"), null=True, blank=True)
    last_success_at = models.DateTimeField(_("last answer"), null=True, blank=True)
    last_fault_at = models.DateTimeField(_("last fault"), null=True, blank=True)
    last_fault = models.TextField(_("what went wrong last"), blank=True)
    paused_at = models.DateTimeField(_("paused at"), null=True, blank=True)
    paused_reason = models.TextField(_("why it is paused"), max_length=500, blank=True)
    # The cycle of polls: where it is, when it began, when the next one is due.
    next_poll_at = models.DateTimeField(_("next poll"), null=True, blank=True)
    cycle_since = models.DateTimeField(_("cycle asks for changes since"), null=True, blank=True)
    cycle_began_at = models.DateTimeField(_("cycle began at"), null=True, blank=True)
    cycle_cursor = models.TextField(_("page of the cycle"), blank=True)
    polled_at = models.DateTimeField(_("last whole cycle began at"), null=True, blank=True)

    class Meta:
        ordering = ["supplier"]
        verbose_name = _("pulse of a supplier")
        verbose_name_plural = _("pulses of suppliers")

    def __str__(self) -> str:
        return str(self.supplier_id)

    def quiet_until(self, at: datetime) -> datetime | None:
        """The instant before which nothing may be asked, or None when it may be asked now."""
        later = [one for one in (self.open_until, self.banned_until) if one and one > at]
        return max(later, default=None)


class SupplierEvent(ActedBy):
    """What an officer did with a supplier: paused it, resumed it, had it asked again. Only ever added."""

    class Act(models.TextChoices):
        PAUSE = "pause", _("paused")
        RESUME = "resume", _("resumed")
        POLL = "poll", _("all orders looked at")
        LOOK = "look", _("one order looked at")
        REPLAY = "replay", _("call tried again")
        DROP = "drop", _("call dropped")
        SETTLE = "settle", _("order settled")

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="events")
    act = models.CharField(_("act"), max_length=10, choices=Act)
    about = models.CharField(_("about"), max_length=160, blank=True)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("event of a supplier")
        verbose_name_plural = _("events of suppliers")
        constraints = [*ActedBy.Meta.constraints]
        triggers = [
            pgtrigger.Protect(
                name="supplier_event_only_added", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.supplier_id} {self.act}"
