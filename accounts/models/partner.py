"""A partner whose sites our people use, and each person's account there."""

from typing import Any

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.addresses import fault_of_base
from accounts.models.user import User
from accounts.states.linked_account import LIFE, TO_DO, State
from dinamis.actors import ActedBy
from dinamis.lifecycle import Living


def validate_base(url: str) -> None:
    """Refuse an address that our server must not call."""
    if fault := fault_of_base(url):
        raise ValidationError(fault)


class Partner(models.Model):
    """A row that administrators edit. Its token stands in the environment alone (PARTNER_TOKENS)."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=80)
    base_url = models.CharField(
        _("address of its SCIM service"), max_length=300, validators=[validate_base]
    )
    enabled = models.BooleanField(_("enabled"), default=True)
    trusted = models.BooleanField(
        _("trusted"),
        default=False,
        help_text=_(
            "Everybody gets an account there by itself; otherwise each person asks for it."
        ),
    )
    compared_at = models.DateTimeField(_("compared"), null=True, blank=True, editable=False)
    differences = models.JSONField(_("differences"), default=list, blank=True, editable=False)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        constraints = [
            models.CheckConstraint(
                condition=Q(base_url__startswith="https://") | Q(base_url__startswith="http://"),
                name="partner_speaks_http",
            )
        ]

    def __str__(self) -> str:
        return self.name


class LinkedAccountQuerySet(models.QuerySet["LinkedAccount"]):
    def to_do(self) -> "LinkedAccountQuerySet":
        return self.filter(state__in=TO_DO)

    def failed(self) -> "LinkedAccountQuerySet":
        return self.filter(state=State.FAILED)

    def visible_to(self, user: Any) -> "LinkedAccountQuerySet":
        """One's own; all for the desk."""
        if not user.is_authenticated:
            return self.none()
        return self if user.has_duty("desk") else self.filter(user=user)


class LinkedAccount(Living):
    """One person's account with one partner. `intent` counts what was asked: an answer to an older
    question does not settle a newer one. `busy_until` is the lease of the worker that is asking.
    """

    user = models.ForeignKey(
        User, models.PROTECT, related_name="linked_accounts", verbose_name=_("person")
    )
    partner = models.ForeignKey(
        Partner, models.PROTECT, related_name="accounts", verbose_name=_("partner")
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.WANTED)
    remote_id = models.CharField(_("identifier there"), max_length=200, blank=True)
    told_sha256 = models.CharField(max_length=64, blank=True)
    intent = models.PositiveIntegerField(default=1)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True)
    succeeded_at = models.DateTimeField(_("last success"), null=True, blank=True)
    busy_until = models.DateTimeField(null=True, blank=True)

    objects = LinkedAccountQuerySet.as_manager()

    class Meta:
        ordering = ["partner", "pk"]
        verbose_name = _("account with a partner")
        verbose_name_plural = _("accounts with partners")
        constraints = [
            models.UniqueConstraint(fields=["user", "partner"], name="linked_account_once")
        ]
        indexes = [models.Index(fields=["partner", "state"], name="linked_account_by_state")]

    def __str__(self) -> str:
        return f"{self.user}, {self.partner}"


class LinkedAccountEvent(ActedBy):
    """One step of an account with a partner. Only ever added."""

    account = models.ForeignKey(LinkedAccount, models.PROTECT, related_name="events")
    step = models.CharField(_("step"), max_length=20)
    source = models.CharField(_("from"), max_length=20, choices=State, blank=True)
    target = models.CharField(_("to"), max_length=20, choices=State)
    reason = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField(_("when"))

    class Meta(ActedBy.Meta):
        ordering = ["at", "pk"]
        verbose_name = _("event of an account with a partner")
        verbose_name_plural = _("events of accounts with partners")
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.step}"

    @property
    def label(self) -> Any:
        return LIFE.steps[self.step].label
