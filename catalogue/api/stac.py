"""The STAC API, /stac/: open to all, as are footprints and figures; files are behind their licence.

Answers are written by orjson, not by DRF's serializers: a page is plain dictionaries from
`catalogue.stac`, and the API's speed is that of the search.
"""

from typing import Any

import orjson
from django.conf import settings
from django.http import HttpResponse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.authentication import ApiKeyAuthentication, BearerAuthentication, WithinScope
from accounts.models import ApiKey
from catalogue.api.stac_parameters import ADDRESS, BODY, answers
from catalogue.models import Collection
from catalogue.services import stac, stac_items, transactions
from catalogue.stac import asked, collections, extensions, items
from catalogue.stac.conformance import CLASSES, EXTENSIONS, STAC_VERSION
from catalogue.stac.items import absolute, link
from catalogue.stac.properties import queryables
from dinamis.errors import Malformed
from dinamis.rates import AnonRate, UserRate

JSON = "application/json"
GEOJSON = "application/geo+json"
SCHEMA = "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
CONFORMANCE = "http://www.opengis.net/def/rel/ogc/1.0/conformance"


class StacRate(AnonRate):
    """For who has no key: API_RATE_STAC."""

    scope = "stac"


class AnyAccept(DefaultContentNegotiation):
    """There is one form of each answer: what a client would rather have keeps it from nothing."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class StacView(APIView):
    """What all have in common: open, read with or without a key, from any page of the web.

    No session is read here, so a page elsewhere that asks learns only what everybody may know.
    """

    authentication_classes = [ApiKeyAuthentication, BearerAuthentication]
    permission_classes = [AllowAny, WithinScope]
    content_negotiation_class = AnyAccept
    throttle_classes = [StacRate, UserRate]
    scopes = {"POST": ApiKey.Scope.READ}

    def finalize_response(self, request: Request, response: Any, *args: Any, **kw: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kw)
        response["Access-Control-Allow-Origin"] = "*"
        response["Content-Language"] = get_language()
        if request.method == "OPTIONS":
            response["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
            response["Access-Control-Allow-Headers"] = (
                "Content-Type, Accept-Language, Authorization, access-key, secret-key"
            )
        return response


class Landing(StacView):
    @extend_schema(responses=answers(), operation_id="stac")
    def get(self, request: Request) -> HttpResponse:
        """What this catalogue is, what it can do, and where to go on."""
        me = absolute("stac")
        return answer(
            {
                "type": "Catalog",
                "stac_version": STAC_VERSION,
                "stac_extensions": [EXTENSIONS["language"]],
                "id": "dinamis",
                **extensions.languages(),
                "title": settings.SITE_NAME,
                "description": f"{settings.SITE_NAME}: Pléiades, SPOT",
                "conformsTo": CLASSES,
                "links": [
                    link("self", me),
                    link("root", me),
                    link("conformance", absolute("stac_conformance")),
                    link(CONFORMANCE, absolute("stac_conformance")),
                    link("data", absolute("stac_collections")),
                    link("search", absolute("stac_search"), GEOJSON, method="GET"),
                    link("search", absolute("stac_search"), GEOJSON, method="POST"),
                    link(QUERYABLES, absolute("stac_queryables"), SCHEMA),
                    link("children", absolute("stac_children")),
                    link("aggregations", absolute("stac_aggregations")),
                    link("aggregate", absolute("stac_aggregate")),
                    link("service-desc", absolute("stac_openapi"), OPENAPI),
                    link("service-doc", absolute("catalogue"), "text/html"),
                    *(
                        link("child", absolute("stac_collection", row.code), title=row.title)
                        for row in Collection.objects.all()
                    ),
                ],
            }
        )


class Conformance(StacView):
    @extend_schema(responses=answers(), operation_id="stac_conformance")
    def get(self, request: Request) -> HttpResponse:
        """The classes of the standards that are served whole."""
        return answer({"conformsTo": CLASSES})


class Collections(StacView):
    @extend_schema(parameters=ADDRESS, responses=answers(400), operation_id="stac_collections")
    def get(self, request: Request) -> HttpResponse:
        """The collections: all, or those that `q`, `bbox`, `datetime` and `ids` find, `limit` on a page."""
        query = asked.of_address(request.query_params)
        found = stac.collections(query)
        limit = query.limit if request.query_params.get("limit") else asked.MAX_LIMIT
        begin = request.query_params.get("from", "")
        following = [row for row in found if row.code > begin]
        page = following[:limit]
        here = absolute("stac_collections")
        links = [
            link("self", here),
            link("root", absolute("stac")),
            link("parent", absolute("stac")),
        ]
        if len(following) > limit:
            kept = [(name, v) for name, v in request.query_params.items() if name != "from"]
            links.append(link("next", f"{here}?{urlencode([*kept, ('from', page[-1].code)])}"))
        return answer(
            {
                "collections": [
                    query.fields.of(collections.collection(row, stac.extent(row))) for row in page
                ],
                "links": links,
                "numberMatched": len(found),
                "numberReturned": len(page),
            }
        )


class Children(StacView):
    @extend_schema(responses=answers(), operation_id="stac_children")
    def get(self, request: Request) -> HttpResponse:
        """What stands directly under the landing page: the collections."""
        rows = Collection.objects.all()
        links = [link("self", absolute("stac_children")), link("root", absolute("stac"))]
        told = [collections.collection(row, stac.extent(row)) for row in rows]
        return answer({"children": told, "links": links})


class OneCollection(StacView):
    @extend_schema(responses=answers(404), operation_id="stac_collection")
    def get(self, request: Request, code: str) -> HttpResponse:
        """One collection."""
        row = stac.collection(code)
        return answer(collections.collection(row, stac.extent(row)))


class Items(StacView):
    @extend_schema(
        parameters=ADDRESS,
        responses=answers(400, 404, 409, kind=GEOJSON),
        operation_id="stac_items",
    )
    def get(self, request: Request, code: str) -> HttpResponse:
        """The items of one collection: the parameters are those of /stac/search."""
        row = stac.collection(code)
        query = request.query_params.copy()
        query["collections"] = row.code
        here = absolute("stac_items", row.code)
        more = [link("collection", absolute("stac_collection", row.code))]
        return answer(_page(request, asked.of_address(query), here, more), GEOJSON)


class OneItem(StacView):
    @extend_schema(responses=answers(404, kind=GEOJSON), operation_id="stac_item")
    def get(self, request: Request, code: str, item_id: str) -> HttpResponse:
        """One item, by any of its names."""
        scene = stac.one(code, item_id, user=request.user)
        told = answer(items.item(scene), GEOJSON)
        told["ETag"] = transactions.etag(scene)
        return told


class Search(StacView):
    @extend_schema(
        parameters=ADDRESS, responses=answers(400, 409, kind=GEOJSON), operation_id="stac_search"
    )
    def get(self, request: Request) -> HttpResponse:
        """Items of all collections, newest first."""
        query = asked.of_address(request.query_params)
        return answer(_page(request, query, absolute("stac_search")), GEOJSON)

    @extend_schema(
        request=BODY,
        responses=answers(400, 409, 415, kind=GEOJSON),
        operation_id="stac_search_post",
    )
    def post(self, request: Request) -> HttpResponse:
        """The same by a body."""
        body = body_of(request)
        here = absolute("stac_search")
        return answer(_page(request, asked.of_body(body), here, body=body), GEOJSON)


class Queryables(StacView):
    @extend_schema(responses=answers(kind=SCHEMA), operation_id="stac_queryables")
    def get(self, request: Request) -> HttpResponse:
        """What a filter may ask, as JSON Schema."""
        return answer(queryables(absolute("stac_queryables"), settings.SITE_NAME), SCHEMA)


class CollectionQueryables(StacView):
    @extend_schema(responses=answers(404, kind=SCHEMA), operation_id="stac_collection_queryables")
    def get(self, request: Request, code: str) -> HttpResponse:
        """What a filter of one collection may ask: the same, for every scene has the same columns."""
        title = stac.collection(code).title
        return answer(queryables(absolute("stac_collection_queryables", code), title), SCHEMA)


def answer(told: Any, kind: str = JSON) -> HttpResponse:
    return HttpResponse(orjson.dumps(told), content_type=kind)


def body_of(request: Request) -> dict[str, Any]:
    """The search that a body holds. Raises what `no_search` makes when it is no JSON object."""
    try:
        body = request.data
    except (ParseError, RecursionError) as fault:
        raise no_search() from fault
    if not isinstance(body, dict):
        raise no_search()
    return body


def no_search() -> Malformed:
    return Malformed("search_wrong", _("A search is a JSON object."), field="body")


def _page(
    request: Request,
    query: asked.Search,
    here: str,
    more: list[dict[str, Any]] | None = None,
    *,
    body: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """A page of items. Its number is told when it is exact; else how many there are at least."""
    page = stac.search(query)
    links = [link("self", here, GEOJSON), link("root", absolute("stac")), *(more or [])]
    if page.next is not None:
        links.append(_next(request, here, str(page.next), body))
    features = stac_items.of_page(page, query.fields, user=request.user)
    told = {
        "type": "FeatureCollection",
        "features": features,
        "links": links,
        "numberReturned": len(features),
    }
    if page.matched is None:
        return told | {"dinamis:numberAtLeast": page.at_least}
    return told | {"numberMatched": page.matched}


def _next(request: Request, here: str, token: str, body: dict[str, Any] | None) -> dict[str, Any]:
    if body is not None:
        return link("next", here, GEOJSON, method="POST", body=body | {"token": token}, merge=False)
    kept = [(name, value) for name, value in request.query_params.items() if name != "token"]
    return link("next", f"{here}?{urlencode([*kept, ('token', token)])}", GEOJSON, method="GET")
