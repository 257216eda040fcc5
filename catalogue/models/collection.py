"""A set of scenes of one origin: the archive of a supplier, a coverage, the demonstration."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Licence
from catalogue.models.edition import raises_edition


class Collection(models.Model):
    """Where scenes come from; a demonstration collection says so wherever its scenes are shown."""

    code = models.SlugField(_("code"), max_length=40, primary_key=True)
    title_fr = models.CharField(_("title in French"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120)
    description_fr = models.TextField(_("description in French"), blank=True)
    description_en = models.TextField(_("description in English"), blank=True)
    credit = models.CharField(_("credit line"), max_length=200, blank=True)
    licence = models.ForeignKey(
        Licence,
        models.PROTECT,
        related_name="collections",
        null=True,
        blank=True,
        verbose_name=_("licence"),
        help_text=_("Of its products, when a delivery names no other; empty: it must be named."),
    )
    is_demonstration = models.BooleanField(_("invented for the demonstration"), default=False)

    class Meta:
        ordering = ["code"]
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        triggers = [raises_edition()]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return self.title_en if (get_language() or "").startswith("en") else self.title_fr

    @property
    def description(self) -> str:
        """The description in the reader's language."""
        english = (get_language() or "").startswith("en")
        return self.description_en if english else self.description_fr
