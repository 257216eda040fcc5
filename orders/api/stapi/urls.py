"""The addresses under /stapi/: they do not move."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.permissions import AllowAny

from orders.api.stapi import landing, opportunities, orders, products
from orders.stapi import VERSION

# DRF decides who may come in, and answers 401 or 403 as a problem document, not a log-in page.
_open = login_not_required
_paths = [
    path("", _open(landing.Landing.as_view()), name="stapi"),
    path("conformance", _open(landing.Conformance.as_view()), name="stapi_conformance"),
    path("products", _open(products.Products.as_view()), name="stapi_products"),
    path("products/<slug:product>", _open(products.OneProduct.as_view()), name="stapi_product"),
    path(
        "products/<slug:product>/conformance",
        _open(products.ProductConformance.as_view()),
        name="stapi_product_conformance",
    ),
    path(
        "products/<slug:product>/queryables",
        _open(products.Queryables.as_view()),
        name="stapi_queryables",
    ),
    path(
        "products/<slug:product>/order-parameters",
        _open(products.Parameters.as_view()),
        name="stapi_parameters",
    ),
    path(
        "products/<slug:product>/opportunities",
        _open(opportunities.Opportunities.as_view()),
        name="stapi_opportunities",
    ),
    path(
        "products/<slug:product>/orders",
        _open(orders.ProductOrders.as_view()),
        name="stapi_product_orders",
    ),
    path("orders", _open(orders.Orders.as_view()), name="stapi_orders"),
    path("orders/<slug:reference>", _open(orders.OneOrder.as_view()), name="stapi_order"),
    path(
        "orders/<slug:reference>/statuses",
        _open(orders.Statuses.as_view()),
        name="stapi_statuses",
    ),
]
_schema = SpectacularJSONAPIView.as_view(
    permission_classes=[AllowAny],
    authentication_classes=[],
    patterns=[path("stapi/", include(_paths))],
    custom_settings={
        "TITLE": "DINAMIS STAPI",
        "DESCRIPTION": "The SpatioTemporal Asset Tasking API of DINAMIS.",
        "VERSION": VERSION,
        "SCHEMA_PATH_PREFIX": "/stapi",
    },
)
urlpatterns = [path("openapi.json", _open(_schema), name="stapi_openapi"), *_paths]
