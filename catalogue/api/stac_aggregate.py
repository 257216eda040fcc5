"""Figures of what a search finds: the aggregation extension, over all collections or one."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from catalogue.api.stac import StacView, answer, body_of
from catalogue.api.stac_parameters import AGGREGATE_BODY, AGGREGATED, answers
from catalogue.services import stac
from catalogue.stac import aggregations, asked
from catalogue.stac.items import absolute, link


class Aggregations(StacView):
    @extend_schema(responses=answers(), operation_id="stac_aggregations")
    def get(self, request: Request) -> HttpResponse:
        """Which figures there are."""
        return answer(_listed(absolute("stac_aggregations"), absolute("stac_aggregate")))


class CollectionAggregations(StacView):
    @extend_schema(responses=answers(404), operation_id="stac_collection_aggregations")
    def get(self, request: Request, code: str) -> HttpResponse:
        """Which figures there are of one collection: the same."""
        row = stac.collection(code)
        here = absolute("stac_collection_aggregations", row.code)
        return answer(_listed(here, absolute("stac_collection_aggregate", row.code)))


class Aggregate(StacView):
    @extend_schema(
        parameters=AGGREGATED, responses=answers(400, 409), operation_id="stac_aggregate"
    )
    def get(self, request: Request) -> HttpResponse:
        """The figures named by `aggregations`, of what the parameters of /stac/search find."""
        query = request.query_params
        return _told(_names(query.get("aggregations")), asked.of_address(query), "stac_aggregate")

    @extend_schema(
        request=AGGREGATE_BODY,
        responses=answers(400, 409, 415),
        operation_id="stac_aggregate_post",
    )
    def post(self, request: Request) -> HttpResponse:
        """The same by a body."""
        body = body_of(request)
        return _told(_names(body.get("aggregations")), asked.of_body(body), "stac_aggregate")


class CollectionAggregate(StacView):
    @extend_schema(
        parameters=AGGREGATED,
        responses=answers(400, 404, 409),
        operation_id="stac_collection_aggregate",
    )
    def get(self, request: Request, code: str) -> HttpResponse:
        """The figures of one collection."""
        row = stac.collection(code)
        query = request.query_params.copy()
        query["collections"] = row.code
        names = _names(query.get("aggregations"))
        return _told(names, asked.of_address(query), "stac_collection_aggregate", row.code)


def _names(written: Any) -> list[str]:
    if isinstance(written, str):
        written = written.split(",")
    return [str(name) for name in written[:50] if name] if isinstance(written, list) else []


def _told(names: list[str], query: asked.Search, here: str, *args: Any) -> HttpResponse:
    figures = stac.aggregated(query, aggregations.read(names))
    links = [link("self", absolute(here, *args)), link("root", absolute("stac"))]
    return answer({"type": "AggregationCollection", "aggregations": figures, "links": links})


def _listed(here: str, ask: str) -> dict[str, Any]:
    return {
        "aggregations": [
            {"name": one.name, "data_type": one.sort.value}
            for one in aggregations.AGGREGATIONS.values()
        ],
        "links": [link("self", here), link("aggregate", ask), link("root", absolute("stac"))],
    }
