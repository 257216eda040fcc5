"""The rules of the scheme as dated rows: what a quote freezes is one approved version of them."""

from datetime import date
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.policies import may_read_budget
from dinamis.actors import ActedBy
from dinamis.lifecycle import Living
from orders.pricing.rules import CeilingRule, LicenceAsked, OfferedShare, PurseRank, Rules, Zone
from orders.states.rules import RuleState

# Approved versions as this process has read them, by key and instant of approval: see ADR 22.
READ: dict[tuple[int, Any], Rules] = {}
MOST_READ = 50


class RuleVersionQuerySet(models.QuerySet["RuleVersion"]):
    def in_force(self, on: date) -> "RuleVersionQuerySet":
        """The approved versions that have begun by a day, the one that holds first."""
        return self.filter(state=RuleState.APPROVED, effective_from__lte=on).order_by(
            "-effective_from", "-pk"
        )

    def today(self) -> "RuleVersion | None":
        """The version that holds today; None where none does."""
        return self.in_force(timezone.localdate()).first()

    def visible_to(self, user: Any) -> "RuleVersionQuerySet":
        """Every version for those who read the budget; versions in force or past for the others."""
        if may_read_budget(user):
            return self.all()
        return self.filter(state=RuleState.APPROVED) if user.is_authenticated else self.none()


class RuleVersion(ActedBy, Living):
    """One set of rules, in force from a day until the next version begins. Approved, it never changes."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    effective_from = models.DateField(_("in force from"))
    state = models.CharField(_("state"), max_length=10, choices=RuleState, default=RuleState.DRAFT)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    # The version that this one was copied from: what a reader compares it with.
    copied_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="copies"
    )
    note = models.TextField(_("note"), max_length=2000, blank=True)
    quote_days = models.PositiveSmallIntegerField(_("days a quote is valid"), default=30)

    objects = RuleVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-effective_from", "-pk"]
        verbose_name = _("version of the rules")
        verbose_name_plural = _("versions of the rules")
        constraints = [
            *ActedBy.Meta.constraints,
            models.CheckConstraint(condition=Q(quote_days__gt=0), name="rule_quote_days_positive"),
            models.CheckConstraint(
                condition=Q(state="approved", approved_at__isnull=False)
                | Q(~Q(state="approved"), approved_at=None),
                name="rule_approved_has_an_instant",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="approved_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="approved"),
            )
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("rules_version", args=[self.code])

    @cached_property
    def rules(self) -> Rules:
        """Every table of this version as the pure functions read them.

        An approved version never changes (a trigger sees to it): a process reads it once.
        """
        if self.state != RuleState.APPROVED:
            return self._read()
        key = (self.pk, self.approved_at)
        if key not in READ:
            if len(READ) >= MOST_READ:
                READ.clear()
            READ[key] = self._read()
        return READ[key]

    def _read(self) -> Rules:
        return Rules(
            code=self.code,
            effective_from=self.effective_from,
            quote_days=self.quote_days,
            minimums={(r.sensor_id, r.kind): r.km2 for r in self.minimumarea_rows.all()},
            factors={r.mode: r.factor for r in self.multiplier_rows.all()},
            units={(r.sensor_id, r.kind): r.unit for r in self.unitrow_rows.all()},
            terms=tuple(r.term for r in self.pricerow_rows.all()),
            purses=tuple(
                PurseRank(r.purse, r.else_next, r.may_overtake) for r in self.purseorder_rows.all()
            ),
            tasking={r.sensor_id: r.limits for r in self.taskingdefault_rows.all()},
            licences={
                r.sensor_id: LicenceAsked(r.licence_id, r.before_order)
                for r in self.licencerule_rows.all()
            },
            delays={
                (r.sensor_id, r.kind): (r.least_days, r.most_days) for r in self.delay_rows.all()
            },
            zones=tuple(
                Zone(r.place, bytes(r.geometry.wkb), r.is_approximate)
                for r in self.placerow_rows.all()
                if r.geometry
            ),
            ceilings=tuple(
                CeilingRule(r.scope, r.sensor_id, r.category, r.most)
                for r in self.ceiling_rows.all()
            ),
            offers=tuple(
                OfferedShare(r.sensor_id, r.eur, r.attempts, r.about_km2)
                for r in self.contributoroffer_rows.all()
            ),
            approvals=tuple(r.rule for r in self.approvalrow_rows.all()),
            targets={(r.stage, r.kind): r.days for r in self.targetrow_rows.all()},
        )


class RuleVersionEvent(ActedBy):
    """One step of a version's life: who, when, why. Only ever added."""

    version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="events")
    step = models.CharField(_("step"), max_length=20)
    target = models.CharField(_("to"), max_length=10, choices=RuleState)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("event of a version")
        verbose_name_plural = _("events of a version")
        constraints = [*ActedBy.Meta.constraints]
        triggers = [
            pgtrigger.Protect(
                name="rule_event_only_added", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.step}"
