"""One attempt of a satellite for a tasking line: it counts once made, whatever the clouds."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import Platform
from dinamis.lifecycle import Living
from orders.models.line import Line
from orders.states import AttemptState


class Attempt(Living):
    """A pass planned over the area. `units` is what it counts, in the unit of the line's quote."""

    line = models.ForeignKey(Line, models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField(_("number"))
    platform = models.ForeignKey(Platform, models.PROTECT, related_name="+", null=True, blank=True)
    planned_at = models.DateTimeField(_("planned for"))
    units = models.DecimalField(_("counted"), max_digits=14, decimal_places=2)
    state = models.CharField(
        _("state"), max_length=12, choices=AttemptState, default=AttemptState.PLANNED
    )
    cloud_cover = models.FloatField(_("cloud, in %"), null=True, blank=True)

    class Meta:
        ordering = ["line", "number"]
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = [
            models.UniqueConstraint(fields=["line", "number"], name="attempt_number_once_a_line"),
            models.CheckConstraint(condition=Q(units__gte=0), name="attempt_units_not_negative"),
            models.CheckConstraint(
                condition=Q(cloud_cover=None) | Q(cloud_cover__range=(0, 100)),
                name="attempt_cloud_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} #{self.number}"
