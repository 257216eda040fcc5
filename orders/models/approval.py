"""Approval by exception: the rows that say what is approved at once, the targets, each judgement kept."""

from decimal import Decimal
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.eligibility import Category
from catalogue.models import Sensor
from orders.models.line import Line
from orders.models.rule import RuleVersion
from orders.models.rule_rows import ONLY_IN_A_DRAFT, RuleRow
from orders.pricing.approving import ApprovalRule, Said, read, suggestion
from orders.pricing.words import Kind, Stage

ZERO, HUNDRED = Decimal(0), Decimal(100)


class ApprovalRow(RuleRow):
    """What is approved at once. An empty dimension is any; the most specific row holds.

    Besides what a row says, the organisation must be in good standing, the requester attached, the
    licence signed, the quote firm and within the quota: see orders.pricing.approving.
    """

    category = models.CharField(_("category"), max_length=30, choices=Category.choices, blank=True)
    sensor = models.ForeignKey(
        Sensor, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("sensor")
    )
    kind = models.CharField(_("service"), max_length=12, choices=Kind, blank=True)
    most_units = models.DecimalField(
        _("at most, in km² or attempts"), max_digits=12, decimal_places=2
    )
    most_similar = models.DecimalField(
        _("already with members at most, in %"), max_digits=4, decimal_places=1, default=ZERO
    )
    needs_project = models.BooleanField(_("only within an approved project"), default=False)

    class Meta:
        ordering = ["version", "sensor", "kind", "category", "pk"]
        verbose_name = _("approved at once")
        verbose_name_plural = _("approved at once")
        triggers = ONLY_IN_A_DRAFT
        constraints = [
            models.UniqueConstraint(
                fields=["version", "category", "sensor", "kind"],
                nulls_distinct=False,
                name="approval_once_a_version",
            ),
            models.CheckConstraint(condition=Q(most_units__gt=ZERO), name="approval_of_something"),
            models.CheckConstraint(
                condition=Q(most_similar__gte=ZERO, most_similar__lte=HUNDRED),
                name="approval_similar_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.category or '*'} {self.sensor_id or '*'} {self.kind or '*'}: {self.most_units}"
        )

    @property
    def rule(self) -> ApprovalRule:
        return ApprovalRule(
            category=self.category,
            sensor=self.sensor_id or "",
            kind=self.kind,
            most_units=self.most_units,
            most_similar=self.most_similar,
            needs_project=self.needs_project,
        )


class TargetRow(RuleRow):
    """In how many working days a stage is to be over; past them it is late, and says by how much."""

    stage = models.CharField(_("what is awaited"), max_length=10, choices=Stage)
    kind = models.CharField(_("service"), max_length=12, choices=Kind, blank=True)
    days = models.PositiveSmallIntegerField(_("working days"))

    class Meta:
        ordering = ["version", "stage", "kind"]
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        triggers = ONLY_IN_A_DRAFT
        constraints = [
            models.UniqueConstraint(
                fields=["version", "stage", "kind"], name="target_once_a_version"
            ),
            models.CheckConstraint(
                condition=Q(days__gte=1, days__lte=260), name="target_within_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.kind or '*'}: {self.days}"

    @property
    def sentence(self) -> str:
        """The target in the active language."""
        stage, kind = self.get_stage_display(), self.get_kind_display()
        what = f"{stage} ({kind})" if kind else stage
        said = ngettext("%(what)s: %(days)s day", "%(what)s: %(days)s days", self.days)
        return said % {"what": what, "days": self.days}


class JudgementQuerySet(models.QuerySet["Judgement"]):
    def latest_of_each(self) -> "JudgementQuerySet":
        """The judgement made last of each line."""
        return self.order_by("line_id", "-pk").distinct("line_id")


class Judgement(models.Model):
    """What the rules said of a line when it reached the desk: why it was approved, or why it waits."""

    line = models.ForeignKey(Line, models.PROTECT, related_name="judgements")
    rule_version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="judgements")
    is_approved = models.BooleanField(_("approved at once"))
    # Ids and values, read in any language later: orders.pricing.approving.
    answers = models.JSONField(_("answers"))
    at = models.DateTimeField(_("at"))

    objects = JudgementQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("judgement by the rules")
        verbose_name_plural = _("judgements by the rules")
        indexes = [models.Index(fields=["line", "-id"], name="judgement_newest_of_line")]
        triggers = [
            pgtrigger.Protect(
                name="judgement_only_added", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.rule_version_id}: {self.is_approved}"

    @property
    def said(self) -> list[Said]:
        """Every condition in the active language."""
        return read(self.answers)

    @property
    def why(self) -> list[Said]:
        """What brought it to the desk; nothing where the rules approved it."""
        return [one for one in self.said if one.kind != "ok"]

    @property
    def suggestion(self) -> str:
        return suggestion(self.answers)


def judgements_of(lines: Any) -> dict[int, Judgement]:
    """The last judgement of each of these lines, in one query."""
    found = Judgement.objects.filter(line__in=lines).latest_of_each()
    return {one.line_id: one for one in found.select_related("rule_version")}
