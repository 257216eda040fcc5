"""The API's addresses, under /api/v1/: they do not move."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.permissions import AllowAny

from orders.api import attempts, dry_runs, modulations, orders, pools, projects, quota

# DRF decides who may come in, and answers 401 or 403 as a problem document, not a log-in page.
_open = login_not_required
_schema = SpectacularJSONAPIView.as_view(permission_classes=[AllowAny], authentication_classes=[])

urlpatterns = [
    path("openapi.json", _open(_schema), name="api_openapi"),
    path("quotes", _open(orders.Quotes.as_view()), name="api_quotes"),
    path("quotes/dry-run", _open(dry_runs.DryRun.as_view()), name="api_dry_run"),
    path("quota/periods", _open(quota.Periods.as_view()), name="api_periods"),
    path("quota/periods/<int:pk>/purses", _open(quota.Purses.as_view()), name="api_purses"),
    path(
        "quota/periods/<int:pk>/movements", _open(quota.Movements.as_view()), name="api_movements"
    ),
    path("quota/periods/<int:pk>/sizes", _open(quota.Sizes.as_view()), name="api_sizes"),
    path("quota/modulations", _open(modulations.Modulations.as_view()), name="api_modulations"),
    path(
        "quota/modulations/<int:pk>",
        _open(modulations.OneModulation.as_view()),
        name="api_modulation",
    ),
    path(
        "quota/modulations/<int:pk>/steps/<slug:step>",
        _open(modulations.ModulationStep.as_view()),
        name="api_modulation_step",
    ),
    path("projects", _open(projects.Projects.as_view()), name="api_projects"),
    path("projects/<str:reference>", _open(projects.OneProject.as_view()), name="api_project"),
    path("pools", _open(pools.Pools.as_view()), name="api_pools"),
    path("pools/<int:pk>", _open(pools.OnePool.as_view()), name="api_pool"),
    path("pools/<int:pk>/pledges", _open(pools.PoolPledges.as_view()), name="api_pool_pledges"),
    path("orders", _open(orders.Orders.as_view()), name="api_orders"),
    path("orders/<str:reference>", _open(orders.OneOrder.as_view()), name="api_order"),
    path(
        "orders/<str:reference>/lines/<int:number>/steps/<slug:step>",
        _open(orders.LineStep.as_view()),
        name="api_line_step",
    ),
    path(
        "orders/<str:reference>/lines/<int:number>/attempts",
        _open(attempts.Attempts.as_view()),
        name="api_attempts",
    ),
    path(
        "orders/<str:reference>/lines/<int:number>/attempts/<int:attempt>/steps/<slug:step>",
        _open(attempts.AttemptStep.as_view()),
        name="api_attempt_step",
    ),
]
