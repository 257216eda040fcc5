"""A version of a licence being written, in both languages; its history; who was asked to sign again."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.licence import Licence, LicenceText
from accounts.models.membership import Membership
from accounts.models.user import User
from accounts.states.licence_draft import LIFE, State
from dinamis.actors import ActedBy
from dinamis.lifecycle import Living


class LicenceDraft(Living, ActedBy):
    """A whole version, both languages, until a second person approves it. Its actor is its writer."""

    licence = models.ForeignKey(
        Licence, models.PROTECT, related_name="drafts", verbose_name=_("licence")
    )
    version = models.CharField(_("version"), max_length=20)
    title_fr = models.CharField(_("title in French"), max_length=200)
    body_fr = models.TextField(_("text in French"), max_length=200_000)
    title_en = models.CharField(_("title in English"), max_length=200)
    body_en = models.TextField(_("text in English"), max_length=200_000)
    markup = models.CharField(
        _("written as"),
        max_length=10,
        choices=LicenceText.Markup,
        default=LicenceText.Markup.MARKDOWN,
    )
    effective_on = models.DateField(_("in force from"))
    is_placeholder = models.BooleanField(_("placeholder, not the real text"), default=False)
    reason = models.CharField(_("why it changes"), max_length=500)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)

    class Meta(ActedBy.Meta):
        ordering = ["-pk"]
        verbose_name = _("draft of a licence")
        verbose_name_plural = _("drafts of licences")
        constraints = [
            *ActedBy.Meta.constraints,
            models.UniqueConstraint(
                fields=["licence", "version"],
                condition=~models.Q(state="dropped"),
                name="licence_version_drafted_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.licence_id} {self.version}"

    @property
    def turn(self) -> str:
        """The word of the table for who must act; "" for nobody."""
        return LIFE.turns[self.state]

    def text(self, language: str) -> LicenceText:
        """The text as it would be, in one language; not saved."""
        text = LicenceText(
            licence=self.licence,
            version=self.version,
            language=language,
            title=getattr(self, f"title_{language}"),
            body=getattr(self, f"body_{language}").replace("\r\n", "\n").strip(),
            markup=self.markup,
            effective_on=self.effective_on,
            is_placeholder=self.is_placeholder,
        )
        text.sha256 = text.digest
        return text


class LicenceDraftEvent(ActedBy):
    """One step of a draft, or one of its changes: who, when, why."""

    draft = models.ForeignKey(LicenceDraft, models.PROTECT, related_name="events")
    step = models.CharField(_("step"), max_length=20)
    source = models.CharField(_("from"), max_length=10, blank=True)
    target = models.CharField(_("to"), max_length=10, choices=State)
    reason = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField(_("at"))

    class Meta(ActedBy.Meta):
        ordering = ["at", "pk"]
        verbose_name = _("event of a draft")
        verbose_name_plural = _("events of drafts")
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.draft}: {self.step}"

    @property
    def label(self) -> Any:
        """What was done, in words."""
        known = {"write": _("Written"), "change": _("Changed")}
        return known.get(self.step) or LIFE.steps[self.step].label


class LicenceNotice(models.Model):
    """Somebody was asked, once, to sign a new version: a person, or a member's legal representative."""

    licence = models.ForeignKey(Licence, models.PROTECT, related_name="notices")
    version = models.CharField(_("version"), max_length=20)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    membership = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    until = models.DateField(_("former signature counts until"))
    at = models.DateTimeField(_("at"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("notice of a new version")
        verbose_name_plural = _("notices of new versions")
        constraints = [
            models.UniqueConstraint(
                fields=["licence", "version", "user"], name="person_asked_once_for_a_version"
            ),
            models.UniqueConstraint(
                fields=["licence", "version", "membership"], name="member_asked_once_for_a_version"
            ),
            models.CheckConstraint(
                condition=models.Q(user__isnull=False, membership=None)
                | models.Q(user=None, membership__isnull=False),
                name="notice_has_one_reader",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.licence_id} {self.version}: {self.user or self.membership}"
