"""An organisation's webhooks: where its own programs are told, what they were told, how they answered."""

from datetime import datetime
from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import hookable
from accounts.models.organisation import Organisation
from accounts.states.webhook import CallState, State
from dinamis.actors import ActedBy
from dinamis.lifecycle import Living


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def kept(self) -> "WebhookQuerySet":
        """Those that were not removed."""
        return self.exclude(state=State.REMOVED)

    def listening(self, organisation: Organisation | int, subject: str) -> "WebhookQuerySet":
        """The active ones of an organisation that want to hear of a subject."""
        return self.filter(
            organisation=organisation, state=State.ACTIVE, subjects__contains=[subject]
        )

    def claimable(self, at: datetime) -> "WebhookQuerySet":
        """In no worker's hands, and not resting after a failure."""
        return self.filter(
            Q(busy_until=None) | Q(busy_until__lte=at),
            Q(resting_until=None) | Q(resting_until__lte=at),
            state=State.ACTIVE,
        )


class Webhook(Living):
    """One address that is called when something happens. Its secret signs each call.

    The secret is sealed, not hashed: signing needs it again. After a rotation the former one signs
    beside the new until `old_until`. `failing_since` is set by the first of failures in a row.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="webhooks")
    url = models.CharField(_("address"), max_length=300)
    name = models.CharField(_("name"), max_length=80)
    subjects = ArrayField(models.CharField(max_length=20), verbose_name=_("hears of"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ACTIVE)
    secret = models.TextField()
    old_secret = models.TextField(blank=True)
    old_until = models.DateTimeField(_("the former secret signs until"), null=True, blank=True)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    resting_until = models.DateTimeField(_("rests until"), null=True, blank=True)
    busy_until = models.DateTimeField(_("in a worker's hands until"), null=True, blank=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = [
            models.CheckConstraint(
                condition=Q(subjects__len__gt=0), name="webhook_hears_of_something"
            ),
            models.CheckConstraint(
                condition=Q(old_secret="", old_until=None)
                | Q(~Q(old_secret=""), old_until__isnull=False),
                name="webhook_former_secret_has_its_end",
            ),
            models.CheckConstraint(
                condition=Q(failing_since=None, failures=0)
                | Q(failing_since__isnull=False, failures__gt=0),
                name="webhook_fails_since_an_instant",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation"], condition=Q(state="active"), name="webhook_listening"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject_names(self) -> list[str]:
        return hookable.names_of(self.subjects)

    @property
    def badge(self) -> tuple[str, Any]:
        """The badge of a list: its kind and its word."""
        if self.state == State.ACTIVE and self.failing_since:
            return "out", _("Failing")
        kinds = {State.ACTIVE: "done", State.DISABLED: "bad"}
        return kinds.get(self.state, "off"), self.get_state_display()


class WebhookEvent(ActedBy):
    """What was done to a webhook: by whom, when. Only ever added."""

    class Step(models.TextChoices):
        MAKE = "make", _("Made")
        CHANGE = "change", _("Changed")
        ROTATE = "rotate", _("New secret")
        PING = "ping", _("Tried")
        REPLAY = "replay", _("Sent again")
        PAUSE = "pause", _("Paused")
        RESUME = "resume", _("Went on")
        DISABLE = "disable", _("Stopped")
        REMOVE = "remove", _("Removed")

    webhook = models.ForeignKey(Webhook, models.PROTECT, related_name="events")
    step = models.CharField(_("step"), max_length=10, choices=Step)
    facts = models.JSONField(_("as it was then"), default=dict)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta(ActedBy.Meta):
        ordering = ["at", "pk"]
        verbose_name = _("webhook event")
        verbose_name_plural = _("webhook events")
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.webhook_id} {self.step}"


class WebhookCall(Living):
    """One message owed to one webhook. The body is kept as it was first written, so that a repeated call
    says the same and carries the same identifier: the other side knows it again.
    """

    webhook = models.ForeignKey(Webhook, models.PROTECT, related_name="calls")
    key = models.CharField(_("about"), max_length=120)
    message_id = models.CharField(_("identifier"), max_length=60, unique=True)
    type = models.CharField(_("type"), max_length=80)
    body = models.TextField(_("body"), max_length=20_000)
    state = models.CharField(
        _("state"), max_length=10, choices=CallState, default=CallState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    made_at = models.DateTimeField(_("made"), default=timezone.now)

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("webhook call")
        verbose_name_plural = _("webhook calls")
        constraints = [models.UniqueConstraint(fields=["webhook", "key"], name="webhook_call_once")]
        indexes = [
            models.Index(fields=["webhook", "-made_at"], name="webhook_call_log"),
            models.Index(
                fields=["webhook", "due_at"], condition=Q(state="waiting"),
                name="webhook_call_waiting",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.message_id

    @property
    def badge(self) -> tuple[str, Any]:
        kinds = {CallState.DELIVERED: "done", CallState.GIVEN_UP: "bad"}
        return kinds.get(self.state, "out"), self.get_state_display()


class WebhookAttempt(models.Model):
    """One attempt: the status answered or the fault that kept it from being answered, how long, a few words."""

    class Fault(models.TextChoices):
        ADDRESS = "address", _("This address may not be called: it leads into a private network.")
        NAME = "name", _("The name of the machine is not known, or nothing listens there.")
        TLS = "tls", _("The certificate of the other side is not valid.")
        SLOW = "slow", _("No answer in time.")
        REDIRECT = "redirect", _("It sends elsewhere; only the address given is called.")
        BROKEN = "broken", _("The connection broke.")

    call = models.ForeignKey(WebhookCall, models.PROTECT, related_name="log")
    at = models.DateTimeField(_("when"), default=timezone.now)
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    fault = models.CharField(_("fault"), max_length=10, choices=Fault, blank=True)
    milliseconds = models.PositiveIntegerField(_("milliseconds"))
    answer = models.CharField(_("answer"), max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("webhook attempt")
        verbose_name_plural = _("webhook attempts")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__isnull=False) | ~Q(fault=""), name="webhook_attempt_ended"
            )
        ]

    def __str__(self) -> str:
        return f"{self.call_id}: {self.status or self.fault}"
