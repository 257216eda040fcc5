"""The shape of what programs send and read of the catalogue; no rule lives here."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalogue.models import Product, ProductFile

MAX_URLS = 64  # what the client sends at once
MAX_URL = 2000  # characters


class FileShown(serializers.ModelSerializer):
    """One file; `href` needs a session, or is signed by POST /signing/sign_urls."""

    href = serializers.SerializerMethodField()

    class Meta:
        model = ProductFile
        fields = ["name", "role", "size", "sha256", "href"]

    def get_href(self, file: ProductFile) -> str:
        return settings.SITE_URL + reverse("product_file", args=[file.product_id, file.pk])


class NoteShown(serializers.Serializer):
    """What was noted of a file, or of the whole ("path" empty), while it was taken in."""

    code = serializers.CharField()
    path = serializers.CharField(allow_blank=True)
    sentence = serializers.CharField()


class ProductShown(serializers.ModelSerializer):
    """One product: what its page says."""

    id = serializers.IntegerField(source="pk")
    scene = serializers.CharField(source="scene.item_id")
    platform = serializers.CharField(source="scene.platform_id")
    datetime = serializers.DateTimeField(source="scene.datetime")
    identifiers = serializers.SlugRelatedField("value", many=True, read_only=True)
    footprint = serializers.SerializerMethodField()
    credit = serializers.CharField()
    notes = NoteShown(source="notes_told", many=True)
    page = serializers.SerializerMethodField()
    sidecar = serializers.SerializerMethodField()
    files = FileShown(many=True)

    class Meta:
        model = Product
        fields = [
            "id", "title", "scene", "platform", "datetime", "identifiers", "level", "spectral",
            "bands", "bits", "image_format", "epsg", "resolution_m", "cloud_cover", "area_km2",
            "footprint", "licence", "credit", "published_at", "produced_at", "embargo_until", "notes", "page",
            "sidecar", "files",
        ]  # fmt: skip

    @extend_schema_field(serializers.DictField())
    def get_footprint(self, product: Product) -> dict[str, Any]:
        shape = product.footprint
        return {"type": shape.geom_type, "coordinates": shape.coords}

    def get_sidecar(self, product: Product) -> str:
        """Licence, credit and your signature as JSON; it needs what the files need."""
        return settings.SITE_URL + reverse("product_licence", args=[product.pk])

    def get_page(self, product: Product) -> str:
        return settings.SITE_URL + product.get_absolute_url()


class ToSign(serializers.Serializer):
    """Addresses to sign: in the body, or repeated in the query as older clients do."""

    urls = serializers.ListField(
        child=serializers.CharField(max_length=MAX_URL), min_length=1, max_length=MAX_URLS
    )
    duration_seconds = serializers.IntegerField(min_value=0, required=False, allow_null=True)
    # What the files are for, said once per project; without them what was said before holds.
    theme = serializers.CharField(max_length=30, required=False, allow_blank=True)
    use = serializers.CharField(max_length=500, required=False, allow_blank=True)
    project = serializers.CharField(max_length=20, required=False, allow_blank=True)


class ToPut(serializers.Serializer):
    """Addresses to write to, below the inbox's."""

    urls = serializers.ListField(
        child=serializers.CharField(max_length=MAX_URL), min_length=1, max_length=MAX_URLS
    )
    duration_seconds = serializers.IntegerField(min_value=0, required=False, allow_null=True)


class Signed(serializers.Serializer):
    """What was sent → its signed address, and the instant at which the first of them stops."""

    expiry = serializers.DateTimeField()
    hrefs = serializers.DictField(child=serializers.CharField())
