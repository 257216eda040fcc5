"""A program that signs people in with their DINAMIS account, registered by an administrator."""

from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dinamis.actors import ActedBy


class Scope(models.TextChoices):
    """What a program may be granted; the words are those the person reads before agreeing."""

    OPENID = "openid", _("know that it is you, by an identifier that says nothing else")
    PROFILE = "profile", _("read your name")
    EMAIL = "email", _("read your e-mail address")
    ORGANISATION = "organisation", _("read which organisation you belong to")
    READ = "read", _("search and read as you")
    DOWNLOAD = "download", _("download files as you")
    ORDER = "order", _("ask for images as you")
    OFFLINE = "offline_access", _("stay signed in for 30 days after each use, until you revoke it")


class Program(models.Model):
    """What an administrator registered. While it is enabled, allauth's own client row says the same.

    A disabled program has no client row: the protocol does not know it, and its tokens are gone.
    """

    class Kind(models.TextChoices):
        SITE = "site", _("web site with a server, which keeps a secret")
        APP = "app", _("application on a device or in a browser, without a secret")
        TOOL = "tool", _("command-line tool, signed in by a code typed in a browser")

    client_id = models.CharField(_("client identifier"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    redirect_uris = ArrayField(
        models.CharField(max_length=300), verbose_name=_("addresses it returns to"), default=list,
        blank=True,
    )  # fmt: skip
    scopes = ArrayField(
        models.CharField(max_length=20, choices=Scope), verbose_name=_("may ask to")
    )
    secret_hash = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(_("registered"), default=timezone.now)
    disabled_at = models.DateTimeField(_("disabled"), null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("program")
        verbose_name_plural = _("programs")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="site") & ~Q(secret_hash="") | ~Q(kind="site") & Q(secret_hash=""),
                name="program_of_a_site_has_a_secret",
            ),
            models.CheckConstraint(
                condition=Q(kind="tool", redirect_uris__len=0)
                | ~Q(kind="tool") & Q(redirect_uris__len__gt=0),
                name="program_returns_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_names(self) -> list[Any]:
        return [Scope(scope).label for scope in self.scopes]


class ProgramEvent(ActedBy):
    """What was done to a program, and what it was after that. Only ever added."""

    class Step(models.TextChoices):
        REGISTER = "register", _("Registered")
        CHANGE = "change", _("Changed")
        RENEW = "renew", _("New secret")
        DISABLE = "disable", _("Disabled")
        ENABLE = "enable", _("Enabled")
        AGREE = "agree", _("Agreed to by a person")
        REVOKE = "revoke", _("Signed out by a person")

    program = models.ForeignKey(Program, models.PROTECT, related_name="events")
    step = models.CharField(_("step"), max_length=10, choices=Step)
    facts = models.JSONField(_("as it was then"), default=dict)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta(ActedBy.Meta):
        ordering = ["at", "pk"]
        verbose_name = _("program event")
        verbose_name_plural = _("program events")
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.program_id} {self.step}"
