"""The history of a scene: added, completed, corrected, its products published and withdrawn."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalogue.models.scene import Scene
from dinamis.actors import ActedBy


class SceneEvent(ActedBy):
    """One thing done to one scene; `facts` holds what was written, by field. Only ever added."""

    class Kind(models.TextChoices):
        ADDED = "added", _("added from its identifier")
        COMPLETED = "completed", _("completed by the desk")
        CORRECTED = "corrected", _("corrected by the desk")
        LOADED = "loaded", _("changed by a load of footprints")
        PUBLISHED = "published", _("a product of it published")
        WITHDRAWN = "withdrawn", _("a product of it withdrawn")
        EMBARGOED = "embargoed", _("an embargo on a product of it set or lifted")
        IMPORTED = "imported", _("added from a supplier’s list")
        UPDATED = "updated", _("brought up to date from a supplier’s list")
        UNDONE = "undone", _("a supplier’s list undone")
        SET_ASIDE = "set_aside", _("withdrawn")
        RETURNED = "returned", _("put back")
        CONVERTED = "converted", _("optimised copies of a product of it asked for")
        DAMAGED = "damaged", _("a file found damaged in the store")
        RESTORED = "restored", _("a damaged file restored")

    scene = models.ForeignKey(Scene, models.PROTECT, related_name="events")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    facts = models.JSONField(_("what was written"), default=dict, blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("event of a scene")
        verbose_name_plural = _("events of a scene")
        constraints = [*ActedBy.Meta.constraints]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.scene_id} {self.kind}"
