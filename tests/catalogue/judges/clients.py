"""Clients that nobody here wrote, asking one question: `python clients.py NAME ADDRESS_OF_STAC`.

Each prints, as JSON, what it found: the collections, and the days of the Pléiades over Guiana in 2020 with
at most 40 % of cloud, newest first. They ask by means of their own: CQL2, `query`, OGC API Features.
"""

import json
import os
import sys
import tempfile

COLLECTION = "pleiades"
BOX = [-60.0, 0.0, -40.0, 10.0]
BEGINS, ENDS = "2020-01-01T00:00:00Z", "2020-12-31T23:59:59Z"
CLOUD = 40


def pystac_client(address):
    from pystac_client import Client

    client = Client.open(address)
    found = client.search(
        collections=[COLLECTION],
        bbox=BOX,
        datetime=f"{BEGINS}/{ENDS}",
        filter=f"eo:cloud_cover <= {CLOUD}",
        sortby="-datetime",
        limit=2,
    )
    return [one.id for one in client.get_collections()], [
        item.datetime.isoformat() for item in found.items()
    ]


def rustac(address):
    import rustac as tool

    found = tool.search_sync(
        address,
        collections=[COLLECTION],
        bbox=BOX,
        datetime=f"{BEGINS}/{ENDS}",
        filter={"op": "<=", "args": [{"property": "eo:cloud_cover"}, CLOUD]},
        sortby="-datetime",
        limit=2,
    )
    # It reads no list of collections over plain HTTP: those of the items it finds.
    names = {item["collection"] for item in tool.search_sync(address)}
    return names, [item["properties"]["datetime"] for item in found]


def eodag(address):
    os.environ["EODAG_CFG_DIR"] = tempfile.mkdtemp()
    os.environ["EODAG_EXT_COLLECTIONS_CFG_URI"] = ""
    os.environ["EODAG_PROVIDERS_CFG_DIR"] = tempfile.mkdtemp()
    from eodag import EODataAccessGateway

    gateway = EODataAccessGateway()
    gateway.add_provider("dinamis", f"{address}search")
    names = [one.id for one in gateway.list_collections(provider="dinamis", fetch_providers=True)]
    found = gateway.search_all(
        provider="dinamis",
        collection=COLLECTION,
        geom=BOX,
        start=BEGINS,
        end=ENDS,
        limit=2,
        **{"eo:cloud_cover": CLOUD},
    )
    days = sorted((one.properties["datetime"] for one in found), reverse=True)
    return names, days


def owslib(address):
    from owslib.ogcapi.features import Features

    features = Features(address)
    found = features.collection_items(
        COLLECTION,
        bbox=BOX,
        datetime_=f"{BEGINS}/{ENDS}",
        filter=f"eo:cloud_cover <= {CLOUD}",
        limit=100,
    )
    return features.feature_collections(), [
        one["properties"]["datetime"] for one in found["features"]
    ]


def gdal(address):
    import pyogrio

    source = f"OAPIF:{address}"
    meta, _fids, _shapes, fields = pyogrio.raw.read(
        source, layer=COLLECTION, bbox=tuple(BOX), where=f'"eo:cloud_cover" <= {CLOUD}'
    )
    times = fields[list(meta["fields"]).index("datetime")]
    days = sorted((str(one) for one in times if str(one).startswith("2020")), reverse=True)
    return [name for name, _kind in pyogrio.list_layers(source)], days


if __name__ == "__main__":
    from offline import install

    if sys.argv[1] != "gdal":  # it has its own HTTP
        install()
    asked = {
        "pystac-client": pystac_client, "rustac": rustac, "eodag": eodag, "owslib": owslib,
        "gdal": gdal,
    }  # fmt: skip
    collections, days = asked[sys.argv[1]](sys.argv[2])
    print(json.dumps({"collections": sorted(collections), "days": [day[:10] for day in days]}))
