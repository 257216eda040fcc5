"""Where the files are: a local folder or any S3, by STORAGE_URL.

`file:///srv/dinamis` or `s3://bucket/prefix?endpoint=http://host:9000&region=eu`; S3 credentials
are boto3's own (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY). Names come from the database, never from
a person.
"""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from botocore.config import Config
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage
from django.utils.functional import LazyObject
from storages.backends.s3 import S3Storage


class Objects(LazyObject):
    """The one store of products, quicklooks, documents; chosen when first used."""

    def _setup(self) -> None:
        self._wrapped = storage_at(settings.STORAGE_URL)


def storage_at(url: str) -> Any:
    """Return the Django storage an address names; another scheme is ImproperlyConfigured."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return FileSystemStorage(location=parts.path, base_url=None, file_permissions_mode=0o640)
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


def is_local(storage: Any) -> bool:
    """True when the files are on this machine, so that nginx or we ourselves send them."""
    return isinstance(getattr(storage, "_wrapped", storage), FileSystemStorage)
