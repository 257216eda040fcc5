"""The STAC API read by clients that nobody here wrote: pystac-client and GDAL."""

from datetime import UTC, datetime

import pyogrio
import pystac_client
import pytest

from tests.catalogue import make


@pytest.fixture
def served(transactional_db, live_server, settings):
    settings.SITE_URL = live_server.url
    for number in range(7):
        make.scene(
            at=datetime(2020, 1, 1 + number, 10, tzinfo=UTC), cloud_cover=number * 10.0, lon=number
        )
    return f"{live_server.url}/stac/"


def test_pystac_client_searches_pages_sorts_and_filters(served):
    client = pystac_client.Client.open(served)
    assert {one.id for one in client.get_collections()} >= {"pleiades", "spot67"}
    every = client.search(limit=3)
    assert every.matched() == 7
    days = [item.datetime.day for item in every.items()]
    assert days == [7, 6, 5, 4, 3, 2, 1]
    for method in ("GET", "POST"):
        up = client.search(method=method, limit=3, sortby="+properties.datetime")
        assert [item.datetime.day for item in up.items()] == [1, 2, 3, 4, 5, 6, 7]
        clear = client.search(
            method=method,
            collections=["pleiades"],
            bbox=[-1, 4, 3.5, 6],
            datetime="2020-01-02/2020-01-31",
            filter="eo:cloud_cover <= 20" if method == "GET" else {
                "op": "<=", "args": [{"property": "eo:cloud_cover"}, 20]
            },
            filter_lang="cql2-text" if method == "GET" else "cql2-json",
        )  # fmt: skip
        assert [item.datetime.day for item in clear.items()] == [3, 2]
    asked = client.search(query=["eo:cloud_cover<15"], fields=["id", "-links"])
    assert len(list(asked.items_as_dicts())) == 2


def test_pystac_client_reads_one_item_and_its_collection(served):
    client = pystac_client.Client.open(served)
    collection = client.get_collection("pleiades")
    [item] = client.search(max_items=1).items()
    assert collection.get_item(item.id).id == item.id
    assert item.get_collection().id == "pleiades"
    assert item.properties["gsd"] == 0.5


def test_gdal_reads_it_as_ogc_api_features(served):
    names = [name for name, _kind in pyogrio.list_layers(f"OAPIF:{served}")]
    assert "pleiades" in names
    meta, _fids, geometries, fields = pyogrio.raw.read(f"OAPIF:{served}", layer="pleiades")
    assert len(geometries) == 7
    clouds = fields[list(meta["fields"]).index("eo:cloud_cover")]
    assert sorted(clouds) == [0, 10, 20, 30, 40, 50, 60]
