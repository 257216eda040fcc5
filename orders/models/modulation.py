"""A modulation: the budget, or the allotments by a rule, moved during the year; what it moves is in the ledger."""

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
from orders.states.modulation import ModulationState


class Aim(models.TextChoices):
    BUDGET = "budget", _("the period's budget")
    ALLOTMENTS = "allotments", _("the allotments")


class SpreadRule(models.TextChoices):
    PRO_RATA = "pro_rata", _("pro rata: by the size of each")
    BY_USE = "by_use", _("by use: cuts by what is free, rises by what is used")
    FLOOR = "floor", _("floor: none cut below it, rises up to it")


class Towards(models.TextChoices):
    BUDGET = "budget", _("the budget")
    RESERVE = "reserve", _("the reserve")


class ModulationQuerySet(models.QuerySet["Modulation"]):
    def visible_to(self, user: Any) -> "ModulationQuerySet":
        """All of them for those who read the budget."""
        return self.all() if may_read_budget(user) else self.none()


class Modulation(ActedBy, Living):
    """What one administrator asked: an amount or a share (a cut is below zero), and the rule that spreads it.

    `digest` is that of the figures the writer saw; `moved` is what they came to, above zero, and
    then what was written. Which accounts changed by how much are the movements of `deed`.
    """

    period = models.ForeignKey(
        Period, models.PROTECT, related_name="modulations", verbose_name=_("period")
    )
    aim = models.CharField(_("what moves"), max_length=10, choices=Aim)
    rule = models.CharField(_("rule"), max_length=10, choices=SpreadRule, blank=True)
    amount = models.DecimalField(
        _("amount"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    share = models.DecimalField(
        _("share, in %"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    floor = models.DecimalField(_("floor"), max_digits=14, decimal_places=2, null=True, blank=True)
    towards = models.CharField(_("against"), max_length=10, choices=Towards, default=Towards.BUDGET)
    reason = models.TextField(_("reason"), max_length=2000)
    submission = models.CharField(max_length=80, unique=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ModulationState, default=ModulationState.PROPOSED
    )
    digest = models.CharField(_("figures"), max_length=64)
    moved = models.DecimalField(_("moved"), max_digits=14, decimal_places=2)
    count = models.PositiveIntegerField(_("accounts changed"))
    made_at = models.DateTimeField(_("made at"))
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)

    objects = ModulationQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("modulation")
        verbose_name_plural = _("modulations")
        constraints = [
            *ActedBy.Meta.constraints,
            models.CheckConstraint(
                condition=Q(Q(share=None) & Q(amount__isnull=False) & ~Q(amount=0))
                | Q(Q(amount=None) & Q(share__isnull=False) & ~Q(share=0)),
                name="modulation_has_an_amount_or_a_share",
            ),
            models.CheckConstraint(
                condition=Q(aim="budget", rule="") | (Q(aim="allotments") & ~Q(rule="")),
                name="modulation_of_allotments_has_a_rule",
            ),
            models.CheckConstraint(
                condition=Q(rule="floor", floor__gte=0) | (~Q(rule="floor") & Q(floor=None)),
                name="modulation_floor_only_with_its_rule",
            ),
            models.CheckConstraint(
                condition=Q(state="applied", applied_at__isnull=False)
                | (~Q(state="applied") & Q(applied_at=None)),
                name="modulation_applied_has_an_instant",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="modulation_gives_its_reason"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="applied_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="applied"),
            )
        ]

    def __str__(self) -> str:
        return f"M-{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("modulation", args=[self.pk])

    @property
    def deed(self) -> str:
        return f"modulation:{self.pk}"


class ModulationEvent(ActedBy):
    """One step of a modulation: who, when, why. Only ever added."""

    modulation = models.ForeignKey(Modulation, models.PROTECT, related_name="events")
    step = models.CharField(_("step"), max_length=20)
    target = models.CharField(_("to"), max_length=10, choices=ModulationState)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("event of a modulation")
        verbose_name_plural = _("events of a modulation")
        constraints = [*ActedBy.Meta.constraints]
        triggers = [
            pgtrigger.Protect(
                name="modulation_event_only_added", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.modulation_id} {self.step}"
