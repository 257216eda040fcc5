"""A place looked at again and again: what is asked each time, and the times one by one."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.policies import is_desk, organisations_led_by
from catalogue.models import Sensor
from dinamis.actors import ActedBy
from dinamis.lifecycle import Living
from orders.models.line import Line
from orders.models.project import Project
from orders.pricing.words import Mode
from orders.states import OccurrenceState, SeriesState


class SeriesQuerySet(models.QuerySet["Series"]):
    def visible_to(self, user: Any) -> "SeriesQuerySet":
        """One's own, those of an organisation one is referent of, all for the desk."""
        if not user.is_authenticated:
            return self.none()
        if is_desk(user):
            return self
        led = organisations_led_by(user).values("pk")
        return self.filter(Q(requester=user) | Q(organisation__in=led))


class Series(Living):
    """A programme. Each time asks `area` with these ceilings; the days are those of the occurrences."""

    reference = models.CharField(_("reference"), max_length=20, unique=True)
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="series", verbose_name=_("requester")
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="series")
    project = models.ForeignKey(
        Project, models.PROTECT, related_name="series", null=True, blank=True
    )
    title = models.CharField(_("title"), max_length=200)
    purpose = models.TextField(_("what it is for"), max_length=4000)
    sensor = models.ForeignKey(Sensor, models.PROTECT, related_name="+")
    area = models.MultiPolygonField(_("area"), srid=4326)
    area_km2 = models.DecimalField(_("area, in km²"), max_digits=12, decimal_places=2)
    mode = models.CharField(_("mode"), max_length=12, choices=Mode, default=Mode.MONO)
    options = models.JSONField(_("product options"), default=dict, blank=True)
    max_cloud = models.PositiveSmallIntegerField(_("cloud ceiling, in %"), null=True, blank=True)
    accept_cloud = models.PositiveSmallIntegerField(
        _("accepted by itself up to, in % of cloud"), null=True, blank=True
    )
    max_incidence = models.PositiveSmallIntegerField(
        _("incidence ceiling, in degrees"), null=True, blank=True
    )
    min_bh = models.DecimalField(
        _("least base to height"), max_digits=3, decimal_places=2, null=True, blank=True
    )
    max_bh = models.DecimalField(
        _("most base to height"), max_digits=3, decimal_places=2, null=True, blank=True
    )
    tries = models.PositiveSmallIntegerField(_("tries"), null=True, blank=True)
    submission = models.CharField(_("form"), max_length=80)
    state = models.CharField(
        _("state"), max_length=10, choices=SeriesState, default=SeriesState.RUNNING
    )
    made_at = models.DateTimeField(_("made at"))

    objects = SeriesQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("programme of taskings")
        verbose_name_plural = _("programmes of taskings")
        constraints = [
            models.UniqueConstraint(fields=["requester", "submission"], name="series_once_a_form")
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("series", args=[self.reference])


class Occurrence(Living):
    """One time of a programme: its window, and the line once it was asked."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="occurrences")
    number = models.PositiveSmallIntegerField(_("number"))
    starts_on = models.DateField(_("window from"))
    ends_on = models.DateField(_("window to"))
    line = models.OneToOneField(
        Line, models.PROTECT, related_name="occurrence", null=True, blank=True
    )
    # Why it could not be asked at the last try.
    refusal = models.CharField(_("refused because"), max_length=500, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=OccurrenceState, default=OccurrenceState.PLANNED
    )

    class Meta:
        ordering = ["series", "number"]
        verbose_name = _("time of a programme")
        verbose_name_plural = _("times of a programme")
        indexes = [
            models.Index(
                fields=["starts_on"],
                condition=Q(state__in=["planned", "told"]),
                name="occurrence_to_come",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="occurrence_once_a_series"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="occurrence_never_a_single_day"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", line__isnull=False) | (~Q(state="asked") & Q(line=None)),
                name="occurrence_asked_has_its_line",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series_id} #{self.number}"


class SeriesEvent(ActedBy):
    """What was done with a programme or one of its times. Only ever added."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="events")
    occurrence = models.ForeignKey(
        Occurrence, models.PROTECT, related_name="events", null=True, blank=True
    )
    step = models.CharField(_("step"), max_length=20)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta(ActedBy.Meta):
        ordering = ["at", "pk"]
        verbose_name = _("event of a programme")
        verbose_name_plural = _("events of a programme")
        constraints = [*ActedBy.Meta.constraints]
        triggers = [
            pgtrigger.Protect(
                name="series_event_only_added", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.series_id} {self.step}"
