"""A product: the files of a scene, processed one way, and what is known of them by all."""

from typing import Any

from django.contrib.gis.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Licence, Organisation
from accounts.policies import current_affiliation, is_desk
from catalogue import holders
from catalogue.models.edition import raises_edition
from catalogue.models.scene import Scene
from dinamis.actors import ActedBy
from dinamis.said import notes_told


class ProductQuerySet(models.QuerySet["Product"]):
    def visible_to(self, user: Any) -> "ProductQuerySet":
        """What this reader may see: metadata of what is published, open to all.

        Under an embargo it is the desk's, the organisation's that it is kept for, and theirs for whom
        it was made.
        """
        rows = self.filter(state=Product.State.PUBLISHED)
        if is_desk(user):
            return rows
        free = _no_embargo()
        is_known = getattr(user, "is_authenticated", False)
        affiliation = current_affiliation(user) if is_known else None
        if is_known:
            free |= holders.of(user)
        if affiliation is not None:
            free |= Q(embargo_for=affiliation.organisation_id)
        return rows.filter(free)

    def published(self) -> "ProductQuerySet":
        """Offered to all members now."""
        return self.filter(_no_embargo(), state=Product.State.PUBLISHED)

    def under_embargo(self) -> "ProductQuerySet":
        return self.exclude(_no_embargo()).filter(state=Product.State.PUBLISHED)


def _no_embargo() -> Q:
    return Q(embargo_until=None) | Q(embargo_until__lte=timezone.localdate())


class Product(ActedBy):
    """One processing of one scene. Its files are behind a licence, its description is open."""

    class State(models.TextChoices):
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Level(models.TextChoices):
        PRIMARY = "primary", _("primary")
        PROJECTED = "projected", _("projected")
        ORTHO = "ortho", _("ortho")
        MOSAIC = "mosaic", _("mosaic")

    scene = models.ForeignKey(Scene, models.PROTECT, related_name="products")
    title = models.CharField(_("title"), max_length=200)
    # What makes the same delivery, handed in twice, one product.
    delivery_key = models.CharField(_("key of its delivery"), max_length=120, unique=True)
    level = models.CharField(_("processing level"), max_length=10, choices=Level)
    spectral = models.CharField(_("spectral processing"), max_length=20, blank=True)
    bands = models.JSONField(_("bands"), default=list, blank=True)
    bits = models.PositiveSmallIntegerField(_("bits per value"), null=True, blank=True)
    image_format = models.CharField(_("image format"), max_length=20, blank=True)
    epsg = models.PositiveIntegerField(_("EPSG code"), null=True, blank=True)
    resolution_m = models.FloatField(_("resolution, in metres"), null=True, blank=True)
    cloud_cover = models.FloatField(_("cloud, in %"), null=True, blank=True)
    footprint = models.MultiPolygonField(_("footprint"), srid=4326)
    # Where the cloud mask saw clouds: with it the cloud over an area is measured, not bounded.
    clouds = models.MultiPolygonField(_("clouds"), srid=4326, null=True, blank=True)
    # Where the snow mask saw snow.
    snow = models.MultiPolygonField(_("snow"), srid=4326, null=True, blank=True)
    area_km2 = models.DecimalField(_("area, in km²"), max_digits=12, decimal_places=2)
    licence = models.ForeignKey(Licence, models.PROTECT, related_name="products")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PUBLISHED)
    state_reason = models.CharField(_("reason of the state"), max_length=300, blank=True)
    published_at = models.DateTimeField(_("published at"))
    produced_at = models.DateTimeField(_("produced at"), null=True, blank=True)
    # Until that day only the organisation named (or nobody) may have it; that day it is everybody's.
    embargo_until = models.DateField(_("under embargo until"), null=True, blank=True)
    embargo_for = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("kept meanwhile for"),
    )
    notes = models.JSONField(_("notes of the ingestion"), default=list, blank=True)
    quicklook = models.CharField(_("quicklook's name in the store"), max_length=200, blank=True)
    thumbnail = models.CharField(_("thumbnail's name in the store"), max_length=200, blank=True)
    # Four [longitude, latitude] of the picture's corners, upper left first, then clockwise.
    quicklook_corners = models.JSONField(_("corners of the quicklook"), null=True, blank=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        verbose_name = _("product")
        verbose_name_plural = _("products")
        triggers = [raises_edition()]
        indexes = [
            models.Index(
                fields=["scene"], condition=Q(state="published"), name="product_published_scene"
            )
        ]
        constraints = [
            *ActedBy.Meta.constraints,
            models.CheckConstraint(condition=Q(area_km2__gt=0), name="product_has_an_area"),
            models.CheckConstraint(
                condition=Q(embargo_for=None) | Q(embargo_until__isnull=False),
                name="product_kept_for_somebody_until_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("product", args=[self.pk])

    @property
    def notes_told(self) -> list[dict[str, str]]:
        """What was noted while it was taken in, in the language of the reader."""
        return notes_told(self.notes)

    @property
    def is_published(self) -> bool:
        """Offered to all members now."""
        return self.state == self.State.PUBLISHED and not self.is_under_embargo

    @property
    def is_under_embargo(self) -> bool:
        return self.embargo_until is not None and self.embargo_until > timezone.localdate()

    @property
    def credit(self) -> str:
        """The line to write beside a picture made of it; empty where its licence asks for none."""
        return self.licence.credit_of(self.scene.datetime.year)

    @property
    def licence_subject(self) -> str:
        """What a signature of a licence "per product" is about; see accounts.services.licences.licences."""
        return f"product:{self.pk}"
