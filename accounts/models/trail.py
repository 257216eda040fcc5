"""The trail: refusals and sign-ins. Kept a year, then deleted; never changed."""

from datetime import timedelta

import pgtrigger
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User

# reliability.md row 59: six to twelve months; the trigger below keeps rows for as long.
RETENTION = timedelta(days=365)


class EventQuerySet(models.QuerySet["Event"]):
    def over(self) -> "EventQuerySet":
        """Those whose retention has ended."""
        return self.filter(at__lt=timezone.now() - RETENTION)


class Event(models.Model):
    """A refusal, a sign-in or a failed one. Changes stand in their own histories."""

    class Kind(models.TextChoices):
        REFUSED = "refused", _("refused")
        SIGNED_IN = "signed_in", _("signed in")
        SIGN_IN_FAILED = "sign_in_failed", _("sign-in failed")
        SIGNED_OUT = "signed_out", _("signed out")

    kind = models.CharField(_("what"), max_length=20, choices=Kind)
    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="trail", verbose_name=_("who")
    )
    code = models.CharField(_("code"), max_length=60, blank=True)
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    method = models.CharField(_("method"), max_length=10, blank=True)
    # The route, never the path: a path may carry a token.
    route = models.CharField(_("route"), max_length=200, blank=True)
    ip = models.GenericIPAddressField(_("address"), null=True, blank=True)
    user_agent = models.CharField(_("browser"), max_length=300, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [models.Index(fields=["user", "-at"], name="event_by_person")]
        triggers = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update),
            pgtrigger.Protect(
                name="kept_a_year",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.at > now() - interval '365 days'"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"
