"""Free text, searches of collections, aggregations, children: what clients ask beside items."""

import json
from datetime import UTC, datetime

import pytest
from django.test import Client

from catalogue.models import Collection, Scene
from tests.catalogue import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def scenes():
    """Three Pléiades in Guiana (2019, 2019, 2020), two SPOT 6 in Réunion (2020)."""
    told = [
        (2019, 1, "PHR1A", 5.0, -52.3, 4.9),
        (2019, 1, "PHR1A", 15.0, -52.3, 4.9),
        (2020, 3, "PHR1B", None, -52.3, 4.9),
        (2020, 3, "SPOT6", 100.0, 55.5, -21.1),
        (2020, 7, "SPOT6", 95.0, 55.5, -21.1),
    ]
    return [
        make.scene(
            at=datetime(year, month, 1 + number, 10, tzinfo=UTC), platform=platform,
            cloud_cover=cloud, lon=lon, lat=lat, incidence=number * 4.0,
        )
        for number, (year, month, platform, cloud, lon, lat) in enumerate(told)
    ]  # fmt: skip


def get(path, status=200, **query):
    answer = Client().get(f"/stac/{path}", query)
    assert answer.status_code == status, answer.content
    return answer.json()


def post(path, status=200, **body):
    answer = Client().post(f"/stac/{path}", json.dumps(body), content_type="application/json")
    assert answer.status_code == status, answer.content
    return answer.json()


def test_the_orbit_is_told_and_asked_where_it_is_known(scenes):
    Scene.objects.filter(pk=scenes[0].pk).update(orbit_state="descending", relative_orbit=305)
    found = get(
        "search", filter='"sat:orbit_state" = \'descending\' AND "sat:relative_orbit" = 305'
    )
    (item,) = found["features"]
    assert item["id"] == scenes[0].item_id
    assert item["properties"]["sat:relative_orbit"] == 305
    other = get(f"collections/{scenes[1].collection_id}/items/{scenes[1].item_id}")
    assert not {"sat:orbit_state", "sat:relative_orbit"} & set(other["properties"])


@pytest.mark.parametrize(
    ("terms", "number"),
    [
        ("pleiades", 3), ("PLÉIADES", 3), ("spot-6", 2), ("archive", 5), ("phr1b", 1), ("pleiades 1a", 3),
        ("nothing", 0), ("spot 6,phr1b", 3), ("decembre 2011", 3), (" ", 5),
    ],
)  # fmt: skip
def test_free_text_finds_by_the_words_of_collections_and_satellites(terms, number):
    assert get("search", q=terms)["numberMatched"] == number
    assert post("search", q=terms.split(","))["numberMatched"] == number


def test_free_text_finds_an_image_by_its_name(scenes):
    name = scenes[3].item_id.removeprefix("DS_").lower()
    assert [one["id"] for one in get("search", q=name)["features"]] == [scenes[3].item_id]
    both = get("collections/pleiades/items", q=f"{name},pleiades")
    assert both["numberMatched"] == 3


@pytest.mark.parametrize("wrong", [{"a": 1}, [1], ["x" * 101], [str(n) for n in range(21)], 7])
def test_free_text_has_limits(wrong):
    assert post("search", 400, q=wrong)["field"] == "q"


def codes(**query):
    return [one["id"] for one in get("collections", **query)["collections"]]


def test_collections_are_searched_by_words_place_and_time():
    Collection.objects.create(code="empty", title_fr="Un fonds vide", title_en="Nothing")
    assert codes(q="spot 6-7") == ["spot67"]
    assert codes(q="fonds") == ["empty"]
    assert codes(bbox="-53,4,-52,5") == ["pleiades"]
    assert codes(datetime="2020-05-01T00:00:00Z/..") == ["spot67"]
    assert codes(datetime="../2019-12-31T23:59:59Z") == ["pleiades"]
    assert codes(ids="empty,spot67") == ["empty", "spot67"]
    assert get("collections", 400, bbox="1,2")["field"] == "bbox"
    told = get("collections", q="spot 6-7", fields="id")["collections"]
    assert "description" not in told[0]


