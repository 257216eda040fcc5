"""The image of a product: its grid of tiles, each of which must be there."""

from collections.abc import Sequence
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element

from catalogue.dimap import xml
from catalogue.dimap.facts import Raster, Tile
from catalogue.dimap.notes import Notes
from catalogue.dimap.tree import Tree
from dinamis.errors import Invalid
from dinamis.said import gettext as _
from dinamis.said import joined

TILES_MAX = 10_000


def read(tree: Tree, folder: str, root: Element, notes: Notes, *, pixels: bool) -> Raster:
    """The raster with its tiles in the order of the metadata.

    Raises Invalid: no_image when no file is named, missing_tile, empty_tile (only noted when
    `pixels` is False), outside_reference.
    """
    dimensions = xml.first(root, "Raster_Dimensions")
    size = xml.first(dimensions, "NTILES_SIZE")
    encoding = xml.first(root, "Raster_Encoding")
    bits = xml.text(encoding, "NBITS") or xml.text(dimensions, "NBITS")
    return Raster(
        rows=_count(xml.text(dimensions, "NROWS")),
        cols=_count(xml.text(dimensions, "NCOLS")),
        bands=_count(xml.text(dimensions, "NBANDS")),
        tile_rows=_count(size.get("nrows", "")) if size is not None else None,
        tile_cols=_count(size.get("ncols", "")) if size is not None else None,
        stored_bits=_count(bits),
        signed=xml.text(encoding, "SIGN").upper() == "SIGNED",
        nodata=_special(root, "NODATA"),
        saturated=_special(root, "SATURATED"),
        tiles=_tiles(tree, folder, root, notes, pixels),
    )


def _count(written: str) -> int | None:
    value = xml.whole(written)
    return value if value is not None and value > 0 else None


def _special(root: Element, name: str) -> float | None:
    for special in (*xml.all_of(root, "Special_Value"), *xml.all_of(root, "Special_Values")):
        if xml.text(special, "SPECIAL_VALUE_TEXT").upper() == name:
            count = xml.text(special, "SPECIAL_VALUE_COUNT")
            return xml.number(count or xml.text(special, "SPECIAL_VALUE_INDEX"))
    return None


def _tiles(tree: Tree, folder: str, root: Element, notes: Notes, pixels: bool) -> tuple[Tile, ...]:
    tiles = []
    access = xml.first(root, "Data_Access")
    groups = list(xml.all_of(access, "Data_Files")) if access is not None else []
    for number, group in enumerate(groups or ([access] if access is not None else [])):
        bands = _group_bands(group)
        for file in xml.all_of(group, "Data_File"):
            if len(tiles) >= TILES_MAX:
                raise Invalid("too_many_tiles", _("The metadata names too many image tiles."))
            tiles.append(_tile(tree, folder, file, number, bands, notes, pixels))
    if not tiles:
        sentence = _("%(file)s names no image file.")
        raise Invalid("no_image", sentence % {"file": notes.path}, file=notes.path)
    return tuple(tiles)


def _tile(
    tree: Tree,
    folder: str,
    file: Element,
    group: int,
    bands: tuple[str, ...],
    notes: Notes,
    pixels: bool,
) -> Tile:
    element = xml.first(file, "DATA_FILE_PATH")
    # DIMAP V2 writes the name as an href, the older schema as text.
    href = (element.get("href") or xml.text(element)) if element is not None else ""
    path = tree.resolve(folder, href)
    if path is None:
        sentence = _("The image tile %(tile)s is missing.")
        name = str(PurePosixPath(folder, href))
        raise Invalid("missing_tile", sentence % {"tile": name}, tile=name)
    if tree.files[path] < 16:  # no image format has so short a header: a placeholder
        sentence = _("The image tile %(tile)s is empty.") % {"tile": path}
        if pixels:
            hint = _("Hand it in as “metadata only” (--without-pixels) if that is known.")
            raise Invalid("empty_tile", joined(sentence, hint), tile=path)
        notes.add("empty_tile", sentence, path)
    row, col = _count(file.get("tile_R", "1")) or 1, _count(file.get("tile_C", "1")) or 1
    return Tile(row, col, path, tree.files[path], group, bands)


def _group_bands(group: Element) -> tuple[str, ...]:
    """Band names of a group of files in their order, from its Raster_Index_List."""
    indexed = []
    for index in xml.all_of(group, "Raster_Index"):
        at = xml.whole(xml.text(index, "BAND_INDEX"))
        indexed.append((at or 0, xml.text(index, "BAND_ID")))
    return tuple(band for _at, band in sorted(indexed, key=lambda pair: pair[0]) if band)


def format_of(root: Element, tiles: Sequence[Tile]) -> str:
    """JP2 or TIF: what the files are called, else what the metadata says."""
    suffix = PurePosixPath(tiles[0].path).suffix.upper().removeprefix(".")
    stated = xml.text(root, "DATA_FILE_FORMAT").lower()
    if suffix == "JP2" or ("jp2" in stated and not suffix.startswith("TI")):
        return "JP2"
    return "TIF"
