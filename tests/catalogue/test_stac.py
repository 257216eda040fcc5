"""The STAC API: what its answers hold, page by page, for whom, and what it refuses."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from pystac.validation import validate_dict

from catalogue.models import Collection, Product, Scene
from catalogue.search import windows
from catalogue.stac import extensions
from catalogue.stac.asked import MAX_LIMIT
from catalogue.stac.conformance import CLASSES
from dinamis.storage import storage_at
from tests.catalogue import make, shelf

pytestmark = pytest.mark.django_db
JANUARY = datetime(2020, 1, 15, 10, 30, 5, tzinfo=UTC)


@pytest.fixture
def browser():
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def strip():
    """Five scenes in a row, one a month, each half a degree further east."""
    return [
        make.scene(
            lon=-52.3 + number / 2,
            at=JANUARY + timedelta(days=31 * number),
            cloud_cover=number * 10.0,
            platform="PHR1A" if number < 3 else "SPOT6",
        )
        for number in range(5)
    ]


def post(browser, status=200, **body):
    answer = browser.post("/stac/search", json.dumps(body), content_type="application/json")
    assert answer.status_code == status, answer.content
    return answer.json()


def ids(page):
    return [feature["id"] for feature in page["features"]]


def test_the_landing_page_leads_everywhere_and_every_link_of_ours_answers(browser, strip):
    answer = browser.get("/stac/")
    assert answer["Access-Control-Allow-Origin"] == "*"
    told = answer.json()
    assert (told["type"], told["stac_version"]) == ("Catalog", "1.1.0")
    assert told["conformsTo"] == CLASSES
    rels = {link["rel"] for link in told["links"]}
    assert {"self", "root", "conformance", "data", "search", "service-desc", "child"} <= rels
    for link in told["links"]:
        if link.get("method") != "POST":
            assert browser.get(urlsplit(link["href"]).path).status_code == 200, link


def test_collections_say_where_and_when_their_scenes_are(browser, strip):
    Collection.objects.create(code="empty", title_fr="Vide", title_en="Empty")
    told = browser.get("/stac/collections").json()
    for one in told["collections"]:
        validate_dict(one | {"stac_extensions": []})  # theirs: test_stac_judges
    pleiades = next(one for one in told["collections"] if one["id"] == "pleiades")
    [box] = pleiades["extent"]["spatial"]["bbox"]
    assert box == pytest.approx([-52.39, 4.81, -51.21, 4.99])
    assert pleiades["extent"]["temporal"]["interval"] == [
        ["2020-01-15T10:30:05Z", "2020-03-17T10:30:05Z"]
    ]
    empty = browser.get("/stac/collections/empty").json()
    assert empty["extent"]["temporal"]["interval"] == [[None, None]]
    assert browser.get("/stac/collections/none").json()["code"] == "collection_unknown"


def test_an_item_is_valid_stac_and_tells_what_is_known_and_nothing_else(browser):
    scene = make.scene(cloud_cover=None, incidence=-17.5, snow_cover=0.0, sun_elevation=66.2)
    found = browser.get(f"/stac/collections/pleiades/items/{scene.item_id}")
    assert found["Content-Type"] == "application/geo+json"
    item = found.json()
    validate_dict(item | {"stac_extensions": []})  # theirs are on the network
    said = item["properties"]
    assert "eo:cloud_cover" not in said
    assert said["eo:snow_cover"] == 0.0
    assert said["view:incidence_angle"] == 17.5
    assert (said["platform"], said["constellation"]) == ("PHR1A", "pleiades")
    assert said["datetime"] == "2019-10-28T14:10:11Z"
    assert said["order:status"] == "orderable"
    assert item["bbox"] == pytest.approx([-52.39, 4.81, -52.21, 4.99])
    assert any(link["rel"] == "order" and scene.item_id in link["href"] for link in item["links"])
    bare = scene.item_id.removeprefix("DS_").lower()
    assert browser.get(f"/stac/collections/pleiades/items/{bare}").json()["id"] == scene.item_id
    assert browser.get(f"/stac/collections/spot67/items/{scene.item_id}").status_code == 404


def test_an_item_names_the_extensions_of_which_it_says_something(browser, licences):
    product = shelf.product()
    scene = product.scene
    address = f"/stac/collections/pleiades/items/{scene.item_id}"
    item = browser.get(address).json()
    told = {url.split("/")[3] for url in item["stac_extensions"]}
    assert {"authentication", "file", "order", "processing", "timestamps"} <= told
    assert "stereo-imagery" not in told
    flow = item["properties"]["auth:schemes"]["signed"]["flows"]["authorizationCode"]
    assert flow["authorizationApi"].endswith("/signing/sign_urls")
    [data] = [asset for asset in item["assets"].values() if asset["roles"] == ["data"]]
    assert (data["auth:refs"], data["processing:level"]) == (["signed"], "L3")
    Scene.objects.filter(pk=scene.pk).update(
        stereo="tri_stereo", stereo_key="pass", base_height=0.3
    )
    said = browser.get(address).json()["properties"]
    assert (said["stereo-img:count"], said["stereo-img:group"]) == (3, "pass")
    assert said["dinamis:base_height"] == 0.3
    bare = make.scene(cloud_cover=None)
    item = browser.get(f"/stac/collections/pleiades/items/{bare.item_id}").json()
    assert {url.split("/")[3] for url in item["stac_extensions"]} == {
        "language", "order", "sat", "view",
    }  # fmt: skip
    assert not [name for name in item["properties"] if name.startswith(("auth:", "published"))]
    assert item["properties"]["sat:platform_international_designator"] == "2011-076F"
    assert "storage:schemes" not in item["properties"]  # a disk of ours


def test_an_answer_is_in_the_language_asked_and_names_things_in_both(browser, licences):
    product = shelf.product()
    Product.objects.filter(pk=product.pk).update(spectral="PMS", bands=["B0", "B1", "B2", "B3"])
    address = f"/stac/collections/pleiades/items/{product.scene.item_id}"
    for code, other in (("en", "fr"), ("fr", "en")):
        answer = browser.get(address, headers={"accept-language": code})
        said = answer.json()["properties"]
        assert answer["Content-Language"] == said["language"]["code"] == code
        assert [one["code"] for one in said["languages"]] == [other]
        assert said["dinamis:names"] == {
            "fr": "Pléiades 1A, 28 octobre 2019", "en": "Pléiades 1A, 28 October 2019",
        }  # fmt: skip
        collection = browser.get("/stac/collections/pleiades", headers={"accept-language": code})
        told = collection.json()
        assert (told["language"]["code"], told["title"]) == (code, told["dinamis:names"][code])
    [asset] = [a for a in answer.json()["assets"].values() if "data" in a["roles"]]
    assert asset["product:type"] == said["product:type"] == "ortho PMS"
    assert [band["name"] for band in asset["bands"]] == ["B0", "B1", "B2", "B3"]


def test_files_in_an_s3_say_where(browser, licences, monkeypatch):
    product = shelf.product()
    there = storage_at("s3://images/given?endpoint=https://s3.example&region=eu")
    monkeypatch.setattr(extensions, "default_storage", there)
    item = browser.get(f"/stac/collections/pleiades/items/{product.scene.item_id}").json()
    [(name, scheme)] = item["properties"]["storage:schemes"].items()
    assert (scheme["platform"], scheme["bucket"], scheme["region"]) == (
        "https://s3.example", "images", "eu",
    )  # fmt: skip
    [asset] = [a for a in item["assets"].values() if "data" in a["roles"]]
    assert asset["storage:refs"] == [name]
    assert any("/storage/" in url for url in item["stac_extensions"])


def test_the_files_of_a_product_are_assets_that_signing_makes_into_links(browser, licences):
    product = shelf.product()
    [file] = product.files.all()
    scene = product.scene
    item = browser.get(f"/stac/collections/pleiades/items/{scene.item_id}").json()
    assert item["properties"]["order:status"] == "succeeded"
    asset = item["assets"][f"{product.pk}/IMG/IMG.TIF"]
    assert asset["roles"] == ["data"]
    assert (asset["file:size"], asset["file:checksum"]) == (shelf.SIZE, f"1220{file.sha256}")
    page, sidecar = [link for link in item["links"] if link["rel"] == "license"]
    assert (page["type"], sidecar["type"]) == ("text/html", "application/json")
    assert sidecar["href"].endswith(reverse("product_licence", args=[product.pk]))
    assert product.credit in sidecar["title"]
    assert not any(link["rel"] == "order" for link in item["links"])
    assert browser.get(urlsplit(asset["href"]).path).status_code in (302, 401, 403)
    product.state, product.state_reason = "withdrawn", "A fault"
    product.save()
    item = browser.get(f"/stac/collections/pleiades/items/{scene.item_id}").json()
    assert item["properties"]["order:status"] == "orderable"
    assert not [key for key in item["assets"] if "IMG" in key]


def test_what_is_known_by_its_name_alone_is_no_item(browser, strip):
    Scene.objects.filter(pk=strip[0].pk).update(completeness="to_complete")
    assert browser.get(f"/stac/collections/pleiades/items/{strip[0].item_id}").status_code == 404
    assert len(ids(post(browser))) == 4


def test_a_search_is_newest_first_and_told_exactly(browser, strip):
    page = post(browser)
    assert ids(page) == [scene.item_id for scene in reversed(strip)]
    assert (page["numberMatched"], page["numberReturned"]) == (5, 5)
    assert [link["rel"] for link in page["links"]] == ["self", "root"]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("sortby", ["-datetime", "+datetime"])
@pytest.mark.parametrize("bbox", [None, [-60, 0, 0, 10]])
def test_pages_follow_each_other_without_gap_or_repetition(browser, strip, method, sortby, bbox):
    """Both ways through time, with and without a place."""
    seen, page = [], None
    if method == "POST":
        body = {"limit": 2, "sortby": sortby} | ({"bbox": bbox} if bbox else {})
        while body is not None:
            page = post(browser, **body)
            assert page["numberMatched"] == 5
            seen += ids(page)
            following = [link for link in page["links"] if link["rel"] == "next"]
            assert all(link["method"] == "POST" and not link["merge"] for link in following)
            body = following[0]["body"] if following else None
    else:
        address = f"/stac/search?limit=2&sortby={sortby.replace('+', '%2B')}"
        address += "&bbox=" + ",".join(map(str, bbox)) if bbox else ""
        while address:
            page = browser.get(address).json()
            seen += ids(page)
            following = [link["href"] for link in page["links"] if link["rel"] == "next"]
            address = following[0].removeprefix("http://testserver") if following else ""
            assert address.startswith(("/", "")) or not address
    expected = [scene.item_id for scene in strip]
    assert seen == (expected if sortby == "+datetime" else expected[::-1])


def test_places_times_names_and_collections_narrow_it(browser, strip):
    first, second, *_others, last = [scene.item_id for scene in strip]
    assert ids(post(browser, bbox=[-52.4, 4.8, -52.2, 5])) == [first]
    assert ids(post(browser, intersects={"type": "Point", "coordinates": [-51.8, 4.9]})) == [second]
    line = {"type": "LineString", "coordinates": [[-52.3, 4.9], [-51.8, 4.9]]}
    assert ids(post(browser, intersects=line)) == [second, first]
    assert ids(post(browser, datetime="2020-01-15T10:30:05Z")) == [first]
    assert ids(post(browser, datetime="../2020-01-15T10:30:05Z")) == [first]
    assert ids(post(browser, datetime="2020-01-15T10:30:06Z/2020-02-20T00:00:00+01:00")) == [second]
    assert ids(post(browser, ids=[last, "nothing"])) == [last]
    assert ids(post(browser, ids=[first.removeprefix("DS_").lower()])) == [first]
    assert ids(post(browser, ids=[first, last], limit=1, sortby="datetime")) == [first]
    assert len(ids(post(browser, collections=["spot67"]))) == 2
    assert len(ids(post(browser, collections="spot67"))) == 2
    items = browser.get("/stac/collections/pleiades/items?limit=2").json()
    assert (items["numberMatched"], items["numberReturned"]) == (3, 2)
    narrow = browser.get(f"/stac/search?ids={first},{second}&bbox=-52.4,4.8,-52.2,5").json()
    assert ids(narrow) == [first]


def test_a_box_over_the_antimeridian_finds_both_sides(browser):
    east, west = make.scene(lon=179.5, lat=-17), make.scene(lon=-179.5, lat=-17)
    make.scene(lon=0, lat=-17)
    assert set(ids(post(browser, bbox=[179, -18, -179, -16]))) == {east.item_id, west.item_id}


def test_a_count_above_the_cap_is_not_told_as_exact(browser, strip, monkeypatch):
    monkeypatch.setattr(windows, "COUNT_CAP", 3)
    page = post(browser, limit=2)
    assert "numberMatched" not in page
    assert page["dinamis:numberAtLeast"] == 3


def test_that_they_are_too_many_to_count_is_found_out_once(browser, strip, monkeypatch):
    """Each page of a search would count anew what the one before gave up."""
    counted = []
    usual = windows.counted
    monkeypatch.setattr(windows, "COUNT_CAP", 3)
    monkeypatch.setattr(windows, "counted", lambda *asked: counted.append(asked) or usual(*asked))
    first = post(browser, limit=2)
    [following] = [link for link in first["links"] if link["rel"] == "next"]
    second = post(browser, **following["body"])
    assert [page["dinamis:numberAtLeast"] for page in (first, second)] == [3, 3]
    assert len(counted) == 1
    post(browser, limit=2, filter="eo:cloud_cover < 100", **{"filter-lang": "cql2-text"})
    assert len(counted) == 2


def test_fields_say_what_is_sent(browser, strip):
    [item] = post(browser, limit=1, fields={"include": ["id", "properties.gsd"]})["features"]
    assert set(item) == {"type", "stac_version", "id", "collection", "properties"}
    assert set(item["properties"]) == {"gsd"}
    [item] = post(browser, limit=1, fields={"exclude": ["links", "properties.platform"]})[
        "features"
    ]
    assert "links" not in item
    assert "platform" not in item["properties"]
    assert "gsd" in item["properties"]
    [item] = browser.get("/stac/search?limit=1&fields=properties,-geometry").json()["features"]
    assert "geometry" not in item
    assert "platform" in item["properties"]


@pytest.mark.parametrize(
    ("fields", "there", "not_there"),
    [
        ({}, {"geometry", "bbox", "links", "assets", "properties.datetime"}, {"properties.gsd"}),
        ({"include": [], "exclude": None}, {"geometry", "properties.datetime"}, {"properties.gsd"}),
        ({"include": [], "exclude": ["bbox"]}, {"geometry", "links"}, {"bbox", "properties.gsd"}),
        ({"exclude": ["bbox"]}, {"geometry", "links", "properties.gsd"}, {"bbox"}),
        ({"include": ["bbox"]}, {"id", "type", "bbox"}, {"geometry", "links", "properties"}),
        ({"include": ["bbox"], "exclude": ["bbox"]}, {"bbox"}, {"links"}),
        ({"include": ["properties.gsd"], "exclude": ["properties"]}, {"properties.gsd"}, {"properties.datetime"}),
        ({"include": ["properties"], "exclude": ["properties.gsd"]}, {"properties.datetime"}, {"properties.gsd"}),
        ({"include": ["properties.nothing"]}, {"id"}, {"properties"}),
    ],
)  # fmt: skip
def test_of_two_names_the_longer_counts(browser, strip, fields, there, not_there):
    [item] = post(browser, limit=1, fields=fields)["features"]
    told = {*item, *(f"properties.{name}" for name in item.get("properties", ()))}
    assert told >= there
    assert not told & not_there


def test_the_limit_is_bounded_without_a_word(browser, strip):
    assert post(browser, limit=MAX_LIMIT + 1)["numberReturned"] == 5


@pytest.mark.parametrize(
    "body",
    [
        {"limit": 0}, {"limit": -1}, {"limit": "x"}, {"limit": True}, {"limit": 1.5},
        {"bbox": [1, 2, 3]}, {"bbox": ["a", 1, 2, 3]}, {"bbox": [1, 5, 3, 2]}, {"bbox": 3},
        {"bbox": [1, 2, 3, float("nan")]}, {"bbox": [-200, 0, 3, 4]},
        {"bbox": [1, 2, 3, 4], "intersects": {"type": "Point", "coordinates": [1, 2]}},
        {"intersects": {"type": "Point"}}, {"intersects": {"type": "Point", "coordinates": ["a"]}},
        {"intersects": {"type": "Polygon", "coordinates": []}}, {"intersects": "x"},
        {"intersects": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}},
        {"intersects": {"type": "Point", "coordinates": [400, 2]}},
        {"datetime": "yesterday"}, {"datetime": "../.."}, {"datetime": "/"}, {"datetime": 5},
        {"datetime": "2020-01-15"}, {"datetime": "2020-01-15/.."},
        {"datetime": "2021-01-01T00:00:00Z/2020-01-01T00:00:00Z"},
        {"datetime": "2020-13-01T00:00:00Z"}, {"datetime": "2020-01-01T00:00:00"},
        {"ids": [1]}, {"ids": {}}, {"ids": ["x"] * 1001}, {"collections": [None]},
        {"sortby": "gsd"}, {"sortby": [{"field": "datetime", "direction": "up"}]},
        {"token": "x"}, {"token": 3}, {"fields": 4}, {"fields": None},
        {"fields": {"include": "id"}},
        {"query": {"gsd": 1}}, {"query": {"gsd": {"near": 1}}}, {"query": []},
    ],
    ids=str,
)  # fmt: skip
def test_a_search_that_cannot_be_read_is_400_with_the_name_of_what_is_wrong(browser, body):
    told = post(browser, 400, **body)
    assert told["field"] in {*body, "body"}
    assert told["title"]


def test_a_body_that_is_no_search_is_400(browser):
    for body in ("", "{", "[]", "3", '"x"', "[" * 3000):
        answer = browser.post("/stac/search", body, content_type="application/json")
        assert answer.status_code in (200, 400) if body == "" else answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json" or body == ""


def test_the_openapi_document_tells_of_these_addresses_alone(browser):
    told = browser.get("/stac/openapi.json").json()
    assert set(told["paths"]) >= {"/stac/search", "/stac/collections"}
    assert all(path.startswith("/stac/") for path in told["paths"])
