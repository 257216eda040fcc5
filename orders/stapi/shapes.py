"""STAPI's documents as plain dictionaries: products, opportunities, orders, and their collections."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from orders.stapi import VERSION, schemas
from orders.stapi.codes import Status

JSON, GEOJSON = "application/json", "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"


def link(rel: str, href: str, title: str = "", kind: str = JSON, **more: Any) -> dict[str, Any]:
    """One link; a POST carries `method` and `body`."""
    found = {"rel": rel, "href": href, "type": kind, **more}
    return found | {"title": title} if title else found


def landing(*, title: str, description: str, links: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "id": "dinamis",
        "title": title,
        "description": description,
        "stapi_version": VERSION,
        "conformsTo": list(schemas.API),
        "links": list(links),
    }


def product(
    *,
    key: str,
    title: str,
    description: str,
    keywords: Sequence[str],
    links: Sequence[Any],
    **more: Any,
) -> dict[str, Any]:
    """One product; `more` are our own members, such as the satellites in service."""
    return {
        "type": "Collection",
        "stapi_type": "Product",
        "stapi_version": VERSION,
        "conformsTo": list(schemas.PRODUCT),
        "id": key,
        "title": title,
        "description": description,
        "keywords": list(keywords),
        # The licence text of the sensor is read and signed here; it is no licence of SPDX.
        "license": "other",
        "providers": [
            {
                "name": "DINAMIS",
                "roles": ["licensor", "host"],
                "url": "https://dinamis.data-terra.org/",
            },
            {
                "name": "Airbus DS",
                "roles": ["producer"],
                "url": "https://space-solutions.airbus.com/",
            },
        ],
        "links": list(links),
        **more,
    }


def collection(features: Iterable[Any], links: Sequence[Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), "links": list(links)}


def opportunity(
    *, key: str, geometry: Mapping[str, Any], properties: Mapping[str, Any], links: Sequence[Any]
) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": key,
        "geometry": geometry,
        "properties": dict(properties),
        "links": list(links),
    }


def order(
    *,
    key: str,
    geometry: Mapping[str, Any],
    product: str,
    created: str,
    status: Status,
    search: Mapping[str, Any],
    parameters: Mapping[str, Any],
    own: Mapping[str, Any],
    links: Sequence[Any],
) -> dict[str, Any]:
    """One order; `search` is when, where and how clear, `own` our members, prefixed `dinamis:`."""
    return {
        "type": "Feature",
        "stapi_type": "Order",
        "stapi_version": VERSION,
        "id": key,
        "geometry": geometry,
        "properties": {
            "product_id": product,
            "created": created,
            "status": status.shown(),
            "search_parameters": dict(search),
            "opportunity_properties": {},
            "order_parameters": dict(parameters),
            **{f"dinamis:{name}": value for name, value in own.items()},
        },
        "links": list(links),
    }
