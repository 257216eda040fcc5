"""The child that opens images: are the tiles readable, and what does the product look like?

Called through dinamis.sandbox.run_child; imports nothing of Django. GDAL is left only the drivers
named here, by GDAL_SKIP in the environment (see draw.environment), and looks at no file beside the
one named.
"""

import warnings
from pathlib import Path

import numpy as np
import rasterio
from PIL import Image
from rasterio.enums import Resampling
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.warp import transform
from rasterio.windows import Window

from catalogue.pictures.warp import Sheet

DRIVERS = ("GTiff", "JP2OpenJPEG", "JPEG", "PNG")
SMALL_BLOCK = 4096  # pixels: a larger block is the whole image, too long to unpack for a look
JPEG_BLACK = 12  # JPEG smears the black around an image: up to here it is still no image
BRIGHT = 80  # median of a preview that needs no stretch
PREVIEW_ENOUGH = 500  # pixels on the longer side: a smaller preview gives way to the image
Image.MAX_IMAGE_PIXELS = 100_000_000

warnings.simplefilter("ignore", NotGeoreferencedWarning)


def answer(request: dict) -> dict:
    """Look at a product.

    `request`: tiles [{path, cols, rows, row, col}] of the group of files that shows it, all_tiles
    (the same for every group), bands, nodata, preview (path or None), grid {rows, cols, tile_rows,
    tile_cols}, corners (4 × [lon, lat]) or None, own_place (the image's own place goes before them),
    rgb (numbers of the bands to show) or None, rings (outer rings in degrees) or None, out (a
    folder), side and thumbnail (pixels), look (False: only check the tiles).

    Answers {"ok": {tiles: [{path, driver, cols, rows, bands, problem}], quicklook, thumbnail,
    bounds, source}}; problem is None, "unreadable", "size" or "bands".
    """
    _check_drivers()
    tiles = [_check(tile, request["bands"]) for tile in request["all_tiles"]]
    told = {"tiles": tiles, "quicklook": None, "thumbnail": None, "bounds": None, "source": None}
    # Tiles of another size than announced would be put together wrongly; a single one cannot be.
    problems = {tile["problem"] for tile in tiles}
    sound = "unreadable" not in problems
    sound = sound and ("size" not in problems or len(request["tiles"]) == 1)
    largest = max((max(tile["cols"], tile["rows"]) for tile in tiles), default=0)
    image, source = None, None
    if request["look"]:
        image, source = _image(request, largest if sound else 0)
    if image is not None:
        told |= _draw(image, source, request) | {"source": source}
    return {"ok": told}


def _check_drivers() -> None:
    """Without its environment GDAL would read a VRT or an address: then nothing is opened."""
    with rasterio.Env() as env:
        found = set(env.drivers()) - {*DRIVERS, "MEM"}
    if found:
        raise RuntimeError("GDAL has drivers it should not have here: " + ", ".join(sorted(found)))


def _open(path: str) -> rasterio.DatasetReader:
    if not path.startswith("/") or path.startswith("/vsi"):
        raise ValueError("only files of the delivery are opened")
    return rasterio.open(path)


def _check(tile: dict, bands: int | None) -> dict:
    """Open a tile, read a little of it, compare its size with what the metadata says."""
    told = {"path": tile["path"], "driver": "", "cols": 0, "rows": 0, "bands": 0}
    try:
        with _open(tile["path"]) as opened:
            told |= {"driver": opened.driver, "cols": opened.width, "rows": opened.height}
            told["bands"] = opened.count
            _peek(opened)
    except (RasterioError, ValueError):
        return told | {"problem": "unreadable"}
    if tile["cols"] and (told["cols"], told["rows"]) != (tile["cols"], tile["rows"]):
        return told | {"problem": "size"}
    if bands and tile["bands"] and told["bands"] not in (bands, tile["bands"]):
        return told | {"problem": "bands"}
    return told | {"problem": None}


