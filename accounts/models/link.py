"""A mailed link: one act for one person, hashed, expiring. Opening it does nothing; a POST acts."""

import hashlib

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.membership import Membership


class MailedLinkQuerySet(models.QuerySet["MailedLink"]):
    def with_token(self, token: str) -> "MailedLinkQuerySet":
        return self.filter(digest=MailedLink.digest_of(token))

    def usable(self) -> "MailedLinkQuerySet":
        return self.filter(used_at=None, replaced_at=None, expires_at__gt=timezone.now())


class MailedLink(models.Model):
    """A link sent to a person, who may have no account. The token itself is never stored."""

    class Purpose(models.TextChoices):
        PROVE = "prove", _("prove the referent's address")
        ACCEPT = "accept", _("accept for the organisation")
        CORRECT = "correct", _("correct the form")

    purpose = models.CharField(_("for"), max_length=20, choices=Purpose)
    membership = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="links"
    )
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    # Null until the mail goes out: the token exists only in the mail.
    digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    objects = MailedLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("mailed link")
        verbose_name_plural = _("mailed links")

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def digest_of(token: str) -> str:
        """A token carries 256 random bits, so a plain SHA-256 keeps it."""
        return hashlib.sha256(token.encode()).hexdigest()

    @property
    def is_usable(self) -> bool:
        return not (self.used_at or self.replaced_at) and self.expires_at > timezone.now()
