"""The steps that bring a delivery into the store: unpacked, read, one file, one picture at a time.

Each step may be interrupted and taken again: what is stored is known by its row.
"""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from catalogue.dimap import checksums
from catalogue.dimap.archive import is_archive, unpack_some
from catalogue.dimap.facts import Checksum, DeliveryFacts, FileFact, ProductFacts, Role
from catalogue.dimap.reader import read_tree
from catalogue.models import Product, ProductFile
from catalogue.pictures.draw import Pictures, draw
from catalogue.services.quicklooks import thumbnail_name
from dinamis.said import note_kept
from dinamis.storage import CHUNK, put
from orders.models import Delivery, DeliveryFile

UNPACK_SECONDS = 60.0  # of one step, which ends with the entry it is at


def staging(delivery: Delivery) -> Path:
    """The delivery's own folder, ours to remove."""
    return settings.STAGING_DIR / delivery.key.hex


def root_of(delivery: Delivery) -> Path:
    """The folder of the delivery, which an archive is unpacked to by `unpack_more`."""
    source = Path(delivery.source)
    return _unpacked(delivery) if is_archive(source) else source


def is_unpacked(delivery: Delivery) -> bool:
    """True for a folder, and for an archive that lies unpacked in our staging."""
    return not is_archive(Path(delivery.source)) or _unpacked(delivery).exists()


def unpack_more(delivery: Delivery) -> bool:
    """Unpack for some seconds; say whether the whole is there. Raises what `unpack_some` raises."""
    # Beside, then renamed: a death half-way leaves nothing that looks whole, and every entry there is.
    half = staging(delivery) / "unpacking"
    whole = unpack_some(Path(delivery.source), half, seconds=UNPACK_SECONDS)
    if whole:
        half.rename(_unpacked(delivery))
    return whole


def facts_of(delivery: Delivery) -> DeliveryFacts:
    """Read the delivery's metadata. Raises what `read_tree` and `unpack` raise."""
    return read_tree(root_of(delivery), pixels=not delivery.without_pixels)


@transaction.atomic
def read(delivery: Delivery) -> DeliveryFacts:
    """Write down every file of a delivery, and what was noted while reading."""
    facts = facts_of(delivery)
    DeliveryFile.objects.bulk_create(
        [_row(delivery, facts, file) for file in facts.files], ignore_conflicts=True
    )
    delivery.notes = [note_kept(n.code, n.path, n.sentence) for n in facts.notes]
    delivery.is_read = True
    delivery.save(update_fields=["notes", "is_read"])
    return facts


def store(file: DeliveryFile, root: Path) -> DeliveryFile:
    """Copy one file into the store, hashing on the way. Raises Invalid (wrong_checksum)."""
    name = _name(file)
    fact = FileFact(file.path, Role(file.role), file.size, None, _stated(file))
    with (root / file.path).open("rb") as opened:
        hashed = _Hashed(opened, checksums.new_hashes(fact))
        stored = put(name, hashed, ours=_ours(file, root))
    digests = {algorithm: one.hexdigest() for algorithm, one in hashed.hashes.items()}
    try:
        checksums.check(fact, digests)
    except Exception:
        default_storage.delete(stored)
        raise
    file.sha256, file.storage_name = digests["sha256"], stored
    file.save(update_fields=["sha256", "storage_name"])
    return file


def draw_pictures(delivery: Delivery, facts: ProductFacts, root: Path) -> None:
    """Draw a product's quicklook and thumbnail, having opened every tile. Raises Invalid."""
    # In the delivery's own folder: what a death half-way leaves here goes with it.
    own = staging(delivery)
    own.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=own) as folder:
        drawn = draw(root, facts, Path(folder), pixels=not delivery.without_pixels)
        kept = _keep(delivery, drawn)
    bounds = list(drawn.bounds) if drawn.bounds else None
    delivery.pictures[facts.path] = {**kept, "bounds": bounds}
    delivery.notes += [note_kept(n.code, n.path, n.sentence) for n in drawn.notes]
    delivery.save(update_fields=["pictures", "notes"])


