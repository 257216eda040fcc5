"""POST /stapi/products/{product}/opportunities: the odds of a tasking, and of what would help."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import ApiKey
from catalogue.models import Sensor
from dinamis.actors import Actor
from orders.api.orders import checked
from orders.api.stapi.bodies import OpportunitiesAsked, wish_of
from orders.api.stapi.views import Members, problems, sensor_of, there
from orders.services.tasking import opportunities
from orders.services.tasking.opportunities import Opportunity
from orders.stapi import filters, intervals, shapes


class Opportunities(Members):
    scopes = {"POST": ApiKey.Scope.READ}

    @extend_schema(
        request=OpportunitiesAsked,
        responses={200: OpenApiTypes.OBJECT, **problems(400, 403, 404, 409, 413, 422)},
        operation_id="stapi_opportunities",
    )
    def post(self, request: Request, product: str) -> Response:
        """As asked first, then with one ceiling moved, the most helpful first. Nothing is booked."""
        sensor, by = sensor_of(product), Actor.of(request.user)
        sent = checked(OpportunitiesAsked, request)
        found = opportunities.of(wish_of(sent, sensor, by=by), by=by)
        first = int(sent["next"] or 0)
        here, last = there(request, "stapi_opportunities", product), first + sent["limit"]
        shown = [_shown(request, sensor, sent, one) for one in found[first:last]]
        links = [_create(request, sensor, sent, found[0])]
        if last < len(found):
            again = {**request.data, "next": str(last)}
            links.append(shapes.link("next", here, kind=shapes.GEOJSON, method="POST", body=again))
        return Response(shapes.collection(shown, links), headers={"Preference-Applied": "wait"})


def _shown(
    request: Request, sensor: Sensor, sent: dict[str, Any], one: Opportunity
) -> dict[str, Any]:
    priced = one.option.found.priced
    own = {
        "relaxed": one.relaxed or None,
        "chance": None if one.chance is None else round(one.chance, 3),
        "unit": priced.unit,
        "units": str(priced.units),
        "terms": priced.terms,
        "price_eur": str(priced.price_eur),
        "available": _text(one.option.found.available),
        "required": str(priced.quota_units),
    }
    if one.odds is not None and not one.relaxed:
        own |= {
            "chance_low": round(one.odds.low, 3),
            "chance_high": round(one.odds.high, 3),
            "likely_attempts": round(one.odds.likely_attempts, 1),
            "others_asking": one.odds.others,
        }
    columns = one.option.found.found.columns
    properties = {
        "product_id": sensor.code,
        "datetime": _interval(one),
        filters.CLOUD: columns["max_cloud"],
        filters.INCIDENCE: columns["max_incidence"],
        **{f"dinamis:{name}": value for name, value in own.items()},
    }
    return shapes.opportunity(
        key=one.relaxed or "as-asked",
        geometry=sent["geometry"],
        properties=properties,
        links=[_create(request, sensor, sent, one)],
    )


def _create(
    request: Request, sensor: Sensor, sent: dict[str, Any], one: Opportunity
) -> dict[str, Any]:
    """How to order it: the body only wants its purpose."""
    columns = one.option.found.found.columns
    body = {
        "datetime": _interval(one),
        "geometry": sent["geometry"],
        "filter": filters.write(columns["max_cloud"], columns["max_incidence"]),
        "order_parameters": {"tries": columns["tries"]},
    }
    address = there(request, "stapi_product_orders", sensor.code)
    return shapes.link("create-order", address, kind=shapes.GEOJSON, method="POST", body=body)


def _interval(one: Opportunity) -> str:
    return intervals.write(*one.window, zone=timezone.get_default_timezone())


def _text(number: Any) -> str | None:
    return None if number is None else str(number)
