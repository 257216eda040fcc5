"""The maker of deliveries: complete, true to itself, the same every time."""

import hashlib
import io

import numpy as np
import pytest
import rasterio
from PIL import Image
from pyproj import Transformer

from catalogue.dimap.facts import Level
from catalogue.dimap.reader import read_tree
from catalogue.samples.paint import paint
from catalogue.samples.quicklooks import paint_quicklook
from tests.catalogue.deliveries import SPOT, make


def digest(root):
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def grid(centre=(-52.29, 4.89), half=0.1, side=200):
    lon = np.linspace(centre[0] - half, centre[0] + half, side)
    lat = np.linspace(centre[1] + half, centre[1] - half, side)
    return np.meshgrid(lon, lat)


@pytest.mark.parametrize("image_format", ["JP2", "TIF"])
def test_the_same_wish_gives_the_same_bytes(tmp_path, image_format):
    one = make(tmp_path / "one", image_format=image_format)
    two = make(tmp_path / "two", image_format=image_format)
    other = make(tmp_path / "other", image_format=image_format, seed=2)
    assert digest(one) == digest(two)
    assert digest(one) != digest(other)


def test_names_are_airbuss(tmp_path):
    root = make(tmp_path, products=("P", "MS"))
    names = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    stem = "PHR1A_P_201910281410119_ORT_5897098101-1"
    folder = "IMG_PHR1A_P_001"
    assert {
        "VOL_PHR.XML",
        "INDEX.HTM",
        "LIBRARY/VOL_STYL.XSL",
        f"{folder}/DIM_{stem}.XML",
        f"{folder}/IMG_{stem}_R1C1.JP2",
        f"{folder}/IMG_{stem}_R1C1.J2W",
        f"{folder}/PREVIEW_{stem}.JPG",
        f"{folder}/PREVIEW_{stem}.KMZ",
        f"{folder}/ICON_{stem}.JPG",
        f"{folder}/MASKS/CLD_{stem}_MSK.GML",
        f"{folder}/MASKS/ROI_{stem}_MSK.GML",
        f"{folder}/LIBRARY/STYLE.XSL",
        f"{folder}/LINEAGE/PROCESSING_{stem}_DIM.XML",
        "IMG_PHR1A_MS_002/DIM_PHR1A_MS_201910281410119_ORT_5897098101-2.XML",
    } <= names
    assert not [name for name in names if name.endswith(".aux.xml")]


def test_spot_deliveries_are_nested_as_airbus_nests_them(tmp_path):
    root = make(tmp_path, identifier=SPOT)
    assert (root / "SPOT_LIST.XML").is_file()
    assert (root / "PROD_SPOT6_001/SPOT_PROD.XML").is_file()
    assert (root / "PROD_SPOT6_001/VOL_SPOT6_001_A/SPOT_VOL.XML").is_file()


@pytest.mark.parametrize("image_format", ["JP2", "TIF"])
def test_an_ortho_is_where_its_metadata_says(tmp_path, image_format):
    root = make(tmp_path, image_format=image_format, tiles=(2, 1), pixels=200)
    product = read_tree(root).products[0]
    upper_left = product.corners[0]
    with rasterio.open(root / product.raster.tiles[0].path) as image:
        assert image.crs.to_epsg() == product.epsg
        assert (image.width, image.height) == product.raster.expected_size(product.raster.tiles[0])
        to_degrees = Transformer.from_crs(image.crs, 4326, always_xy=True)
        corner = to_degrees.transform(image.transform.c, image.transform.f)
        assert corner == pytest.approx((upper_left.lon, upper_left.lat), abs=1e-6)
        assert image.count == 4
        assert image.read(1).max() <= 4095


def test_a_primary_carries_a_sensor_model_that_finds_its_corners(tmp_path):
    root = make(tmp_path, level=Level.PRIMARY, image_format="TIF")
    product = read_tree(root).products[0]
    text = (root / product.rpc).read_text()
    inverse = text[text.index("<Inverse_Model>") :]

    def number(name):
        return float(inverse.split(f"<{name}>")[1].split("<")[0])

    for corner in product.corners:
        lon = (corner.lon - number("LONG_OFF")) / number("LONG_SCALE")
        lat = (corner.lat - number("LAT_OFF")) / number("LAT_SCALE")
        col = sum(number(f"SAMP_NUM_COEFF_{i}") * v for i, v in ((1, 1), (2, lon), (3, lat)))
        col = col * number("SAMP_SCALE") + number("SAMP_OFF")
        assert col == pytest.approx(corner.col, abs=1.5)


def test_the_picture_has_the_clouds_that_were_asked_for():
    lon, lat = grid(side=100)
    for share in (0.0, 0.04, 0.5, 1.0):
        assert paint(lon, lat, seed=3, cloud=share).cloud.mean() == pytest.approx(share, abs=0.01)


def test_two_dates_show_one_place_under_different_clouds():
    lon, lat = grid(side=120)
    clear = paint(lon, lat, seed=1, cloud=0.0).rgb
    again = paint(lon, lat, seed=2, cloud=0.0).rgb
    cloudy = paint(lon, lat, seed=2, cloud=0.3)
    assert np.abs(clear - again).mean() < 0.01
    assert cloudy.rgb[cloudy.cloud].mean() > 3 * again[cloudy.cloud].mean()


def test_overlapping_pictures_agree_on_the_ground():
    lon, lat = grid(side=120)
    left = paint(lon, lat, seed=1, cloud=0.0).rgb
    right = paint(lon + 0.05, lat, seed=1, cloud=0.0).rgb
    shift = round(0.05 / (lon[0, 1] - lon[0, 0]))
    difference = np.abs(left[:, shift:].mean(axis=2) - right[:, :-shift].mean(axis=2))
    assert difference.mean() < 0.02


def test_the_coast_of_guiana_is_where_it_is():
    sea = paint(*grid((-52.15, 5.0), 0.02, 40), seed=1, cloud=0.0)
    land = paint(*grid((-52.5, 4.5), 0.02, 40), seed=1, cloud=0.0)
    assert sea.nir.mean() < 0.15 < 0.35 < land.nir.mean()


def test_an_archive_scenes_quicklook_is_a_picture_with_transparent_corners():
    ring = [(-52.38, 4.98), (-52.20, 4.95), (-52.23, 4.77), (-52.41, 4.80), (-52.38, 4.98)]
    data, bounds = paint_quicklook(ring, seed=4, cloud=0.1, side=200)
    assert bounds == (-52.41, 4.77, -52.20, 4.98)
    image = Image.open(io.BytesIO(data))
    assert image.format == "WEBP"
    assert max(image.size) == 200
    alpha = np.asarray(image.convert("RGBA"))[..., 3]
    assert alpha[0, 0] == 0
    assert alpha[alpha.shape[0] // 2, alpha.shape[1] // 2] == 255
    assert paint_quicklook(ring, seed=4, cloud=0.1, side=200)[0] == data
