"""What the OpenAPI document says of a search: its parameters, its body, how it may be refused."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiTypes

_GEOMETRY = {"type": "object", "properties": {"type": {"type": "string"}}, "required": ["type"]}
_TEXTS = {"type": "array", "items": {"type": "string"}}
_PROPERTIES: dict[str, Any] = {
    "bbox": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6},
    "intersects": _GEOMETRY,
    "datetime": {"type": "string"},
    "ids": _TEXTS,
    "collections": _TEXTS,
    "q": _TEXTS,
    "limit": {"type": "integer", "minimum": 1},
    "filter": {"type": "object"},
    "filter-lang": {"type": "string", "enum": ["cql2-json"]},
    "query": {"type": "object", "additionalProperties": {"type": "object"}},
    "sortby": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "field": {"type": "string", "enum": ["datetime", "properties.datetime"]},
                "direction": {"type": "string", "enum": ["asc", "desc"]},
            },
            "required": ["field"],
        },
    },
    "fields": {"type": "object", "properties": {"include": _TEXTS, "exclude": _TEXTS}},
    "token": {"type": "string"},
}
BODY = {"application/json": {"type": "object", "properties": _PROPERTIES}}
AGGREGATE_BODY = {
    "application/json": {"type": "object", "properties": {**_PROPERTIES, "aggregations": _TEXTS}}
}


def _said(name: str, what: str) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, description=what)


ADDRESS = [
    _said("bbox", "west,south,east,north in degrees"),
    _said("intersects", "A GeoJSON geometry"),
    _said("datetime", "An instant, or an interval with / between its ends, .. for an open one"),
    _said("ids", "Names of items, with commas"),
    _said("collections", "Names of collections, with commas"),
    _said("q", "Terms, with commas, of which one is enough"),
    OpenApiParameter("limit", OpenApiTypes.INT, description="Items of a page"),
    _said("filter", "CQL2, in text or JSON"),
    OpenApiParameter("filter-lang", OpenApiTypes.STR, enum=["cql2-text", "cql2-json"]),
    _said("query", "The older query extension, as JSON"),
    _said("sortby", "datetime or -datetime"),
    _said("fields", "What is sent of an item: names, those with - taken away"),
    _said("token", "The page that the one before named"),
]
AGGREGATED = [*ADDRESS, _said("aggregations", "Names of figures, with commas")]


def answers(*refused: int, kind: str = "application/json", code: int = 200) -> dict[Any, Any]:
    """The answers of an address: an object of one media type, or a problem."""
    problems = {
        (status, "application/problem+json"): OpenApiTypes.OBJECT for status in (*refused, 401, 429)
    }
    return {(code, kind): OpenApiTypes.OBJECT, **problems}
