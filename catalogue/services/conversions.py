"""Cloud-optimised copies of a product's images, made by rio-cogeo, one image a step.

A copy is a file of the product like the others: behind its licence, with its digest. What was delivered
stays as it is. Each step may be interrupted and taken again: what is made is known by its row.
"""

import hashlib
import shutil
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import check_is_desk
from catalogue.models import Conversion, Product, ProductFile, SceneEvent
from catalogue.pictures import optimise
from catalogue.states import CONVERSION, ConversionState
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotNow, Refused
from dinamis.lifecycle import advance
from dinamis.outbox import after_commit
from dinamis.storage import put

ROLE = "cog"
FOLDER = "COG"
WORK = "catalogue.tasks.work_on_conversion"
SETTLED = (ConversionState.DONE, ConversionState.FAILED)


@transaction.atomic
def ask(product: Product, *, by: Actor) -> Conversion:
    """Have optimised copies made, or tried again.

    Raises NotAllowed, Invalid (nothing_to_convert), NotNow (not_in_this_state).
    """
    check_is_desk(by.user)
    images = list(images_of(product))
    if not images:
        raise Invalid("nothing_to_convert", _("No image of this product is GeoTIFF or JPEG 2000."))
    rows = Conversion.objects.select_for_update(of=("self",), no_key=True)
    found = rows.filter(product=product).first()
    if found is None:
        found = Conversion.objects.create(
            product=product, total=len(images), state_since=timezone.now(), **by.columns()
        )
    else:
        advance(found, CONVERSION, "retry", at=timezone.now())
        found.error = ""
        found.save(update_fields=["state", "state_since", "due_at", "error"])
    SceneEvent.objects.create(
        scene=product.scene,
        kind=SceneEvent.Kind.CONVERTED,
        facts={"product": product.pk, "images": len(images)},
        **by.columns(),
    )
    after_commit(WORK, found.pk)
    return found


def images_of(product: Product) -> list[ProductFile]:
    """The images as delivered that can be converted, in the order of their names."""
    images = product.files.filter(role="image").order_by("name")
    return [one for one in images if one.name.upper().endswith((".TIF", ".TIFF", ".JP2"))]


def work(conversion: Conversion) -> bool:
    """Make the next copy; say whether more is to do. What cannot be made ends it, with the sentence."""
    if conversion.state in SETTLED:
        return False
    if conversion.state == ConversionState.ASKED:
        _step(conversion, "start")
        return True
    made = set(conversion.product.files.filter(role=ROLE).values_list("name", flat=True))
    images = images_of(conversion.product)
    left = [image for image in images if copy_name(image) not in made]
    if not left:
        _finish(conversion, len(images))
        return False
    try:
        _convert(conversion, left[0])
    except Refused as refused:
        _step(conversion, "fail", error=str(refused.sentence))
        return False
    Conversion.objects.filter(pk=conversion.pk).update(
        done=len(images) - len(left) + 1, total=len(images)
    )
    return True


def copy_name(image: ProductFile) -> str:
    """What the copy of an image is called inside its product."""
    return f"{FOLDER}/{PurePosixPath(image.name).with_suffix('.tif')}"[:400]


def _convert(conversion: Conversion, image: ProductFile) -> None:
    settings.STAGING_DIR.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=settings.STAGING_DIR, prefix="cog-") as folder:
        root = Path(folder)
        (root / "in").mkdir()
        (root / "out").mkdir()
        source = root / "in" / f"image{PurePosixPath(image.name).suffix.lower()}"
        _fetch(image, source)
        made = optimise.optimise(source, root / "out", shown=image.name)
        digest = _digest(made)
        name = f"cogs/{conversion.product_id}/{image.pk}-{digest[:32]}.tif"
        with made.open("rb") as opened:
            stored = put(name, File(opened), ours=made)
        size = made.stat().st_size
    now = timezone.now()
    ProductFile.objects.get_or_create(
        product=conversion.product,
        name=copy_name(image),
        defaults={
            "role": ROLE, "size": size, "sha256": digest, "storage_name": stored,
            "hashed_at": now, "looked_at": now,
        },
    )  # fmt: skip


def _fetch(image: ProductFile, into: Path) -> None:
    """The image as stored, beside; it is the converter's to read, never the store's own file."""
    if image.fault:
        raise NotNow("file_damaged", _("%(file)s is damaged in the store.") % {"file": image.name})
    try:
        with default_storage.open(image.storage_name) as stored, into.open("wb") as copy:
            shutil.copyfileobj(stored, copy, 1024 * 1024)
    except FileNotFoundError as error:
        sentence = _("%(file)s is missing in the store.") % {"file": image.name}
        raise NotNow("file_missing", sentence) from error


def _digest(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


@transaction.atomic
def _finish(conversion: Conversion, images: int) -> None:
    row = _locked(conversion)
    if row.state != ConversionState.RUNNING:
        return  # another worker was quicker
    advance(row, CONVERSION, "finish", at=timezone.now())
    row.done = row.total = images
    row.save(update_fields=["state", "state_since", "due_at", "done", "total"])


@transaction.atomic
def _step(conversion: Conversion, name: str, *, error: str = "") -> None:
    row = _locked(conversion)
    if name not in CONVERSION.open_from(row.state):
        return  # another worker was quicker
    advance(row, CONVERSION, name, at=timezone.now())
    row.error = error[:500]
    row.save(update_fields=["state", "state_since", "due_at", "error"])


def _locked(conversion: Conversion) -> Conversion:
    return Conversion.objects.select_for_update(of=("self",), no_key=True).get(pk=conversion.pk)