def clear(delivery: Delivery) -> None:
    """Remove our copies of what is settled; a folder that is not ours stays where it is."""
    shutil.rmtree(staging(delivery), ignore_errors=True)
    if delivery.is_staged:
        shutil.rmtree(Path(delivery.source).parent, ignore_errors=True)


def forget_files(delivery: Delivery) -> None:
    """Remove from the store what a delivery brought and no product has: it was refused, or known."""
    _forget_pictures(delivery)
    kept = set(
        ProductFile.objects.filter(product__deliveries=delivery).values_list(
            "storage_name", flat=True
        )
    )
    for file in delivery.files.select_related("delivery"):
        # An interrupted step may have stored it without saying so: its name is known anyway.
        if _name(file) not in kept:
            default_storage.delete(_name(file))
    delivery.files.exclude(storage_name__in=kept).update(storage_name="", sha256="")


class _Hashed(File):
    """A file that feeds its hashes while it is read."""

    def __init__(self, opened: object, hashes: dict) -> None:
        super().__init__(opened, name="delivered")
        self.hashes = hashes

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        self.file.seek(0)
        while piece := self.read(chunk_size or CHUNK):
            yield piece

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(size)
        for one in self.hashes.values():
            one.update(piece)
        return piece


def _row(delivery: Delivery, facts: DeliveryFacts, file: FileFact) -> DeliveryFile:
    product = facts.products[file.product].path if file.product is not None else ""
    stated = f"{file.checksum.algorithm}:{file.checksum.digest}" if file.checksum else ""
    return DeliveryFile(
        delivery=delivery,
        path=file.path,
        role=str(file.role),
        size=file.size,
        product=product,
        stated=stated,
    )


def _unpacked(delivery: Delivery) -> Path:
    return staging(delivery) / "unpacked"


def _ours(file: DeliveryFile, root: Path) -> Path | None:
    """The file where it lies in our staging, whose copy the store may share; else None."""
    path = root / file.path
    return path if path.resolve().is_relative_to(settings.STAGING_DIR.resolve()) else None


def _stated(file: DeliveryFile) -> Checksum | None:
    return Checksum(*file.stated.split(":", 1)) if file.stated else None


def _name(file: DeliveryFile) -> str:
    """Where a file is stored: made of numbers, never of what a delivery calls it."""
    return f"deliveries/{file.delivery.key.hex}/{file.pk:08d}{_suffix(file.path)}"


def _suffix(path: str) -> str:
    suffix = Path(path).suffix.lower()
    return suffix if suffix[1:].isalnum() and len(suffix) <= 8 else ""


def _keep(delivery: Delivery, drawn: Pictures) -> dict[str, str]:
    """Store the pictures under names that hold their digest; drawn again, they are stored once."""
    if drawn.quicklook is None:
        return {}
    digest = hashlib.sha256(drawn.quicklook.read_bytes()).hexdigest()[:16]
    quicklook = f"pictures/{delivery.key.hex}-{digest}{drawn.quicklook.suffix}"
    kept = {"quicklook": quicklook}
    _put(quicklook, drawn.quicklook)
    if drawn.thumbnail is not None:
        kept["thumbnail"] = thumbnail_name(quicklook)
        _put(kept["thumbnail"], drawn.thumbnail)
    return kept


def _forget_pictures(delivery: Delivery) -> None:
    for drawn in delivery.pictures.values():
        name = drawn.get("quicklook", "")
        if name and not Product.objects.filter(quicklook=name).exists():
            default_storage.delete(name)
            default_storage.delete(thumbnail_name(name))


def _put(name: str, path: Path) -> None:
    if default_storage.exists(name):
        return
    with path.open("rb") as opened:
        default_storage.save(name, File(opened))
