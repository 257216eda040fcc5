"""The keys of the `teledetection` client: made, listed and revoked by GET, as it asks.

A GET that changes something is safe here alone because no cookie is read: only what a program puts into a
header, which no page elsewhere can make a browser send. A key makes no key: one that leaked would live on in
those it made.
"""

from typing import Any

from allauth.idp.oidc.models import Token
from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import ApiKeyAuthentication, BearerAuthentication, WithinScope
from accounts.models import ApiKey
from accounts.services.programs import api_keys
from dinamis.actors import Actor
from dinamis.errors import NotAllowed

MAX_DESCRIPTION = 80


class KeyView(APIView):
    authentication_classes = [BearerAuthentication, ApiKeyAuthentication]
    permission_classes = [IsAuthenticated, WithinScope]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """A method that is not there is told before who asks: a browser's person is nobody here."""
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            raise MethodNotAllowed(request.method)
        super().initial(request, *args, **kwargs)


class CreateApiKey(KeyView):
    @extend_schema(
        parameters=[OpenApiParameter("description", str)],
        responses=OpenApiTypes.OBJECT,
        operation_id="create_api_key",
    )
    def get(self, request: Request) -> Response:
        """A key that may what the token may, for a year; its secret is told this once."""
        if not isinstance(request.auth, Token):
            raise NotAllowed(
                "token_needed", _("A key is made by a person who signs in, not by another key.")
            )
        name = " ".join(request.query_params.get("description", "").replace("\x00", "").split())
        granted = request.auth.get_scopes()
        made, secret = api_keys.create(
            request.user,
            name=name[:MAX_DESCRIPTION] or "teledetection",
            scopes=[scope for scope in ApiKey.Scope.values if scope in granted],
            by=Actor.of(request.user),
        )
        answer = Response({"access-key": made.access_key, "secret-key": secret})
        answer["Cache-Control"] = "no-store"
        return answer


class ListApiKeys(KeyView):
    @extend_schema(responses=OpenApiTypes.OBJECT, operation_id="list_api_keys_with_metadata")
    def get(self, request: Request) -> Response:
        """One's own keys that still work, the newest first."""
        rows = request.user.api_keys.usable().order_by("-made_at", "-pk")
        return Response([_told(row) for row in rows])


class RevokeApiKey(KeyView):
    @extend_schema(
        parameters=[OpenApiParameter("access_key", str, required=True)],
        responses=OpenApiTypes.OBJECT,
        operation_id="revoke_api_key",
    )
    def get(self, request: Request) -> Response:
        """Stop one of one's own keys; twice is once."""
        asked = request.query_params.get("access_key", "").replace("\x00", "")
        key = get_object_or_404(request.user.api_keys, access_key=asked)
        return Response(_told(api_keys.revoke(key, by=Actor.of(request.user))))


class Document(SpectacularJSONAPIView):
    """What the client reads first: where its tokens are."""

    urlconf = "catalogue.api.signing_described"

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        token = settings.SITE_URL + reverse("idp:oidc:token")
        scheme = {"type": "oauth2", "flows": {"password": {"scopes": {}, "tokenUrl": token}}}
        self.custom_settings = {
            "TITLE": "Signing",
            "SCHEMA_PATH_PREFIX": "/signing",
            "VERSION": "1.0.0",
            "APPEND_COMPONENTS": {"securitySchemes": {"OAuth2PasswordBearer": scheme}},
        }
        return super().get(request, *args, **kwargs)


def _told(key: ApiKey) -> dict[str, str]:
    created = f"{key.made_at:%Y-%m-%d %H:%M:%S}"
    return {"created": created, "access-key": key.access_key, "description": key.name}