def test_collections_come_page_by_page():
    every = codes()
    assert len(every) > 3
    seen, query = [], {"limit": "2", "q": ""}
    while query:
        page = get("collections", **query)
        assert page["numberMatched"] == len(every)
        seen += [one["id"] for one in page["collections"]]
        following = [link["href"] for link in page["links"] if link["rel"] == "next"]
        query = (
            dict(p.split("=") for p in following[0].split("?")[1].split("&")) if following else None
        )
    assert seen == every


def test_children_are_the_collections():
    assert [one["id"] for one in get("children")["children"]] == codes()


def figures(told):
    assert told["type"] == "AggregationCollection"
    return {
        one["name"]: {b["key"]: b["frequency"] for b in one["buckets"]}
        if "buckets" in one
        else one["value"]
        for one in told["aggregations"]
    }


EVERY = [
    "total_count", "datetime_min", "datetime_max", "collection_frequency", "platform_frequency",
    "datetime_frequency", "cloud_cover_frequency", "incidence_angle_frequency", "stereo_frequency",
]  # fmt: skip


def test_every_aggregation_counts_what_matches():
    assert [one["name"] for one in get("aggregations")["aggregations"]] != []
    told = figures(post("aggregate", aggregations=EVERY))
    assert told == {
        "total_count": 5,
        "datetime_min": "2019-01-01T10:00:00Z",
        "datetime_max": "2020-07-05T10:00:00Z",
        "collection_frequency": {"pleiades": 3, "spot67": 2},
        "platform_frequency": {"PHR1A": 2, "PHR1B": 1, "SPOT6": 2},
        "datetime_frequency": {
            "2019-01-01T00:00:00Z": 2, "2020-03-01T00:00:00Z": 2, "2020-07-01T00:00:00Z": 1,
        },
        "cloud_cover_frequency": {"0": 1, "10": 1, "90": 2},
        "incidence_angle_frequency": {"0": 2, "5": 1, "10": 1, "15": 1},
        "stereo_frequency": {"mono": 5},
    }  # fmt: skip
    assert figures(get("aggregate", aggregations=",".join(EVERY))) == told


def test_an_aggregation_is_of_what_the_search_finds():
    asked = {"aggregations": "total_count,platform_frequency"}
    told = figures(
        get("aggregate", **asked, bbox="-53,4,-52,5", datetime="2020-01-01T00:00:00Z/..")
    )
    assert told == {"total_count": 1, "platform_frequency": {"PHR1B": 1}}
    told = figures(get("aggregate", **asked, filter="platform = 'SPOT6' AND eo:cloud_cover < 100"))
    assert told == {"total_count": 1, "platform_frequency": {"SPOT6": 1}}
    told = figures(get("collections/spot67/aggregate", **asked))
    assert told == {"total_count": 2, "platform_frequency": {"SPOT6": 2}}
    assert figures(get("aggregate", q="pleiades")) == {"total_count": 3}
    none = figures(get("aggregate", aggregations=",".join(EVERY), bbox="0,0,1,1"))
    assert none["total_count"] == 0
    assert none["datetime_min"] is None
    assert none["cloud_cover_frequency"] == {}


def test_an_unknown_aggregation_is_named():
    answer = get("aggregate", 400, aggregations="total_count,sum_of_all")
    assert answer["code"] == "aggregation_unknown"
    assert "sum_of_all" in answer["title"]
    assert post("aggregate", 400, aggregations=["x" * 5000])["code"] == "aggregation_unknown"
    assert get("collections/none/aggregations", 404)["code"] == "collection_unknown"


def test_what_a_client_would_rather_have_keeps_it_from_nothing():
    answer = Client().get("/stac/queryables", headers={"accept": "application/schema+json"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/schema+json")
    answer = Client().get("/stac/search", headers={"accept": "application/xml"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/geo+json")


def test_a_hundred_and_fifty_questions_a_minute_are_a_map_and_no_attack():
    codes_ = {Client().get("/stac/conformance").status_code for _number in range(150)}
    assert codes_ == {200}


def test_between_is_read_in_its_older_form_too():
    older = {"op": "between", "args": [{"property": "eo:cloud_cover"}, [1, 20]]}
    assert post("search", filter=older, **{"filter-lang": "cql2-json"})["numberMatched"] == 2
