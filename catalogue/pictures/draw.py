"""Quicklook and thumbnail of a product, and the proof that its tiles can be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import rasterio
from shapely.geometry import MultiPolygon, Polygon

from catalogue.dimap.facts import Note, ProductFacts, Tile
from catalogue.dimap.shapes import corners_of
from dinamis.errors import Invalid
from dinamis.said import gettext as _
from dinamis.said import joined
from dinamis.sandbox import ChildFailed, run_child

CHILD = "catalogue.pictures.child"
# MEM is GDAL's own scratch; the rest are the formats a delivery may hold.
_KEPT = {"GTiff", "JP2OpenJPEG", "JPEG", "PNG", "MEM"}
QUICKLOOK_SIDE = 1024
THUMBNAIL_SIDE = 256


@dataclass(frozen=True, slots=True)
class Pictures:
    """Files in the folder asked for. `bounds` (west, south, east, north, degrees) place the
    quicklook, which is in EPSG:3857; None when the product has no corners. `source` is "preview"
    or "image"; the paths are None when neither could be shown."""

    quicklook: Path | None
    thumbnail: Path | None
    bounds: tuple[float, float, float, float] | None
    source: str | None
    notes: tuple[Note, ...]


@lru_cache(maxsize=1)
def environment() -> dict[str, str]:
    """What GDAL is told in the child: no other driver, no file beside the image, little memory."""
    with rasterio.Env() as env:
        skipped = sorted(set(env.drivers()) - _KEPT)
    return {
        "GDAL_SKIP": ",".join(skipped),
        "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
        "GDAL_PAM_ENABLED": "NO",
        "GDAL_CACHEMAX": "128",
        "GDAL_VRT_ENABLE_PYTHON": "NO",
    }


def draw(
    root: Path,
    product: ProductFacts,
    into: Path,
    *,
    seconds: float = 600,
    memory_mb: int = 4000,
    pixels: bool = True,
) -> Pictures:
    """Check every tile of a product of the delivery `root` and draw its pictures in `into`.

    The preview is shown when it is there and large enough, else the image itself, read small.
    Raises Invalid (unreadable_tile); a tile of another size or number of bands than stated, a
    picture that cannot be made, are noted. With `pixels` False the tiles are not opened.
    """
    notes: list[Note] = []
    request = _request(root, product, into, pixels=pixels)
    try:
        told = _ask(root, into, request, seconds, memory_mb)
    except ChildFailed as failure:
        if failure.reason == "crash":
            sentence = _(
                "The images of %(file)s cannot be read: they broke the program that tried."
            )
            told = {"file": product.path}
            raise Invalid("unreadable_tile", sentence % told, tile=product.path) from failure
        # The image was too much to look at (time, memory): its tiles and its preview may do.
        sentence = _("The image is too large to be drawn; its preview is shown instead.")
        notes.append(Note("image_not_drawn", product.path, joined(sentence, f"({failure.reason})")))
        told = _without_image(root, product, into, request, seconds, memory_mb, notes)
    notes += _judge(root, product, told["tiles"])
    if told["quicklook"] is None:
        notes.append(Note("no_quicklook", product.path, _("No quicklook could be made.")))
    return Pictures(
        quicklook=into / told["quicklook"] if told["quicklook"] else None,
        thumbnail=into / told["thumbnail"] if told["thumbnail"] else None,
        bounds=tuple(told["bounds"]) if told["bounds"] else None,
        source=told["source"],
        notes=tuple(notes),
    )


def _ask(root: Path, into: Path, request: dict, seconds: float, memory_mb: int) -> dict:
    answer = run_child(
        CHILD,
        request,
        seconds=seconds,
        memory_mb=memory_mb,
        readable=root,
        writable=into,
        env=environment(),
    )
    return answer["ok"]


def _without_image(
    root: Path,
    product: ProductFacts,
    into: Path,
    request: dict,
    seconds: float,
    memory_mb: int,
    notes: list[Note],
) -> dict:
    try:
        told = _ask(root, into, request | {"look": False}, seconds, memory_mb)["tiles"]
    except ChildFailed:
        told = []
        sentence = _("The image tiles could not be opened within the limits; they were stored.")
        notes.append(Note("tiles_not_checked", product.path, sentence))
    shown = request | {"tiles": [], "all_tiles": []}
    try:
        return _ask(root, into, shown, seconds, memory_mb) | {"tiles": told}
    except ChildFailed:
        nothing = dict.fromkeys(("quicklook", "thumbnail", "bounds", "source"))
        return nothing | {"tiles": told}


def _request(root: Path, product: ProductFacts, into: Path, *, pixels: bool) -> dict:
    raster = product.raster
    opened = raster.readable if pixels else ()
    tiles = [_tile(root, product, tile) for tile in opened]
    shown = [told for told, tile in zip(tiles, opened, strict=True) if tile.group == 0]
    corners = corners_of(product.corners)
    return {
        "tiles": shown,
        "all_tiles": tiles,
        "bands": raster.bands,
        "nodata": raster.nodata,
        "preview": str(root.resolve() / product.preview) if product.preview else None,
        "grid": {
            "rows": raster.rows,
            "cols": raster.cols,
            "tile_rows": raster.tile_rows,
            "tile_cols": raster.tile_cols,
        },
        "corners": [[corner.lon, corner.lat] for corner in corners] if corners else None,
        "own_place": raster.rows is None,
        "rgb": _rgb(product.bands),
        "rings": _rings(product) if product.footprint_from == "roi" else None,
        "out": str(into.resolve()),
        "side": QUICKLOOK_SIDE,
        "thumbnail": THUMBNAIL_SIDE,
        "look": True,
    }


def _rgb(bands: Sequence[str]) -> list[int] | None:
    """Where the bands called red, green and blue stand, counted from 1; None when not all are."""
    named = [band.casefold() for band in bands]
    wanted = ("red", "green", "blue")
    return [named.index(one) + 1 for one in wanted] if set(wanted) <= set(named) else None


def _tile(root: Path, product: ProductFacts, tile: Tile) -> dict:
    size = product.raster.expected_size(tile)
    return {
        "path": str(root.resolve() / tile.path),
        "row": tile.row,
        "col": tile.col,
        "cols": size[0] if size else None,
        "rows": size[1] if size else None,
        "bands": len(tile.bands),
    }


def _rings(product: ProductFacts) -> list[list[tuple[float, float]]]:
    shape: Polygon | MultiPolygon = product.footprint
    parts: Sequence[Polygon] = getattr(shape, "geoms", [shape])
    return [list(part.exterior.coords) for part in parts]


def _judge(root: Path, product: ProductFacts, told: Sequence[dict]) -> list[Note]:
    notes = []
    for tile, said in zip(product.raster.readable, told, strict=False):
        if said["problem"] == "unreadable":
            sentence = _(
                "The image tile %(tile)s cannot be read: it is damaged or of another kind."
            )
            raise Invalid("unreadable_tile", sentence % {"tile": tile.path}, tile=tile.path)
        if said["problem"] == "size":
            wanted = product.raster.expected_size(tile)
            sentence = _("%(tile)s is %(cols)d × %(rows)d pixels where %(wanted)s were announced.")
            told_size = {"tile": tile.path, "cols": said["cols"], "rows": said["rows"]}
            told_size["wanted"] = " × ".join(map(str, wanted))
            notes.append(Note("tile_size_differs", tile.path, sentence % told_size))
        elif said["problem"] == "bands":
            sentence = _("%(tile)s has %(bands)d bands where another number was announced.")
            told_bands = {"tile": tile.path, "bands": said["bands"]}
            notes.append(Note("tile_bands_differ", tile.path, sentence % told_bands))
    return notes
