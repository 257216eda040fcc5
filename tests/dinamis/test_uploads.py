"""Files of areas in every format accepted come back as areas in longitude and latitude."""

import io
import json
import math
from decimal import Decimal
from pathlib import Path

import pytest
import shapely

from dinamis import geo, uploads
from dinamis.errors import Refused
from tests.dinamis import upload_files as files
from tests.dinamis.outlines import star

LAMBERT_93 = shapely.box(652000, 6862000, 662000, 6872000)  # 100 km² near Paris
CONVERTED = "It was read in RGF93 v1 / Lambert-93 and converted to longitude and latitude."
DATA = Path(__file__).parents[3] / "shared/data/aoi"


def only(areas):
    assert len(areas) == 1
    return areas[0]


def refusal_of(name, content, **options):
    with pytest.raises(Refused) as refusal:
        uploads.read_area(name, content, **options)
    return refusal.value


@pytest.mark.parametrize(
    ("name", "content", "called"),
    [
        ("a.geojson", files.geojson(files.SQUARE), "area 1"),
        ("A.JSON", files.geojson(files.SQUARE), "area 1"),
        ("bare.geojson", json.dumps(files.SQUARE.__geo_interface__).encode(), "bare"),
        ("bom.geojson", b"\xef\xbb\xbf" + files.geojson(files.SQUARE), "area 1"),
        ("a.kml", files.kml(), "Forêt"),
        ("utf16.kml", files.kml().decode().replace("UTF-8", "UTF-16").encode("utf-16"), "Forêt"),
        ("a.kmz", files.zipped({"doc.kml": files.kml(), "images/a.png": b"png"}), "Forêt"),
        ("capitals.kmz", files.zipped({"DOC.KML": files.kml()}), "Forêt"),
        ("other.kmz", files.zipped({"files/area.kml": files.kml()}), "Forêt"),
        ("kml.zip", files.zipped({"folder/a.kml": files.kml()}), "Forêt"),
        ("json.zip", files.zipped({"a.geojson": files.geojson(files.SQUARE)}), "area 1"),
    ],
)
def test_an_area_is_read_from_text_formats(name, content, called):
    area = only(uploads.read_area(name, content))
    assert area.name == called
    assert area.source_crs == "EPSG:4326"
    assert geo.check_area(area.geometry, notes=area.notes).area_km2 == Decimal("82.90")


@pytest.mark.parametrize(("suffix", "driver"), [(".gpkg", "GPKG"), (".fgb", "FlatGeobuf")])
def test_an_area_is_read_from_binary_formats(tmp_path, suffix, driver):
    content = files.written(tmp_path / f"a{suffix}", driver).read_bytes()
    area = only(uploads.read_area(f"a{suffix}", content))
    assert (area.name, area.source_crs, area.notes) == ("area 1", "EPSG:4326", ())
    assert geo.area_km2(area.geometry) == Decimal("82.90")


@pytest.mark.parametrize("prefix", ["", "folder/sub/", "PARCELLES "])
def test_a_zipped_shapefile_is_read_wherever_it_lies_in_the_zip(tmp_path, prefix):
    area = only(uploads.read_area("a.zip", files.shapefile(tmp_path / "s", prefix=prefix)))
    assert geo.area_km2(area.geometry) == Decimal("82.90")


def test_what_a_mac_adds_to_a_zip_is_overlooked(tmp_path):
    packed = io.BytesIO(files.shapefile(tmp_path / "s"))
    members = {"__MACOSX/._parcels.shp": b"litter", ".DS_Store": b"litter"}
    with files.zipfile.ZipFile(packed, "a") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    assert only(uploads.read_area("a.zip", packed.getvalue())).name == "area 1"


def test_a_shapefile_without_its_index_is_read(tmp_path):
    content = files.shapefile(tmp_path / "s", leave=(".shx",))
    assert only(uploads.read_area("a.zip", content)).name == "area 1"


def test_a_file_object_is_read_like_bytes():
    area = only(uploads.read_area("a.geojson", io.BytesIO(files.geojson(files.SQUARE))))
    assert area.geometry.equals(files.SQUARE)


def test_a_declared_system_is_honoured_and_said(tmp_path):
    content = files.shapefile(tmp_path / "s", [LAMBERT_93], crs="EPSG:2154")
    area = only(uploads.read_area("a.zip", content))
    assert (area.source_crs, area.notes) == ("EPSG:2154", (CONVERTED,))
    assert geo.area_km2(area.geometry) == pytest.approx(Decimal("100.1"), abs=Decimal("0.1"))


def test_a_geojson_of_old_may_declare_its_system():
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
    mapping = json.loads(files.geojson(LAMBERT_93)) | {"crs": named}
    area = only(uploads.read_area("a.geojson", json.dumps(mapping).encode()))
    assert area.source_crs == "EPSG:2154"
    assert geo.area_km2(area.geometry) == pytest.approx(Decimal("100.1"), abs=Decimal("0.1"))


