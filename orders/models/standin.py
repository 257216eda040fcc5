"""Who answers for a requester who is away: a colleague of the same organisation, from a day to a day."""

from datetime import date
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Affiliation, Organisation
from dinamis.actors import ActedBy


class StandinQuerySet(models.QuerySet["Standin"]):
    def in_force(self, on: date | None = None) -> "StandinQuerySet":
        """Begun, not over, not ended before its last day; who answers is still of the organisation."""
        day = on or timezone.localdate()
        home = Affiliation.objects.in_force().filter(
            user=OuterRef("receiver"), organisation=OuterRef("organisation")
        )
        return self.filter(Exists(home), starts_on__lte=day, ends_on__gte=day, ended_at=None)

    def standing(self) -> "StandinQuerySet":
        """In force or to come."""
        return self.filter(ends_on__gte=timezone.localdate(), ended_at=None)

    def visible_to(self, user: Any) -> "StandinQuerySet":
        """One's own: given or received."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(giver=user) | Q(receiver=user))


class Standin(ActedBy):
    """The right to answer questions about somebody's lines in one organisation, and nothing else."""

    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="standins", verbose_name=_("away")
    )
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="stands_in",
        verbose_name=_("answers meanwhile"),
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    at = models.DateTimeField(_("named at"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = StandinQuerySet.as_manager()

    class Meta(ActedBy.Meta):
        ordering = ["starts_on", "pk"]
        verbose_name = _("stand-in")
        verbose_name_plural = _("stand-ins")
        indexes = [models.Index(fields=["receiver", "ends_on"], name="standin_of_receiver")]
        constraints = [
            *ActedBy.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="standin_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(giver=F("receiver")), name="standin_is_another_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver} → {self.receiver}"


class StandinEvent(ActedBy):
    """Named, or ended before its last day: by whom. Only ever added."""

    standin = models.ForeignKey(Standin, models.PROTECT, related_name="events")
    step = models.CharField(_("step"), max_length=10)
    at = models.DateTimeField(_("at"))

    class Meta(ActedBy.Meta):
        ordering = ["at", "pk"]
        verbose_name = _("event of a stand-in")
        verbose_name_plural = _("events of a stand-in")
        constraints = [*ActedBy.Meta.constraints]
        triggers = [
            pgtrigger.Protect(
                name="standin_event_only_added", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.standin_id} {self.step}"
