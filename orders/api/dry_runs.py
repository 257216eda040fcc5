"""POST /quotes/dry-run: what several ways of asking would count and cost, without storing anything."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from dinamis.actors import Actor
from orders.api.orders import Private
from orders.serializers import Wish
from orders.services.asking import asking, dry_runs
from orders.services.asking.dry_runs import MOST_OPTIONS, Option
from orders.services.projects import project_use


class Options(serializers.Serializer):
    """The wishes to compare, each as for a quote; `beyond` pays for what the quota does not carry."""

    options = serializers.ListField(child=Wish(), min_length=1, max_length=MOST_OPTIONS)
    beyond = serializers.BooleanField(default=False)

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        named = {wish.get("project", "") for wish in asked["options"]}
        if len(named) > 1:
            raise serializers.ValidationError({"options": _("All under one project, or none.")})
        return asked | {"project": named.pop()}


class PurseShown(serializers.Serializer):
    purse = serializers.CharField()
    owner = serializers.CharField()
    before = serializers.DecimalField(source="balance", max_digits=14, decimal_places=2)


class RelaxationShown(serializers.Serializer):
    """One ceiling moved alone, and the chance with it."""

    what = serializers.CharField()
    to = serializers.CharField()
    chance = serializers.FloatField()


class OddsShown(serializers.Serializer):
    """The odds of a tasking: shares from 0 to 1; `others` is null below three."""

    chance = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    one_attempt = serializers.FloatField()
    attempts = serializers.FloatField()
    likely_attempts = serializers.FloatField()
    strips = serializers.IntegerField()
    others = serializers.IntegerField(allow_null=True)
    relaxations = RelaxationShown(many=True)
    best = serializers.CharField(source="best.what", default=None, allow_null=True)
    rests_on = serializers.SerializerMethodField()

    def get_rests_on(self, odds: Any) -> dict[str, Any]:
        return {
            "recorded_attempts": odds.recorded,
            "clear_enough": odds.clear,
            "climate": odds.climate.code,
            "climate_is_assumed": odds.climate.is_assumed,
            "climate_source": odds.climate.source,
        }


class OptionShown(serializers.Serializer):
    """One option worked out; `refused` is a problem's code and sentence where it cannot be asked."""

    number = serializers.IntegerField()
    is_cheapest = serializers.BooleanField()
    refused = serializers.DictField(allow_null=True)
    unit = serializers.CharField(allow_null=True)
    units = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    quota_units = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    paid_units = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    terms = serializers.CharField(allow_null=True)
    price_eur = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)
    cofunded_eur = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)
    rules = serializers.CharField(allow_null=True)
    place = serializers.CharField(allow_null=True)
    purse_before = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    purse_after = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    purses = PurseShown(many=True)
    odds = OddsShown(allow_null=True)
    explained = serializers.ListField(child=serializers.DictField())


class DryRunShown(serializers.Serializer):
    options = OptionShown(many=True)


class DryRun(Private):
    scopes = {"POST": "read"}

    @extend_schema(request=Options, responses=DryRunShown, operation_id="quote_dry_run")
    def post(self, request: Request) -> Response:
        """Work out up to 12 wishes side by side; nothing is booked, nothing is stored."""
        sent = Options(data=request.data)
        sent.is_valid(raise_exception=True)
        wishes = [
            (str(number), asking.wish_of(wish, by=None))
            for number, wish in enumerate(sent.validated_data["options"], start=1)
        ]
        said, by = sent.validated_data, Actor.of(request.user)
        project = project_use.find(said["project"], request.user) if said["project"] else None
        found = dry_runs.options(wishes, by=by, beyond=said["beyond"], project=project)
        shown = [_shown(number, one) for number, one in enumerate(found, start=1)]
        return Response(DryRunShown({"options": shown}).data)


def _shown(number: int, option: Option) -> dict[str, Any]:
    found, refused = option.found, option.refused
    names = ("unit", "units", "quota_units", "paid_units", "terms", "price_eur", "cofunded_eur")
    return {
        "number": number,
        "is_cheapest": option.is_cheapest,
        "refused": {"code": refused.code, "detail": str(refused.sentence)} if refused else None,
        **{name: getattr(found.priced, name) if found else None for name in names},
        "rules": found.version.code if found else None,
        "place": found.located.place if found else None,
        "purse_before": found.available if found else None,
        "purse_after": option.after,
        "purses": option.purses,
        "odds": option.odds,
        "explained": [
            {"id": row.id, "label": row.label, "why": row.why, "amount": row.amount}
            for row in option.rows
        ],
    }
