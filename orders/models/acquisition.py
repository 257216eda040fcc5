"""An image proposed to the requester of a tasking line, with the clock that runs on it."""

from typing import Any

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import Platform
from dinamis.lifecycle import Living
from orders.models.attempt import Attempt
from orders.models.line import Line
from orders.models.order import seen_by
from orders.pricing.words import Silence
from orders.states import AcquisitionState


class AcquisitionQuerySet(models.QuerySet["Acquisition"]):
    def visible_to(self, user: Any) -> "AcquisitionQuerySet":
        """The images proposed for the lines that the reader sees."""
        return self.filter(seen_by(user, "line__order__"))

    def unanswered(self, at: Any) -> "AcquisitionQuerySet":
        """Still proposed after their deadline."""
        return self.filter(state=AcquisitionState.PROPOSED, due_at__lte=at)


class Acquisition(Living):
    """One image proposed. `covered_km2` is measured against the line's area; `due_at` is the deadline."""

    line = models.ForeignKey(Line, models.PROTECT, related_name="acquisitions")
    attempt = models.OneToOneField(Attempt, models.PROTECT, related_name="acquisition")
    identifier = models.CharField(_("identifier"), max_length=100, blank=True)
    platform = models.ForeignKey(Platform, models.PROTECT, related_name="+", null=True, blank=True)
    acquired_at = models.DateTimeField(_("acquired at"))
    cloud_cover = models.FloatField(_("cloud over the whole image, in %"))
    cloud_over_area = models.FloatField(_("cloud over the area, in %"), null=True, blank=True)
    incidence = models.FloatField(_("incidence, in degrees"), null=True, blank=True)
    footprint = models.MultiPolygonField(_("footprint"), srid=4326)
    covered_km2 = models.DecimalField(_("area covered, in km²"), max_digits=12, decimal_places=2)
    quicklook = models.CharField(_("quicklook's name in the store"), max_length=200, blank=True)
    # Four [longitude, latitude] of the picture's corners, upper left first, then clockwise.
    quicklook_corners = models.JSONField(_("corners of the quicklook"), null=True, blank=True)
    silence = models.CharField(_("silence means"), max_length=10, choices=Silence)
    state = models.CharField(
        _("state"), max_length=12, choices=AcquisitionState, default=AcquisitionState.PROPOSED
    )

    objects = AcquisitionQuerySet.as_manager()

    class Meta:
        ordering = ["-state_since", "-pk"]
        verbose_name = _("proposed image")
        verbose_name_plural = _("proposed images")
        constraints = [
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(state="proposed"),
                name="acquisition_one_open_proposal_a_line",
            ),
            models.CheckConstraint(
                condition=~Q(state="proposed") | Q(due_at__isnull=False),
                name="acquisition_proposed_has_a_deadline",
            ),
            models.CheckConstraint(
                condition=Q(cloud_cover__range=(0, 100)), name="acquisition_cloud_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return self.identifier or f"{self.line_id} {self.acquired_at:%Y-%m-%d}"

    @property
    def covered_share(self) -> float:
        """The share of the line's area that the image covers, 0 to 1."""
        return min(1.0, float(self.covered_km2 / self.line.area_km2))
