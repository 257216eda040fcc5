"""Answer with one stored file: by nginx, by S3, or by ourselves with one range at a time."""

import mimetypes
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from whitenoise.responders import SlicedFile

from dinamis.errors import Gone
from dinamis.storage import is_local

CHUNK = 1024 * 1024  # bytes
# S3 looks at the time when a transfer begins; a broken one resumes by our own link.
PRESIGNED_SECONDS = 900
KEPT_BY_NOBODY = "private, no-store"
_ONE_RANGE = re.compile(r"bytes=\s*(\d{0,19})-(\d{0,19})\s*", re.ASCII)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Sent:
    """A file to send: its name in the store, for the reader, its size in bytes and its digest."""

    stored: str
    name: str
    size: int
    sha256: str

    @property
    def etag(self) -> str:
        """A strong validator: the same bytes, and no others, have this digest."""
        return f'"{self.sha256}"'

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Content-Type": self.kind,
            "Content-Disposition": disposition(self.name),
            "ETag": self.etag,
            "Accept-Ranges": "bytes",
            "Cache-Control": KEPT_BY_NOBODY,
            "Referrer-Policy": "no-referrer",
        }

    @property
    def kind(self) -> str:
        return mimetypes.guess_type(file_name(self.name))[0] or "application/octet-stream"


def file_name(path: str) -> str:
    """The last part of a path, fit to be a header and a file's name anywhere."""
    last = _CONTROLS.sub("", path.replace("\\", "/")).rpartition("/")[2].strip(". ")
    return last or "file"


def disposition(name: str) -> str:
    """`Content-Disposition` of a file to be saved, by RFC 6266 with UTF-8 where it is needed."""
    return content_disposition_header(True, file_name(name))


def send(request: HttpRequest, file: Sent) -> HttpResponseBase:
    """Answer GET or HEAD with the file. The caller has decided that this reader may have it.

    Raises Gone (file_missing) when the store has lost it.
    """
    local = is_local(default_storage)
    if local and settings.X_ACCEL_PREFIX:
        return _by_nginx(file)
    if local and not default_storage.exists(file.stored):
        raise missing()
    unchanged = get_conditional_response(request, etag=file.etag)
    if unchanged is not None:
        return unchanged
    if request.method == "HEAD":
        return _head(file)
    return _by_us(request, file) if local else _by_s3(file)


def missing() -> Gone:
    """The refusal for a file that is in the database and no longer in the store."""
    return Gone("file_missing", _("The store no longer has this file. Tell the DINAMIS desk."))


def in_chunks(stored: str) -> Iterator[bytes]:
    """Read a stored file piece by piece; no more than one piece is in memory."""
    if is_local(default_storage):
        with default_storage.open(stored) as opened:
            yield from opened.chunks(CHUNK)
        return
    # The store's own file object would first fetch the whole of it.
    key = posixpath.join(default_storage.location, stored)
    yield from default_storage.bucket.Object(key).get()["Body"].iter_chunks(CHUNK)


def one_range(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte asked for, or None for the whole: no range, several, or another unit.

    A range that holds no byte of the file is (size, size - 1), to be answered 416.
    """
    asked = _ONE_RANGE.fullmatch(header)
    if asked is None or not any(asked.groups()):
        return None
    first, last = asked.groups()
    if not first:
        start, end = max(size - int(last), 0), size - 1
        return (start, end) if int(last) else (size, size - 1)
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None  # not a range by RFC 9110: as if nothing was asked
    return (start, end) if start < size else (size, size - 1)


class _Pieces(FileResponse):
    """Django's own, in pieces that cost fewer calls."""

    block_size = 256 * 1024


def _by_nginx(file: Sent) -> HttpResponse:
    """Leave the bytes, the ranges and the conditions to nginx's `internal` location."""
    answer = HttpResponse(headers=file.headers)
    answer["X-Accel-Redirect"] = f"{settings.X_ACCEL_PREFIX.rstrip('/')}/{quote(file.stored)}"
    return answer


def _by_s3(file: Sent) -> HttpResponse:
    said = {
        "ResponseContentDisposition": disposition(file.name),
        "ResponseContentType": file.kind,
    }
    address = default_storage.url(file.stored, parameters=said, expire=PRESIGNED_SECONDS)
    # Not HttpResponseRedirect: Django would have to allow every scheme an S3 may have.
    headers = {"Location": address, "Cache-Control": KEPT_BY_NOBODY}
    return HttpResponse(status=302, headers=headers | {"Referrer-Policy": "no-referrer"})


def _head(file: Sent) -> HttpResponse:
    return HttpResponse(headers=file.headers | {"Content-Length": str(file.size)})


def _by_us(request: HttpRequest, file: Sent) -> HttpResponseBase:
    asked = None
    if request.headers.get("If-Range", file.etag) == file.etag:
        asked = one_range(request.headers.get("Range", ""), file.size)
    if asked is None:
        return _sliced(file, 0, file.size - 1, 200)
    start, end = asked
    if start > end:
        nothing = {"Content-Range": f"bytes */{file.size}", "Accept-Ranges": "bytes"}
        return HttpResponse(status=416, headers=nothing)
    answer = _sliced(file, start, end, 206)
    answer["Content-Range"] = f"bytes {start}-{end}/{file.size}"
    return answer


def _sliced(file: Sent, start: int, end: int, status: int) -> HttpResponseBase:
    opened: Any = default_storage.open(file.stored)
    answer = _Pieces(SlicedFile(opened, start, end), status=status)
    for name, value in file.headers.items():
        answer[name] = value
    answer["Content-Length"] = str(end - start + 1)
    return answer
