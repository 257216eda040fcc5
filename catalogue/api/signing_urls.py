"""The addresses that the `teledetection` client asks, under /signing/: they do not move."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from catalogue.api.signing import Landing, SignUrls

urlpatterns = [
    path("", login_not_required(Landing.as_view()), name="signing"),
    path("sign_urls", login_not_required(SignUrls.as_view()), name="sign_urls"),
]
