"""Quicklooks and thumbnails, drawn by the child from good and from hostile images."""

import numpy as np
import pytest
import rasterio
from PIL import Image

from catalogue.dimap.facts import Level
from catalogue.dimap.reader import read_tree
from catalogue.pictures import draw as pictures
from catalogue.pictures.warp import Sheet, mercator
from catalogue.samples.scene import Fault
from dinamis.errors import Invalid
from dinamis.sandbox import run_child
from tests.catalogue.deliveries import REAL, make


def drawn(root, into, **how):
    into.mkdir()
    product = read_tree(root).products[0]
    return product, pictures.draw(root, product, into, **how)


def look(path, mode="RGBA"):
    with Image.open(path) as image:
        return image.convert(mode)


def shares(path):
    return (np.asarray(look(path))[..., 3] > 0).mean()


def test_the_quicklook_lies_on_the_map_by_its_bounds(tmp_path):
    product, made = drawn(make(tmp_path / "made", pixels=520), tmp_path / "out")
    assert made.source == "preview"
    assert made.notes == ()
    west, south, east, north = made.bounds
    lons, lats = zip(*[(c.lon, c.lat) for c in product.corners], strict=True)
    assert (west, south, east, north) == (min(lons), min(lats), max(lons), max(lats))
    image = look(made.quicklook)
    assert max(image.size) == pictures.QUICKLOOK_SIDE
    left, bottom = mercator(west, south)
    right, top = mercator(east, north)
    assert image.width / image.height == pytest.approx((right - left) / (top - bottom), abs=0.01)
    assert look(made.thumbnail).size == (256, 256)


def test_around_a_turned_strip_the_quicklook_is_transparent(tmp_path):
    product, made = drawn(make(tmp_path / "made", pixels=520, heading=20), tmp_path / "out")
    west, south, east, north = made.bounds
    box_share = product.footprint.area / ((east - west) * (north - south))
    assert shares(made.quicklook) == pytest.approx(box_share, abs=0.01)
    corner = look(made.quicklook).getpixel((2, 2))
    assert corner == (0, 0, 0, 0)


@pytest.mark.parametrize("image_format", ["JP2", "TIF"])
@pytest.mark.parametrize("level", [Level.ORTHO, Level.PRIMARY])
def test_without_a_preview_it_is_made_from_the_tiles(tmp_path, image_format, level):
    root = make(
        tmp_path / "made", Fault.MISSING_PREVIEW,
        image_format=image_format, level=level, tiles=(2, 2), pixels=151,
    )  # fmt: skip
    _product, made = drawn(root, tmp_path / "out")
    assert made.source == "image"
    assert shares(made.quicklook) > 0.55
    colours = np.asarray(look(made.thumbnail, "RGB"), dtype=float)
    assert 40 < colours.mean() < 220
    assert colours.std() > 15


def test_the_mosaic_puts_each_tile_in_its_place(tmp_path):
    whole = make(tmp_path / "one", Fault.MISSING_PREVIEW, image_format="TIF", pixels=160)
    cut = make(
        tmp_path / "four", Fault.MISSING_PREVIEW, image_format="TIF", pixels=160, tiles=(2, 2)
    )
    one = np.asarray(look(drawn(whole, tmp_path / "a")[1].quicklook, "RGB"), dtype=int)
    four = np.asarray(look(drawn(cut, tmp_path / "b")[1].quicklook, "RGB"), dtype=int)
    assert np.abs(one - four).mean() < 3


def test_a_panchromatic_product_is_drawn_grey(tmp_path):
    root = make(tmp_path / "made", Fault.MISSING_PREVIEW, products=("P",), pixels=200)
    _product, made = drawn(root, tmp_path / "out")
    pixels = np.asarray(look(made.thumbnail, "RGB"), dtype=int)
    assert np.ptp(pixels, axis=2).max() <= 6


@pytest.mark.parametrize("fault", [Fault.TRUNCATED_TILE, Fault.VRT_TILE])
@pytest.mark.parametrize("image_format", ["JP2", "TIF"])
def test_a_tile_that_is_not_an_image_refuses(tmp_path, fault, image_format):
    root = make(tmp_path / "made", fault, image_format=image_format)
    with pytest.raises(Invalid) as refused:
        drawn(root, tmp_path / "out")
    assert refused.value.code == "unreadable_tile"
    assert refused.value.details["tile"].endswith(f"_R1C1.{image_format}")


def test_a_tile_of_another_size_is_noted(tmp_path):
    _product, made = drawn(make(tmp_path / "made", Fault.WRONG_SIZE), tmp_path / "out")
    assert [note.code for note in made.notes] == ["tile_size_differs"]
    assert "32 × 32" in made.notes[0].sentence


def test_tiles_are_left_alone_when_pixels_do_not_matter(tmp_path):
    root = make(tmp_path / "made", Fault.EMPTY_TILE, pixels=520)
    product = read_tree(root, pixels=False).products[0]
    (tmp_path / "out").mkdir()
    made = pictures.draw(root, product, tmp_path / "out", pixels=False)
    assert made.source == "preview"


