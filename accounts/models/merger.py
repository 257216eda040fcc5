"""A merger: one organisation absorbed by another, once, with what moved. The absorbed one stays as history."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import Organisation
from dinamis.actors import ActedBy


class Merger(ActedBy):
    """Who became part of whom, when, why, by whom. `moved` counts what went over, by its name in code."""

    absorbed = models.OneToOneField(
        Organisation, models.PROTECT, related_name="merger", verbose_name=_("absorbed organisation")
    )
    successor = models.ForeignKey(
        Organisation, models.PROTECT, related_name="mergers", verbose_name=_("successor")
    )
    reason = models.TextField(_("reason"))
    moved = models.JSONField(_("what moved"), default=dict)
    at = models.DateTimeField(_("when"))

    class Meta(ActedBy.Meta):
        ordering = ["-at", "-pk"]
        verbose_name = _("merger")
        verbose_name_plural = _("mergers")
        constraints = [
            *ActedBy.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(absorbed=F("successor")), name="nobody_absorbs_itself"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.absorbed} → {self.successor}"
