"""GET and POST /api/v1/scenes/export: what a STAC search finds, as a file, with coverage and cloud over its area."""

from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.request import Request

from catalogue.api.stac import StacView, body_of
from catalogue.api.stac_parameters import ADDRESS, BODY
from catalogue.exported.formats import FORMATS
from catalogue.search.question import Sort
from catalogue.services import exports
from catalogue.stac import asked

_FORMAT = OpenApiParameter("format", OpenApiTypes.STR, enum=list(FORMATS))
_ORDER = OpenApiParameter(
    "order",
    OpenApiTypes.STR,
    enum=list(Sort),
    description="Of the newest that match (2,000 unless the site says otherwise): where more match, the "
    "header Dinamis-Ranked-Among says how many were put in order. Without it, by date.",
)
_PROBLEM = "application/problem+json"
_ANSWERS = {
    (200, kind): OpenApiTypes.BINARY for kind in (form.kind for form in FORMATS.values())
} | {(status, _PROBLEM): OpenApiTypes.OBJECT for status in (400, 401, 409, 429)}


class Export(StacView):
    @extend_schema(
        parameters=[_FORMAT, _ORDER, *ADDRESS], responses=_ANSWERS, operation_id="scenes_export"
    )
    def get(self, request: Request) -> HttpResponseBase:
        """The parameters of /stac/search, `format` and `order`."""
        query = request.query_params
        return _file(request, asked.of_address(query), query)

    @extend_schema(request=BODY, responses=_ANSWERS, operation_id="scenes_export_post")
    def post(self, request: Request) -> HttpResponseBase:
        """The body of a search, `format` (csv, geojson, kml or geoparquet) and `order`."""
        body = body_of(request)
        return _file(request, asked.of_body(body), body)


def _file(request: Request, search: asked.Search, said: Any) -> HttpResponseBase:
    """At most `limit` rows: 1,000 where nothing is said, 10,000 at most."""
    form = FORMATS.get(str(said.get("format", "csv")))
    if form is None:
        raise asked.wrong(
            "format", _("“format” is one of %(names)s.") % {"names": ", ".join(FORMATS)}
        )
    most = asked.limit_of(said.get("limit"), usual=exports.MOST, most=exports.MOST_OF_PROGRAM)
    found = exports.of_search(search, most=most, user=request.user, order=_order(said))
    among = {} if found.ranked_among is None else {"Dinamis-Ranked-Among": str(found.ranked_among)}
    return StreamingHttpResponse(
        form.write(found.rows),
        content_type=form.kind,
        headers={
            "Content-Disposition": f'attachment; filename="{form.name}"',
            "Cache-Control": "private, no-store",
            "Dinamis-Complete": "true" if found.is_all else "false",
            **among,
        },
    )


def _order(said: Any) -> Sort | None:
    text = said.get("order")
    if text is None:
        return None
    if not isinstance(text, str) or text not in list(Sort):
        raise asked.wrong("order", _("“order” is one of %(names)s.") % {"names": ", ".join(Sort)})
    return Sort(text)
