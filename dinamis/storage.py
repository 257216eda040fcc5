"""Where the files are: a local folder or any S3, by STORAGE_URL.

`file:///srv/dinamis` or `s3://bucket/prefix?endpoint=http://host:9000&region=eu`; S3 credentials
are boto3's own (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY). Names come from the database, never from
a person.
"""

import os
import posixpath
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from botocore.config import Config
from botocore.exceptions import ClientError
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils.functional import LazyObject
from storages.backends.s3 import S3Storage

CHUNK = 4 * 1024 * 1024  # bytes
FILE_MODE = 0o640
INCOMING = ".incoming"  # the store's folder for what is not whole yet


class Objects(LazyObject):
    """The one store of products, quicklooks, documents; chosen when first used."""

    def _setup(self) -> None:
        self._wrapped = storage_at(settings.STORAGE_URL)


def storage_at(url: str) -> Any:
    """Return the Django storage an address names; another scheme is ImproperlyConfigured."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return FileSystemStorage(
            location=parts.path, base_url=None, file_permissions_mode=FILE_MODE
        )
    if parts.scheme == "s3":
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        return S3Storage(
            bucket_name=parts.netloc,
            location=parts.path.strip("/"),
            endpoint_url=options.get("endpoint"),
            region_name=options.get("region", "eu-west-3"),
            querystring_auth=True,
            querystring_expire=settings.DOWNLOAD_LINK_SECONDS,
            file_overwrite=True,
            client_config=Config(
                connect_timeout=5,
                read_timeout=30,
                retries={"max_attempts": 3},
                signature_version="s3v4",
                s3={"addressing_style": "path"},
            ),
        )
    raise ImproperlyConfigured(
        f"STORAGE_URL must begin with file:// or s3://, not {parts.scheme}://"
    )


def put(name: str, source: File, *, ours: Path | None = None) -> str:
    """Store a file under a name, in place of what may be there; seen whole or not at all.

    On this machine it is written beside, in the store's own folder, and then renamed; S3 shows an
    object only once it is complete. `source` is read from its `chunks`. `ours` is the same file when it
    lies in a folder of ours, which nobody else writes to: on the store's own disk it is linked instead
    of copied, and `source` is only read. Returns the name.
    """
    if not is_local(default_storage):
        return default_storage.save(name, source)
    target = Path(default_storage.path(name))
    beside = Path(default_storage.path(f"{INCOMING}/{uuid.uuid4().hex}"))
    for folder in (beside.parent, target.parent):
        folder.mkdir(parents=True, exist_ok=True)
    try:
        linked = ours is not None and _linked(ours, beside)
        with beside.open("rb" if linked else "wb") as out:
            for piece in source.chunks(CHUNK):
                if not linked:
                    out.write(piece)
            os.fsync(out.fileno())
        beside.chmod(FILE_MODE)
        beside.rename(target)
    finally:
        beside.unlink(missing_ok=True)
    return name


def forget_unfinished(*, older_than: timedelta = timedelta(days=1)) -> int:
    """Remove what a death left half written in a local store; return how many files.

    Its age is that of its name here (`ctime`): what is linked keeps the hour its maker gave it, which
    may be years ago while it is being put, or lie ahead.
    """
    if not is_local(default_storage):
        return 0
    folder, gone = Path(default_storage.path(INCOMING)), 0
    for path in folder.iterdir() if folder.is_dir() else ():
        if time.time() - path.stat().st_ctime >= older_than.total_seconds():
            path.unlink(missing_ok=True)
            gone += 1
    return gone


class Lost(Exception):
    """The store answers, and has nothing under this name."""


def fresh_chunks(name: str) -> Iterator[bytes]:
    """Read a stored file piece by piece, from the disk and not from what memory still holds of it.

    Raises Lost for a file that is not there; any other error is the store's trouble.
    """
    if is_local(default_storage):
        yield from _from_disk(default_storage.path(name))
        return
    try:
        # The store's own file object would first fetch the whole of it.
        got = default_storage.bucket.Object(posixpath.join(default_storage.location, name)).get()
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in ("404", "NoSuchKey"):
            raise Lost(name) from error
        raise
    yield from got["Body"].iter_chunks(CHUNK)


def _from_disk(path: str) -> Iterator[bytes]:
    try:
        opened = open(path, "rb", buffering=0)  # noqa: SIM115 unbuffered; closed below
    except FileNotFoundError as error:
        raise Lost(path) from error
    with opened:
        # A flipped bit on the disk is not seen in memory; and what is read once would push out what is
        # read often.
        os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while piece := opened.read(CHUNK):
            yield piece
        os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _linked(source: Path, target: Path) -> bool:
    """Give a file a second name; False where the disks differ or cannot."""
    try:
        target.hardlink_to(source)
    except OSError:
        return False
    return True


def is_local(storage: Any) -> bool:
    """True when the files are on this machine, so that nginx or we ourselves send them."""
    # Lazy objects say the class of what they stand for; what they hold is nothing before their first use.
    return isinstance(storage, FileSystemStorage)
