"""Routes of /stapi/: landing and products for all, opportunities and orders for members' programs."""

import json
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.orders import make
from tests.routes.table import PUBLIC, SEES_ORDER, SIGNED_IN, Route, for_programs, only

NO_ORDER = "C-1999-0001-1"


def _asked(w: Any) -> dict[str, Any]:
    """A tasking of Pléiades that the laboratory's quota carries."""
    first = timezone.localdate() + timedelta(days=2)
    return {
        "datetime": f"{first}T08:00:00Z/{first + timedelta(days=30)}T08:00:00Z",
        "geometry": json.loads(make.square(110).geojson),
    }


def _ordered(w: Any) -> dict[str, Any]:
    return _asked(w) | {"order_parameters": {"purpose": "To follow it.", "tries": 1}}


def _open(name: str, *args: Any) -> Route:
    return Route(name, args=lambda w: list(args), get=PUBLIC, as_json=True, is_public=True)


ROUTES = [
    _open("stapi"),
    _open("stapi_openapi"),
    _open("stapi_conformance"),
    _open("stapi_products"),
    _open("stapi_product", "spot67"),
    _open("stapi_product_conformance", "spot67"),
    _open("stapi_queryables", "spot67"),
    _open("stapi_parameters", "spot67"),
    Route(
        "stapi_opportunities",
        args=lambda w: ["pleiades"],
        post=for_programs(only("researcher", "other_researcher", "referent")),
        sent=_asked,
        as_json=True,
    ),
    Route(
        "stapi_product_orders",
        args=lambda w: ["pleiades"],
        get=for_programs(SIGNED_IN),
        post=for_programs(only("researcher", status=201, referent=201, other_researcher=409)),
        sent=_ordered,
        as_json=True,
    ),
    Route("stapi_orders", get=for_programs(SIGNED_IN), as_json=True),
    Route(
        "stapi_order",
        args=lambda w: [w.tasking.reference],
        absent=[NO_ORDER],
        get=for_programs(SEES_ORDER),
        as_json=True,
    ),
    Route(
        "stapi_statuses",
        args=lambda w: [w.tasking.reference],
        absent=[NO_ORDER],
        get=for_programs(SEES_ORDER),
        as_json=True,
    ),
]
