"""stac-fastapi-pgstac with a database of its own, in an environment of its own, full of the same items."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from django.db import connection

from benchmarks._serving import serving
from catalogue.models import Scene
from catalogue.services import stac
from catalogue.stac import items
from tools import environment
from tools.place import ROOT, Place
from tools.processes import perform

LOCK = ROOT / "requirements-rivals.txt"
DATABASE = "pgstac"
COLLECTION = {
    "type": "Collection",
    "id": "bench",
    "stac_version": "1.1.0",
    "description": "Synthetic scenes",
    "license": "other",
    "links": [],
    "extent": {
        "spatial": {"bbox": [[-180, -90, 180, 90]]},
        "temporal": {"interval": [[None, None]]},
    },
}


class Pgstac:
    """Its programs, its database on the same server as ours, and what both are told in the environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = environment.apart("rivals", LOCK, Place.usual().make()).parent
        # DATABASE_URL has no host: its path is that of the socket, and then the database's name.
        self.sockets = (
            urlsplit(os.environ["DATABASE_URL"]).path.rpartition("/")[0].replace("//", "/")
        )

    def env(self, host: str) -> dict[str, str]:
        """As its superuser: pgstac makes roles. No password is asked on the private socket."""
        facts = {"PGUSER": "postgres", "PGPASSWORD": "none", "PGPORT": "5432"}
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return kept | facts | {"PGHOST": host, "PGDATABASE": DATABASE}

    def fill(self) -> None:
        """Migrate it and load every scene of ours, partitioned by year as its makers advise for many."""
        raw = self.env(self.sockets)
        collection, items = self.folder / "collection.json", self.folder / "items.ndjson"
        collection.write_text(json.dumps(COLLECTION))
        written(items)
        self._psql("postgres", f"CREATE DATABASE {DATABASE}")
        loader = self.bin / "pypgstac"
        perform("Migrating pgstac", [loader, "migrate"], env=raw)
        perform("Loading", [loader, "load", "collections", collection], env=raw)
        self._psql(DATABASE, "UPDATE pgstac.collections SET partition_trunc = 'year'")
        load = [loader, "load", "items", items, "--method", "insert"]
        perform("Loading pgstac", load, env=raw)
        items.unlink()
        self._psql(DATABASE, "VACUUM ANALYZE")

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Its server, of the same kind and with as many processes as ours; gives the address."""
        # Its settings put the host into an address as it stands.
        env = self.env(quote(self.sockets, safe=""))
        command = [self.bin / "gunicorn", "stac_fastapi.pgstac.app:create_app()"]
        command += ["--worker-class", "uvicorn_worker.UvicornWorker"]
        with serving("pgstac", command, env=env, folder=self.folder, path="/") as address:
            yield address

    def _psql(self, database: str, statement: str) -> None:
        command = [
            "psql",
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            self.sockets,
            "-U",
            "postgres",
        ]
        perform("Preparing pgstac", [*command, "-d", database, "-c", statement])


def written(path: Path) -> None:
    """Every scene as the item that we serve, one a line; links are made by who serves it.

    What differs from scene to scene is put by the database into the first one's item: a million by
    `catalogue.stac.items` would take a quarter of an hour.
    """
    first = Scene.objects.order_by("pk").values_list("collection_id", "item_id")[0]
    told = items.item(stac.one(*first, user=None))
    kept = {name: told[name] for name in ("type", "stac_version", "stac_extensions", "collection")}
    values = {
        "item": json.dumps(kept | {"links": [], "assets": {}}),
        "properties": json.dumps(told["properties"]),
    }
    with (
        path.open("wb") as file,
        connection.cursor() as cursor,
        cursor.copy(_ITEMS, values) as copy,
    ):
        for part in copy:
            file.write(bytes(part))


def ids_of(page: Any) -> list[str]:
    """The identifiers of a page, or of one item."""
    return [one["id"] for one in page["features"]] if "features" in page else [page["id"]]


# Quoted by what is in no item: a line is JSON as it stands.
_ITEMS = """
COPY (
  SELECT (%(item)s::jsonb || jsonb_build_object(
    'id', s.item_id,
    'geometry', ST_AsGeoJSON(s.footprint, 15)::jsonb,
    'bbox', jsonb_build_array(ST_XMin(s.footprint), ST_YMin(s.footprint),
                              ST_XMax(s.footprint), ST_YMax(s.footprint)),
    'properties', jsonb_strip_nulls(%(properties)s::jsonb || jsonb_build_object(
      'title', s.item_id,
      'datetime', to_char(s.datetime AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
      'created', to_char(s.added_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'platform', s.platform_id,
      'eo:cloud_cover', s.cloud_cover,
      'view:incidence_angle', abs(s.incidence),
      'view:off_nadir', abs(s.viewing),
      'view:sun_elevation', s.sun_elevation))))::text
  FROM catalogue_scene s ORDER BY s.id
) TO STDOUT (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')
"""
