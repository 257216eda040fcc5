"""Holdings described plainly: a STAC item or a table, and what neither may do."""

import json
from datetime import UTC, datetime

import pytest

from catalogue.dimap.facts import Checksum, Level, Role
from catalogue.dimap.reader import identifiers_of, read_tree
from catalogue.pictures.draw import draw
from dinamis.errors import Refused, TooLarge
from dinamis.geo import area_km2
from tests.catalogue import holdings
from tests.catalogue.deliveries import codes, make


def refusal(root):
    with pytest.raises(Refused) as refused:
        read_tree(root)
    return refused.value


def rewrite(root, change):
    path = root / "item.json"
    item = json.loads(path.read_text())
    change(item)
    path.write_text(json.dumps(item))
    return root


def test_a_radar_image_is_read_with_what_its_item_says(tmp_path):
    facts = read_tree(holdings.item(tmp_path))
    (product,) = facts.products
    assert product.scene_identifier == "TSX1_SAR__EEC_SE___SM_S_SRA_20110715T172413"
    assert (product.platform, product.level, product.spectral) == ("TerraSAR-X", Level.ORTHO, "SM")
    assert product.acquired_at == datetime(2011, 7, 15, 17, 24, 13, tzinfo=UTC)
    assert (product.resolution_m, product.bands, product.image_format) == (3.0, ("HH",), "TIF")
    assert product.angles.incidence == 34.2
    assert (product.cloud_cover, product.snow_cover, product.clouds) == (None, None, None)
    assert float(area_km2(product.footprint)) == pytest.approx(560, rel=0.01)
    assert codes(facts) == []
    assert {file.path: file.role for file in facts.files} == {
        "IMAGEDATA/image.tif": Role.IMAGE,
        "item.json": Role.METADATA,
    }
    assert product.scene_identifier in identifiers_of(facts)


def test_the_digest_that_an_item_states_is_checked_like_any_other(tmp_path):
    facts = read_tree(holdings.item(tmp_path))
    image = next(file for file in facts.files if file.role == Role.IMAGE)
    assert isinstance(image.checksum, Checksum)
    assert (image.checksum.algorithm, len(image.checksum.digest)) == ("sha256", 64)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_describes_several_products_each_with_its_files(tmp_path, separator):
    second = {
        "identifier": "2012-07-12T105537_RE4_3A-NAC",
        "satellite": "RE4",
        "cloud_cover": "12,5",
    }
    root = holdings.table(tmp_path, {"cloud_cover": ""}, second, separator=separator)
    facts = read_tree(root)
    one, two = facts.products
    assert (one.platform, two.platform) == ("RapidEye 3", "RE4")
    assert (one.cloud_cover, two.cloud_cover) == (None, 12.5)
    assert (one.level, one.epsg, one.resolution_m) == (Level.ORTHO, 32631, 5.0)
    assert one.bands == ("blue", "green", "red", "rededge", "nir")
    assert (one.spectral, one.format_version) == ("MS", "")
    assert one.digest != two.digest
    owners = {file.path: file.product for file in facts.files}
    assert owners == {"holdings.csv": None, "re/1.tif": 0, "re/2.tif": 1}


def test_another_line_of_the_table_does_not_change_what_a_product_is(tmp_path):
    alone = read_tree(holdings.table(tmp_path / "one", {"cloud_cover": "3"})).products[0]
    both = read_tree(
        holdings.table(tmp_path / "two", {"cloud_cover": "3"}, {"identifier": "B"})
    ).products[0]
    assert alone.digest == both.digest


def test_a_table_may_speak_french(tmp_path):
    root = holdings.table(tmp_path)
    path = root / "holdings.csv"
    header, _line, rest = path.read_text().partition("\n")
    french = header.replace("identifier", "Identifiant").replace("files", "fichiers")
    path.write_text("\ufeff" + french.replace("footprint", "Emprise") + "\n" + rest)
    assert len(read_tree(root).products) == 1


def test_a_folder_of_files_is_one_product(tmp_path):
    root = holdings.table(tmp_path, {"files": "cosmo/"})
    holdings.image(root / "cosmo/a.tif")
    (root / "cosmo/CSKS1.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + b"\0" * 64)
    (product,) = read_tree(root).products
    assert {tile.path for tile in product.raster.tiles} == {"cosmo/a.tif", "cosmo/CSKS1.h5"}
    assert [tile.path for tile in product.raster.readable] == ["cosmo/a.tif"]
    assert product.folder == "cosmo"


def test_masks_are_read_from_geojson(tmp_path):
    def change(item):
        item["assets"]["clouds"] = {"href": "clouds.geojson", "roles": ["cloud"]}
        item["assets"]["snow"] = {"href": "snow.geojson", "roles": ["snow-ice"]}

    root = rewrite(holdings.item(tmp_path), change)
    (root / "clouds.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": holdings.FOOTPRINT, "properties": {}}]}))  # fmt: skip
    (root / "snow.geojson").write_text("not json")
    facts = read_tree(root)
    (product,) = facts.products
    assert product.clouds.equals(product.footprint)
    assert product.snow is None
    assert codes(facts) == ["mask_unusable"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"id": "../../etc"}, "bad_value"),
        ({"id": "a b"}, "bad_value"),
        ({"id": 7}, "bad_value"),
        ({"id": "x" * 101}, "bad_value"),
        ({"datetime": None}, "bad_value"),
        ({"datetime": "yesterday"}, "bad_value"),
        ({"collection": "../x"}, "bad_value"),
        ({"geometry": None}, "bad_footprint"),
        ({"geometry": {"type": "Point", "coordinates": [0, 0]}}, "bad_footprint"),
        ({"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}}, "bad_footprint"),
        ({"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [400, 0], [0, 1], [0, 0]]]}}, "bad_footprint"),
        ({"geometry": {"type": "Polygon", "coordinates": "x"}}, "bad_footprint"),
        ({"assets": {}}, "no_image"),
        ({"assets": None}, "no_image"),
        ({"assets": {"a": {"href": "gone.tif", "roles": ["data"]}}}, "missing_tile"),
        ({"assets": {"a": {"href": "../x.tif", "roles": ["data"]}}}, "outside_reference"),
        ({"assets": {"a": {"href": "/etc/passwd", "roles": ["data"]}}}, "outside_reference"),
        ({"assets": {"a": {"href": "/", "roles": ["data"]}}}, "outside_reference"),
        ({"assets": {"a": {"href": "../", "roles": ["data"]}}}, "outside_reference"),
        ({"assets": {"a": {"href": "file:///etc/passwd", "roles": ["data"]}}}, "outside_reference"),
        ({"assets": {"a": {"href": "https://x.test/a.tif", "roles": ["data"]}}}, "no_image"),
    ],
)  # fmt: skip
def test_an_item_that_cannot_be_used_is_refused(tmp_path, changes, code):
    assert refusal(holdings.item(tmp_path, **changes)).code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "item_broken"),
        ("[" * 100_000, "item_broken"),
        ('{"type": "Feature", "stac_version": "1.0.0", "x": NaN}', "item_broken"),
        ('{"type": "FeatureCollection"}', "no_product"),
        ("[]", "no_product"),
    ],
)
def test_json_that_is_no_item_describes_nothing(tmp_path, text, code):
    (tmp_path / "item.json").write_text(text)
    assert refusal(tmp_path).code == code


