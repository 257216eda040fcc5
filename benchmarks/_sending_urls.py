"""The site, and one file sent to anybody: by Django's own FileResponse, and by ours alone."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse
from django.urls import include, path

from catalogue.models import ProductFile
from dinamis.sending import Sent, send

_known: list[Sent] = []


def _file() -> Sent:
    """The one file of the bench; looked up once, so that what is timed is how it is sent."""
    if not _known:
        one = ProductFile.objects.get()
        _known.append(Sent(one.storage_name, one.name, one.size, one.sha256))
    return _known[0]


@login_not_required
def by_django(request: Any) -> Any:
    return FileResponse(default_storage.open(_file().stored))


@login_not_required
def by_us(request: Any) -> Any:
    return send(request, _file())


urlpatterns = [
    path("bench/django", by_django),
    path("bench/sent", by_us),
    path("", include("dinamis.urls")),
]
