"""Files made to hurt: none reads a file of the server, calls out, fills the disk or takes long."""

import io
import json
import re
import socket
import stat
import struct
import tempfile
import time
import zipfile
from pathlib import Path

import pytest
import shapely

from dinamis import uploads
from dinamis.errors import Refused, TooLarge
from dinamis.sandbox import ChildFailed, run_child
from dinamis.uploads import archives, drivers, reading, sentences
from tests.dinamis import upload_files as files

MEGABYTE = 1024 * 1024
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE kml [<!ENTITY e0 "lol">{ENTITIES}]><kml><name>&e9;</name></kml>'
RING = [[0, 0], [1, 0], [1, 1], [0, 0]]
QUADRATIC = f'<!DOCTYPE kml [<!ENTITY a "{"A" * 50_000}">]><kml>{"&a;" * 50_000}</kml>'


def refusal_of(name, content, **options):
    start = time.monotonic()
    with pytest.raises(Refused) as refusal:
        uploads.read_area(name, content, **options)
    assert time.monotonic() - start < 30
    return refusal.value


def vrt(source):
    return (
        f'<OGRVRTDataSource><OGRVRTLayer name="area"><SrcDataSource>{source}</SrcDataSource>'
        "<SrcLayer>secret</SrcLayer></OGRVRTLayer></OGRVRTDataSource>"
    ).encode()


def zip_with(name, *, content=b"x", mode=None, flag=0):
    """A zip of one entry whose header says what an honest writer would not."""
    info = zipfile.ZipInfo("placeholder.txt")
    info.filename = name
    if mode:
        info.external_attr = mode << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(info, content)
    data = bytearray(packed.getvalue())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(signature) + offset
        data[place] |= flag
    return bytes(data)


@pytest.fixture
def folders(monkeypatch, tmp_path):
    """Where uploads and children put their files during the test."""
    folder = tmp_path / "folders"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_a_vrt_under_any_name_reads_no_file_of_the_server(tmp_path):
    secret = files.written(tmp_path / "secret.geojson", "GeoJSON")
    good = files.kml()
    evil = vrt(secret)
    assert refusal_of("a.kml", evil).code == "not_kml"
    for name, content in (
        ("a.geojson", evil),
        ("a.gpkg", evil),
        ("a.fgb", evil),
        ("a.kmz", evil),
        ("a.zip", evil),
    ):
        assert refusal_of(name, content).code == "file_not_what_it_says"
    for name in ("a.geojson", "a.shp", "a.gpkg"):
        assert refusal_of("a.zip", files.zipped({name: evil})).code == "file_unreadable"
    assert refusal_of("a.kmz", files.zipped({"doc.kml": evil})).code == "not_kml"
    assert refusal_of("a.zip", files.zipped({"a.vrt": evil, "b.kml": evil})).code == "not_kml"
    assert uploads.read_area("a.kml", good)[0].geometry.equals(files.SQUARE)


def test_the_vrt_would_be_read_if_the_driver_were_left_on(tmp_path):
    """The control: the file is hostile, and the child refuses to work with one driver too many."""
    evil = tmp_path / "evil.geojson"
    evil.write_bytes(vrt(files.written(tmp_path / "secret.geojson", "GeoJSON")))
    assert files.pyogrio.read_info(evil)["features"] == 1
    skipped = ",".join(name for name in drivers.SKIPPED if name != "OGR_VRT")
    request = {"path": str(evil), "kind": "geojson", "title": "evil", "crs": None}
    options = {"seconds": 10, "memory_mb": 1024, "readable": tmp_path}
    with pytest.raises(ChildFailed) as failure:
        run_child("dinamis.uploads.child", request, env={"OGR_SKIP": skipped}, **options)
    assert "OGR_VRT" in failure.value.trace
    said = run_child("dinamis.uploads.child", request, env=drivers.ENVIRONMENT, **options)
    assert said == {"refused": {"code": "file_unreadable", "facts": {}}}


@pytest.mark.parametrize(
    "content",
    [
        {"type": "Topology", "objects": {"a": {"type": "Polygon", "arcs": [[0]]}}, "arcs": [RING]},
        {"geometryType": "esriGeometryPolygon", "features": [{"geometry": {"rings": [RING]}}]},
        {"type": "gdal_streamed_alg", "command_line": "gdal vector read /etc/passwd"},
    ],
)  # fmt: skip
def test_other_kinds_of_json_are_not_read(content):
    assert refusal_of("a.geojson", json.dumps(content).encode()).code == "file_unreadable"


