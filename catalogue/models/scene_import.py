"""A supplier's list of scenes: seen first, then written into the catalogue, and undone as a whole."""

import uuid
from typing import Any

import pgtrigger
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.policies import is_desk
from catalogue.models.scene import Scene
from catalogue.states import ImportState
from dinamis.actors import ActedBy
from dinamis.lifecycle import Living


class SceneImportQuerySet(models.QuerySet["SceneImport"]):
    def visible_to(self, user: Any) -> "SceneImportQuerySet":
        """The desk's alone."""
        return self.all() if is_desk(user) else self.none()


class SceneImport(ActedBy, Living):
    """One list, read once. The four figures count its rows by outcome; `digest` is the file's SHA-256."""

    class Kind(models.TextChoices):
        CSV = "csv", _("CSV")
        GEOJSON = "geojson", _("GeoJSON")
        KML = "kml", _("KML")
        ONEATLAS = "oneatlas", _("search at OneAtlas")

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=255)
    digest = models.CharField(_("SHA-256"), max_length=64, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ImportState, default=ImportState.SEEN
    )
    # What was asked of a portal: area (GeoJSON), begins_on, ends_on, max_cloud; and why it failed.
    question = models.JSONField(_("what was asked"), default=dict, blank=True)
    error = models.CharField(_("why there is no answer"), max_length=500, blank=True)
    new = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    made_at = models.DateTimeField(_("read at"), auto_now_add=True)

    objects = SceneImportQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("list of scenes")
        verbose_name_plural = _("lists of scenes")
        constraints = [*ActedBy.Meta.constraints]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("desk_scene_import", args=[self.key])


class SceneImportRow(models.Model):
    """One line of a list: what it would write (`after`), what stood there (`before`), or why not."""

    class Outcome(models.TextChoices):
        NEW = "new", pgettext_lazy("scene", "new")
        CHANGED = "changed", pgettext_lazy("scene", "changed")
        UNCHANGED = "unchanged", pgettext_lazy("scene", "unchanged")
        REFUSED = "refused", pgettext_lazy("scene", "refused")

    scene_import = models.ForeignKey(SceneImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("line"))
    item_id = models.CharField(_("identifier"), max_length=120, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    sentence = models.CharField(_("why"), max_length=500, blank=True)
    after = models.JSONField(_("what is to be written"), default=dict, blank=True)
    before = models.JSONField(_("what stood there"), default=dict, blank=True)
    scene = models.ForeignKey(
        Scene, models.PROTECT, related_name="imported_by", null=True, blank=True
    )
    is_done = models.BooleanField(_("written"), default=False)

    class Meta:
        ordering = ["scene_import", "number"]
        verbose_name = _("line of a list of scenes")
        verbose_name_plural = _("lines of a list of scenes")
        constraints = [
            models.UniqueConstraint(fields=["scene_import", "number"], name="scene_import_row_once")
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.item_id}"


class SceneImportEvent(ActedBy):
    """A step of a list: written, undone, dropped. Only ever added."""

    scene_import = models.ForeignKey(SceneImport, models.PROTECT, related_name="events")
    step = models.CharField(_("step"), max_length=10)
    source = models.CharField(_("from"), max_length=10, choices=ImportState)
    target = models.CharField(_("to"), max_length=10, choices=ImportState)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("step of a list of scenes")
        verbose_name_plural = _("steps of lists of scenes")
        constraints = [*ActedBy.Meta.constraints]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.scene_import_id} {self.step}"
