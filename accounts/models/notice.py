"""What somebody was told: one row for each piece of news and reader, whatever way it came.

The words are kept as they were told, in the reader's language of that moment: the list of the site, the
digests and the API show the same sentence as the mail.
"""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import families
from accounts.families import Channel
from accounts.models.user import User


class Digest(models.Model):
    """The mail of a day, or of a week, to one person: one row each, so that it leaves once."""

    user = models.ForeignKey(User, models.PROTECT, related_name="digests")
    kind = models.CharField(_("kind"), max_length=10, choices=Channel)
    on = models.DateField(_("of"))
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "on"], name="digest_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[Channel.DAILY, Channel.WEEKLY]), name="digest_gathers"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: Any) -> "NoticeQuerySet":
        """One's own, and nobody else's: not the desk's, not an administrator's."""
        if not (user and user.is_authenticated):
            return self.none()
        # Rows taken over from before there was a list have no words to show.
        return self.filter(person=user).exclude(title="")

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)

    def to_gather(self, kind: str, until: date) -> "NoticeQuerySet":
        """What waits for a digest of this kind and was made before a day begins; read is told enough."""
        return self.unread().filter(channel=kind, mailed_at=None, made_on__lte=until)


class Notice(models.Model):
    """One piece of news for one reader: a person with an account, or the address of somebody without.

    `key` names what is told, such as `line:431`; with its reader it is unique, so that a task run twice
    tells once. `mailed_at` is when a mail left with it, alone or in a digest.
    """

    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="notices")
    address = models.EmailField(_("address"), max_length=254, blank=True)
    key = models.CharField(_("about"), max_length=160)
    family = models.CharField(_("kind"), max_length=20)
    title = models.CharField(_("title"), max_length=300, blank=True)
    text = models.CharField(_("text"), max_length=600, blank=True)
    path = models.CharField(_("leads to"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=5)
    channel = models.CharField(_("comes"), max_length=10, choices=Channel)
    made_at = models.DateTimeField(_("told"), default=timezone.now)
    made_on = models.DateField(_("told on"), default=timezone.localdate)
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    digest = models.ForeignKey(
        Digest, models.PROTECT, null=True, blank=True, related_name="notices"
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, address="") | Q(Q(person=None), ~Q(address="")),
                name="notice_is_told_to_one_reader",
            ),
            models.UniqueConstraint(
                fields=["key", "person"],
                condition=Q(person__isnull=False),
                name="notice_told_once_to_a_person",
            ),
            models.UniqueConstraint(
                fields=["key", "address"],
                condition=Q(person=None),
                name="notice_told_once_to_an_address",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(channel=Channel.MAIL),
                name="notice_without_an_account_is_mailed",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-made_at"], name="notice_of_a_person"),
            # The bell of every page counts these.
            models.Index(
                fields=["person"], condition=Q(read_at=None), name="notice_unread_by_person"
            ),
            models.Index(
                fields=["channel", "made_on"],
                condition=Q(mailed_at=None, read_at=None, channel__in=["daily", "weekly"]),
                name="notice_to_gather",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.key} → {self.person_id or 'address'}"

    @property
    def family_name(self) -> str:
        return families.name_of(self.family)


class NoticeChoice(models.Model):
    """How one person wants one family of news; without a row it comes as the family usually does."""

    user = models.ForeignKey(User, models.PROTECT, related_name="notice_choices")
    family = models.CharField(_("kind"), max_length=20)
    channel = models.CharField(_("comes"), max_length=10, choices=Channel)

    class Meta:
        ordering = ["user", "family"]
        verbose_name = _("choice of notices")
        verbose_name_plural = _("choices of notices")
        constraints = [
            models.UniqueConstraint(fields=["user", "family"], name="notice_choice_once")
        ]

    def __str__(self) -> str:
        return f"{self.family}: {self.channel}"