def test_no_file_makes_the_server_call_out():
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.3)
        address = f"http://127.0.0.1:{trap.getsockname()[1]}/a.kml"
        link = f"<kml><NetworkLink><Link><href>{address}</href></Link></NetworkLink></kml>"
        doctype = f'<!DOCTYPE kml SYSTEM "{address}"><kml/>'
        entity = f'<!DOCTYPE kml [<!ENTITY % e SYSTEM "{address}"> %e;]><kml/>'
        for text in (link, doctype, entity):
            refusal_of("a.kml", text.encode())
        refusal_of("a.geojson", json.dumps({"type": "x", "href": address}).encode())
        refusal_of("a.zip", files.zipped({"a.geojson": vrt(f"/vsicurl/{address}")}))
        with pytest.raises(TimeoutError):
            trap.accept()


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        QUADRATIC,
        '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml><name>&x;</name></kml>',
        '<!DOCTYPE kml SYSTEM "a.dtd"><kml/>',
        '<!DOCTYPE kml PUBLIC "-//A//B" "http://127.0.0.1:9/a.dtd"><kml/>',
        "<!DOCTYPE kml><kml/>",
    ],
)
def test_a_document_type_or_an_entity_is_refused(text):
    assert refusal_of("a.kml", text.encode()).code == "xml_entities"


def test_an_entity_is_refused_in_every_wrapping():
    for name, content in (
        ("a.kml", BOMB.encode("utf-16")),
        ("a.kmz", files.zipped({"doc.kml": BOMB.encode()})),
        ("a.zip", files.zipped({"a.kml": BOMB.encode()})),
    ):
        assert refusal_of(name, content).code == "xml_entities"


def test_elements_nested_without_end_are_refused():
    deep = b"<kml>" + b"<Folder>" * 100_000 + b"</Folder>" * 100_000 + b"</kml>"
    assert refusal_of("a.kml", deep).code == "xml_too_deep"


def test_json_nested_without_end_is_refused():
    assert refusal_of("a.geojson", b'{"a":' * 500_000).code == "file_unreadable"


def test_a_kmz_a_thousand_times_larger_unpacked_is_refused(folders):
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("doc.kml", "w", force_zip64=True) as member,
    ):
        for _part in range(200):
            member.write(b" " * MEGABYTE)
    assert len(packed.getvalue()) < MEGABYTE / 4
    for name in ("a.kmz", "a.zip"):
        assert refusal_of(name, packed.getvalue()).code == "zip_bomb"
    assert list(folders.iterdir()) == []


def test_many_members_that_add_up_are_refused(tmp_path):
    # Each is under the ratio's threshold; together they pass what may be taken out.
    members = {
        f"a{number}.{kind}": bytes(1000 * 1000) for number in range(20) for kind in ("shp", "dbf")
    }
    path = tmp_path / "a.zip"
    path.write_bytes(files.zipped(members))
    with pytest.raises(archives.Bad) as bad:
        archives.take_areas(path, tmp_path)
    assert bad.value.code == "zip_bomb"
    assert [one.name for one in tmp_path.iterdir()] == ["a.zip"]


def test_a_header_that_lies_about_sizes_is_found_out(tmp_path):
    content = bytearray(files.zipped({"doc.kml": b" " * 20 * MEGABYTE}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = content.find(signature) + offset
        content[place : place + 4] = struct.pack("<I", 1000)
    assert refusal_of("a.kmz", bytes(content)).code == "zip_broken"
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    with pytest.raises(archives.Bad):
        archives.take_kml(path, tmp_path)
    assert (tmp_path / "area.kml").stat().st_size <= 1000


def test_a_hundred_thousand_entries_are_refused():
    packed = files.zipped({f"{number}": b"" for number in range(100_000)}, method=0)
    refusal = refusal_of("a.zip", packed, max_bytes=20 * MEGABYTE)
    assert refusal.code == "zip_too_many_entries"
    assert refusal.details == {"count": 100_000, "limit": 500}
    assert isinstance(refusal_of("a.zip", packed), TooLarge)


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../a.kml", "a/../../a.kml", "C:/a.kml", "..\\a.kml", "\\\\host\\a.kml"]
)
def test_a_name_that_leads_outside_is_refused(name):
    assert refusal_of("a.zip", zip_with(name)).code == "zip_unsafe_name"


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFBLK])
def test_a_link_or_a_device_is_refused(mode):
    hostile = zip_with("a.kml", content=b"/etc/passwd", mode=mode | 0o777)
    assert refusal_of("a.zip", hostile).code == "zip_link"


