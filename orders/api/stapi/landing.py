"""GET /stapi/, /conformance, /openapi.json: where to begin."""

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from orders.api.stapi.views import Open, there
from orders.stapi import schemas, shapes


class Landing(Open):
    @extend_schema(responses=OpenApiTypes.OBJECT, operation_id="stapi_landing")
    def get(self, request: Request) -> Response:
        """What this is and where the rest lies."""
        links = [
            shapes.link("self", there(request, "stapi")),
            shapes.link("conformance", there(request, "stapi_conformance")),
            shapes.link("products", there(request, "stapi_products")),
            shapes.link("orders", there(request, "stapi_orders"), kind=shapes.GEOJSON),
            shapes.link("service-desc", there(request, "stapi_openapi"), kind=shapes.OPENAPI),
        ]
        about = _(
            "Taskings of Pléiades and SPOT 6-7 for members of DINAMIS: odds before asking, orders under"
            " the rules and quotas of the scheme. Programs sign in with access-key and secret-key, or a"
            " bearer token."
        )
        title = f"{settings.SITE_NAME} STAPI"
        return Response(shapes.landing(title=title, description=about, links=links))


class Conformance(Open):
    @extend_schema(responses=OpenApiTypes.OBJECT, operation_id="stapi_conformance")
    def get(self, request: Request) -> Response:
        """The conformance classes that hold here; those of a product stand with the product."""
        return Response({"conformsTo": list(schemas.API)})
