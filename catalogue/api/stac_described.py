"""What the OpenAPI document of the STAC API describes: its own addresses and no others."""

from django.urls import include, path

urlpatterns = [path("stac/", include("catalogue.api.stac_urls"))]
