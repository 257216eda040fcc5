"""The demonstration's mail server: messages become rows that /desk/mail/ shows."""

from collections.abc import Sequence
from email.message import EmailMessage as Parsed

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import models
from django.utils.translation import gettext_lazy as _


class SentMail(models.Model):
    """One message as it would have left."""

    sent_at = models.DateTimeField(auto_now_add=True)
    to = models.CharField(max_length=500)
    subject = models.CharField(max_length=500)
    text = models.TextField()
    html = models.TextField(blank=True)
    attachments = models.JSONField(default=list)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("sent mail")
        verbose_name_plural = _("sent mail")

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"


class Backend(BaseEmailBackend):
    """Django's mail backend that writes to the table above."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        for message in messages:
            SentMail.objects.create(
                to=", ".join(message.recipients()),
                subject=message.subject,
                text=message.body,
                html=next(
                    (
                        body
                        for body, kind in getattr(message, "alternatives", [])
                        if kind == "text/html"
                    ),
                    "",
                ),
                attachments=[_name(item) for item in message.attachments],
            )
        return len(messages)


def _name(attachment: object) -> str:
    if isinstance(attachment, Parsed):
        return attachment.get_filename() or ""
    return attachment[0]
