"""The STAC API read by clients that nobody here wrote: pystac-client and GDAL."""

import json
import subprocess
import sys
from datetime import UTC, datetime

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


GDAL = """
import json, sys, pyogrio
source = f"OAPIF:{sys.argv[1]}"
names = [name for name, _kind in pyogrio.list_layers(source)]
meta, _fids, shapes, fields = pyogrio.raw.read(source, layer="pleiades")
clouds = [float(value) for value in fields[list(meta["fields"]).index("eo:cloud_cover")]]
print(json.dumps({"names": names, "shapes": len(shapes), "clouds": sorted(clouds)}))
"""


def test_gdal_reads_it_as_ogc_api_features(served):
    """In a process of its own: GDAL does not let another thread answer while it asks."""
    read = subprocess.run(
        [sys.executable, "-c", GDAL, served], capture_output=True, text=True, timeout=120
    )
    assert read.returncode == 0, read.stderr
    told = json.loads(read.stdout)
    assert "pleiades" in told["names"]
    assert told["shapes"] == 7
    assert told["clouds"] == [0, 10, 20, 30, 40, 50, 60]
