"""A mailed link: one act for one person, hashed, expiring. Opening it does nothing; a POST acts."""

import hashlib
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models.membership import Membership
from accounts.models.organisation import Organisation


class MailedLinkQuerySet(models.QuerySet["MailedLink"]):
    def with_token(self, token: str) -> "MailedLinkQuerySet":
        return self.filter(digest=MailedLink.digest_of(token))

    def usable(self) -> "MailedLinkQuerySet":
        return self.filter(used_at=None, replaced_at=None, expires_at__gt=timezone.now())

    def beside(self, link: "MailedLink") -> "MailedLinkQuerySet":
        """Those sent for the same act on the same subject, this one included."""
        return self.filter(purpose=link.purpose, **link.subject)


class MailedLink(models.Model):
    """A link sent to a person, who may have no account. The token itself is never stored.

    It is about one thing: a membership, an organisation, or whatever its purpose keeps under
    `subject_key` (a row of a room above cannot be named here by a foreign key).
    """

    class Purpose(models.TextChoices):
        """The acts on a membership. Others are registered: see `accounts.services.links`."""

        PROVE = "prove", _("prove the referent's address")
        ACCEPT = "accept", _("accept for the organisation")
        CORRECT = "correct", _("correct the form")
        DRAFT = "draft", _("go on with the form")
        APPEAL = "appeal", _("answer a refusal")
        RENEW = "renew", _("renew the membership")

    purpose = models.CharField(_("for"), max_length=30)
    membership = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="links"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="links"
    )
    subject_key = models.CharField(_("about"), max_length=64, blank=True)
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
        constraints = [
            models.CheckConstraint(
                condition=Q(membership__isnull=False, organisation=None, subject_key="")
                | Q(membership=None, organisation__isnull=False, subject_key="")
                | Q(Q(membership=None, organisation=None), ~Q(subject_key="")),
                name="mailed_link_has_one_subject",
            )
        ]
        indexes = [
            models.Index(
                fields=["purpose", "subject_key"],
                condition=~Q(subject_key=""),
                name="mailed_link_by_subject",
            )
        ]

    def __str__(self) -> str:
        return self.name or gettext("erased person")

    @staticmethod
    def digest_of(token: str) -> str:
        """A token carries 256 random bits, so a plain SHA-256 keeps it."""
        return hashlib.sha256(token.encode()).hexdigest()

    @property
    def is_usable(self) -> bool:
        return not (self.used_at or self.replaced_at) and self.expires_at > timezone.now()

    @property
    def subject(self) -> dict[str, Any]:
        """The columns that say what the link is about, as a filter or as new columns."""
        return {
            "membership_id": self.membership_id,
            "organisation_id": self.organisation_id,
            "subject_key": self.subject_key,
        }
