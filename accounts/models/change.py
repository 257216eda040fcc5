"""A change that somebody asks for: what stood there, what shall stand there, and every step of it."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.affiliation import Affiliation
from accounts.models.organisation import Organisation
from accounts.models.user import Duty
from accounts.states.change import LIFE, OPEN, State
from dinamis.actors import ActedBy
from dinamis.lifecycle import Living


class ChangeQuerySet(models.QuerySet["Change"]):
    def open(self) -> "ChangeQuerySet":
        return self.filter(state__in=OPEN)

    def for_desk(self) -> "ChangeQuerySet":
        """Those whose next act is the desk's, the longest waiting first."""
        return self.filter(state=State.UNDER_REVIEW).order_by("due_at", "pk")

    def visible_to(self, user: Any) -> "ChangeQuerySet":
        """The desk sees all, a referent those of the organisations they lead."""
        if not user.is_authenticated:
            return self.none()
        if user.has_duty(Duty.Kind.DESK) or user.has_duty(Duty.Kind.ADMINISTRATOR):
            return self
        led = Affiliation.objects.in_force().filter(user=user, is_referent=True)
        return self.filter(organisation__in=led.values("organisation"))


class Change(Living):
    """One change of one organisation. `before` and `after` hold the fields that differ, and no others."""

    class Kind(models.TextChoices):
        FACTS = "facts", _("facts of the organisation")
        LEGAL = "legal", _("legal representative")
        REFERENT = "referent", _("referents")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="changes")
    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.UNDER_REVIEW)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    verified_how = models.TextField(_("how the address was verified"), blank=True)
    asked_at = models.DateTimeField(_("asked"))
    reminded_at = models.DateTimeField(_("desk reminded"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("administrators told"), null=True, blank=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind"],
                condition=Q(state__in=sorted(OPEN)),
                name="one_open_change_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_kind_display()}"

    @property
    def turn(self) -> str:
        """The role that must act now, or an empty string."""
        return LIFE.turns[State(self.state)]


class ChangeEvent(ActedBy):
    """One step of a change. Only ever added."""

    change = models.ForeignKey(Change, models.PROTECT, related_name="events")
    step = models.CharField(_("step"), max_length=30)
    source = models.CharField(_("from"), max_length=20, choices=State, blank=True)
    target = models.CharField(_("to"), max_length=20, choices=State)
    reason = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField(_("when"))

    class Meta(ActedBy.Meta):
        ordering = ["at", "pk"]
        verbose_name = _("change event")
        verbose_name_plural = _("change events")
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.change_id} {self.step}"

    @property
    def label(self) -> Any:
        """What was done, in words."""
        row = LIFE.steps.get(self.step)
        return row.label if row else _("Asked")