def _peek(opened: rasterio.DatasetReader) -> None:
    """Read the last block, where a broken transfer shows, or else a very small picture."""
    high, wide = opened.block_shapes[0]
    if high <= SMALL_BLOCK and wide <= SMALL_BLOCK:
        left, top = max(0, opened.width - 8), max(0, opened.height - 8)
        opened.read(1, window=Window(left, top, min(8, opened.width), min(8, opened.height)))
    else:
        opened.read(1, out_shape=(8, 8))


def _image(request: dict, largest: int) -> tuple[np.ndarray | None, str | None]:
    """The picture in the image's geometry, rows × columns × 3 of bytes, and where it is from.

    A preview that is large enough, or larger than the image, is taken before the image; `largest`
    is the longest side of the tiles in pixels, 0 when they cannot be used.
    """
    preview = _preview(request["preview"]) if request["preview"] else None
    seen = max(preview.shape[:2]) if preview is not None else 0
    if preview is not None and (seen >= PREVIEW_ENOUGH or seen >= largest):
        return preview, "preview"
    try:
        image = _mosaic(request) if largest and request["tiles"] else None
    except (RasterioError, ValueError):
        image = None
    if image is not None:
        return image, "image"
    return (preview, "preview") if preview is not None else (None, None)


def _preview(path: str) -> np.ndarray | None:
    try:
        with _open(path) as opened:
            scale = min(1.0, 2048 / max(opened.width, opened.height))
            shape = (max(1, round(opened.height * scale)), max(1, round(opened.width * scale)))
            bands = [1, 2, 3] if opened.count >= 3 else [1]
            data = opened.read(bands, out_shape=shape, resampling=Resampling.average)
    except (RasterioError, ValueError):
        return None
    seen = data.max(axis=0)
    seen = seen[seen > JPEG_BLACK]
    # Airbus's previews keep the darkness of the radiance; one already bright is left as it is.
    if data.dtype == np.uint8 and seen.size and np.median(seen) >= BRIGHT:
        return _three(np.moveaxis(data, 0, -1))
    return _bytes(data, None, dark=JPEG_BLACK)


def _three(image: np.ndarray) -> np.ndarray:
    return np.repeat(image, 3, axis=2) if image.shape[2] == 1 else image[..., :3]


def _mosaic(request: dict) -> np.ndarray:
    """The tiles put together, read small from the start so that size does not matter.

    GDAL takes the nearest overview or resolution level; the bands are red, green and blue, the
    first three of Airbus's files, or the single one.
    """
    grid = request["grid"]
    tiles = request["tiles"]
    rows = grid["rows"] or max(tile["rows"] or 0 for tile in tiles)
    cols = grid["cols"] or max(tile["cols"] or 0 for tile in tiles)
    if not rows or not cols:
        with _open(tiles[0]["path"]) as opened:
            rows, cols = opened.height, opened.width
    scale = min(1.0, 1.4 * request["side"] / max(rows, cols))
    whole = None
    for tile in tiles:
        top, left = ((tile[k] - 1) * (grid[f"tile_{k}s"] or 0) for k in ("row", "col"))
        high, wide = tile["rows"] or rows, tile["cols"] or cols
        y0, x0 = round(top * scale), round(left * scale)
        y1, x1 = round((top + high) * scale), round((left + wide) * scale)
        with _open(tile["path"]) as opened:
            bands = _shown_bands(opened.count, request.get("rgb"))
            shape = (max(1, y1 - y0), max(1, x1 - x0))
            read = opened.read(bands, out_shape=shape, resampling=Resampling.nearest)
        if np.iscomplexobj(read):  # a radar image in slant range: its strength is what is seen
            read = np.abs(read)
        if whole is None:
            size = (len(bands), max(1, round(rows * scale)), max(1, round(cols * scale)))
            whole = np.zeros(size, dtype=read.dtype)
        fits = whole[:, y0 : y0 + shape[0], x0 : x0 + shape[1]]
        fits[:] = read[: whole.shape[0], : fits.shape[1], : fits.shape[2]]
    return _bytes(whole, request["nodata"])


def _shown_bands(count: int, rgb: list[int] | None) -> list[int]:
    """Red, green and blue where the bands are named, else the first three, else the only one."""
    if rgb and max(rgb) <= count:
        return rgb
    return [1, 2, 3] if count >= 3 else [1]


