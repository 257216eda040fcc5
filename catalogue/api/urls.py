"""The catalogue's addresses under /api/v1/: they do not move."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from catalogue.api import scene_lists, searches
from catalogue.api.exports import Export
from catalogue.api.products import OneProduct

urlpatterns = [
    path("scenes/export", login_not_required(Export.as_view()), name="api_scenes_export"),
    path("scene-lists", login_not_required(scene_lists.Lists.as_view()), name="api_scene_lists"),
    path(
        "scene-lists/search",
        login_not_required(scene_lists.SearchedList.as_view()),
        name="api_scene_list_search",
    ),
    path(
        "scene-lists/<uuid:key>",
        login_not_required(scene_lists.OneList.as_view()),
        name="api_scene_list",
    ),
    path(
        "scene-lists/<uuid:key>/lines",
        login_not_required(scene_lists.Lines.as_view()),
        name="api_scene_list_lines",
    ),
    path(
        "scene-lists/<uuid:key>/<str:step>",
        login_not_required(scene_lists.Step.as_view()),
        name="api_scene_list_step",
    ),
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
