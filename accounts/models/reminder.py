"""Reminders: one row for each that was promised, so that a clock which ticks twice sends once."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.link import MailedLink
from accounts.models.membership import Membership


class Reminder(models.Model):
    """A reminder about a membership: to a person by a new link, or to the desk.

    `key` names the wait and the rank, such as `awaiting_legal:2026-03-01T10:00:00+00:00:1`.
    """

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="reminders")
    key = models.CharField(_("about"), max_length=120)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    link = models.OneToOneField(
        MailedLink, models.PROTECT, null=True, blank=True, related_name="reminder"
    )

    class Meta:
        ordering = ["made_at", "pk"]
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [models.UniqueConstraint(fields=["membership", "key"], name="reminder_once")]

    def __str__(self) -> str:
        return self.key
