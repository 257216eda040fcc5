"""A search that is asked again whenever images come in, and what it found since it was saved."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalogue.models.scene import Scene


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    def visible_to(self, user: Any) -> "SavedSearchQuerySet":
        """One's own alone: an area of interest says what somebody works on."""
        return self.filter(owner_id=user.pk) if user.is_authenticated else self.none()

    def active(self) -> "SavedSearchQuerySet":
        """Those that are asked: not paused, of a person whose account lives."""
        return self.filter(paused_at=None, owner__is_active=True)

    def with_counts(self) -> "SavedSearchQuerySet":
        """Each with how many images it found (`found`) and when the last one (`last_at`)."""
        return self.annotate(found=models.Count("hits"), last_at=models.Max("hits__at"))


class SavedSearch(models.Model):
    """`search` is the body of a STAC search, area included; `address` reopens it in the workbench, "" where none can.

    Scenes up to number `since` were there when it was saved and are no news; those up to `seen` were
    looked at. The key is the secret address of its feed.
    """

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="saved_searches",
        verbose_name=_("owner"),
    )
    name = models.CharField(_("name"), max_length=120)
    search = models.JSONField(_("what is searched"))
    address = models.TextField(_("address in the workbench"), blank=True)
    since = models.BigIntegerField(default=0)
    seen = models.BigIntegerField(default=0)
    paused_at = models.DateTimeField(_("paused at"), null=True, blank=True)
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="saved_search_has_a_name"),
            models.CheckConstraint(
                condition=Q(seen__gte=models.F("since")), name="saved_search_sees_what_is_new"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("saved_search", args=[self.key])

    @property
    def names(self) -> list[str]:
        """The images it names, where no address holds them all: the workbench is asked by a form."""
        return [] if self.address else list(self.search.get("ids", ()))

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None


class SearchHit(models.Model):
    """One image that a saved search found: when it came in, or when its files did."""

    class Kind(models.TextChoices):
        ADDED = "added", _("in the catalogue")
        PUBLISHED = "published", _("its files are here")

    search = models.ForeignKey(SavedSearch, models.CASCADE, related_name="hits")
    scene = models.ForeignKey(Scene, models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    told_at = models.DateTimeField(_("told at"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("image found by a saved search")
        verbose_name_plural = _("images found by saved searches")
        constraints = [
            models.UniqueConstraint(fields=["search", "scene", "kind"], name="search_hit_once")
        ]

    def __str__(self) -> str:
        return f"{self.search_id} {self.scene_id}"
