"""The catalogue's reference rows at /admin/: plain data, decided by nobody here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from catalogue.models import Collection, Platform, Sensor, Theme


class Kept(admin.ModelAdmin):
    """Added and corrected, never deleted: scenes, quotas and orders point at these rows."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Sensor)
class SensorAdmin(Kept):
    list_display = ("code", "name_fr", "name_en", "unit", "scene_equivalent_km2", "order")


@admin.register(Platform)
class PlatformAdmin(Kept):
    list_display = (
        "code",
        "name",
        "sensor",
        "collection",
        "resolution_m",
        "in_service_from",
        "in_service_to",
    )
    list_filter = ("sensor", "collection")


@admin.register(Collection)
class CollectionAdmin(Kept):
    list_display = ("code", "title_fr", "title_en", "credit", "licence", "is_demonstration")


@admin.register(Theme)
class ThemeAdmin(Kept):
    list_display = ("code", "name_fr", "name_en", "order", "is_offered")
