"""STAC Transactions: items added, replaced, mended and withdrawn by the desk's programs."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from accounts.models import ApiKey
from catalogue.api import stac as reading
from catalogue.api.stac import GEOJSON, answer, body_of
from catalogue.api.stac_parameters import answers
from catalogue.services import stac, transactions
from catalogue.stac import items
from dinamis.actors import Actor

_BODY = {"application/json": {"type": "object", "required": ["type", "geometry", "properties"]}}
_PATCH = {"application/json": {"type": "object"}}
_REFUSED = (400, 403, 404, 409, 415)


class Items(reading.Items):
    scopes = {"POST": ApiKey.Scope.ORDER}

    @extend_schema(
        request=_BODY,
        responses=answers(*_REFUSED, kind=GEOJSON, code=201),
        operation_id="stac_item_add",
    )
    def post(self, request: Request, code: str) -> HttpResponse:
        """Add one item, or a collection of at most 1,000, all or none."""
        by, body = _actor(request), body_of(request)
        made = transactions.add(stac.collection(code), body, by=by)
        rows = stac.readable(request.user).in_bulk([scene.pk for scene in made])
        told = [items.item(rows[scene.pk]) for scene in made]
        if body.get("type") == "FeatureCollection":
            added = answer({"type": "FeatureCollection", "features": told}, GEOJSON)
        else:
            added = answer(told[0], GEOJSON)
            added["Location"] = items.item_url(made[0])
            added["ETag"] = transactions.etag(made[0])
        added.status_code = 201
        return added


def _actor(request: Request) -> Actor:
    """Whoever signs in: what they may is the service's to say."""
    if not request.user.is_authenticated:
        raise NotAuthenticated
    return Actor.of(request.user)


def _problems(*statuses: int) -> dict[Any, Any]:
    kind = "application/problem+json"
    return {(status, kind): OpenApiTypes.OBJECT for status in (*statuses, 401, 429)}


class OneItem(reading.OneItem):
    @extend_schema(
        request=_BODY,
        responses={204: None, **_problems(*_REFUSED)},
        operation_id="stac_item_replace",
    )
    def put(self, request: Request, code: str, item_id: str) -> HttpResponse:
        """Put an item in the place of this one."""
        return self._changed(transactions.replace, request, code, item_id)

    @extend_schema(
        request=_PATCH, responses={204: None, **_problems(*_REFUSED)}, operation_id="stac_item_mend"
    )
    def patch(self, request: Request, code: str, item_id: str) -> HttpResponse:
        """Change a part of this item (RFC 7386)."""
        return self._changed(transactions.mend, request, code, item_id)

    @extend_schema(
        responses={204: None, **_problems(403, 404, 409)}, operation_id="stac_item_withdraw"
    )
    def delete(self, request: Request, code: str, item_id: str) -> HttpResponse:
        """Withdraw this item: nobody finds it any more, its history stays."""
        by = _actor(request)
        scene = stac.one(code, item_id, user=request.user)
        match = request.headers.get("If-Match", "")
        reason = request.query_params.get("reason", "").replace("\x00", "")
        transactions.remove(scene, by=by, reason=reason, match=match)
        return HttpResponse(status=204)

    def _changed(self, change: Any, request: Request, code: str, item_id: str) -> HttpResponse:
        by, body = _actor(request), body_of(request)
        scene = stac.one(code, item_id, user=request.user)
        scene = change(scene, body, by=by, match=request.headers.get("If-Match", ""))
        return HttpResponse(status=204, headers={"ETag": transactions.etag(scene)})
