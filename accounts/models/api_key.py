"""A key for programs: an access key that names it, a secret of which only the SHA-256 is kept."""

import hashlib
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.affiliation import Affiliation
from accounts.models.organisation import Organisation
from accounts.models.user import Duty, User


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def living(self) -> "ApiKeyQuerySet":
        """Neither revoked nor expired; whether they open anything is another question."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()), revoked_at=None)

    def usable(self) -> "ApiKeyQuerySet":
        """Living, of a person who belongs now to the organisation that the key acts for."""
        belongs = Affiliation.objects.in_force().filter(
            user=OuterRef("user"), organisation=OuterRef("organisation")
        )
        return self.living().filter(Exists(belongs), user__is_active=True)

    def visible_to(self, user: Any) -> "ApiKeyQuerySet":
        """One's own, those that act for the organisations one is referent of, all for the desk."""
        if not user.is_authenticated:
            return self.none()
        if user.has_duty(Duty.Kind.DESK) or user.has_duty(Duty.Kind.ADMINISTRATOR):
            return self
        led = Affiliation.objects.in_force().filter(user=user, is_referent=True)
        return self.filter(Q(user=user) | Q(organisation__in=led.values("organisation")))

    def matching(self, words: str) -> "ApiKeyQuerySet":
        """Whose name, access key, person or organisation contains these words."""
        return self.filter(
            Q(name__icontains=words)
            | Q(access_key__icontains=words)
            | Q(user__full_name__icontains=words)
            | Q(user__email__icontains=words)
            | Q(organisation__name__icontains=words)
        )


class ApiKey(models.Model):
    """A person's key. It acts as the person for one organisation, within its scopes.

    It gives what the person has there at that moment, and no duty for the whole scheme.
    """

    class Scope(models.TextChoices):
        READ = "read", _("search and read")
        DOWNLOAD = "download", _("download files")
        ORDER = "order", _("ask for images")

    user = models.ForeignKey(User, models.PROTECT, related_name="api_keys")
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="api_keys",
        verbose_name=_("acts for"),
    )
    name = models.CharField(_("name"), max_length=80)
    access_key = models.CharField(_("access key"), max_length=40, unique=True)
    secret_sha256 = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope), verbose_name=_("may"))
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    last_used_ip = models.GenericIPAddressField(_("last used from"), null=True, blank=True)
    expiry_told_at = models.DateTimeField(_("expiry announced"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("revoked by")
    )

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        constraints = [
            models.CheckConstraint(condition=Q(scopes__len__gt=0), name="api_key_may_something"),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | Q(revoked_at__isnull=False),
                name="api_key_acts_for_an_organisation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.access_key})"

    @staticmethod
    def digest_of(secret: str) -> str:
        """A secret carries 256 random bits, so a plain SHA-256 keeps it."""
        return hashlib.sha256(secret.encode()).hexdigest()

    @property
    def is_living(self) -> bool:
        return not self.revoked_at and (not self.expires_at or self.expires_at > timezone.now())

    @property
    def state(self) -> tuple[str, Any]:
        """The badge of a list: its kind and its word."""
        if self.revoked_at:
            return "off", _("Revoked")
        if not self.is_living:
            return "off", _("Expired")
        return "done", _("In use")

    @property
    def scope_names(self) -> list[str]:
        """What it may do, in the reader's words."""
        return [str(self.Scope(scope).label) for scope in self.scopes]

    def may(self, scope: str) -> bool:
        return scope in self.scopes
