"""Who decides while somebody is away: a duty lent for some days, never given on, never a second pair of eyes."""

from datetime import date
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user import Duty
from dinamis.actors import ActedBy


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def in_force(self, on: date | None = None) -> "DelegationQuerySet":
        """Begun, not over, not ended before its last day, of somebody who holds the duty themselves."""
        day = on or timezone.localdate()
        holds = Duty.objects.current().filter(
            user=OuterRef("giver"), kind=OuterRef("kind"), user__is_active=True
        )
        open_ones = self.filter(starts_on__lte=day, ends_on__gte=day, ended_at=None)
        return open_ones.filter(Exists(holds))

    def standing(self) -> "DelegationQuerySet":
        """In force or to come."""
        return self.filter(ends_on__gte=timezone.localdate(), ended_at=None)

    def visible_to(self, user: Any) -> "DelegationQuerySet":
        """Whoever has a duty sees who decides meanwhile."""
        return self.all() if user.is_authenticated and user.duties_held else self.none()

    def between(self, one: int, other: int | None) -> "DelegationQuerySet":
        """What makes two people one while it lasts: one of them decides by the other's duty alone."""
        own = Duty.objects.current().filter(user=OuterRef("receiver"), kind=OuterRef("kind"))
        pair = Q(giver=one, receiver=other) | Q(giver=other, receiver=one)
        return self.in_force().filter(pair, ~Exists(own))


class Delegation(ActedBy):
    """One duty lent by its holder to one person, from a day to a day."""

    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="lent", verbose_name=_("away")
    )
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="borrowed",
        verbose_name=_("decides meanwhile"),
    )  # fmt: skip
    kind = models.CharField(_("duty"), max_length=20, choices=Duty.Kind)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    reason = models.TextField(_("reason"), max_length=500)
    at = models.DateTimeField(_("named at"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta(ActedBy.Meta):
        ordering = ["starts_on", "pk"]
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        indexes = [models.Index(fields=["receiver", "ends_on"], name="delegation_of_receiver")]
        constraints = [
            *ActedBy.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="delegation_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(giver=F("receiver")), name="delegation_to_another_person"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="delegation_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.giver} → {self.receiver}: {self.get_kind_display()}"

    @property
    def is_in_force(self) -> bool:
        return self.ended_at is None and self.starts_on <= timezone.localdate() <= self.ends_on


class DelegationEvent(ActedBy):
    """One step of a delegation: named, ended. Only ever added."""

    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="events")
    step = models.CharField(_("step"), max_length=10)
    reason = models.TextField(_("reason"), max_length=500, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("event of an absence")
        verbose_name_plural = _("events of an absence")
        constraints = [*ActedBy.Meta.constraints]
        triggers = [
            pgtrigger.Protect(
                name="delegation_event_only_added", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.delegation_id} {self.step}"
