"""What the OpenAPI document of signing describes: its own addresses and no others."""

from django.urls import include, path

urlpatterns = [path("signing/", include("catalogue.api.signing_urls"))]
