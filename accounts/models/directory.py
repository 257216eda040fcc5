"""The directory: organisations that public registers know, so that a form is chosen instead of typed."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.places import country_name


class DirectoryEntry(models.Model):
    """One body as one register tells it. Not an organisation of the scheme: nothing hangs on it.

    The folded columns are lower case without accents, written by the import and looked for by typing.
    """

    class Source(models.TextChoices):
        RNSR = "rnsr", _("national directory of research structures")
        ESR = "esr", _("list of higher education")
        ROR = "ror", _("Research Organization Registry")
        DOMAINS = "domains", _("list of university domains")

    source = models.CharField(_("register"), max_length=10, choices=Source)
    key = models.CharField(_("key in the register"), max_length=60)
    name = models.CharField(_("name"), max_length=300)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    other_names = ArrayField(
        models.CharField(max_length=300), verbose_name=_("other names"), default=list, blank=True
    )
    kind = models.CharField(_("kind"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2)
    city = models.CharField(_("town"), max_length=100, blank=True)
    siret = models.CharField(_("SIRET"), max_length=14, blank=True)
    rnsr = models.CharField(_("RNSR"), max_length=10, blank=True)
    ror = models.CharField(_("ROR"), max_length=9, blank=True)
    domains = ArrayField(
        models.CharField(max_length=253), verbose_name=_("e-mail domains"), default=list, blank=True
    )
    supervisors = ArrayField(
        models.CharField(max_length=300),
        verbose_name=_("supervising bodies"),
        default=list,
        blank=True,
    )
    website = models.CharField(_("web site"), max_length=300, blank=True)
    is_closed = models.BooleanField(_("closed"), default=False)
    folded_name = models.TextField(editable=False)
    folded_short = models.TextField(editable=False)
    folded = models.TextField(editable=False)
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("directory entry")
        verbose_name_plural = _("directory entries")
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="directory_entry_once")
        ]
        indexes = [
            GinIndex(fields=["folded"], opclasses=["gin_trgm_ops"], name="directory_by_typing"),
            models.Index(fields=["folded_name"], name="directory_by_name"),
            models.Index(fields=["folded_short"], name="directory_by_short_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def country_name(self) -> str:
        return country_name(self.country)
