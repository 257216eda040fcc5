"""Several organisations want the same place in compatible dates: one request, its cost split by area.

Who and where is told only once each has agreed: see orders.services.pools.joint.
"""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import Sensor
from dinamis.actors import ActedBy
from dinamis.lifecycle import Living
from orders.models.line import Line
from orders.pricing.words import Mode, Unit
from orders.states.joint import JointState


class JointRequest(Living):
    """`units` is what one request over all the areas together counts; `units_per_try` one attempt of it."""

    sensor = models.ForeignKey(Sensor, models.PROTECT, related_name="+")
    mode = models.CharField(_("mode"), max_length=12, choices=Mode)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit)
    units = models.DecimalField(_("counted together"), max_digits=14, decimal_places=2)
    units_per_try = models.DecimalField(
        _("counted by one try"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    state = models.CharField(
        _("state"), max_length=10, choices=JointState, default=JointState.PROPOSED
    )
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("joint request")
        verbose_name_plural = _("joint requests")

    def __str__(self) -> str:
        return f"{self.sensor} {self.starts_on}–{self.ends_on}"


class JointPart(models.Model):
    """One line of it: its share of the whole, and whether its owner agrees (none: not answered)."""

    joint = models.ForeignKey(JointRequest, models.PROTECT, related_name="parts")
    line = models.ForeignKey(Line, models.PROTECT, related_name="joint_parts")
    share = models.DecimalField(_("share"), max_digits=14, decimal_places=2)
    alone = models.DecimalField(_("counted alone"), max_digits=14, decimal_places=2)
    agrees = models.BooleanField(_("agrees"), null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("part of a joint request")
        verbose_name_plural = _("parts of a joint request")
        constraints = [
            models.UniqueConstraint(fields=["joint", "line"], name="joint_part_once_a_line"),
            models.CheckConstraint(
                condition=Q(share__gte=0, alone__gt=0), name="joint_part_has_its_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.joint_id}: {self.line_id}"


class JointEvent(ActedBy):
    """One answer or step: who, when. Only ever added; shown to its own party before all have agreed."""

    joint = models.ForeignKey(JointRequest, models.PROTECT, related_name="events")
    part = models.ForeignKey(JointPart, models.PROTECT, related_name="+", null=True)
    step = models.CharField(_("step"), max_length=20)
    reason = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField(_("at"))

    class Meta(ActedBy.Meta):
        ordering = ["at", "pk"]
        verbose_name = _("event of a joint request")
        verbose_name_plural = _("events of a joint request")
        constraints = [*ActedBy.Meta.constraints]
        triggers = [
            pgtrigger.Protect(
                name="joint_event_only_added", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.joint_id} {self.step}"
