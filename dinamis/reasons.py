"""A reason that was written down, by a person or by the system, and is told in the reader's language."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.said import told


class Reasoned(models.Model):
    """`reason` as it was written; `reason_said` tells it in other languages, {} where a person wrote it."""

    reason = models.TextField(_("reason"), blank=True)
    reason_said = models.JSONField(_("reason, to be told again"), default=dict, blank=True)

    class Meta:
        abstract = True

    @property
    def reason_told(self) -> str:
        return told(self.reason_said, self.reason)
