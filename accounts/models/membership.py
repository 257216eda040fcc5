"""A membership: the dossier of an organisation that asks to join, and what became of it."""

from datetime import date, datetime
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import Organisation
from accounts.models.user import Duty
from accounts.states.membership import DESK, DONE, LIFE, OPEN, RENEW_FROM, State
from dinamis.actors import ActedBy
from dinamis.lifecycle import Living


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> "MembershipQuerySet":
        return self.filter(state=State.ACTIVE)

    def in_force(self) -> "MembershipQuerySet":
        """Active, and not past its last day: the clock that expires it may be late."""
        return self.active().filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate()))

    def ending(self) -> "MembershipQuerySet":
        """In force, and to be renewed by now."""
        return self.in_force().filter(ends_on__lte=timezone.localdate() + RENEW_FROM)

    def under_way(self) -> "MembershipQuerySet":
        return self.filter(state__in=OPEN)

    def for_desk(self) -> "MembershipQuerySet":
        """Those whose next act is the desk's, the longest waiting first."""
        turns = [State.UNDER_REVIEW, State.AWAITING_OPINIONS, State.APPEALED]
        return self.filter(state__in=turns).order_by("due_at", "pk")

    def visible_to(self, user: Any) -> "MembershipQuerySet":
        """The desk sees all, a referent those of the organisation, others those that name their proved address."""
        if not user.is_authenticated:
            return self.none()
        if user.has_duty(Duty.Kind.DESK) or user.has_duty(Duty.Kind.ADMINISTRATOR):
            return self
        proved = user.emailaddress_set.filter(verified=True).values("email")
        return self.filter(
            Q(
                organisation__affiliations__user=user,
                organisation__affiliations__is_referent=True,
                organisation__affiliations__state="active",
            )
            | Q(referent_email__in=proved)
            | Q(legal_email__in=proved)
        ).distinct()


class Membership(Living):
    """One request to join and its life. The two people it names need no account."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    reference = models.CharField(_("reference"), max_length=20, unique=True)
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.AWAITING_REFERENT
    )
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    referent_name = models.CharField(_("future referent"), max_length=150)
    referent_email = models.EmailField(_("referent's e-mail address"))
    referent_proved_at = models.DateTimeField(_("address proved"), null=True, blank=True)
    legal_name = models.CharField(_("legal representative"), max_length=150)
    legal_position = models.CharField(_("position"), max_length=150)
    legal_email = models.EmailField(_("legal representative's e-mail address"))
    legal_accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    # What only some categories are asked (`eligibility.Need`).
    mission = models.TextField(_("mission of public interest"), blank=True)
    order_reference = models.CharField(
        _("reference of the public order"), max_length=100, blank=True
    )
    order_ends_on = models.DateField(_("end of the public order"), null=True, blank=True)
    order_body = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders_given",
        verbose_name=_("public body that gives the order"),
    )
    french_member = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="co_operations",
        verbose_name=_("French member"),
    )
    partner_name = models.CharField(_("European partner"), max_length=200, blank=True)
    partner_country = models.CharField(_("partner's country"), max_length=2, blank=True)
    # The form as it was typed so far, field by field; emptied once it is sent.
    answers = models.JSONField(_("form being written"), default=dict, blank=True)
    legal_verified_how = models.TextField(_("how the address was verified"), blank=True)
    proposed_at = models.DateTimeField(_("proposed"))
    activated_at = models.DateTimeField(_("active since"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    certificate_number = models.CharField(
        _("certificate"), max_length=30, null=True, blank=True, unique=True
    )
    certificate_file = models.CharField(max_length=200, blank=True)
    certificate_sha256 = models.CharField(max_length=64, blank=True)
    charter_file = models.CharField(max_length=200, blank=True)
    charter_sha256 = models.CharField(max_length=64, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(state__in=sorted({*OPEN, State.ACTIVE, State.SUSPENDED})),
                name="one_living_membership_per_organisation",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.ACTIVE, State.SUSPENDED, State.LEFT])
                | Q(
                    activated_at__isnull=False,
                    legal_accepted_at__isnull=False,
                    referent_proved_at__isnull=False,
                ),
                name="membership_active_only_when_accepted",
            ),
            models.CheckConstraint(
                condition=~Q(referent_email=models.F("legal_email")),
                name="membership_two_different_people",
                violation_error_message=_(
                    "The legal representative and the referent need different addresses."
                ),
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="membership_by_turn")]

    def __str__(self) -> str:
        return f"{self.reference} {self.organisation}"

    def get_absolute_url(self) -> str:
        return reverse("desk_membership", args=[self.reference])

    @property
    def turn(self) -> str:
        """The role that must act now, or an empty string."""
        return LIFE.turns[State(self.state)]

    @property
    def waits_until(self) -> datetime | date | None:
        """When the wait for somebody is over, a renewal included: the day that mails and pages tell."""
        return self.due_at or self.ends_on


class MembershipEvent(ActedBy):
    """One step of a membership. Only ever added."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="events")
    step = models.CharField(_("step"), max_length=30)
    source = models.CharField(_("from"), max_length=20, choices=State, blank=True)
    target = models.CharField(_("to"), max_length=20, choices=State)
    reason = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField(_("when"))

    class Meta(ActedBy.Meta):
        ordering = ["at", "pk"]
        verbose_name = _("membership event")
        verbose_name_plural = _("membership events")
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.step}"

    @property
    def label(self) -> Any:
        """What was done, in words."""
        return DONE.get(self.step, DONE["propose"])

    @property
    def who(self) -> str:
        """Who did it, for a reader outside the desk: its officers and the referents are not named."""
        if not self.by_user_id:
            return "" if self.step in ("begin", "propose") else self.by_name
        row = LIFE.steps.get(self.step)
        is_desk = row is not None and DESK in row.actors
        return str(_("The DINAMIS desk")) if is_desk else str(_("The referent"))
