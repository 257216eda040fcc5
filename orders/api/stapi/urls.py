"""The addresses under /stapi/: they do not move."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from dinamis import openapi
from orders.api.stapi import landing, opportunities, orders, products
from orders.stapi import VERSION

# Names are any text, so that an unknown one is answered by a problem document, not by a page.
# DRF decides who may come in, and answers 401 or 403 as a problem document, not a log-in page.
_open = login_not_required
_paths = [
    path("", _open(landing.Landing.as_view()), name="stapi"),
    path("conformance", _open(landing.Conformance.as_view()), name="stapi_conformance"),
    path("products", _open(products.Products.as_view()), name="stapi_products"),
    path("products/<str:product>", _open(products.OneProduct.as_view()), name="stapi_product"),
    path(
        "products/<str:product>/conformance",
        _open(products.ProductConformance.as_view()),
        name="stapi_product_conformance",
    ),
    path(
        "products/<str:product>/queryables",
        _open(products.Queryables.as_view()),
        name="stapi_queryables",
    ),
    path(
        "products/<str:product>/order-parameters",
        _open(products.Parameters.as_view()),
        name="stapi_parameters",
    ),
    path(
        "products/<str:product>/opportunities",
        _open(opportunities.Opportunities.as_view()),
        name="stapi_opportunities",
    ),
    path(
        "products/<str:product>/orders",
        _open(orders.ProductOrders.as_view()),
        name="stapi_product_orders",
    ),
    path("orders", _open(orders.Orders.as_view()), name="stapi_orders"),
    path("orders/<str:reference>", _open(orders.OneOrder.as_view()), name="stapi_order"),
    path(
        "orders/<str:reference>/statuses",
        _open(orders.Statuses.as_view()),
        name="stapi_statuses",
    ),
]
_schema = openapi.document(
    patterns=[path("stapi/", include(_paths))],
    custom_settings={
        "TITLE": "DINAMIS STAPI",
        "DESCRIPTION": "The SpatioTemporal Asset Tasking API of DINAMIS.",
        "VERSION": VERSION,
        "SCHEMA_PATH_PREFIX": "/stapi",
    },
)
urlpatterns = [path("openapi.json", _schema, name="stapi_openapi"), *_paths]
