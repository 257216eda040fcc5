"""POST /signing/sign_urls_put and PUT /signing/inbox/…: deliveries handed in by program.

The protocol is that of the `teledetection` client: at most 64 `urls`, answered by `expiry` and `hrefs`
with every address that was sent; those below /signing/inbox/ are signed for one PUT each.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import WithinScope
from accounts.models import ApiKey
from catalogue.serializers import Signed, ToPut
from orders.services.delivering import handing_in


class SignUrlsPut(APIView):
    permission_classes = [IsAuthenticated, WithinScope]
    # What the client's own sign-in is granted; the duty is the right, and no key carries it.
    scopes = {"POST": ApiKey.Scope.DOWNLOAD}

    @extend_schema(request=ToPut, responses=Signed, operation_id="sign_urls_put")
    def post(self, request: Request) -> Response:
        """Sign addresses below the inbox for writing; any other comes back as it was sent."""
        shape = ToPut(data=request.data)
        shape.is_valid(raise_exception=True)
        asked = shape.validated_data
        seconds = asked.get("duration_seconds") or settings.DOWNLOAD_LINK_SECONDS
        expiry = timezone.now() + timedelta(seconds=min(seconds, settings.DOWNLOAD_LINK_SECONDS))
        hrefs = {}
        for url in asked["urls"]:
            link = handing_in.sign(url, user=request.user, seconds=seconds)
            hrefs[url] = link.url if link else url
            expiry = min(expiry, link.expires_at) if link else expiry
        return Response(Signed({"expiry": expiry, "hrefs": hrefs}).data)


class Whoever(BaseAuthentication):
    """The person of the browser, if one comes by it: for the trail of refusals, no right to anything."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        user = request._request.user
        return (user, None) if user.is_authenticated else None


class InboxFile(APIView):
    """Who may is in the address itself: another site's page, which has none, can send nothing."""

    authentication_classes = [Whoever]
    permission_classes = [AllowAny]

    @extend_schema(exclude=True)
    def put(self, request: Request, path: str) -> Response:
        """Take one file by its signed address."""
        length = request.META.get("CONTENT_LENGTH", "")
        size = int(length) if length.isascii() and length.isdigit() else None
        # The file itself, of any kind: not what a parser would make of it.
        handing_in.receive(path, request.query_params.get("token", ""), request._request, size)
        return Response(status=200)
