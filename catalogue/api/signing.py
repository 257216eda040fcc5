"""POST /signing/sign_urls: addresses of files made into links that work without a session.

The protocol is that of the `teledetection` client (formerly `dinamis-sdk`): at most 64 `urls` and
an optional `duration_seconds`, answered by `expiry` and `hrefs` with every address that was sent.
"""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import WithinScope
from accounts.models import ApiKey
from catalogue.models import ProductFile
from catalogue.serializers import Signed, ToSign
from catalogue.services import downloads, uses
from dinamis.actors import Actor
from dinamis.errors import NotFound


class Landing(APIView):
    permission_classes = [AllowAny]

    @extend_schema(responses=OpenApiTypes.OBJECT, operation_id="signing")
    def get(self, request: Request) -> Response:
        """Where to sign, how to sign in, how long a link lives."""
        return Response(
            {
                "title": settings.SITE_NAME,
                "sign_urls": settings.SITE_URL + reverse("sign_urls"),
                "headers": ["access-key", "secret-key"],
                "duration_seconds": settings.DOWNLOAD_LINK_SECONDS,
            }
        )


class SignUrls(APIView):
    permission_classes = [IsAuthenticated, WithinScope]
    scopes = {"POST": ApiKey.Scope.DOWNLOAD}

    @extend_schema(request=ToSign, responses=Signed, operation_id="sign_urls")
    def post(self, request: Request) -> Response:
        """Sign addresses of our files; what is not a file of ours comes back as it was sent."""
        asked = _asked(request)
        key = request.auth if isinstance(request.auth, ApiKey) else None
        seconds = asked.get("duration_seconds") or settings.DOWNLOAD_LINK_SECONDS
        expiry = timezone.now() + timedelta(seconds=min(seconds, settings.DOWNLOAD_LINK_SECONDS))
        project = _said(request, asked)
        hrefs = {}
        for url in asked["urls"]:
            link = _signed(request, url, seconds=seconds, key=key, project=project, expiry=expiry)
            hrefs[url], expiry = link
        return Response(Signed({"expiry": expiry, "hrefs": hrefs}).data)


def _said(request: Request, asked: dict[str, Any]) -> str | None:
    """Keep theme and use where they are sent; return the project that is named, None for none named."""
    project = asked.get("project")
    if asked.get("theme") or asked.get("use"):
        uses.say(
            request.user,
            theme=asked.get("theme", ""),
            use=asked.get("use", ""),
            project=project or "",
            by=Actor.of(request.user),
        )
    return project


def _asked(request: Request) -> dict[str, Any]:
    sent: dict[str, Any] = request.data if isinstance(request.data, dict) else {}
    if not sent:
        sent = {"urls": request.query_params.getlist("urls")}
        for name in ("duration_seconds", "theme", "use", "project"):
            if name in request.query_params:
                sent[name] = request.query_params[name]
    shape = ToSign(data=sent)
    shape.is_valid(raise_exception=True)
    return shape.validated_data


def _signed(
    request: Request,
    url: str,
    *,
    seconds: int,
    key: ApiKey | None,
    project: str | None,
    expiry: datetime,
) -> tuple[str, datetime]:
    """The address to use instead of `url`, and the earlier of the two ends."""
    place = _place(request, url)
    if place is None:
        return url, expiry
    file = (
        ProductFile.objects.filter(**place)
        .select_related("product__licence", "product__scene")
        .first()
    )
    if file is None:
        raise NotFound("file_unknown", _("There is no file at %(url)s.") % {"url": url}, url=url)
    link = downloads.make_link(request.user, file, seconds=seconds, key=key, project=project)
    return link.url, min(expiry, link.expires_at)


def _place(request: Request, url: str) -> dict[str, int] | None:
    """The product and file that an address of ours names; None for any other address."""
    parts = urlsplit(url)
    ours = {settings.SITE_URL, f"{request.scheme}://{request.get_host()}"}
    if f"{parts.scheme}://{parts.netloc}" not in ours:
        return None
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    if match.url_name == "signed_file":
        # A link of ours, over or not, is made anew for whoever asks now.
        return {"pk": downloads.file_of(match.kwargs["token"])}
    if match.url_name != "product_file":
        return None
    return {"product_id": match.kwargs["pk"], "pk": match.kwargs["file_pk"]}
