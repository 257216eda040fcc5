"""One load of footprints from a file: what it came to. The scenes it changed name it in their history."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dinamis.actors import ActedBy


class SceneLoad(ActedBy):
    """Written at its beginning, ended once; a load that a dead machine cut short has no end.

    A scene that a load adds has no event of its own: 19 million would say what this row says once.
    """

    source = models.CharField(_("name of the file"), max_length=200)
    kind = models.CharField(_("kind of file"), max_length=10)
    sha256 = models.CharField("SHA-256", max_length=64)
    started_at = models.DateTimeField(_("started at"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    read = models.PositiveBigIntegerField(_("records read"), default=0)
    new = models.PositiveBigIntegerField(_("scenes added"), default=0)
    changed = models.PositiveBigIntegerField(_("scenes changed"), default=0)
    unchanged = models.PositiveBigIntegerField(_("scenes that stood so already"), default=0)
    kept = models.PositiveBigIntegerField(_("scenes left as the desk corrected them"), default=0)
    refused = models.PositiveBigIntegerField(_("records refused"), default=0)

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name = _("load of footprints")
        verbose_name_plural = _("loads of footprints")
        constraints = [
            *ActedBy.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="scene_load_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.source
