"""Collections as STAC tells them."""

from datetime import datetime
from typing import Any

from catalogue.stac import extensions
from catalogue.stac.conformance import EXTENSIONS, STAC_VERSION
from catalogue.stac.instants import written
from catalogue.stac.items import absolute, link

WORLD = (-180.0, -90.0, 180.0, 90.0)
Extent = tuple[tuple[float, float, float, float], datetime | None, datetime | None]


def collection(row: Any, extent: Extent) -> dict[str, Any]:
    """One collection in the reader's language; `extent` is box, first and last instant."""
    bounds, first, last = extent
    me = absolute("stac_collection", row.code)
    told = {
        "type": "Collection",
        "stac_version": STAC_VERSION,
        "stac_extensions": [EXTENSIONS["language"]],
        "id": row.code,
        "title": row.title,
        "description": row.description or row.title,
        "itemType": "feature",  # OGC API Features; OWSLib lists no other
        "license": "other",
        **extensions.languages(),
        "dinamis:names": {"fr": row.title_fr, "en": row.title_en},
        "extent": {
            "spatial": {"bbox": [list(bounds)]},
            "temporal": {"interval": [[first and written(first), last and written(last)]]},
        },
        "links": [
            link("self", me),
            link("root", absolute("stac")),
            link("parent", absolute("stac")),
            link("items", absolute("stac_items", row.code), "application/geo+json"),
            link(
                "http://www.opengis.net/def/rel/ogc/1.0/queryables",
                absolute("stac_collection_queryables", row.code),
                "application/schema+json",
            ),
        ],
    }
    if row.credit:
        told["providers"] = [{"name": row.credit, "roles": ["producer", "licensor"]}]
    return told
