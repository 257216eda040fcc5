"""Reference data of orders in Django's admin: versions of the rules, written as drafts and approved once."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dinamis.actors import Actor
from dinamis.errors import Refused
from orders.models import (
    Delay,
    LicenceRule,
    MinimumArea,
    Multiplier,
    OrderPreference,
    PriceRow,
    PurseOrder,
    RuleVersion,
    TaskingDefault,
)
from orders.services import rules


class Rows(admin.TabularInline):
    """Rows of a version; those of an approved one are only read."""

    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None or obj.approved_at is None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None or obj.approved_at is None

    has_delete_permission = has_change_permission


def _rows(model: type) -> type[Rows]:
    return type(f"{model.__name__}Rows", (Rows,), {"model": model})


TABLES = (MinimumArea, Multiplier, PriceRow, PurseOrder, TaskingDefault, LicenceRule, Delay)


@admin.register(RuleVersion)
class RuleVersionAdmin(admin.ModelAdmin):
    list_display = ["code", "effective_from", "approved_at", "quote_days"]
    fields = ["code", "effective_from", "quote_days", "note", "approved_at"]
    readonly_fields = ["approved_at"]
    inlines = [_rows(table) for table in TABLES]
    actions = ["approve"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None or obj.approved_at is None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: RuleVersion, form: ModelForm, change: bool
    ) -> None:
        if not change:
            obj.by_user = request.user
        super().save_model(request, obj, form, change)

    @admin.action(description=gettext_lazy("Approve: in force from its day on"))
    def approve(self, request: HttpRequest, queryset: QuerySet[RuleVersion]) -> None:
        for version in queryset:
            try:
                rules.approve(version, by=Actor.of(request.user))
            except Refused as refused:
                messages.error(request, str(refused.sentence))
            else:
                messages.success(request, _("%(version)s is approved.") % {"version": version})


@admin.register(OrderPreference)
class OrderPreferenceAdmin(admin.ModelAdmin):
    list_display = ["organisation", "referent_approves"]
