"""What a person says they need images for, before the first file leaves: theme, use, and of which project."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from catalogue.models.theme import Theme


class StatedUseQuerySet(models.QuerySet["StatedUse"]):
    def visible_to(self, user: Any) -> "StatedUseQuerySet":
        """One's own, and nobody else's; the desk reads them with the downloads."""
        return self.filter(user_id=user.pk) if user.is_authenticated else self.none()


class StatedUse(models.Model):
    """One statement, under which downloads stand. Said anew, it is another row. Only ever added.

    `project` is the reference of a project of the room above; empty for work of no project.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="stated_uses", verbose_name=_("user")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="stated_uses", verbose_name=_("organisation")
    )
    project = models.CharField(_("project"), max_length=20, blank=True)
    theme = models.ForeignKey(
        Theme, models.PROTECT, related_name="stated_uses", verbose_name=_("theme")
    )
    use = models.CharField(_("what it is for"), max_length=500)
    said_at = models.DateTimeField(_("said at"), auto_now_add=True)

    objects = StatedUseQuerySet.as_manager()

    class Meta:
        ordering = ["-said_at", "-pk"]
        verbose_name = _("stated use")
        verbose_name_plural = _("stated uses")
        indexes = [
            models.Index(fields=["user", "organisation", "-said_at"], name="stated_use_of_person")
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.theme}: {self.use}" + (f" ({self.project})" if self.project else "")
