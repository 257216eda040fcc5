"""The small picture of a scene: stored once, laid on the map by its four corners."""

import hashlib
import io
from collections.abc import Sequence

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from catalogue.models import Scene
from dinamis.actors import Actor
from dinamis.errors import Invalid

Corner = tuple[float, float]
MAX_BYTES = 2_000_000
THUMBNAIL = 144  # pixels
# The first bytes of the pictures a browser shows, and what they are sent as.
KINDS = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}
SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}


def kind_of(picture: bytes) -> str:
    """The media type of a picture by its first bytes. Raises Invalid (quicklook_unreadable)."""
    for start, kind in KINDS.items():
        if picture.startswith(start):
            return kind
    raise _unreadable()


@transaction.atomic
def attach(
    scene: Scene, *, picture: bytes, corners: Sequence[Corner], by: Actor, credit: str = ""
) -> Scene:
    """Store a scene's quicklook, its thumbnail, and where its corners lie.

    `corners` are (longitude, latitude), upper left first, then clockwise. Names hold the picture's
    digest, so that a browser may keep it for ever. `credit` is whose picture it is, when that is
    not the collection's. Raises Invalid (quicklook_unreadable).
    """
    if len(picture) > MAX_BYTES or len(corners) != 4:
        raise _unreadable()
    suffix = SUFFIXES[kind_of(picture)]
    digest = hashlib.sha256(picture).hexdigest()[:16]
    folder = f"quicklooks/{scene.pk // 1000}/{scene.pk}"
    _store(f"{folder}-{digest}{suffix}", picture)
    _store(thumbnail_name(f"{folder}-{digest}{suffix}"), _thumbnail(picture))
    scene = Scene.objects.select_for_update(of=("self",), no_key=True).get(pk=scene.pk)
    scene.quicklook = f"{folder}-{digest}{suffix}"
    scene.quicklook_corners = [list(corner) for corner in corners]
    scene.quicklook_credit = credit
    scene.save(update_fields=["quicklook", "quicklook_corners", "quicklook_credit"])
    return scene


def thumbnail_name(quicklook: str) -> str:
    """Where the thumbnail of a quicklook is stored."""
    return f"{quicklook.rpartition('.')[0]}-small.webp"


def box_corners(west: float, south: float, east: float, north: float) -> list[Corner]:
    """The corners of a picture that was drawn north up, in the order of `attach`."""
    return [(west, north), (east, north), (east, south), (west, south)]


def _store(name: str, data: bytes) -> None:
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(data))


def _thumbnail(picture: bytes) -> bytes:
    """A small square of the middle; of a picture with empty corners, what lies between them."""
    try:
        image = Image.open(io.BytesIO(picture))
        share = 0.62 if "A" in image.getbands() else 1.0
        side = int(min(image.size) * share)
        left, top = (image.width - side) // 2, (image.height - side) // 2
        square = image.crop((left, top, left + side, top + side)).convert("RGB")
    except (OSError, Image.DecompressionBombError) as error:
        raise _unreadable() from error
    data = io.BytesIO()
    square.resize((THUMBNAIL, THUMBNAIL)).save(data, "WEBP", quality=78)
    return data.getvalue()


def _unreadable() -> Invalid:
    return Invalid(
        "quicklook_unreadable",
        _("A quicklook is a PNG, JPEG or WebP picture of at most 2 MB, with its four corners."),
    )
