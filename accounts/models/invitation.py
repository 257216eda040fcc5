"""An invitation: a referent asks a person, who may have no account, to be attached."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.affiliation import Affiliation
from accounts.models.organisation import Organisation
from accounts.models.user import Duty
from accounts.states.invitation import LIFE, State
from dinamis.actors import ActedBy
from dinamis.lifecycle import Living


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self) -> "InvitationQuerySet":
        return self.filter(state=State.SENT)

    def visible_to(self, user: Any) -> "InvitationQuerySet":
        """Those of the organisations one is referent of, all for the desk."""
        if not user.is_authenticated:
            return self.none()
        if user.has_duty(Duty.Kind.DESK) or user.has_duty(Duty.Kind.ADMINISTRATOR):
            return self
        led = Affiliation.objects.in_force().filter(user=user, is_referent=True)
        return self.filter(organisation__in=led.values("organisation"))


class Invitation(Living, ActedBy):
    """One address asked for one organisation; `by_user` is who invited, and answers for it."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="invitations", verbose_name=_("organisation")
    )
    email = models.EmailField(_("e-mail address"))
    full_name = models.CharField(_("full name"), max_length=150, blank=True)
    position = models.CharField(_("position"), max_length=150)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.SENT)
    made_at = models.DateTimeField(_("made"))
    affiliation = models.OneToOneField(
        Affiliation, models.PROTECT, null=True, blank=True, related_name="invitation"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta(ActedBy.Meta):
        ordering = ["-made_at", "-pk"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            *ActedBy.Meta.constraints,
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=Q(state=State.SENT),
                name="invited_once_per_organisation",
            ),
            models.CheckConstraint(
                condition=Q(state=State.ACCEPTED, affiliation__isnull=False)
                | Q(~Q(state=State.ACCEPTED), affiliation=None),
                name="accepted_invitation_has_an_affiliation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.organisation}"

    @property
    def open_steps(self) -> list[str]:
        """What a referent may do now."""
        return [name for name in LIFE.open_from(self.state) if name in ("resend", "withdraw")]


class InvitationEvent(ActedBy):
    """One step of an invitation. Only ever added."""

    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="events")
    step = models.CharField(_("step"), max_length=30)
    at = models.DateTimeField(_("when"))

    class Meta(ActedBy.Meta):
        ordering = ["at", "pk"]
        verbose_name = _("invitation event")
        verbose_name_plural = _("invitation events")
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.invitation_id} {self.step}"

    @property
    def label(self) -> Any:
        """What was done, in words."""
        row = LIFE.steps.get(self.step)
        return row.label if row else _("Sent")