@pytest.mark.parametrize(
    "named",
    [
        {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::99999"}},
        {"type": "name", "properties": {"name": "Lambert-93"}},
        {"type": "EPSG", "properties": {"code": 99999}},
        {"type": "link", "properties": {"href": "http://127.0.0.1/crs"}},
        {"type": "name"},
        "Atlantis",
    ],
)
def test_a_geojson_whose_system_nobody_knows_is_not_read_as_degrees(named):
    mapping = json.loads(files.geojson(files.SQUARE)) | {"crs": named}
    refusal = refusal_of("a.geojson", json.dumps(mapping).encode())
    assert refusal.code == "crs_unknown"


@pytest.mark.parametrize(
    "name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326", None]
)
def test_a_geojson_may_say_that_it_is_in_degrees(name):
    named = {"type": "name", "properties": {"name": name}} if name else None
    mapping = json.loads(files.geojson(files.SQUARE)) | {"crs": named}
    area = only(uploads.read_area("a.geojson", json.dumps(mapping).encode()))
    assert (area.source_crs, area.notes) == ("EPSG:4326", ())


def test_a_shapefile_without_a_system_asks_and_takes_the_answer(tmp_path):
    content = files.shapefile(tmp_path / "s", [LAMBERT_93], crs="EPSG:2154", leave=(".prj",))
    refusal = refusal_of("a.zip", content)
    assert refusal.code == "missing_crs"
    offered = [one["code"] for one in refusal.details["candidates"]]
    assert offered[0] == "EPSG:2154"
    assert {"EPSG:4326", "EPSG:2154", "EPSG:32620", "EPSG:32622"} <= set(offered)
    assert len(offered) == len(set(offered))
    area = only(uploads.read_area("a.zip", content, crs="EPSG:2154"))
    assert (area.source_crs, area.notes) == ("EPSG:2154", (CONVERTED,))


def test_a_shapefile_in_degrees_without_a_system_asks_as_well(tmp_path):
    content = files.shapefile(tmp_path / "s", leave=(".prj",))
    assert refusal_of("a.zip", content).code == "missing_crs"
    area = only(uploads.read_area("a.zip", content, crs="EPSG:4326"))
    assert area.geometry.equals(files.SQUARE)


def test_an_answer_does_not_overrule_what_the_file_declares(tmp_path):
    content = files.shapefile(tmp_path / "s")
    area = only(uploads.read_area("a.zip", content, crs="EPSG:2154"))
    assert area.source_crs == "EPSG:4326"


@pytest.mark.parametrize("crs", ["Lambert", "EPSG:999999", "EPSG:", "/etc/passwd", "2154; DROP"])
def test_an_answer_that_is_no_system_is_refused(tmp_path, crs):
    content = files.shapefile(tmp_path / "s", leave=(".prj",))
    assert refusal_of("a.zip", content, crs=crs).code == "crs_unknown"


def test_an_answer_that_cannot_be_right_is_refused(tmp_path):
    far = [shapely.box(3e7, 9e8, 4e7, 1e9)]
    content = files.shapefile(tmp_path / "s", far, crs="EPSG:2154", leave=(".prj",))
    assert refusal_of("a.zip", content, crs="EPSG:32631").code == "area_outside_crs"


def test_all_areas_of_a_file_are_given_with_their_names():
    shapes = [shapely.box(x, 0, x + 0.5, 0.5) for x in range(50)]
    names = [f"Commune n° {number}" for number in range(50)]
    areas = uploads.read_area("communes.geojson", files.geojson(*shapes, names=names))
    assert [area.name for area in areas] == names
    assert all(area.geometry.equals(shape) for area, shape in zip(areas, shapes, strict=True))


def test_two_shapefiles_in_a_zip_are_both_read(tmp_path):
    first = files.written(tmp_path / "north.shp", "ESRI Shapefile")
    second = files.written(
        tmp_path / "south.shp", "ESRI Shapefile", [shapely.box(2, 40, 2.1, 40.1)]
    )
    members = {
        part.name: part.read_bytes()
        for one in (first, second)
        for part in tmp_path.glob(f"{one.stem}.*")
    }
    areas = uploads.read_area("a.zip", files.zipped(members))
    assert [area.geometry.bounds[1] for area in areas] == [48, 40]


def test_points_beside_the_areas_are_left_aside_and_said():
    area = only(uploads.read_area("a.geojson", files.geojson(files.SQUARE, shapely.Point(2, 48))))
    assert area.notes == ("Points, lines or other things in the file were left aside: 1.",)


def test_an_open_ring_of_a_kml_is_closed_and_said():
    content = files.kml().replace(b" 2.1,48.0<", b"<")
    assert content != files.kml()
    area = only(uploads.read_area("a.kml", content))
    assert area.notes == ("A ring that was left open was closed.",)
    assert area.geometry.equals(files.SQUARE)


def test_heights_are_said_by_the_rules():
    area = only(uploads.read_area("a.kml", files.kml(height=",120")))
    checked = geo.check_area(area.geometry, notes=area.notes)
    assert checked.notes == ("The height of each point was dropped.",)


