"""A mail that was sent of an event: written once sent, so that a task run twice sends it once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.event import LineEvent


class Notice(models.Model):
    """One event told to one addressee: `user:12`, or `desk` for the shared address."""

    event = models.ForeignKey(LineEvent, models.PROTECT, related_name="notices")
    addressee = models.CharField(_("addressee"), max_length=40)
    sent_at = models.DateTimeField(_("sent at"), auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("notice sent")
        verbose_name_plural = _("notices sent")
        constraints = [
            models.UniqueConstraint(fields=["event", "addressee"], name="notice_sent_once")
        ]

    def __str__(self) -> str:
        return f"{self.event_id} → {self.addressee}"
