"""Files of areas that tests make: good ones in every format, and parts of hostile ones."""

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pyogrio
import shapely

SQUARE = shapely.box(2, 48, 2.1, 48.1)  # 82.90 km²
KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>{name}</name>
<Polygon><outerBoundaryIs><LinearRing><coordinates>{points}</coordinates></LinearRing>
</outerBoundaryIs></Polygon></Placemark></Document></kml>"""


def geojson(*geometries, names=()):
    """A FeatureCollection as bytes."""
    names = names or [f"area {number}" for number in range(1, len(geometries) + 1)]
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": shape.__geo_interface__}
        for shape, name in zip(geometries, names, strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def kml(geometry=SQUARE, name="Forêt", height=""):
    points = " ".join(f"{x},{y}{height}" for x, y in geometry.exterior.coords)
    return KML.format(name=name, points=points).encode()


def zipped(members, *, method=zipfile.ZIP_DEFLATED):
    """{name: bytes} as a zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def written(path: Path, driver: str, geometries=(SQUARE,), *, crs="EPSG:4326"):
    """A file written by GDAL at the path, each shape with a name; the path comes back."""
    names = np.array([f"area {number}" for number in range(1, len(geometries) + 1)], dtype=object)
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(np.array(geometries, dtype=object)),
        field_data=[names],
        fields=np.array(["name"]),
        geometry_type="Polygon",
        crs=crs,
        driver=driver,
    )
    return path


def shapefile(folder: Path, geometries=(SQUARE,), *, crs="EPSG:4326", leave=(), prefix=""):
    """A zipped shapefile as bytes, without the companions named in `leave` (".prj")."""
    folder.mkdir(exist_ok=True)
    written(folder / "parcels.shp", "ESRI Shapefile", geometries, crs=crs)
    parts = {
        prefix + part.name: part.read_bytes()
        for part in sorted(folder.iterdir())
        if part.suffix not in leave
    }
    return zipped(parts)