@pytest.mark.parametrize("inner", ["b.zip", "b.kmz", "B.TAR", "b.gz", "b.7z"])
def test_an_archive_in_an_archive_is_refused(inner):
    packed = files.zipped({"a.kml": files.kml(), inner: b"PK\x03\x04"})
    assert refusal_of("a.zip", packed).code == "zip_nested"


def test_a_zip_with_a_password_is_refused():
    assert refusal_of("a.zip", zip_with("a.kml", flag=1)).code == "zip_encrypted"


def test_two_members_of_one_name_are_refused():
    packed = files.zipped({"a.kml": files.kml(), "A.kml": files.kml()})
    assert refusal_of("a.zip", packed).code == "zip_same_name_twice"


@pytest.mark.parametrize("keep", [40, 200, -10])
def test_a_zip_cut_short_is_refused(tmp_path, keep):
    packed = files.shapefile(tmp_path / "s")
    assert refusal_of("a.zip", packed[:keep]).code == "zip_broken"


def test_a_spoilt_shapefile_is_refused_or_read_never_an_error(tmp_path):
    folder = tmp_path / "s"
    folder.mkdir()
    parts = {
        one.name: one.read_bytes()
        for one in files.written(folder / "a.shp", "ESRI Shapefile").parent.iterdir()
    }
    shape = parts["a.shp"]
    huge = shape[: 108 + 36] + struct.pack("<i", 2_000_000_000) + shape[108 + 40 :]
    for spoilt in (shape[:120], huge, shape[:24] + b"\xff" * 4 + shape[28:], b""):
        refusal = refusal_of("a.zip", files.zipped(parts | {"a.shp": spoilt}))
        assert refusal.code in ("file_unreadable", "file_empty", "file_without_polygon")


def test_five_megabytes_pass_and_a_byte_more_is_refused_unread():
    text = files.geojson(files.SQUARE)
    limit = uploads.MAX_BYTES
    assert len(uploads.read_area("a.geojson", text.ljust(limit))) == 1
    refusal = refusal_of("a.geojson", text.ljust(limit + 1))
    assert isinstance(refusal, TooLarge)
    assert (refusal.code, refusal.details) == ("file_too_large", {"limit": limit})


def test_a_stream_without_end_is_cut_at_the_limit(folders):
    class Endless:
        given = 0

        def read(self, size):
            self.given += size
            return b"{" * size

    stream = Endless()
    assert refusal_of("a.geojson", stream).code == "file_too_large"
    assert stream.given <= uploads.MAX_BYTES + 2 * 64 * 1024
    assert list(folders.iterdir()) == []


def test_a_name_that_leads_elsewhere_writes_nothing_there(folders):
    area = uploads.read_area("../../etc/area\x00.geojson", files.geojson(files.SQUARE))[0]
    assert area.geometry.equals(files.SQUARE)
    assert list(folders.iterdir()) == []


def test_a_geopackage_of_too_many_layers_is_refused(tmp_path):
    path = tmp_path / "a.gpkg"
    for number in range(11):
        files.pyogrio.raw.write(
            path,
            geometry=shapely.to_wkb([files.SQUARE]),
            field_data=[],
            fields=[],
            geometry_type="Polygon",
            crs="EPSG:4326",
            driver="GPKG",
            layer=f"layer{number}",
            append=number > 0,
        )
    assert refusal_of("a.gpkg", path.read_bytes()).code == "file_too_many_layers"


def test_a_file_of_too_many_objects_is_refused():
    points = [shapely.Point(x / 100, 0) for x in range(5_001)]
    assert refusal_of("a.geojson", files.geojson(*points)).code == "file_too_many_features"


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("time", "file_took_too_long"),
        ("memory", "file_took_too_much_memory"),
        ("crash", "file_unreadable"),
    ],
)
def test_the_death_of_a_child_is_told_in_words(monkeypatch, folders, reason, code):
    def dead(*_args, **_options):
        raise ChildFailed(reason)

    monkeypatch.setattr(reading, "run_child", dead)
    assert refusal_of("a.kml", files.kml()).code == code
    assert list(folders.iterdir()) == []


def test_every_refusal_of_the_child_has_its_words():
    folder = Path(uploads.__file__).parent
    raised = {
        code
        for path in folder.glob("*.py")
        for code in re.findall(r'Bad\(\s*"(\w+)"', path.read_text())
    } | {"zip_many_files"}
    assert raised <= set(sentences.REFUSALS) | {"file_without_polygon"}
    spoken = set(re.findall(r'"(\w+)"', "".join(path.read_text() for path in folder.glob("*.py"))))
    assert set(sentences.REFUSALS) <= spoken
