"""The addresses that the `teledetection` client asks, under /signing/: they do not move."""

from django.contrib.auth.decorators import login_not_required as _open
from django.urls import path

from catalogue.api import signing_keys
from catalogue.api.signing import Landing, SignUrls
from dinamis import openapi

urlpatterns = [
    path("", _open(Landing.as_view()), name="signing"),
    path("openapi.json", openapi.document(signing_keys.Document), name="signing_openapi"),
    path("sign_urls", _open(SignUrls.as_view()), name="sign_urls"),
    path("create_api_key", _open(signing_keys.CreateApiKey.as_view()), name="create_api_key"),
    path(
        "list_api_keys_with_metadata",
        _open(signing_keys.ListApiKeys.as_view()),
        name="list_api_keys",
    ),
    path("revoke_api_key", _open(signing_keys.RevokeApiKey.as_view()), name="revoke_api_key"),
]