def test_an_item_longer_than_items_ever_are_is_refused(tmp_path):
    (tmp_path / "item.json").write_bytes(b" " * (2 * 1024 * 1024 + 1))
    refused = refusal(tmp_path)
    assert isinstance(refused, TooLarge)
    assert refused.code == "xml_too_large"


@pytest.mark.parametrize(
    ("header", "rows", "words"),
    [
        ("identifier;satellite", "a;b", "columns acquired_at, files, footprint"),
        ("identifier;identifiant;satellite", "a;b;c", "stands there twice"),
        ("identifier;satellite;acquired_at;files;footprint", "a;b;c;;e", "line 2: it lacks files"),
        ("identifier;satellite;acquired_at;files;footprint;epsg", "a;b;c;d;e;x", "no number"),
        ("identifier;satellite;acquired_at;files;footprint", 'a;"b', "quotes"),
        ("identifier;satellite;acquired_at;files;footprint", "\udcff", "UTF-8"),
    ],
)  # fmt: skip
def test_a_table_says_its_line_and_what_is_wrong(tmp_path, header, rows, words):
    data = f"{header}\n{rows}\n".encode("utf-8", "surrogateescape")
    (tmp_path / "holdings.csv").write_bytes(data)
    refused = refusal(tmp_path)
    assert refused.code == "table_broken"
    assert words in str(refused.sentence)


def test_a_table_has_no_more_lines_than_a_delivery_has_products(tmp_path, monkeypatch):
    monkeypatch.setattr("catalogue.dimap.plain_table.ROWS_MAX", 1)
    root = holdings.table(tmp_path, {"identifier": "A"}, {"identifier": "B"})
    assert refusal(root).code == "too_many_rows"


def test_a_product_is_described_once(tmp_path):
    root = holdings.table(tmp_path, {"identifier": "A"}, {"identifier": "A"})
    assert refusal(root).code == "described_twice"


def test_a_link_in_the_place_of_an_image_is_refused(tmp_path):
    root = holdings.item(tmp_path)
    (root / "IMAGEDATA/image.tif").unlink()
    (root / "IMAGEDATA/image.tif").symlink_to("/etc/passwd")
    assert refusal(root).code == "not_a_plain_file"


def test_figures_that_cannot_be_are_unknown_and_noted(tmp_path):
    changes = {"eo:cloud_cover": 140, "view:incidence_angle": "steep", "gsd": True}
    facts = read_tree(holdings.item(tmp_path, **changes))
    (product,) = facts.products
    assert (product.cloud_cover, product.angles.incidence, product.resolution_m) == (None,) * 3
    assert codes(facts) == ["bad_value"]


def test_the_picture_lies_where_the_image_says_and_a_radar_one_is_its_strength(tmp_path):
    root = holdings.item(tmp_path / "in")
    holdings.image(root / "IMAGEDATA/image.tif", dtype="complex64")
    (product,) = read_tree(root).products
    (tmp_path / "out").mkdir()
    drawn = draw(root, product, tmp_path / "out")
    west_south_east_north = (holdings.WEST, holdings.SOUTH, holdings.EAST, holdings.NORTH)
    assert drawn.bounds == pytest.approx(west_south_east_north, abs=1e-6)
    assert drawn.source == "image"


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_the_picture_of_an_image_without_place_is_laid_on_the_footprint(tmp_path):
    root = holdings.item(tmp_path / "in")
    holdings.image(root / "IMAGEDATA/image.tif", placed=False)
    (product,) = read_tree(root).products
    (tmp_path / "out").mkdir()
    drawn = draw(root, product, tmp_path / "out")
    assert drawn.bounds == pytest.approx(product.footprint.bounds, abs=1e-6)


def test_dimap_goes_before_an_item_beside_it(tmp_path):
    root = make(tmp_path)
    (root / "item.json").write_text('{"type": "Feature", "stac_version": "1.0.0", "id": "X"}')
    (product,) = read_tree(root).products
    assert product.platform == "PHR1A"
