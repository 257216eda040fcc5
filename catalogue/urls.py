"""The catalogue's addresses: they do not move."""

from django.urls import include, path

from catalogue.views import (
    areas,
    desk,
    desk_downloads,
    exports,
    passing,
    products,
    scenes,
    signed,
    workbench,
)

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
    path("catalogue/products/<int:pk>/", products.product, name="product"),
    path("catalogue/products/<int:pk>/quicklook", products.quicklook, name="product_quicklook"),
    path("catalogue/products/<int:pk>/thumbnail", products.thumbnail, name="product_thumbnail"),
    path("catalogue/products/<int:pk>/archive", products.archive, name="product_archive"),
    path("catalogue/products/<int:pk>/use", products.say_use, name="product_use"),
    path("catalogue/products/<int:pk>/checksums", products.checksums, name="product_checksums"),
    path("catalogue/products/<int:pk>/pass-on", passing.pass_on, name="pass_on"),
    path("catalogue/passed-on/", passing.passed_on, name="passed_on"),
    path("catalogue/passed-on/<int:pk>/revoke", passing.revoke, name="passed_on_revoke"),
    path("catalogue/receive/<str:token>/", passing.receive, name="receive"),
    path("catalogue/products/<int:pk>/licence", products.sidecar, name="product_licence"),
    path("catalogue/products/<int:pk>/withdraw", products.withdraw, name="product_withdraw"),
    path(
        "catalogue/products/<int:pk>/files/<int:file_pk>",
        products.product_file,
        name="product_file",
    ),
    path("signing/", include("catalogue.api.signing_urls")),
    path("signing/files/<str:token>/<str:name>", signed.signed_file, name="signed_file"),
    path("api/v1/", include("catalogue.api.urls")),
    path("desk/downloads/", desk_downloads.desk_downloads, name="desk_downloads"),
    path("desk/downloads.csv", desk_downloads.downloads_csv, name="desk_downloads_csv"),
    path("desk/scenes/", desk.desk_scenes, name="desk_scenes"),
    path("desk/scenes/<str:item_id>/", desk.desk_scene, name="desk_scene"),
]
