"""What runs in the child: an uploaded file in, its areas in longitude and latitude out.

Started by `dinamis.sandbox` with `dinamis.uploads.drivers.ENVIRONMENT`; it knows nothing of Django.
"""

import json
import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from dinamis.uploads import archives
from dinamis.uploads.drivers import ALLOWED
from dinamis.uploads.markup import check_kml
from dinamis.uploads.refusal import Bad

MAX_LAYERS = 10
MAX_FEATURES = 5_000
MAX_AREAS = 50
MAX_VERTICES = 250_000
MAX_FIELDS = 300
NAME_LENGTH = 80
# The field that most likely names an area, in the order of preference.
_NAME_FIELDS = ("name", "nom", "title", "titre", "libelle", "label", "libelong", "id", "code")
_JSON = (".geojson", ".json")
_WGS84 = CRS.from_epsg(4326)
_CRS84 = ("OGC", "CRS84")  # GeoJSON's own name for the same
_NAN, _INFINITY = struct.pack("<d", math.nan), struct.pack("<d", math.inf)  # as WKB writes them


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer as GDAL read it: rows of (name, WKB), and its coordinate system if it has one."""

    name: str
    rows: list[tuple[str, bytes]]
    crs: str | None


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape of a layer; `notes` are codes of what was put right."""

    name: str
    geometry: BaseGeometry
    notes: tuple[str, ...]


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """{path, kind, title, crs} → {"ok": {"areas": […]}} or {"refused": {"code", "facts"}}."""
    unlisted = set(pyogrio.list_drivers()) - ALLOWED
    if unlisted:
        raise RuntimeError(f"drivers left on: {sorted(unlisted)}")
    try:
        return {"ok": {"areas": _read(request)}}
    except Bad as bad:
        return {"refused": {"code": bad.code, "facts": bad.facts}}


