"""What a project is to get of the quota of a later year, before that year has a period."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import Sensor
from orders.models.project import Project


class ProjectShareQuerySet(models.QuerySet["ProjectShare"]):
    def planned(self) -> "ProjectShareQuerySet":
        return self.filter(state=ProjectShare.State.PLANNED)


class ProjectShare(models.Model):
    """So much of one sensor's quota of a later year, in its unit; who planned it is in the project's history."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        GIVEN = "given", _("Allotted")
        DROPPED = "dropped", _("Given up")

    project = models.ForeignKey(Project, models.PROTECT, related_name="shares")
    sensor = models.ForeignKey(Sensor, models.PROTECT, related_name="+", verbose_name=_("sensor"))
    year = models.PositiveSmallIntegerField(_("year"))
    units = models.DecimalField(_("how much"), max_digits=12, decimal_places=2)
    reason = models.TextField(_("reason"), max_length=400)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    made_at = models.DateTimeField(_("planned at"))
    settled_at = models.DateTimeField(_("allotted or given up at"), null=True, blank=True)

    objects = ProjectShareQuerySet.as_manager()

    class Meta:
        ordering = ["year", "sensor_id", "pk"]
        verbose_name = _("share of a later year")
        verbose_name_plural = _("shares of later years")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "sensor", "year"],
                condition=Q(state="planned"),
                name="project_share_planned_once",
            ),
            models.CheckConstraint(condition=Q(units__gt=0), name="project_share_is_not_empty"),
            models.CheckConstraint(
                condition=Q(state="planned", settled_at=None)
                | Q(state__in=["given", "dropped"], settled_at__isnull=False),
                name="project_share_settled_with_its_hour",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.sensor_id} {self.year}"
