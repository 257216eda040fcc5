"""JSON Schemas and conformance classes: what a product's orders and filters may say."""

from collections.abc import Mapping, Sequence
from typing import Any

from orders.options import OPTIONS
from orders.stapi.filters import CLOUD, INCIDENCE

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_BASE = (
    "https://stapi.example.com/v0.1.0"  # the specification's own placeholder, until it has a home
)
API = (
    f"{_BASE}/core",
    f"{_BASE}/order-statuses",
)
PRODUCT = (
    f"{_BASE}/opportunities",
    "https://geojson.org/schema/Polygon.json",
    "https://geojson.org/schema/MultiPolygon.json",
)
MOST_TITLE, MOST_PURPOSE, MOST_REFERENCE = 200, 4000, 60


def queryables(*, most_incidence: int) -> dict[str, Any]:
    """What a filter may set a ceiling on."""
    return {
        "$schema": DRAFT,
        "type": "object",
        "title": "Queryables",
        "properties": {
            CLOUD: {
                "type": "number",
                "minimum": 0,
                "maximum": 100,
                "description": "The most cloud, in %: “<=”, “<” or “between” from 0.",
            },
            INCIDENCE: {
                "type": "number",
                "minimum": 5,
                "maximum": most_incidence,
                "description": "The most incidence, in degrees: “<=”, “<” or “between” from 0.",
            },
        },
        "additionalProperties": False,
    }


def order_parameters(*, modes: Sequence[str], most_tries: int) -> dict[str, Any]:
    """What an order says beside when, where and how clear. Only `purpose` must be said."""
    return {
        "$schema": DRAFT,
        "type": "object",
        "title": "Order parameters",
        "properties": {
            "purpose": {
                "type": "string",
                "minLength": 1,
                "maxLength": MOST_PURPOSE,
                "description": "What the images are for.",
            },
            "title": {"type": "string", "maxLength": MOST_TITLE},
            "customer_reference": {
                "type": "string",
                "minLength": 1,
                "maxLength": MOST_REFERENCE,
                "description": "Your own reference, used once: an order is found by it again.",
            },
            "mode": {"type": "string", "enum": list(modes), "default": modes[0]},
            "tries": {"type": "integer", "minimum": 1, "maximum": most_tries},
            "options": _options(OPTIONS),
            "project": {
                "type": "string",
                "maxLength": 20,
                "description": "The reference of a project of yours, under which it is asked.",
            },
            "wait": {
                "type": "boolean",
                "default": False,
                "description": "Wait in the list for quota that is not there now.",
            },
            "alone": {
                "type": "boolean",
                "default": False,
                "description": "Keep out of joint requests.",
            },
        },
        "required": ["purpose"],
        "additionalProperties": False,
    }


def _options(offered: Mapping[str, Any]) -> dict[str, Any]:
    known = {
        name: {"type": "string", "enum": list(choices.values)} for name, choices in offered.items()
    }
    epsg = {"type": "string", "pattern": "^[0-9]{4,5}$", "description": "EPSG code."}
    return {
        "type": "object",
        "properties": {**known, "epsg": epsg},
        "additionalProperties": False,
        "description": "Processing of the product; what is left out has a default.",
    }