def _read(request: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[tuple[Layer, list[Shape]]] = []
    others = features = 0
    for title, path in _files(Path(request["path"]), request["kind"], request["title"]):
        for layer in _layers(path, title):
            features += len(layer.rows)
            if features > MAX_FEATURES:
                raise Bad("file_too_many_features", limit=MAX_FEATURES)
            polygons, left = _polygons(layer)
            found.append((layer, polygons))
            others += left
    _check_size([shape for _layer, polygons in found for shape in polygons], others)
    areas = [area for layer, polygons in found for area in _areas(layer, polygons, request["crs"])]
    if others:
        for area in areas:
            area["notes"].append(["others_left", {"count": others}])
    return areas


def _check_size(polygons: list[Shape], others: int) -> None:
    if not polygons:
        raise Bad("file_without_polygon" if others else "file_empty")
    if len(polygons) > MAX_AREAS:
        raise Bad("file_too_many_areas", count=len(polygons), limit=MAX_AREAS)
    vertices = sum(int(shapely.get_num_coordinates(shape.geometry)) for shape in polygons)
    if vertices > MAX_VERTICES:
        raise Bad("file_too_many_vertices", count=vertices, limit=MAX_VERTICES)


def _files(path: Path, kind: str, title: str) -> Iterator[tuple[str, Path]]:
    """The files to open, under names of ours, in the working folder."""
    folder = Path.cwd()
    if kind == "zip":
        files = archives.take_areas(path, folder)
    elif kind == "kmz":
        files = [(title, archives.take_kml(path, folder))]
    else:
        target = folder / f"area.{kind}"
        target.write_bytes(path.read_bytes())
        files = [(title, target)]
    for name, file in files:
        if file.suffix == ".kml":
            check_kml(file)
        elif file.suffix in _JSON:
            _check_utf8(file)
        yield name, file


def _check_utf8(path: Path) -> None:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Bad("not_utf8") from error
    path.write_text(text, encoding="utf-8")


def _named_system(path: Path) -> str | None:
    """The coordinate system that a GeoJSON of old names at its top, if any, in its own words."""
    text = path.read_text(encoding="utf-8")
    if '"crs"' not in text:
        return None
    try:
        named = json.loads(text).get("crs")
    except (ValueError, RecursionError, AttributeError):
        return None  # GDAL says what is wrong with it
    facts = named.get("properties") if isinstance(named, dict) else None
    if not isinstance(facts, dict):
        return str(named) if named else None
    return str(facts.get("name") or f"{named.get('type')}:{facts.get('code')}")


def _check_understood(named: str, crs: str | None) -> None:
    """Refuse a named system that GDAL passed over, taking degrees in its place."""
    taken = CRS.from_user_input(crs) if crs else None
    if taken and not _is_degrees(taken):
        return
    try:
        understood = named.endswith("CRS84") or _is_degrees(CRS.from_user_input(named))
    except CRSError:
        understood = False
    if not understood:
        raise Bad("crs_unknown", crs=_printable(named))


def _is_degrees(system: CRS) -> bool:
    return system.equals(_WGS84, ignore_axis_order=True) or system.to_authority() == _CRS84


def _layers(path: Path, title: str) -> Iterator[Layer]:
    named = _named_system(path) if path.suffix in _JSON else None
    try:
        names = [str(name) for name, _kind in pyogrio.list_layers(path)]
        if len(names) > MAX_LAYERS:
            raise Bad("file_too_many_layers", count=len(names), limit=MAX_LAYERS)
        # By number: two layers may have one name, and a name of blanks is not found again.
        for number, name in enumerate(names):
            layer = _layer(path, number, title if len(names) == 1 else name)
            if named:
                _check_understood(named, layer.crs)
            yield layer
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise Bad("file_unreadable") from error
    except (pyogrio.errors.FeatureError, pyogrio.errors.GeometryError, UnicodeError) as error:
        raise Bad("file_unreadable") from error


def _layer(path: Path, layer: int, title: str) -> Layer:
    fields = [str(field) for field in pyogrio.read_info(path, layer=layer)["fields"]]
    if len(fields) > MAX_FIELDS:
        raise Bad("file_too_many_fields", count=len(fields), limit=MAX_FIELDS)
    column = _name_field(fields)
    meta, _fids, shapes, values = pyogrio.raw.read(
        path,
        layer=layer,
        columns=[column] if column else [],
        max_features=MAX_FEATURES + 1,
    )
    # A table without geometry has no shapes at all.
    shapes = [] if shapes is None else list(shapes)
    words = values[0] if column and shapes else [None] * len(shapes)
    rows = [
        (_name(word, title, number if len(shapes) > 1 else None), shape)
        for number, (word, shape) in enumerate(zip(words, shapes, strict=True), start=1)
    ]
    return Layer(title, rows, meta["crs"])


def _name_field(fields: list[str]) -> str | None:
    low = {field.lower(): field for field in reversed(fields)}
    for wanted in _NAME_FIELDS:
        if wanted in low:
            return low[wanted]
    return fields[0] if fields else None


def _name(word: Any, title: str, number: int | None) -> str:
    text = "" if word is None or word != word else _printable(str(word))
    return text or _printable(f"{title} {number}" if number else title)


def _printable(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:NAME_LENGTH]


def _polygons(layer: Layer) -> tuple[list[Shape], int]:
    """The layer's polygons, and how many shapes were something else."""
    shapes = [_shape(name, wkb) for name, wkb in layer.rows if wkb is not None]
    full = [shape for shape in shapes if shape is None or not shape.geometry.is_empty]
    polygons = [gathered for shape in full if shape and (gathered := _gathered(shape))]
    return polygons, len(full) - len(polygons)


def _shape(name: str, wkb: bytes) -> Shape | None:
    """A row's shape; None for what GDAL or GEOS has no geometry for, as a line of one point."""
    if not wkb:
        return None
    try:
        return Shape(name, shapely.from_wkb(wkb), ())
    except shapely.errors.ShapelyError:
        # A ring that begins with NaN never closes, as NaN is not equal to itself; infinity closes, and
        # the rules then say what is wrong with it.
        geometry = shapely.from_wkb(wkb.replace(_NAN, _INFINITY), on_invalid="fix")
    return None if geometry is None else Shape(name, geometry, ("closed",))


def _gathered(shape: Shape) -> Shape | None:
    """The shape if it is made of polygons alone, as KML's multigeometry may be."""
    geometry = shape.geometry
    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    parts = list(getattr(geometry, "geoms", ()))
    if not parts or any(part.geom_type != "Polygon" for part in parts):
        return None
    return Shape(shape.name, shapely.MultiPolygon(parts), shape.notes)


def _areas(layer: Layer, polygons: list[Shape], answered: str | None) -> list[dict[str, Any]]:
    if not polygons:
        return []
    system = _system(layer, answered, [shape.geometry for shape in polygons])
    number = system.to_epsg(min_confidence=70)
    notes: list[list] = []
    if not _is_degrees(system):
        polygons = _in_degrees(polygons, system)
        notes = [["converted", {"system": system.name}]]
    return [
        {
            "name": shape.name,
            "wkb": shapely.to_wkb(shape.geometry, hex=True),
            "source_crs": f"EPSG:{number}" if number else system.name,
            "notes": [*([code, {}] for code in shape.notes), *notes],
        }
        for shape in polygons
    ]


def _system(layer: Layer, answered: str | None, shapes: list[BaseGeometry]) -> CRS:
    """The system the file declares; else the one the reader answered; never a guess."""
    try:
        declared = CRS.from_user_input(layer.crs) if layer.crs else None
    except CRSError:
        declared = None
    if declared and not declared.name.lower().startswith(("undefined", "unknown", "engineering")):
        return declared
    if not answered:
        bounds = shapely.total_bounds(shapes).tolist()
        raise Bad("missing_crs", bounds=bounds if np.isfinite(bounds).all() else None)
    try:
        return CRS.from_user_input(answered)
    except CRSError as error:
        raise Bad("crs_unknown", crs=answered) from error


def _in_degrees(polygons: list[Shape], system: CRS) -> list[Shape]:
    there = Transformer.from_crs(system, _WGS84, always_xy=True)
    moved = []
    for shape in polygons:
        flat = shapely.force_2d(shape.geometry)
        before = shapely.get_coordinates(flat)
        after = np.column_stack(there.transform(*before.T))
        if np.isfinite(before).all() and not np.isfinite(after).all():
            raise Bad("area_outside_crs", system=system.name)
        moved.append(Shape(shape.name, shapely.set_coordinates(flat, after), shape.notes))
    return moved
