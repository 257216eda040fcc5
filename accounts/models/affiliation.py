"""An affiliation: a person belongs to an organisation, and may be its referent."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import Organisation
from accounts.models.user import Duty, User
from accounts.states.affiliation import LIFE, OPEN, State
from accounts.states.membership import State as MembershipState
from dinamis.actors import ActedBy
from dinamis.lifecycle import Living


class AffiliationQuerySet(models.QuerySet["Affiliation"]):
    def active(self) -> "AffiliationQuerySet":
        return self.filter(state=State.ACTIVE)

    def in_force(self) -> "AffiliationQuerySet":
        """Active, in an organisation whose own membership is in force: what rights come from.

        Both last days, the affiliation's and the membership's, are asked here, so that no right
        waits for the clock to end it.
        """
        today = timezone.localdate()
        return self.active().filter(
            Q(ends_on=None) | Q(ends_on__gte=today),
            Q(organisation__memberships__ends_on=None)
            | Q(organisation__memberships__ends_on__gte=today),
            user__is_active=True,
            organisation__memberships__state=MembershipState.ACTIVE,
        )

    def requested(self) -> "AffiliationQuerySet":
        """Waiting for a referent, the longest waiting first."""
        return self.filter(state=State.REQUESTED).order_by("state_since", "pk")

    def open(self) -> "AffiliationQuerySet":
        return self.filter(state__in=OPEN)

    def visible_to(self, user: Any) -> "AffiliationQuerySet":
        """One's own, those of the organisations one is referent of, all for the desk."""
        if not user.is_authenticated:
            return self.none()
        if user.has_duty(Duty.Kind.DESK) or user.has_duty(Duty.Kind.ADMINISTRATOR):
            return self
        led = Affiliation.objects.in_force().filter(user=user, is_referent=True)
        return self.filter(Q(user=user) | Q(organisation__in=led.values("organisation")))


class Affiliation(Living):
    """One person in one organisation. Ended, never deleted."""

    user = models.ForeignKey(
        User, models.PROTECT, related_name="affiliations", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="affiliations", verbose_name=_("organisation")
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.REQUESTED)
    position = models.CharField(_("position"), max_length=150)
    statement = models.TextField(_("why"), blank=True)
    is_referent = models.BooleanField(_("referent"), default=False)
    is_current = models.BooleanField(_("current"), default=False)
    requested_at = models.DateTimeField(_("asked"))
    activated_at = models.DateTimeField(_("active since"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # The last day, in the site's time zone; for contractors, doctoral students and the like.
    ends_on = models.DateField(_("until"), null=True, blank=True)
    # How many days before the end the last reminder was sent.
    end_told_days = models.PositiveSmallIntegerField(_("end announced"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("referent reminded"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("desk told"), null=True, blank=True)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(state__in=sorted(OPEN)),
                name="affiliation_once_per_organisation",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_current=True), name="one_current_affiliation"
            ),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(state=State.ACTIVE),
                name="current_affiliation_is_active",
            ),
            models.CheckConstraint(
                condition=Q(is_referent=False) | Q(state__in=[State.ACTIVE, State.SUSPENDED]),
                name="referent_affiliation_is_alive",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("requested_at")),
                name="affiliation_ends_after_it_began",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state"], name="affiliation_by_organisation")
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.organisation}"

    @property
    def turn(self) -> str:
        """The role that must act now, or an empty string."""
        return LIFE.turns[State(self.state)]


class AffiliationEvent(ActedBy):
    """One step of an affiliation. Only ever added."""

    affiliation = models.ForeignKey(Affiliation, models.PROTECT, related_name="events")
    step = models.CharField(_("step"), max_length=30)
    source = models.CharField(_("from"), max_length=20, choices=State, blank=True)
    target = models.CharField(_("to"), max_length=20, choices=State)
    reason = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField(_("when"))

    class Meta(ActedBy.Meta):
        ordering = ["at", "pk"]
        verbose_name = _("affiliation event")
        verbose_name_plural = _("affiliation events")
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.affiliation_id} {self.step}"

    @property
    def label(self) -> Any:
        """What was done, in words."""
        row = LIFE.steps.get(self.step)
        return row.label if row else EXTRA_STEPS.get(self.step, self.step)


# Things noted in the history that do not change the state.
EXTRA_STEPS = {
    "ask": _("Asked"),
    "merge": _("Went over with the organisation"),
    "make_referent": _("Made referent"),
    "unmake_referent": _("No longer referent"),
    "set_end": _("Last day changed"),
}
