"""The closing of a period: who proposed and who decided it; what it moved is in the ledger."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.policies import may_read_budget
from dinamis.actors import ActedBy
from dinamis.lifecycle import Living
from orders.ledger.models import Period
from orders.states.closing import ClosingState


class ClosingQuerySet(models.QuerySet["Closing"]):
    def visible_to(self, user: Any) -> "ClosingQuerySet":
        return self.all() if may_read_budget(user) else self.none()

    def standing(self) -> "ClosingQuerySet":
        """Proposed or done: one for a period at most."""
        return self.exclude(state=ClosingState.DROPPED)

    def done(self) -> "ClosingQuerySet":
        return self.filter(state=ClosingState.CLOSED)


class Closing(ActedBy, Living):
    """One period's end. `carried` and `expired` are what it came to; `next_period` is what takes the carried."""

    period = models.ForeignKey(
        Period, models.PROTECT, related_name="closings", verbose_name=_("period")
    )
    next_period = models.ForeignKey(
        Period,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("period that follows"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ClosingState, default=ClosingState.PROPOSED
    )
    digest = models.CharField(_("figures"), max_length=64)
    carried = models.DecimalField(_("carried over"), max_digits=14, decimal_places=2)
    expired = models.DecimalField(_("expired"), max_digits=14, decimal_places=2)
    made_at = models.DateTimeField(_("made at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = ClosingQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("closing of a period")
        verbose_name_plural = _("closings of periods")
        constraints = [
            *ActedBy.Meta.constraints,
            models.UniqueConstraint(
                fields=["period"],
                condition=~Q(state="dropped"),
                name="period_closed_once",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at=None)),
                name="closing_done_has_an_instant",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="closed_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="closed"),
            )
        ]

    def __str__(self) -> str:
        return str(self.period)

    def get_absolute_url(self) -> str:
        return reverse("period_close", args=[self.period_id])


class ClosingEvent(ActedBy):
    """One step of a closing: who, when, why. Only ever added."""

    closing = models.ForeignKey(Closing, models.PROTECT, related_name="events")
    step = models.CharField(_("step"), max_length=20)
    target = models.CharField(_("to"), max_length=10, choices=ClosingState)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("event of a closing")
        verbose_name_plural = _("events of a closing")
        constraints = [*ActedBy.Meta.constraints]
        triggers = [
            pgtrigger.Protect(
                name="closing_event_only_added", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.closing_id} {self.step}"
