"""The site, and one file sent to anybody: by Django's own FileResponse, and by ours alone."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse
from django.urls import include, path
from whitenoise.responders import SlicedFile

from catalogue.models import ProductFile
from dinamis.sending import Sent, one_range, send

_known: list[Sent] = []


def _file() -> Sent:
    """The one file of the bench; looked up once, so that what is timed is how it is sent."""
    if not _known:
        one = ProductFile.objects.get()
        _known.append(Sent(one.storage_name, one.name, one.size, one.sha256))
    return _known[0]


@login_not_required
def by_django(request: Any) -> Any:
    """FileResponse knows no ranges: with the few lines that one adds, in pieces of its own size."""
    opened, size = default_storage.open(_file().stored), _file().size
    asked = one_range(request.headers.get("Range", ""), size)
    if asked is None:
        return FileResponse(opened)
    start, end = asked
    answer = FileResponse(SlicedFile(opened, start, end), status=206)
    answer["Content-Range"] = f"bytes {start}-{end}/{size}"
    answer["Content-Length"] = str(end - start + 1)
    return answer


@login_not_required
def by_us(request: Any) -> Any:
    return send(request, _file())


urlpatterns = [
    path("bench/django", by_django),
    path("bench/sent", by_us),
    path("", include("dinamis.urls")),
]
