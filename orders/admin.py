"""Reference data of orders in Django's admin. The rules are read here and written at /quota/rules/."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from orders.models import (
    CloudClimate,
    Criterion,
    OddsSetting,
    OrderPreference,
    ReasonText,
    RuleVersion,
)
from orders.models.supplier import Supplier, SupplierService
from orders.services.rules.rulebook import TABLES


class Rows(admin.TabularInline):
    """Rows of a version, to be read."""

    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission


def _rows(model: type) -> type[Rows]:
    hidden = {"exclude": ["geometry"]} if hasattr(model, "geometry") else {}
    return type(f"{model.__name__}Rows", (Rows,), {"model": model, **hidden})


@admin.register(RuleVersion)
class RuleVersionAdmin(admin.ModelAdmin):
    list_display = ["code", "effective_from", "state", "approved_at", "quote_days"]
    inlines = [_rows(table) for table in TABLES.values()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_delete_permission = has_change_permission


@admin.register(OrderPreference)
class OrderPreferenceAdmin(admin.ModelAdmin):
    list_display = ["organisation", "referent_approves"]


@admin.register(Criterion)
class CriterionAdmin(admin.ModelAdmin):
    list_display = ["code", "track", "name_fr", "name_en", "weight", "order", "is_asked"]


@admin.register(ReasonText)
class ReasonTextAdmin(admin.ModelAdmin):
    """Used once, a text is never removed: `is_offered` takes it out of the forms."""

    list_display = ["code", "step", "title_fr", "title_en", "order", "is_offered"]
    list_filter = ["step", "is_offered"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(CloudClimate)
class CloudClimateAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "west", "south", "east", "north", "is_assumed"]


@admin.register(OddsSetting)
class OddsSettingAdmin(admin.ModelAdmin):
    list_display = ["sensor", "height_km", "turns_a_day", "tried_share", "prior_weight"]


class SupplierServices(admin.TabularInline):
    model = SupplierService
    extra = 1


@admin.register(Supplier)
class SupplierAdmin(admin.ModelAdmin):
    """Its secrets are in the settings, under the name that `credentials` gives."""

    list_display = [
        "name",
        "kind",
        "is_active",
        "is_experimental",
        "places_by_itself",
        "preference",
    ]
    inlines = [SupplierServices]
