"""The catalogue's addresses under /api/v1/: they do not move."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from catalogue.api import searches
from catalogue.api.exports import Export
from catalogue.api.products import OneProduct

urlpatterns = [
    path("scenes/export", login_not_required(Export.as_view()), name="api_scenes_export"),
    path("searches", login_not_required(searches.Searches.as_view()), name="api_searches"),
    path(
        "searches/<uuid:key>", login_not_required(searches.OneSearch.as_view()), name="api_search"
    ),
    path(
        "searches/<uuid:key>/pause",
        login_not_required(searches.PausedSearch.as_view()),
        name="api_search_pause",
    ),
    path(
        "searches/<uuid:key>/resume",
        login_not_required(searches.ResumedSearch.as_view()),
        name="api_search_resume",
    ),
    path(
        "searches/<uuid:key>/delete",
        login_not_required(searches.DeletedSearch.as_view()),
        name="api_search_delete",
    ),
    path("products/<int:pk>", login_not_required(OneProduct.as_view()), name="api_product"),
]
