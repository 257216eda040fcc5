"""A key for programs: an access key that names it, a secret of which only the SHA-256 is kept."""

import hashlib
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self) -> "ApiKeyQuerySet":
        return self.filter(
            Q(expires_at=None) | Q(expires_at__gt=timezone.now()),
            revoked_at=None,
            user__is_active=True,
        )

    def visible_to(self, user: Any) -> "ApiKeyQuerySet":
        """One's own, nobody else's."""
        return self.filter(user=user) if user.is_authenticated else self.none()


class ApiKey(models.Model):
    """A person's key. It acts as the person, within its scopes, until it expires or is revoked."""

    class Scope(models.TextChoices):
        READ = "read", _("search and read")
        DOWNLOAD = "download", _("download files")
        ORDER = "order", _("ask for images")

    user = models.ForeignKey(User, models.PROTECT, related_name="api_keys")
    name = models.CharField(_("name"), max_length=80)
    access_key = models.CharField(_("access key"), max_length=40, unique=True)
    secret_sha256 = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope), verbose_name=_("may"))
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        constraints = [
            models.CheckConstraint(condition=Q(scopes__len__gt=0), name="api_key_may_something")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.access_key})"

    @staticmethod
    def digest_of(secret: str) -> str:
        """A secret carries 256 random bits, so a plain SHA-256 keeps it."""
        return hashlib.sha256(secret.encode()).hexdigest()

    @property
    def is_usable(self) -> bool:
        return not self.revoked_at and (not self.expires_at or self.expires_at > timezone.now())

    @property
    def scope_names(self) -> list[str]:
        """What it may do, in the reader's words."""
        return [str(self.Scope(scope).label) for scope in self.scopes]

    def may(self, scope: str) -> bool:
        return scope in self.scopes
