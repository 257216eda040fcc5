"""A product as one zip, stored as it is, its length known before the first byte."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from zipstream import ZipStream

from accounts.models import Signature
from catalogue.models import Product, ProductFile
from catalogue.services import sidecars
from dinamis.sending import in_chunks

SUMS = "SHA256SUMS"


def archive_of(product: Product, signature: Signature | None) -> ZipStream:
    """The product's files, their checksums and the licence's sidecar; `len()` of it is its bytes.

    A file is opened when its turn comes, so nothing is read before the answer has begun.
    """
    stream = ZipStream(sized=True)
    for file in product.files.all():
        stream.add(_bytes_of(file), safe_path(file.name), size=file.size)
    stream.add(checksums_of(product).encode(), SUMS)
    stream.add(sidecars.text_of(product, signature).encode(), sidecars.NAME)
    return stream


def archive_name(product: Product) -> str:
    """The file name of the zip: the scene's identifier and the product's number."""
    return f"{product.scene.item_id}_{product.pk}.zip"


def checksums_of(product: Product) -> str:
    """The lines that `sha256sum --check` reads."""
    return "".join(f"{file.sha256}  {safe_path(file.name)}\n" for file in product.files.all())


def safe_path(name: str) -> str:
    """A path that stays inside the folder in which an archive is unpacked."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    printable = ["".join(c for c in part if c.isprintable()) for part in parts]
    return "/".join(part for part in printable if part not in ("", "/", ".", "..")) or "file"


def _bytes_of(file: ProductFile) -> Iterator[bytes]:
    yield from in_chunks(file.storage_name)
