"""The STAC API's addresses, under /stac/: they do not move."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from catalogue.api import stac, stac_aggregate, stac_transactions
from dinamis import openapi

_open = login_not_required
_schema = openapi.document(
    urlconf="catalogue.api.stac_described",
    custom_settings={"TITLE": "STAC API", "SCHEMA_PATH_PREFIX": "/stac", "VERSION": "1.0.0"},
)

urlpatterns = [
    path("", _open(stac.Landing.as_view()), name="stac"),
    path("conformance", _open(stac.Conformance.as_view()), name="stac_conformance"),
    path("queryables", _open(stac.Queryables.as_view()), name="stac_queryables"),
    path("search", _open(stac.Search.as_view()), name="stac_search"),
    path("children", _open(stac.Children.as_view()), name="stac_children"),
    path("aggregations", _open(stac_aggregate.Aggregations.as_view()), name="stac_aggregations"),
    path("aggregate", _open(stac_aggregate.Aggregate.as_view()), name="stac_aggregate"),
    path("openapi.json", _schema, name="stac_openapi"),
    path("collections", _open(stac.Collections.as_view()), name="stac_collections"),
    path("collections/<str:code>", _open(stac.OneCollection.as_view()), name="stac_collection"),
    path(
        "collections/<str:code>/items", _open(stac_transactions.Items.as_view()), name="stac_items"
    ),
    path(
        "collections/<str:code>/queryables",
        _open(stac.CollectionQueryables.as_view()),
        name="stac_collection_queryables",
    ),
    path(
        "collections/<str:code>/aggregations",
        _open(stac_aggregate.CollectionAggregations.as_view()),
        name="stac_collection_aggregations",
    ),
    path(
        "collections/<str:code>/aggregate",
        _open(stac_aggregate.CollectionAggregate.as_view()),
        name="stac_collection_aggregate",
    ),
    path(
        "collections/<str:code>/items/<str:item_id>",
        _open(stac_transactions.OneItem.as_view()),
        name="stac_item",
    ),
]
