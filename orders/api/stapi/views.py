"""What every view of /stapi/ shares: media types, documented errors, absolute addresses, the products."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from catalogue.models import Sensor
from dinamis.errors import NotFound
from dinamis.parsers import JSONBody
from orders.api.orders import Private
from orders.pricing.rules import TaskingRule
from orders.services.rules.rules import version_in_force
from orders.stapi.shapes import GEOJSON


class GeoJSONRenderer(JSONRenderer):
    media_type = GEOJSON
    format = "geojson"


class GeoJSONBody(JSONBody):
    media_type = GEOJSON


class Problem(serializers.Serializer):
    """RFC 9457. `code` is a stable word for programs; facts stand beside it, such as
    `available` and `required` where the quota is too small."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()


def problems(*statuses: int) -> dict[Any, Any]:
    """The refusals of an operation, for its description."""
    kind = "application/problem+json"
    return {(status, kind): OpenApiResponse(Problem) for status in (*statuses, 401, 429)}


class Open(APIView):
    """Readable by all."""

    permission_classes = [AllowAny]


class Members(Private):
    """For those who are signed in. Features are GeoJSON, and are taken as such too."""

    renderer_classes = [GeoJSONRenderer, JSONRenderer]
    parser_classes = [JSONBody, GeoJSONBody]


def there(request: Request, name: str, *args: Any) -> str:
    """The absolute address of one of our routes."""
    return reverse(name, args=args, request=request)


def sensor_of(product: str) -> Sensor:
    """The sensor that a product is made by. Raises NotFound (product_unknown)."""
    if product not in version_in_force().rules.tasking:
        raise NotFound("product_unknown", _("There is no product of this name."))
    return Sensor.objects.get(code=product)


def rule_of(sensor: Sensor) -> TaskingRule:
    return version_in_force().rules.tasking[sensor.code]
