"""A list of scenes as files of other programs, read back by those programs' libraries."""

import csv
import io
import json

import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from defusedxml import ElementTree
from django.test import Client

from catalogue.exported.row import COLUMNS
from catalogue.services import exports
from tests.catalogue import make

pytestmark = pytest.mark.django_db
KML = "{http://www.opengis.net/kml/2.2}"
WEST = "west<&>\x01"


@pytest.fixture
def scenes():
    """Two over the Mahury, one of them with 40 % of cloud, one elsewhere."""
    return [
        make.scene(cloud_cover=40.0),
        make.scene(cloud_cover=None, incidence=-3.5),
        make.scene(lon=55.5, lat=-21.1, platform="SPOT6"),
    ]


def taken(path, **query):
    answer = Client(headers={"accept-language": "en"}).get(path, query)
    assert answer.status_code == 200, answer.content
    return answer, b"".join(answer.streaming_content)


def asked(**said):
    """By the API, over a square within the first two."""
    body = {"bbox": [-52.35, 4.85, -52.25, 4.95], **said}
    answer = Client(headers={"accept-language": "en"}).post(
        "/api/v1/scenes/export", json.dumps(body), content_type="application/json"
    )
    assert answer.status_code == 200, answer.content
    return answer, b"".join(answer.streaming_content)


def test_csv_tells_coverage_and_cloud_over_the_area(scenes):
    answer, content = asked(format="csv")
    assert answer["Dinamis-Complete"] == "true"
    rows = {
        row["identifier"]: row for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    }
    assert set(rows) == {scenes[0].item_id, scenes[1].item_id}
    cloudy = rows[scenes[0].item_id]
    assert float(cloudy["area_covered_percent"]) == 100
    # 40 % of 0.18° × 0.18° may lie over the whole of 0.1° × 0.1°, or beside it.
    assert (cloudy["area_cloud_min_percent"], cloudy["area_cloud_max_percent"]) == ("0.0", "100.0")
    assert cloudy["area_cloud_measured"] == "False"
    assert rows[scenes[1].item_id]["area_cloud_max_percent"] == ""


def test_geojson_is_read_as_geojson(scenes):
    _answer, content = asked(format="geojson")
    told = json.loads(content)
    assert all(shapely.geometry.shape(one["geometry"]).is_valid for one in told["features"])
    assert {one["id"] for one in told["features"]} == {one.item_id for one in scenes[:2]}
    assert list(told["features"][0]["properties"]) == list(COLUMNS)


def test_kml_is_read_by_gdal_and_holds_the_facts(scenes, tmp_path):
    _answer, content = taken("/catalogue/search.kml")
    path = tmp_path / "scenes.kml"
    path.write_bytes(content)
    meta, _fids, shapes, fields = pyogrio.raw.read(path)
    names = list(fields[list(meta["fields"]).index("Name")])
    assert set(names) == {one.item_id for one in scenes}
    row = names.index(scenes[2].item_id)
    assert shapely.from_wkb(shapes[row]).bounds == pytest.approx(scenes[2].footprint.extent)
    [mark] = [one for one in ElementTree.fromstring(content).iter(f"{KML}Placemark")
              if one.findtext(f"{KML}name") == scenes[2].item_id]  # fmt: skip
    data = {one.get("name"): one.findtext(f"{KML}value") for one in mark.iter(f"{KML}Data")}
    assert (data["satellite"], data["demonstration"]) == ("SPOT 6", "false")
    assert "area_covered_percent" not in data  # nothing was asked over an area


def test_what_xml_cannot_hold_breaks_no_kml(scenes):
    platform = scenes[0].platform
    platform.name = WEST
    platform.save()
    _answer, content = taken("/catalogue/search.kml")
    assert b"west&lt;&amp;&gt;" in content
    assert b"\x01" not in content


def test_geoparquet_says_what_its_standard_asks(scenes, tmp_path):
    answer, content = asked(format="geoparquet", bbox=[-180, -90, 180, 90])
    assert answer["Content-Type"] == "application/vnd.apache.parquet"
    file = pq.ParquetFile(io.BytesIO(content))
    geo = json.loads(file.metadata.metadata[b"geo"])
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geometry")
    assert geo["columns"]["geometry"]["encoding"] == "WKB"
    rows = file.read().to_pylist()
    assert len(rows) == 3
    for row in rows:
        shape = shapely.from_wkb(row["geometry"])
        assert shape.is_valid
        assert tuple(row["bbox"].values()) == shape.bounds
        assert row["datetime"].tzinfo is not None
    by_name = {row["identifier"]: row for row in rows}
    assert by_name[scenes[1].item_id]["incidence_deg"] == -3.5
    assert by_name[scenes[1].item_id]["scene_cloud_percent"] is None


def test_a_page_of_the_workbench_gives_its_four_files(scenes):
    area = make.area()
    for suffix in ("csv", "geojson", "kml", "parquet"):
        answer, content = taken(f"/catalogue/search.{suffix}", area=area.key)
        assert suffix in answer["Content-Disposition"]
        assert scenes[0].item_id.encode() in content
        assert scenes[2].item_id.encode() not in content


def test_limits_are_told_and_kept(scenes, monkeypatch):
    answer, content = asked(format="geojson", limit=1)
    assert answer["Dinamis-Complete"] == "false"
    assert len(json.loads(content)["features"]) == 1
    # Page after page: more than one search gives at once.
    monkeypatch.setattr(exports, "MAX_LIMIT", 1)
    answer, content = asked(format="geojson", limit=50)
    assert answer["Dinamis-Complete"] == "true"
    assert len(json.loads(content)["features"]) == 2
    for wrong in ({"format": "shp"}, {"limit": 0}, {"format": "kml", "filter": "nothing = 1"}):
        refused = Client().post(
            "/api/v1/scenes/export", json.dumps(wrong), content_type="application/json"
        )
        assert refused.status_code == 400
    by_address = Client().get("/api/v1/scenes/export", {"format": "kml", "ids": scenes[2].item_id})
    assert scenes[2].item_id.encode() in b"".join(by_address.streaming_content)


def test_an_order_is_that_of_the_newest_and_says_among_how_many(scenes, settings):
    rows = [
        make.scene(cloud_cover=70.0, snow_cover=5.0, incidence=1.0),
        make.scene(cloud_cover=0.0, incidence=20.0),
    ]
    answer, content = asked(format="geojson", order="cloud", limit=2)
    ids = [feature["id"] for feature in json.loads(content)["features"]]
    assert ids == [rows[1].item_id, scenes[0].item_id]  # 0 %, then 40 %
    assert (answer["Dinamis-Complete"], answer.headers.get("Dinamis-Ranked-Among")) == (
        "false",
        None,
    )
    settings.SEARCH_RANKED = 3
    answer, content = asked(format="geojson", order="angle")
    found = json.loads(content)["features"]
    assert [feature["properties"]["incidence_deg"] for feature in found] == [1.0, -3.5, 20.0]
    assert [feature["properties"]["scene_snow_percent"] for feature in found] == [5.0, None, None]
    assert answer["Dinamis-Ranked-Among"] == "3"


@pytest.mark.parametrize("said", [{"order": "beauty"}, {"order": 3}, {"order": "coverage"}])
def test_an_order_that_cannot_be_is_told(db, said):
    answer = Client().post(
        "/api/v1/scenes/export", json.dumps(said), content_type="application/json"
    )
    assert (answer.status_code, answer.json()["field"]) == (400, "order")
