"""One reconciliation of the whole ledger: what was examined, and what was found wrong."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LedgerCheck(models.Model):
    """Every digest, seal, route, hold and balance computed anew, at night or on demand."""

    began_at = models.DateTimeField(_("began at"))
    ended_at = models.DateTimeField(_("ended at"))
    movements = models.PositiveIntegerField(_("movements"))
    accounts = models.PositiveIntegerField(_("accounts"))
    faults = models.PositiveIntegerField(_("faults"))
    said = models.TextField(_("what is wrong"), max_length=20_000, blank=True)

    class Meta:
        ordering = ["-began_at", "-pk"]
        verbose_name = _("check of the ledger")
        verbose_name_plural = _("checks of the ledger")
        get_latest_by = "began_at"

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M}: {self.faults}"
