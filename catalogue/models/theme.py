"""What images are for: the themes that projects, downloads and figures speak of. Rows, an administrator's."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Theme(models.Model):
    """One theme. Used once it is never removed: `is_offered` takes it out of the forms."""

    code = models.SlugField(_("code"), max_length=30, primary_key=True)
    name_fr = models.CharField(_("name in French"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_offered = models.BooleanField(_("offered in forms"), default=True)

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("theme")
        verbose_name_plural = _("themes")

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name_fr