def _own_corners(tiles: list[dict]) -> list[list[float]] | None:
    """The corners an image gives itself, in degrees from the upper left; None when it gives none."""
    if len(tiles) != 1:
        return None
    try:
        with _open(tiles[0]["path"]) as opened:
            if opened.crs is None or opened.transform.is_identity:
                return None
            right, down = opened.width, opened.height
            at = [opened.transform @ xy for xy in ((0, 0), (right, 0), (right, down), (0, down))]
            lons, lats = transform(opened.crs, "EPSG:4326", *map(list, zip(*at, strict=True)))
    except (RasterioError, ValueError):
        return None
    placed = [list(corner) for corner in zip(lons, lats, strict=True)]
    if not all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in placed):
        return None
    return placed


def _bytes(data: np.ndarray, nodata: float | None, dark: float = 0) -> np.ndarray:
    """Numbers (bands × rows × columns) as bytes to look at, 0 only where there is no image.

    Each band loses its haze (its 1st percentile); all are then stretched alike, so that colours
    stay true, up to the 98th percentile but never beyond 3.2 times the 60th: otherwise clouds, the
    brightest part, would leave the ground black. `dark` is what still counts as no image.
    """
    data = data.astype(np.float32)
    empty = np.all(data == (nodata or 0), axis=0) | (data.max(axis=0) <= dark)
    out = np.zeros((*data.shape[1:], data.shape[0]), dtype=np.uint8)
    if empty.all():
        return _three(out)
    low, middle, high = np.percentile(data[:, ~empty], (1, 60, 98), axis=1)
    span = max(float(np.mean(np.minimum(high - low, 3.2 * (middle - low)))), 1.0)
    shown = np.clip((data - low[:, None, None]) / span, 0, 1) ** 0.8
    return _three(np.moveaxis(np.where(empty, 0, 1 + shown * 254).astype(np.uint8), 0, -1))


def _draw(image: np.ndarray, source: str, request: dict) -> dict:
    """Write quicklook and thumbnail; bounds are (west, south, east, north) in degrees."""
    out = Path(request["out"])
    bounds = None
    dark = JPEG_BLACK if source == "preview" else 0
    own = _own_corners(request["tiles"]) if request.get("own_place") else None
    corners = own or request["corners"]
    if corners:
        sheet = Sheet([tuple(corner) for corner in corners], request["side"])
        laid = sheet.lay(image)
        bounds = list(sheet.bounds)
        if request["rings"]:
            laid[..., 3] = np.where(sheet.mask(request["rings"]), laid[..., 3], 0)
        else:
            laid[..., 3] = np.where(laid[..., :3].max(axis=2) > dark, laid[..., 3], 0)
    else:
        seen = image.max(axis=2) > dark
        laid = np.dstack([image, np.where(seen, 255, 0).astype(np.uint8)])
    laid[laid[..., 3] == 0] = 0
    picture = Image.fromarray(laid, "RGBA")
    picture.thumbnail((request["side"], request["side"]), Image.Resampling.LANCZOS)
    picture.save(out / "quicklook.webp", "WEBP", quality=82, method=4)
    side = request["thumbnail"]
    _inner_square(laid).resize((side, side), Image.Resampling.LANCZOS).save(
        out / "thumbnail.webp", "WEBP", quality=80, method=4
    )
    return {"quicklook": "quicklook.webp", "thumbnail": "thumbnail.webp", "bounds": bounds}


def _inner_square(laid: np.ndarray) -> Image.Image:
    """The largest square around the middle of the image without its empty surroundings."""
    alpha = laid[..., 3] > 0
    rows, cols = alpha.shape
    if not alpha.any():
        return Image.fromarray(laid[..., :3], "RGB")
    ys, xs = np.nonzero(alpha)
    y, x = int(ys.mean()), int(xs.mean())
    half = min(y, x, rows - 1 - y, cols - 1 - x)
    while half > 8:
        if alpha[y - half : y + half, x - half : x + half].mean() > 0.995:
            break
        half = int(half * 0.94)
    half = max(1, half)
    return Image.fromarray(np.ascontiguousarray(laid[y - half : y + half, x - half : x + half, :3]))
