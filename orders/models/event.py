"""The history of a line: every step of its three lives, with who, when and why. Only ever added."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.actors import ActedBy
from dinamis.said import told
from orders.models.line import Line

SAID = "reason_said"  # the fact that tells the reason again


class LineEvent(ActedBy):
    """One step taken. `facts` are values a reader of the history needs: units, references, dates."""

    class Life(models.TextChoices):
        APPROVAL = "approval", _("approval")
        SUPPLY = "supply", _("supply")
        MONEY = "money", _("money")
        NOTE = "note", _("note")

    line = models.ForeignKey(Line, models.PROTECT, related_name="events")
    life = models.CharField(_("life"), max_length=10, choices=Life)
    step = models.CharField(_("step"), max_length=30)
    source = models.CharField(_("from"), max_length=20, blank=True)
    target = models.CharField(_("to"), max_length=20, blank=True)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("event of a line")
        verbose_name_plural = _("events of a line")
        constraints = [*ActedBy.Meta.constraints]
        triggers = [
            pgtrigger.Protect(
                name="line_event_only_added", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.life}.{self.step}"

    @property
    def reason_told(self) -> str:
        """The reason in the reader's language, where the system gave it; a person's as it was written."""
        return told(self.facts.get(SAID), self.reason)
