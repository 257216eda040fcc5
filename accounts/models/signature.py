"""A signature: evidence in a hash chain, and beside it the personal facts, which can be erased."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.licence import LicenceText
from accounts.models.membership import Membership
from accounts.models.organisation import Organisation
from accounts.models.user import Duty, User
from dinamis import events
from dinamis.actors import ActedBy


class SignatureQuerySet(models.QuerySet["Signature"]):
    def visible_to(self, user: Any) -> "SignatureQuerySet":
        """One's own; the desk sees all."""
        if not user.is_authenticated:
            return self.none()
        if user.has_duty(Duty.Kind.DESK) or user.has_duty(Duty.Kind.ADMINISTRATOR):
            return self
        return self.filter(user=user)


class Signature(ActedBy):
    """One acceptance of one text. Every column is under the hash; rows are only ever added."""

    class Capacity(models.TextChoices):
        LEGAL_REPRESENTATIVE = "legal_representative", _("legal representative")
        USER = "user", _("user")
        RECEIVER = "receiver", _("receiver of a product passed on")

    number = models.PositiveBigIntegerField(_("number"), unique=True)
    text = models.ForeignKey(LicenceText, models.PROTECT, related_name="signatures")
    licence_code = models.CharField(_("licence"), max_length=20, db_index=True)
    version = models.CharField(_("version"), max_length=20)
    language = models.CharField(_("language"), max_length=5)
    text_sha256 = models.CharField(_("SHA-256 of the text"), max_length=64)
    subject = models.CharField(_("for"), max_length=60, blank=True)
    capacity = models.CharField(_("as"), max_length=20, choices=Capacity)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="signatures")
    membership = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="signatures"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="signatures"
    )
    session_mfa = models.BooleanField(_("second factor used"), default=False)
    signed_at = models.DateTimeField(_("signed"))
    facts_digest = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    objects = SignatureQuerySet.as_manager()

    class Meta(ActedBy.Meta):
        ordering = ["number"]
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            *ActedBy.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "licence_code", "version", "subject"],
                condition=Q(capacity="user"),
                name="signed_once_by_a_user",
            ),
            models.UniqueConstraint(
                fields=["membership", "licence_code", "version", "subject"],
                condition=Q(capacity="legal_representative"),
                name="accepted_once_for_a_membership",
            ),
            models.UniqueConstraint(
                fields=["by_link", "licence_code", "version", "subject"],
                condition=Q(capacity="receiver"),
                name="signed_once_through_a_link",
            ),
            models.CheckConstraint(
                condition=Q(capacity="user", user__isnull=False, membership=None)
                | Q(capacity="legal_representative", user=None, membership__isnull=False)
                | Q(capacity="receiver", user=None, membership=None, by_link__isnull=False),
                name="signature_has_its_signer",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.licence_code} {self.version}"

    @property
    def subject_name(self) -> str:
        """What it is about, in words for a reader."""
        return events.name_of(self.subject)


class SignerFacts(models.Model):
    """The personal facts behind a signature. The chain holds only their salted digest.

    Erasing blanks the facts and the salt; `seal` covers the row as it stands.
    """

    signature = models.OneToOneField(Signature, models.PROTECT, related_name="facts")
    salt = models.CharField(max_length=64, blank=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    email = models.CharField(_("e-mail address"), max_length=254, blank=True)
    position = models.CharField(_("position"), max_length=150, blank=True)
    ip = models.CharField(_("address"), max_length=45, blank=True)
    user_agent = models.CharField(_("browser"), max_length=300, blank=True)
    keep_until = models.DateField(_("kept until"))
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)
    seal = models.CharField(max_length=64)

    class Meta:
        ordering = ["signature"]
        verbose_name = _("facts of a signer")
        verbose_name_plural = _("facts of signers")
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at=None)
                | Q(salt="", name="", email="", position="", ip="", user_agent=""),
                name="erased_facts_are_blank",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="only_erased",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__erased_at__isnull=True)
                | pgtrigger.Q(old__erased_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.signature_id)


class Receipt(models.Model):
    """A signature's evidence is mailed to its signer, once."""

    signature = models.OneToOneField(Signature, models.PROTECT, related_name="receipt")
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        ordering = ["signature"]
        verbose_name = _("receipt of a signature")
        verbose_name_plural = _("receipts of signatures")

    def __str__(self) -> str:
        return str(self.signature_id)


class ChainHead(models.Model):
    """Where the chain ends: its length and last hash, so that a missing tail is seen too."""

    name = models.CharField(max_length=20, primary_key=True)
    length = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("end of a chain")
        verbose_name_plural = _("ends of chains")

    def __str__(self) -> str:
        return f"{self.name}: {self.length}"
