"""A licence and the versions of its text: added, never changed, for somebody may have signed them."""

import hashlib

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import markup


class Licence(models.Model):
    """What must be accepted, by whom, and how often. Who signs and for what is data."""

    class Signer(models.TextChoices):
        LEGAL_REPRESENTATIVE = "legal_representative", _("the legal representative")
        USER = "user", _("the user")
        NOBODY = "nobody", _("nobody: an open licence")

    class Scope(models.TextChoices):
        ORGANISATION = "organisation", _("once for the organisation")
        USER = "user", _("once per person")
        PRODUCT = "product", _("for each product")
        ORDER = "order", _("for each order")

    code = models.SlugField(_("code"), max_length=20, primary_key=True)
    name_fr = models.CharField(_("name in French"), max_length=150)
    name_en = models.CharField(_("name in English"), max_length=150)
    signer = models.CharField(_("signed by"), max_length=20, choices=Signer)
    scope = models.CharField(_("signed"), max_length=20, choices=Scope)
    at_joining = models.BooleanField(
        _("accepted by the legal representative when joining"), default=False
    )
    resign_on_new_version = models.BooleanField(_("signed again at each new version"), default=True)
    grace_days = models.PositiveSmallIntegerField(
        _("days of grace"),
        default=30,
        help_text=_("How long a signature of the former version still counts."),
    )
    credit = models.CharField(
        _("credit line"),
        max_length=200,
        blank=True,
        help_text=_("{year} stands for the year of the image."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("licence")
        verbose_name_plural = _("licences")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Its name in the reader's language."""
        return self.name_fr if (get_language() or "").startswith("fr") else self.name_en

    @property
    def needs_signature(self) -> bool:
        return self.signer != self.Signer.NOBODY

    @property
    def has_subject(self) -> bool:
        """True when each signature is about one product or one order."""
        return self.scope in (self.Scope.PRODUCT, self.Scope.ORDER)

    def credit_of(self, year: int) -> str:
        """The line to write beside a picture made of an image of this year; empty when none is asked."""
        if not self.credit or "{year}" in self.credit:
            return self.credit.replace("{year}", str(year))
        return f"{self.credit}, {year}"


class LicenceText(models.Model):
    """One version of a licence in one language. A new wording is a new version."""

    class Markup(models.TextChoices):
        PLAIN = "plain", _("plain text")
        MARKDOWN = "markdown", _("Markdown")

    licence = models.ForeignKey(
        Licence, models.PROTECT, related_name="texts", verbose_name=_("licence")
    )
    version = models.CharField(_("version"), max_length=20)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"))
    markup = models.CharField(_("written as"), max_length=10, choices=Markup, default=Markup.PLAIN)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    seal = models.CharField(max_length=64, editable=False)
    effective_on = models.DateField(_("in force from"))
    is_placeholder = models.BooleanField(_("placeholder, not the real text"), default=False)

    class Meta:
        ordering = ["licence", "-effective_on", "-pk"]
        verbose_name = _("licence text")
        verbose_name_plural = _("licence texts")
        constraints = [
            models.UniqueConstraint(
                fields=["licence", "version", "language"], name="licence_text_once"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.licence_id} {self.version} ({self.language})"

    @property
    def digest(self) -> str:
        """SHA-256 of the text as shown, title and body, UTF-8."""
        return hashlib.sha256(f"{self.title}\n\n{self.body}".encode()).hexdigest()

    @property
    def whole_digest(self) -> str:
        """SHA-256 of the row: what the seal must be."""
        columns = (
            self.licence_id, self.version, self.language, self.sha256, str(self.effective_on),
            str(self.is_placeholder),
        )  # fmt: skip
        # Texts sealed before there was a choice are plain, and keep their seal.
        if self.markup != self.Markup.PLAIN:
            columns = (*columns, self.markup)
        return hashlib.sha256("\n".join(columns).encode()).hexdigest()

    @property
    def html(self) -> SafeString:
        """The text as it is read, everything in it escaped."""
        return markup.html(self.body, is_markdown=self.markup == self.Markup.MARKDOWN)