def test_a_name_of_blanks_or_without_end_does_no_harm():
    areas = uploads.read_area(
        "a.geojson", files.geojson(files.SQUARE, files.SQUARE, names=[" \x00\n", "x" * 500])
    )
    assert [area.name for area in areas] == ["a 1", "x" * 80]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.geojson", files.geojson(), "file_empty"),
        ("a.geojson", b'{"type": "Feature", "geometry": null}', "file_empty"),
        ("a.geojson", files.geojson(shapely.Point(2, 48)), "file_without_polygon"),
        ("a.geojson", b"{", "file_unreadable"),
        ("a.geojson", b'{"no": "geometry"}', "file_unreadable"),
        ("a.geojson", b"", "file_without_content"),
        ("a.gpkg", b"", "file_without_content"),
        ("a.geojson", '{"type": "Feature", "name": "é"}'.encode("latin-1"), "not_utf8"),
        ("a.kml", b"<kml><Document></Document></kml>", "file_empty"),
        ("a.kml", b"<kml><Document>", "xml_broken"),
        ("a.kml", b"<gml></gml>", "not_kml"),
        ("a.kmz", files.zipped({"readme.txt": b"nothing"}), "kmz_without_kml"),
        ("a.zip", files.zipped({"readme.txt": b"nothing"}), "zip_without_area"),
        ("a.zip", files.zipped({}), "zip_without_area"),
        ("a.zip", files.zipped({"a.kml": files.kml(), "b.kml": files.kml()}), "zip_many_files"),
        ("a.gpkg", b"SQLite format 3\x00 and nothing", "file_unreadable"),
        ("a.shp", b"\x00\x00\x27\x0a", "shapefile_alone"),
        ("a.gml", b"<gml/>", "file_kind_unknown"),
        ("a", b"{}", "file_kind_unknown"),
        ("", b"{}", "file_kind_unknown"),
    ],
)
def test_a_file_without_an_area_is_refused_by_its_name(name, content, code):
    refusal = refusal_of(name, content)
    assert (refusal.code, refusal.status) == (code, 422)
    assert len(str(refusal.sentence)) > 20
    assert "%(" not in str(refusal.sentence)


@pytest.mark.parametrize("name", ["a.geojson", "a.kml"])
def test_a_ring_that_begins_with_nan_is_an_area_with_a_coordinate_that_is_no_number(name):
    """It never closes, and was taken for something that is no area at all."""
    ring = [(math.nan, 4.8), (-52.2, 4.8), (-52.2, 5.0), (math.nan, 4.8)]
    if name.endswith("kml"):
        content = files.KML.format(name="x", points=" ".join(f"{x},{y}" for x, y in ring)).encode()
    else:
        content = json.dumps({"type": "Polygon", "coordinates": [ring]}).encode()
    with pytest.raises(Refused) as refusal:
        geo.check_area(only(uploads.read_area(name, content)).geometry)
    assert refusal.value.code == "area_not_finite"


def test_an_area_with_too_many_points_is_read_and_the_rules_say_the_count():
    area = only(uploads.read_area("a.geojson", files.geojson(star(10_001, roughness=0.01))))
    with pytest.raises(Refused) as refusal:
        geo.check_area(area.geometry)
    assert refusal.value.details["vertices"] == 10_001
    assert "10,001 points; at most 10,000" in str(refusal.value.sentence)


def test_more_than_fifty_areas_are_refused_with_the_count():
    shapes = [shapely.box(x, 0, x + 0.5, 0.5) for x in range(51)]
    refusal = refusal_of("a.geojson", files.geojson(*shapes))
    assert refusal.code == "file_too_many_areas"
    assert refusal.details == {"count": 51, "limit": 50}


def test_real_files_are_read_or_refused_in_words():
    """Where present: shapefiles, KML and GeoPackages that others made."""
    expected = {
        "SCOT.shp": ["908.57"],
        "200078244_PERIMETRE_SCOT_20180218.shp": ["1085.94", "25.43"],
        "curvepolygon.gpkg": ["104071.88"],
        "ground_overlay_quad.kml": ["4688.09"],
        "departements-version-simplifiee.geojson": "file_too_many_areas",
        "linestring.kml": "file_without_polygon",
        "null_geometry.kml": "file_empty",
        "naturalearth_lowres.shp": "file_too_many_areas",
    }
    paths = [path for name in expected for path in sorted(DATA.rglob(name))]
    for path in paths:
        name, content = path.name, path.read_bytes()
        if path.suffix == ".shp":
            parts = path.parent.glob(f"{path.stem}.*")
            name, content = "a.zip", files.zipped({part.name: part.read_bytes() for part in parts})
        try:
            areas = uploads.read_area(name, content)
        except Refused as refusal:
            outcome = refusal.code
        else:
            outcome = [str(geo.check_area(area.geometry).area_km2) for area in areas]
        assert outcome == expected[path.name], path.name
