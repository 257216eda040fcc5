"""GET /stapi/products: one for each sensor that can be tasked, with what an order of it may say."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue.models import Platform, Sensor
from orders.api.stapi.views import Open, problems, rule_of, sensor_of, there
from orders.pricing.words import Kind, Mode
from orders.services.rules.rules import version_in_force
from orders.stapi import schemas, shapes


class Products(Open):
    @extend_schema(responses={200: OpenApiTypes.OBJECT}, operation_id="stapi_products")
    def get(self, request: Request) -> Response:
        """All products: there are few, and they stand on one page."""
        known = version_in_force().rules.tasking
        found = Sensor.objects.filter(code__in=known)
        links = [
            shapes.link("self", there(request, "stapi_products")),
            shapes.link("root", there(request, "stapi")),
        ]
        products = [shown(request, sensor) for sensor in found]
        return Response({"type": "ProductCollection", "products": products, "links": links})


class OneProduct(Open):
    @extend_schema(
        responses={200: OpenApiTypes.OBJECT, **problems(404)}, operation_id="stapi_product"
    )
    def get(self, request: Request, product: str) -> Response:
        """One product: what it is, which satellites fly it, how its cost is counted."""
        return Response(shown(request, sensor_of(product)))


class Queryables(Open):
    @extend_schema(
        responses={200: OpenApiTypes.OBJECT, **problems(404)}, operation_id="stapi_queryables"
    )
    def get(self, request: Request, product: str) -> Response:
        """What a filter may set a ceiling on, as JSON Schema."""
        return Response(
            schemas.queryables(most_incidence=rule_of(sensor_of(product)).most_incidence)
        )


class Parameters(Open):
    @extend_schema(
        responses={200: OpenApiTypes.OBJECT, **problems(404)}, operation_id="stapi_parameters"
    )
    def get(self, request: Request, product: str) -> Response:
        """What an order may say beside when, where and how clear, as JSON Schema."""
        most = rule_of(sensor_of(product)).most_tries
        return Response(schemas.order_parameters(modes=Mode.values, most_tries=most))


class ProductConformance(Open):
    @extend_schema(
        responses={200: OpenApiTypes.OBJECT, **problems(404)},
        operation_id="stapi_product_conformance",
    )
    def get(self, request: Request, product: str) -> Response:
        """The conformance classes of this product."""
        sensor_of(product)
        return Response({"conformsTo": list(schemas.PRODUCT)})


def shown(request: Request, sensor: Sensor) -> dict[str, Any]:
    """One product as STAPI reads it, with our figures beside."""
    rules, key = version_in_force().rules, sensor.code
    rule, today = rules.tasking[key], timezone.localdate()
    flying = [
        one
        for one in Platform.objects.filter(sensor=sensor).order_by("code")
        if one.in_service_to is None or one.in_service_to >= today
    ]
    about = _(
        "A new image of %(sensor)s over your area within a window, ordered under the scheme's rules and"
        " counted on your quota."
    ) % {"sensor": sensor.name}
    own = {
        "platforms": [one.code for one in flying],
        "gsd": min((one.resolution_m for one in flying), default=None),
        "unit": rules.units[key, Kind.TASKING],
        "least_window_days": rule.least_window_days,
        "most_window_days": rule.most_window_days,
        "default_cloud_cover": rule.cloud,
        "default_incidence_angle": rule.incidence,
    }
    return shapes.product(
        key=key,
        title=sensor.name,
        description=about,
        keywords=["optical", "tasking", sensor.family],
        links=_links(request, key),
        **{f"dinamis:{name}": value for name, value in own.items()},
    )


def _links(request: Request, key: str) -> list[dict[str, Any]]:
    to = [
        ("self", "stapi_product"),
        ("conformance", "stapi_product_conformance"),
        ("queryables", "stapi_queryables"),
        ("order-parameters", "stapi_parameters"),
    ]
    found = [shapes.link(rel, there(request, name, key)) for rel, name in to]
    orders = there(request, "stapi_product_orders", key)
    more = [
        shapes.link("create-order", orders, kind=shapes.GEOJSON, method="POST"),
        shapes.link(
            "opportunities",
            there(request, "stapi_opportunities", key),
            kind=shapes.GEOJSON,
            method="POST",
        ),
    ]
    return [*found, *more, shapes.link("root", there(request, "stapi"))]
