"""The documents from which programs learn an interface (OpenAPI)."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.views.decorators.cache import cache_page
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.permissions import AllowAny

AGE = 600  # seconds: as long as a document of the version before may still be read


def document(
    view: type[SpectacularJSONAPIView] = SpectacularJSONAPIView, **options: Any
) -> Callable[..., Any]:
    """A view that gives everybody the document of an interface; `options` are those of drf-spectacular's view.

    It is kept for some minutes in each language: anybody may ask, and writing that of the orders takes 150 ms.
    """
    written = view.as_view(permission_classes=[AllowAny], authentication_classes=[], **options)
    return login_not_required(cache_page(AGE)(written))
