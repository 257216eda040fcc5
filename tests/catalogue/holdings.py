"""Made holdings for the tests: a folder of small images with the item or table that describes them."""

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.transform import Affine

WEST, SOUTH, EAST, NORTH = 5.0, 43.5, 5.25, 43.75
FOOTPRINT = {
    "type": "Polygon",
    "coordinates": [[[WEST, SOUTH], [EAST, SOUTH], [EAST, NORTH], [WEST, NORTH], [WEST, SOUTH]]],
}
WKT = f"POLYGON(({WEST} {SOUTH},{EAST} {SOUTH},{EAST} {NORTH},{WEST} {NORTH},{WEST} {SOUTH}))"


def image(path: Path, *, bands: int = 1, dtype: str = "uint16", placed: bool = True) -> Path:
    """A GeoTIFF of 64 × 64 pixels over the footprint."""
    path.parent.mkdir(parents=True, exist_ok=True)
    at = Affine((EAST - WEST) / 64, 0, WEST, 0, (SOUTH - NORTH) / 64, NORTH)
    place = {"crs": "EPSG:4326", "transform": at} if placed else {}
    made = np.random.default_rng(1).integers(100, 2000, (bands, 64, 64)).astype(dtype)
    shape = {"width": 64, "height": 64, "count": bands, "dtype": dtype}
    with rasterio.open(path, "w", driver="GTiff", **shape, **place) as out:
        out.write(made)
    return path


def item(folder: Path, *, name: str = "item.json", **changes: Any) -> Path:
    """A TerraSAR-X holding described by a STAC item; `changes` are of the item, or its properties."""
    data = image(folder / "IMAGEDATA" / "image.tif")
    digest = hashlib.sha256(data.read_bytes()).hexdigest()
    made: dict[str, Any] = {
        "type": "Feature",
        "stac_version": "1.0.0",
        "id": "TSX1_SAR__EEC_SE___SM_S_SRA_20110715T172413",
        "geometry": FOOTPRINT,
        "bbox": [WEST, SOUTH, EAST, NORTH],
        "properties": {
            "datetime": "2011-07-15T17:24:13Z",
            "platform": "TerraSAR-X",
            "gsd": 3.0,
            "processing:level": "EEC",
            "sar:instrument_mode": "SM",
            "sar:polarizations": ["HH"],
            "view:incidence_angle": 34.2,
        },
        "collection": "",
        "links": [],
        "assets": {
            "image": {
                "href": "./IMAGEDATA/image.tif",
                "roles": ["data"],
                "file:checksum": f"1220{digest}",
            }
        },
    }
    for key, value in changes.items():
        where = made if key in made else made["properties"]
        where[key] = value
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps(made))
    return folder


def table(folder: Path, *rows: dict[str, str], separator: str = ";") -> Path:
    """holdings.csv with these rows over one's that is right, and its images."""
    for number, row in enumerate(rows or ({},), start=1):
        image(folder / f"re/{number}.tif", bands=5)
        row.setdefault("files", f"re/{number}.tif")
    full = [rapideye() | row for row in rows or ({"files": "re/1.tif"},)]
    with (folder / "holdings.csv").open("w", newline="") as opened:
        writer = csv.DictWriter(opened, list(full[0]), delimiter=separator)
        writer.writeheader()
        writer.writerows(full)
    return folder


def rapideye() -> dict[str, str]:
    return {
        "identifier": "2012-07-11T105537_RE3_3A-NAC_11110001",
        "satellite": "RapidEye 3",
        "acquired_at": "2012-07-11T10:55:37Z",
        "files": "",
        "footprint": WKT,
        "level": "3A",
        "bands": "blue|green|red|rededge|nir",
        "resolution_m": "5",
        "epsg": "32631",
        "cloud_cover": "",
    }