def test_a_product_that_cannot_be_shown_is_noted(tmp_path):
    root = make(tmp_path / "made", Fault.EMPTY_TILE, Fault.MISSING_PREVIEW)
    product = read_tree(root, pixels=False).products[0]
    (tmp_path / "out").mkdir()
    made = pictures.draw(root, product, tmp_path / "out", pixels=False)
    assert (made.quicklook, made.bounds) == (None, None)
    assert [note.code for note in made.notes] == ["no_quicklook"]


def test_a_preview_that_is_a_virtual_raster_shows_nothing_of_the_server(tmp_path):
    root = make(tmp_path / "made", pixels=200)
    (preview,) = root.glob("IMG_*/PREVIEW_*.JPG")
    preview.write_text(
        '<VRTDataset rasterXSize="9" rasterYSize="9"><VRTRasterBand dataType="Byte" band="1">'
        '<SimpleSource><SourceFilename relativeToVRT="0">/etc/hostname</SourceFilename>'
        "<SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>"
    )
    _product, made = drawn(root, tmp_path / "out")
    assert made.source == "image"


def test_the_child_opens_nothing_when_gdal_has_all_its_drivers(tmp_path):
    root = make(tmp_path / "made")
    product = read_tree(root).products[0]
    request = pictures._request(root, product, tmp_path, pixels=True)
    with pytest.raises(Exception, match="crash"):
        run_child(pictures.CHILD, request, seconds=60, memory_mb=3000, readable=root, env={})


def test_gdal_keeps_only_the_drivers_of_a_delivery():
    skipped = set(pictures.environment()["GDAL_SKIP"].split(","))
    assert {"VRT", "DIMAP", "HTTP", "WMS", "NITF", "PDF"} <= skipped
    assert not {"GTiff", "JP2OpenJPEG", "JPEG", "PNG"} & skipped


def test_what_lies_beside_an_image_is_not_read(tmp_path):
    root = make(tmp_path / "made", Fault.MISSING_PREVIEW, image_format="TIF", pixels=200)
    (image,) = root.glob("IMG_*/IMG_*.TIF")
    (image.parent / (image.name + ".ovr")).write_bytes(b"II*\0 not an overview")
    (image.parent / (image.name + ".aux.xml")).write_text("<PAMDataset>&broken;</PAMDataset>")
    _product, made = drawn(root, tmp_path / "out")
    assert made.source == "image"


def test_a_large_image_is_read_small(tmp_path):
    root = make(tmp_path / "made", Fault.MISSING_PREVIEW, image_format="TIF", products=("P",))
    (image,) = root.glob("IMG_*/IMG_*.TIF")
    image.unlink()
    # 20 000 × 20 000 pixels, 800 MB unpacked, in a file of some kilobytes.
    with rasterio.open(
        image, "w", driver="GTiff", width=20_000, height=20_000, count=1, dtype="uint16",
        tiled=True, compress="deflate", sparse_ok=True, transform=rasterio.Affine(0.5, 0, 300_000, 0, -0.5, 500_000),
    ) as out:  # fmt: skip
        block = np.full((1, 256, 256), 900, dtype=np.uint16)
        out.write(block, window=rasterio.windows.Window(9984, 9984, 256, 256))
    (metadata,) = root.glob("IMG_*/DIM_*.XML")
    product = read_tree(root).products[0]
    text = metadata.read_text()
    for name, old in (("NROWS", product.raster.rows), ("NCOLS", product.raster.cols)):
        text = text.replace(f"<{name}>{old}</{name}>", f"<{name}>20000</{name}>")
    metadata.write_text(text)
    _product, made = drawn(root, tmp_path / "out", memory_mb=1200)
    assert made.source == "image"


def test_corners_in_any_turn_are_laid_right():
    # An image turned by 90°: its upper left corner is in the south-west.
    sheet = Sheet([(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0)], 100)
    image = np.zeros((10, 10, 3), dtype=np.uint8)
    image[0, 0] = 255
    laid = sheet.lay(image)
    assert laid[-1, 0, 0] == 255
    assert laid[0, 0, 0] == 0
    assert (laid[..., 3] == 255).all()


def test_real_crops_are_drawn_when_they_are_here(tmp_path):
    crops = sorted((REAL / "shareloc/image").rglob("*.tif"))
    for number, crop in enumerate([make(tmp_path / "made"), *crops]):
        out = tmp_path / f"out{number}"
        if crop.is_dir():
            drawn(crop, out)
            continue
        out.mkdir()
        tile = {"path": str(crop), "row": 1, "col": 1, "cols": None, "rows": None, "bands": 0}
        request = {
            "tiles": [tile], "all_tiles": [tile], "bands": None, "nodata": 0, "preview": None,
            "grid": {"rows": None, "cols": None, "tile_rows": None, "tile_cols": None},
            "corners": None, "rings": None, "out": str(out), "side": 512, "thumbnail": 128,
            "look": True,
        }  # fmt: skip
        told = run_child(
            pictures.CHILD, request, seconds=60, memory_mb=3000,
            readable=crop, writable=out, env=pictures.environment(),
        )["ok"]  # fmt: skip
        assert told["tiles"][0]["problem"] is None
        assert told["source"] == "image"
        assert max(look(out / "quicklook.webp").size) <= 512
