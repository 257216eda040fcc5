"""What a program sends to /stapi/: the shape of it, and the wish that it comes to."""

import json
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalogue.models import Sensor
from dinamis.actors import Actor
from orders.api.stapi.views import rule_of
from orders.options import OPTIONS
from orders.pricing.words import Kind, Mode
from orders.serializers import MAX_AREA_CHARACTERS
from orders.services.asking import asking
from orders.services.asking.wishes import Tasking
from orders.stapi import filters, intervals
from orders.stapi.schemas import MOST_PURPOSE, MOST_REFERENCE, MOST_TITLE

MOST_FILTER_CHARACTERS = 5_000
_POSITION = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 4}
_RING = {"type": "array", "items": _POSITION, "minItems": 4}
_POLYGON = {"type": "array", "items": _RING, "minItems": 1}
_GEOMETRY = {
    "oneOf": [
        {
            "type": "object",
            "properties": {"type": {"enum": ["Polygon"]}, "coordinates": _POLYGON},
            "required": ["type", "coordinates"],
        },
        {
            "type": "object",
            "properties": {
                "type": {"enum": ["MultiPolygon"]},
                "coordinates": {"type": "array", "items": _POLYGON, "minItems": 1},
            },
            "required": ["type", "coordinates"],
        },
    ]
}
_INTERVAL = {
    "type": "string",
    "example": "2027-05-01T00:00:00Z/2027-07-01T00:00:00Z",
    "description": "Two instants of RFC 3339 with a slash between; “..” leaves an end open.",
}
_FILTER = {
    "type": "object",
    "nullable": True,
    "description": "CQL2 JSON: ceilings of the product's queryables, joined by “and”.",
    "example": {"op": "<=", "args": [{"property": filters.CLOUD}, 20]},
}


@extend_schema_field(_GEOMETRY)
class Geometry(serializers.DictField):
    """A GeoJSON Polygon or MultiPolygon in degrees; its rules are those of dinamis.geo."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        area = super().to_internal_value(data)
        if area.get("type") not in ("Polygon", "MultiPolygon"):
            raise serializers.ValidationError("A GeoJSON Polygon or MultiPolygon is expected.")
        if len(json.dumps(area)) > MAX_AREA_CHARACTERS:
            raise serializers.ValidationError("This area has too many points.")
        return area


@extend_schema_field(_INTERVAL)
class Interval(serializers.CharField):
    """Read later, with the rules of the product."""


@extend_schema_field(_FILTER)
class Filter(serializers.JSONField):
    def to_internal_value(self, data: Any) -> Any:
        if len(json.dumps(data)) > MOST_FILTER_CHARACTERS:
            raise serializers.ValidationError("This filter is too long.")
        return super().to_internal_value(data)


class Strict(serializers.Serializer):
    """Refuses a member that it does not know: a misspelt one would be left out in silence."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError(
                {name[:60]: "There is no such parameter." for name in map(str, unknown[:10])}
            )
        return super().to_internal_value(data)


class ProductOptions(Strict):
    epsg = serializers.RegexField(r"^[0-9]{4,5}$", required=False)

    def get_fields(self) -> dict[str, Any]:
        known = {
            name: serializers.ChoiceField(choices.choices, required=False)
            for name, choices in OPTIONS.items()
        }
        return super().get_fields() | known


class OrderParameters(Strict):
    """An order's own parameters; the product's `order-parameters` says the same as JSON Schema."""

    purpose = serializers.CharField(max_length=MOST_PURPOSE)
    title = serializers.CharField(max_length=MOST_TITLE, required=False, default="")
    customer_reference = serializers.CharField(max_length=MOST_REFERENCE, required=False)
    mode = serializers.ChoiceField(Mode.choices, default=Mode.MONO)
    tries = serializers.IntegerField(min_value=1, max_value=100, required=False)
    options = ProductOptions(required=False, default=dict)
    project = serializers.CharField(max_length=20, required=False)
    wait = serializers.BooleanField(default=False)
    alone = serializers.BooleanField(default=False)


class Search(serializers.Serializer):
    """When, where, how clear."""

    datetime = Interval(max_length=intervals.MOST_CHARACTERS)
    geometry = Geometry()
    filter = Filter(required=False, allow_null=True, default=None)


class OpportunitiesAsked(Search):
    limit = serializers.IntegerField(min_value=1, max_value=100, default=10)
    next = serializers.RegexField(r"^[0-9]{1,3}$", required=False, allow_null=True, default=None)


class OrderAsked(Search):
    order_parameters = OrderParameters()


def wish_of(sent: dict[str, Any], sensor: Sensor, *, by: Actor) -> Tasking:
    """The tasking that a checked body asks for. Raises Invalid for its interval or filter."""
    rule, ceilings = rule_of(sensor), filters.read(sent["filter"])
    starts_on, ends_on = intervals.read(
        sent["datetime"],
        today=timezone.localdate(),
        zone=timezone.get_default_timezone(),
        longest=rule.most_window_days,
    )
    said = sent.get("order_parameters", {})
    found = asking.wish_of(
        {
            "kind": Kind.TASKING,
            "sensor": sensor.code,
            "area": sent["geometry"],
            "window": {"starts_on": starts_on, "ends_on": ends_on},
            "mode": said.get("mode", Mode.MONO),
            "tries": said.get("tries"),
            "options": said.get("options", {}),
            "max_cloud": ceilings.cloud,
            "max_incidence": ceilings.incidence,
        },
        by=by,
    )
    assert isinstance(found, Tasking)  # noqa: S101 - its kind says so
    return found
