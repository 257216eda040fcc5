"""The basket of a project: scenes that its people set aside together, before anybody orders."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalogue.models import SavedArea, Scene
from orders.models.project import Project


class BasketItem(models.Model):
    """One scene in a basket, with the area it was found for (none is the whole image)."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="basket")
    scene = models.ForeignKey(Scene, models.CASCADE, related_name="+")
    area = models.ForeignKey(SavedArea, models.SET_NULL, related_name="+", null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        ordering = ["-added_at", "-pk"]
        verbose_name = _("scene in a basket")
        verbose_name_plural = _("scenes in baskets")
        constraints = [
            models.UniqueConstraint(fields=["project", "scene"], name="basket_scene_once")
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.scene_id}"
