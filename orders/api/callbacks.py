"""Where suppliers tell that something changed: POST /api/v1/suppliers/<key>/callback."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from dinamis.errors import TooLarge
from orders.models import Supplier
from orders.services.supplying import callbacks


class Raw(BaseParser):
    """The bytes as they came: a signature is over those."""

    media_type = "*/*"

    def parse(self, stream, media_type=None, parser_context=None) -> bytes:
        return stream.read(callbacks.MOST_BYTES + 1)


class SupplierCallback(APIView):
    """Signed as Standard Webhooks are, it is taken in; unsigned, it is a hint to look at the order."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    parser_classes = (Raw,)

    @extend_schema(
        operation_id="supplier_callback",
        request={"application/json": {"type": "object"}},
        responses={
            202: OpenApiResponse(description="Written down; a worker takes it in."),
            400: OpenApiResponse(description="Not a JSON object."),
            403: OpenApiResponse(description="The signature does not hold, or it is too old."),
            404: OpenApiResponse(description="No such supplier."),
            413: OpenApiResponse(description="Longer than 1 MB."),
            422: OpenApiResponse(description="Not a JSON object."),
        },
        auth=[],
        tags=["suppliers"],
    )
    def post(self, request: HttpRequest, key: str) -> Response:
        supplier = get_object_or_404(Supplier.objects.by_program(), key=key)
        body = request.data if isinstance(request.data, bytes) else b""
        if len(body) > callbacks.MOST_BYTES:
            raise TooLarge("callback_too_large", _("A callback has at most 1 MB."))
        signed = callbacks.receive(supplier, body, request.headers)
        return Response({"signed": signed}, status=202)
