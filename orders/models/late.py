"""The mail of the day that tells the desk who is late: once a day, however many beats ask."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LateMail(models.Model):
    """One day on which something was late; the row makes the mail one."""

    day = models.DateField(_("day"), unique=True)
    count = models.PositiveIntegerField(_("late"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        ordering = ["-day"]
        verbose_name = _("mail of what is late")
        verbose_name_plural = _("mails of what is late")

    def __str__(self) -> str:
        return f"{self.day}: {self.count}"
