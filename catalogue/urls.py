"""The catalogue's addresses: they do not move."""

from django.urls import path

from catalogue.views import areas, desk, exports, scenes, workbench

urlpatterns = [
    path("catalogue/", workbench.workbench, name="catalogue"),
    path("catalogue/search", workbench.results, name="catalogue_search"),
    path("catalogue/search.csv", exports.as_csv, name="catalogue_csv"),
    path("catalogue/search.geojson", exports.as_geojson, name="catalogue_geojson"),
    path("catalogue/area", areas.area, name="catalogue_area"),
    path("catalogue/areas/<uuid:key>.geojson", areas.area_file, name="area_file"),
    path("catalogue/areas/<uuid:key>/keep", areas.area_keep, name="area_keep"),
    path("catalogue/areas/<uuid:key>/let-go", areas.area_let_go, name="area_let_go"),
    path("catalogue/scenes/<str:item_id>/", scenes.scene, name="scene"),
    path("catalogue/scenes/<str:item_id>/quicklook", scenes.quicklook, name="scene_quicklook"),
    path("catalogue/scenes/<str:item_id>/thumbnail", scenes.thumbnail, name="scene_thumbnail"),
    path("desk/scenes/", desk.desk_scenes, name="desk_scenes"),
    path("desk/scenes/<str:item_id>/", desk.desk_scene, name="desk_scene"),
]
