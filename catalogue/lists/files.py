"""A list as a file: CSV, GeoJSON, KML or KMZ, opened without trusting it, one Listed for each scene."""

import csv
import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import shapely
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, Polygon, shape
from shapely.geometry.base import BaseGeometry

from catalogue.lists.names import SHAPES, Listed
from dinamis.errors import Invalid, TooLarge

BYTES_MAX = 20 * 1024 * 1024
SCENES_MAX = 5_000
CELL_MAX = 100_000  # letters: a longer cell is no outline of a scene
VERTICES_MAX = 5_000
CSV, GEOJSON, KML = "csv", "geojson", "kml"


def read(name: str, data: bytes) -> tuple[str, list[Listed]]:
    """The kind of a list and what it lists, in its order.

    Raises Invalid: list_unknown, list_broken, list_empty; TooLarge: list_too_large.
    """
    if len(data) > BYTES_MAX:
        raise _too_large()
    kind = _kind(name, data)
    found = list({CSV: _csv, GEOJSON: _geojson, KML: _kml}[kind](data))
    if not found:
        raise Invalid("list_empty", _("This list names no scene."))
    return kind, found


def _kind(name: str, data: bytes) -> str:
    """By its first letters, then by its name."""
    start = data[:400].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data.startswith(b"PK\x03\x04") or start.startswith(b"<"):
        return KML
    if start.startswith(b"{"):
        return GEOJSON
    if PurePosixPath(name).suffix.lower() in (".csv", ".txt", ".tsv"):
        return CSV
    sentence = _("A list comes as CSV, GeoJSON, KML or KMZ: “%(name)s” is none of these.")
    raise Invalid("list_unknown", sentence % {"name": name[:100]})


def _csv(data: bytes) -> Iterator[Listed]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")  # what spreadsheets write in France
    first = text.partition("\n")[0]
    separator = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        titles = [title.strip() for title in next(reader, [])]
        for number, cells in enumerate(reader, start=2):
            if not any(cell.strip() for cell in cells):
                continue
            if any(len(cell) > CELL_MAX for cell in cells):
                raise _broken()
            if number > SCENES_MAX + 1:
                raise _too_large()
            facts = {
                title: cell.strip()
                for title, cell in zip(titles, cells, strict=False)
                if cell.strip()
            }
            yield Listed(number, facts, _text_shape(facts))
    except csv.Error as error:
        raise _broken() from error


def _text_shape(facts: dict[str, Any]) -> BaseGeometry | None:
    folded = {title.casefold(): cell for title, cell in facts.items()}
    for title in SHAPES:
        written = folded.get(title, "")
        if written:
            return _wkt(written) if written[0].isalpha() else _mapping_text(written)
    return None


def _wkt(written: str) -> BaseGeometry | None:
    try:
        return _flat(shapely.from_wkt(written))
    except (ShapelyError, ValueError):
        return None


def _mapping_text(written: str) -> BaseGeometry | None:
    try:
        return _shape(json.loads(written))
    except (ValueError, RecursionError):
        return None


def _geojson(data: bytes) -> Iterator[Listed]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _broken() from error
    features = found.get("features") if isinstance(found, dict) else None
    if features is None and isinstance(found, dict) and found.get("type") == "Feature":
        features = [found]
    if not isinstance(features, list):
        raise _broken()
    if len(features) > SCENES_MAX:
        raise _too_large()
    yield from (feature(number, one) for number, one in enumerate(features, start=1))


def feature(number: int, one: Any) -> Listed:
    """One GeoJSON feature as a Listed; its own id stands among its properties."""
    if not isinstance(one, dict):
        return Listed(number, {}, None)
    properties = one.get("properties")
    facts = dict(properties) if isinstance(properties, dict) else {}
    facts = {str(name): value for name, value in facts.items() if _is_plain(value)}
    if isinstance(one.get("id"), str):
        facts.setdefault("feature id", one["id"])
    return Listed(number, facts, _shape(one.get("geometry")))


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _shape(mapping: Any) -> BaseGeometry | None:
    try:
        return _flat(shape(mapping)) if isinstance(mapping, dict) else None
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError):
        return None


def _flat(geometry: BaseGeometry) -> BaseGeometry | None:
    """An outline of a sane length, without heights; anything else is none."""
    if geometry.geom_type not in ("Polygon", "MultiPolygon"):
        return None
    if shapely.count_coordinates(geometry) > VERTICES_MAX:
        return None
    return shapely.force_2d(geometry)


def _kml(data: bytes) -> Iterator[Listed]:
    if data.startswith(b"PK"):
        data = _unzipped(data)
    try:
        root = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        sentence = _("This list holds a document type or an entity, which a list never needs.")
        raise Invalid("xml_forbidden", sentence) from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise _broken() from error
    marks = [element for element in root.iter() if _local(element) == "Placemark"]
    if len(marks) > SCENES_MAX:
        raise _too_large()
    for number, mark in enumerate(marks, start=1):
        yield Listed(number, _mark_facts(mark), _mark_shape(mark))


def _unzipped(data: bytes) -> bytes:
    """The document of a KMZ: doc.kml, however its letters are; Airbus's is DOC.KML."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            inside = [one for one in opened.infolist() if one.filename.casefold().endswith(".kml")]
            if not inside or inside[0].flag_bits & 0x1:
                raise _broken()
            if inside[0].file_size > BYTES_MAX:
                raise _too_large()
            with opened.open(inside[0]) as entry:
                found = entry.read(BYTES_MAX + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise _broken() from error
    if len(found) > BYTES_MAX:  # its directory told another size
        raise _too_large()
    return found


def _mark_facts(mark: Element) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for element in mark.iter():
        name, text = _local(element), " ".join((element.text or "").split())
        if name == "name":
            facts.setdefault("name", text)
        elif name == "SimpleData" and element.get("name") and text:
            facts[element.get("name")] = text
        elif name == "Data" and element.get("name"):
            value = next((child for child in element if _local(child) == "value"), None)
            if value is not None and value.text:
                facts[element.get("name")] = " ".join(value.text.split())
        elif name == "when" and text:
            facts.setdefault("when", text)
    return facts


def _mark_shape(mark: Element) -> BaseGeometry | None:
    polygons = []
    for element in (one for one in mark.iter() if _local(one) == "Polygon"):
        rings = [_ring(one) for one in element.iter() if _local(one) == "coordinates"]
        rings = [ring for ring in rings if ring is not None and len(ring) >= 3]
        if not rings:
            return None
        polygons.append(Polygon(rings[0], rings[1:]))
    if not polygons:
        return None
    return _flat(polygons[0] if len(polygons) == 1 else MultiPolygon(polygons))


def _ring(element: Element) -> list[tuple[float, float]] | None:
    try:
        points = [word.split(",") for word in (element.text or "").split()]
        return [(float(point[0]), float(point[1])) for point in points]
    except (ValueError, IndexError):
        return None


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _broken() -> Invalid:
    return Invalid("list_broken", _("This list cannot be read: it is damaged or of another kind."))


def _too_large() -> TooLarge:
    sentence = _("A list holds at most %(scenes)d scenes and %(megabytes)d MB: cut it in two.")
    told = {"scenes": SCENES_MAX, "megabytes": BYTES_MAX // 1024**2}
    return TooLarge("list_too_large", sentence % told, limit=SCENES_MAX)
