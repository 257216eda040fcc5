"""A scene: an acquisition that exists, whether or not a product was ever made of it."""

from typing import Any

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GistIndex
from django.db.models import F, Func, Q
from django.db.models.lookups import In
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.policies import is_desk
from catalogue.models.collection import Collection
from catalogue.models.edition import raises_edition
from catalogue.models.platform import Platform


class SceneQuerySet(models.QuerySet["Scene"]):
    def visible_to(self, user: Any) -> "SceneQuerySet":
        """What this reader may see: metadata, footprints and quicklooks are open to all.

        A scene that was withdrawn is the desk's alone.
        """
        return self.all() if is_desk(user) else self.open()

    def open(self) -> "SceneQuerySet":
        """What anybody may see."""
        return self.filter(withdrawn_at=None)

    def to_complete(self) -> "SceneQuerySet":
        """Known by their identifier alone: the desk must find footprint and figures."""
        return self.filter(completeness=Scene.Completeness.TO_COMPLETE, withdrawn_at=None)


class Scene(models.Model):
    """The typed table of what exists: 19 million rows must fit, so every question is a column.

    Angles are in degrees, cloud and snow in per cent of the whole scene, None where the supplier
    says nothing. `item_id` is the identifier as the supplier writes it, prefix included.
    """

    class FootprintSource(models.TextChoices):
        SUPPLIER = "supplier", _("the supplier's own")
        DRAWN_BY_US = "drawn_by_us", _("drawn by us")
        CELL = "cell", _("only the 1° cell of the identifier")

    class Completeness(models.TextChoices):
        COMPLETE = "complete", _("complete")
        TO_COMPLETE = "to_complete", _("to be completed by the desk")

    class Stereo(models.TextChoices):
        MONO = "mono", _("single image")
        STEREO = "stereo", _("stereo pair")
        TRI_STEREO = "tri_stereo", _("stereo triplet")

    class OrbitState(models.TextChoices):
        ASCENDING = "ascending", _("ascending")
        DESCENDING = "descending", _("descending")

    item_id = models.CharField(_("identifier"), max_length=100)
    platform = models.ForeignKey(
        Platform, models.PROTECT, related_name="scenes", db_index=False, verbose_name=_("satellite")
    )
    collection = models.ForeignKey(
        Collection,
        models.PROTECT,
        related_name="scenes",
        db_index=False,
        verbose_name=_("collection"),
    )
    datetime = models.DateTimeField(_("acquired at"))
    cloud_cover = models.FloatField(_("cloud, in %"), null=True, blank=True)
    snow_cover = models.FloatField(_("snow, in %"), null=True, blank=True)
    incidence = models.FloatField(_("incidence, in degrees"), null=True, blank=True)
    incidence_along = models.FloatField(_("incidence along the track"), null=True, blank=True)
    incidence_across = models.FloatField(_("incidence across the track"), null=True, blank=True)
    viewing = models.FloatField(_("viewing angle, in degrees"), null=True, blank=True)
    viewing_along = models.FloatField(_("viewing angle along the track"), null=True, blank=True)
    viewing_across = models.FloatField(_("viewing angle across the track"), null=True, blank=True)
    orientation = models.FloatField(_("orientation, in degrees"), null=True, blank=True)
    sun_azimuth = models.FloatField(_("sun azimuth, in degrees"), null=True, blank=True)
    sun_elevation = models.FloatField(_("sun elevation, in degrees"), null=True, blank=True)
    # As its delivery says: which way the satellite flew, and the orbit's number in its cycle.
    orbit_state = models.CharField(
        _("orbit"), max_length=10, choices=OrbitState, blank=True, default="", db_default=""
    )
    relative_orbit = models.PositiveIntegerField(_("relative orbit"), null=True, blank=True)
    resolution_m = models.FloatField(_("resolution, in metres"))
    stereo = models.CharField(_("stereo"), max_length=10, choices=Stereo, default=Stereo.MONO)
    stereo_key = models.CharField(_("pass shared with its stereo mates"), max_length=60, blank=True)
    # Base over height of the pair, or of the triplet's outer images: worked out when they came in.
    base_height = models.FloatField(_("base over height (B/H)"), null=True, blank=True)
    # 17 digits, as a supplier writes them: a double keeps 15.
    centre_lon = models.DecimalField(
        _("longitude of the centre"), max_digits=19, decimal_places=16, null=True, blank=True
    )
    centre_lat = models.DecimalField(
        _("latitude of the centre"), max_digits=18, decimal_places=16, null=True, blank=True
    )
    footprint = models.GeometryField(_("footprint"), srid=4326, spatial_index=False)
    footprint_source = models.CharField(
        _("where the footprint comes from"), max_length=12, choices=FootprintSource
    )
    completeness = models.CharField(
        _("completeness"),
        max_length=12,
        choices=Completeness,
        default=Completeness.COMPLETE,
    )
    quicklook = models.CharField(_("quicklook's name in the store"), max_length=200, blank=True)
    # Four [longitude, latitude] of the picture's corners, upper left first, then clockwise.
    quicklook_corners = models.JSONField(_("corners of the quicklook"), null=True, blank=True)
    # Empty: the collection's own credit line holds for the quicklook too.
    quicklook_credit = models.CharField(_("credit of the quicklook"), max_length=120, blank=True)
    # It names nothing that exists, or should not be shown: found by nobody, kept with the reason.
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)
    added_at = models.DateTimeField(_("added at"), auto_now_add=True)

    objects = SceneQuerySet.as_manager()

    class Meta:
        ordering = ["-datetime", "-id"]
        verbose_name = _("scene")
        verbose_name_plural = _("scenes")
        triggers = [raises_edition()]
        indexes = [
            GistIndex(fields=["footprint", "datetime"], name="scene_footprint_datetime"),
            models.Index(fields=["-datetime", "-id"], name="scene_newest"),
            models.Index(
                fields=["platform", "collection", "-datetime", "-id"], name="scene_kind_newest"
            ),
            models.Index(
                fields=["stereo_key"], condition=~Q(stereo_key=""), name="scene_stereo_key"
            ),
            models.Index(
                fields=["added_at"],
                condition=Q(completeness="to_complete"),
                name="scene_to_complete",
            ),
        ]
        constraints = [
            # Not unique=True: that would add a second index, for LIKE, over 19 million rows.
            models.UniqueConstraint(fields=["item_id"], name="scene_item_id_once"),
            models.CheckConstraint(
                condition=Q(cloud_cover=None) | Q(cloud_cover__range=(0, 100)),
                name="scene_cloud_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(snow_cover=None) | Q(snow_cover__range=(0, 100)),
                name="scene_snow_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(centre_lon=None, centre_lat=None)
                | Q(centre_lon__isnull=False, centre_lat__isnull=False),
                name="scene_centre_is_a_pair",
            ),
            models.CheckConstraint(
                condition=In(
                    Func(F("footprint"), function="GeometryType", output_field=models.CharField()),
                    ["POLYGON", "MULTIPOLYGON"],
                ),
                name="scene_footprint_is_an_area",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | Q(Q(withdrawn_at__isnull=False), ~Q(withdrawn_reason="")),
                name="scene_withdrawn_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(footprint_source="cell") | Q(completeness="to_complete"),
                name="scene_with_only_a_cell_is_to_complete",
            ),
        ]

    def __str__(self) -> str:
        return self.item_id

    def get_absolute_url(self) -> str:
        return reverse("scene", args=[self.item_id])

    @property
    def credit(self) -> str:
        """Whose picture the quicklook is."""
        return self.quicklook_credit or self.collection.credit

    @property
    def is_stereo(self) -> bool:
        return self.stereo != self.Stereo.MONO

    @property
    def is_complete(self) -> bool:
        return self.completeness == self.Completeness.COMPLETE
