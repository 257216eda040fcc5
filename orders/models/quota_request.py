"""A request for more quota: an organisation's referent asks, the desk decides."""

from decimal import Decimal
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.policies import is_desk, is_quota_administrator, organisations_led_by
from dinamis.actors import ActedBy
from dinamis.lifecycle import Living
from orders.ledger.models import Period
from orders.states.quota_request import QuotaRequestState


class QuotaRequestQuerySet(models.QuerySet["QuotaRequest"]):
    def visible_to(self, user: Any) -> "QuotaRequestQuerySet":
        """Those of the organisations one leads; all, for who decides."""
        if not user.is_authenticated:
            return self.none()
        if is_desk(user) or is_quota_administrator(user):
            return self
        return self.filter(organisation__in=organisations_led_by(user).values("pk"))

    def open(self) -> "QuotaRequestQuerySet":
        """Not decided yet, who has waited longest first."""
        return self.filter(state=QuotaRequestState.ASKED).order_by("state_since", "pk")


class QuotaRequest(Living):
    """So much more for an organisation in a period. `granted` is what it got, in the period's unit."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="quota_requests")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+", verbose_name=_("period"))
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("requester")
    )
    amount = models.DecimalField(_("asked"), max_digits=14, decimal_places=2)
    granted = models.DecimalField(
        _("granted"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    reason = models.TextField(_("reason"), max_length=2000)
    # Names the form: sent twice, it is one request.
    submission = models.CharField(_("key of the form"), max_length=80)
    state = models.CharField(
        _("state"), max_length=20, choices=QuotaRequestState, default=QuotaRequestState.ASKED
    )
    made_at = models.DateTimeField(_("made at"))

    objects = QuotaRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("request for more quota")
        verbose_name_plural = _("requests for more quota")
        constraints = [
            models.UniqueConstraint(
                fields=["requester", "submission"], name="quota_request_sent_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "period"],
                condition=Q(state="asked"),
                name="quota_request_one_open",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=Decimal(0)), name="quota_request_has_an_amount"
            ),
            models.CheckConstraint(
                condition=Q(state="granted", granted=F("amount"))
                | Q(state="granted_in_part", granted__gt=Decimal(0), granted__lt=F("amount"))
                | Q(state__in=["asked", "refused", "withdrawn"], granted=None),
                name="quota_request_granted_as_it_says",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.period}"


class QuotaRequestEvent(ActedBy):
    """One step of a request: who, when, why. Only ever added."""

    request = models.ForeignKey(QuotaRequest, models.PROTECT, related_name="events")
    step = models.CharField(_("step"), max_length=20)
    target = models.CharField(_("to"), max_length=20, choices=QuotaRequestState)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("event of a request for quota")
        verbose_name_plural = _("events of a request for quota")
        constraints = [*ActedBy.Meta.constraints]
        triggers = [
            pgtrigger.Protect(
                name="quota_request_event_only_added",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.step}"
