"""Order sheets: lines as an officer hands them to a supplier: GeoJSON, KML, zipped shapefile, PDF.

All four say the same. A shapefile keeps ten letters of a name and 254 of a text: its table is shorter.
"""

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from typing import Any
from xml.sax.saxutils import escape

import numpy
import pyogrio.raw
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.services import documents
from dinamis import folders, geo, mail
from dinamis.actors import Actor
from dinamis.errors import Invalid
from dinamis.outbox import after_commit
from orders.models import Line, Supplier
from orders.options import told
from orders.services.lines.history import note

MOST_LINES = 200


def facts_of(line: Line) -> dict[str, Any]:
    """What is asked, as plain values, in the order in which they are read."""
    facts: dict[str, Any] = {
        "reference": line.reference,
        "service": line.kind,
        "sensor": line.sensor_id,
        "mode": line.mode,
        "area_km2": float(line.area_km2),
        "scene": line.scene.item_id if line.scene_id else "",
        "window_from": line.window_starts_on.isoformat() if line.window_starts_on else "",
        "window_to": line.window_ends_on.isoformat() if line.window_ends_on else "",
        "max_cloud": line.max_cloud,
        "max_incidence": line.max_incidence,
        "tries": line.tries,
        "end_user": line.order.organisation.name,
        "purpose": line.order.purpose,
    }
    return facts | {f"option_{name}": str(value) for name, value in line.options.items()}


def geojson(lines: Sequence[Line]) -> bytes:
    """A FeatureCollection (RFC 7946)."""
    features = [
        {
            "type": "Feature",
            "id": line.reference,
            "geometry": json.loads(line.area.geojson),
            "properties": facts_of(line),
        }
        for line in lines
    ]
    return json.dumps(
        {"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1
    ).encode()


def kml(lines: Sequence[Line]) -> bytes:
    """KML 2.2: one placemark a line, its facts as extended data."""
    placemarks = "".join(_placemark(line) for line in lines)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>DINAMIS</name>'
        f"{placemarks}</Document></kml>\n"
    ).encode()


def shapefile(lines: Sequence[Line]) -> bytes:
    """A zipped shapefile in EPSG:4326, its table in UTF-8."""
    rows = [_short(facts_of(line)) for line in lines]
    names = list(rows[0])
    columns = [numpy.array([row[name] for row in rows], dtype=object) for name in names]
    shapes = numpy.array([bytes(line.area.wkb) for line in lines], dtype=object)
    with folders.own("sheet") as folder:
        path = folder / "dinamis.shp"
        pyogrio.raw.write(
            path,
            shapes,
            columns,
            names,
            geometry_type="MultiPolygon",
            crs="EPSG:4326",
            driver="ESRI Shapefile",
            encoding="UTF-8",
            promote_to_multi=True,
        )
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(folder.iterdir()):
                archive.write(part, part.name)
    return packed.getvalue()


def pdf(lines: Sequence[Line], *, language: str) -> bytes:
    """The sheet to be read, a line after another."""
    context = {
        "sheets": [
            {"line": line, "options": told(line.options), "bounds": _bounds(line)} for line in lines
        ],
        "made_at": timezone.now(),
    }
    return documents.pdf("order_sheet", context, language)


# Format → its suffix, media type and writer.
FORMATS: dict[str, tuple[str, str, Callable[..., bytes]]] = {
    "geojson": ("geojson", "application/geo+json", geojson),
    "kml": ("kml", "application/vnd.google-earth.kml+xml", kml),
    "shapefile": ("zip", "application/zip", shapefile),
    "pdf": ("pdf", "application/pdf", pdf),
}


def written(lines: Sequence[Line], form: str, *, language: str) -> mail.Attachment:
    """File name, content and media type of a sheet. Raises Invalid (no line, too many)."""
    if not lines:
        raise Invalid("nothing_chosen", _("Choose at least one line."))
    if len(lines) > MOST_LINES:
        raise Invalid(
            "too_many_lines",
            _("A sheet has at most %(most)s lines.") % {"most": MOST_LINES},
            most=MOST_LINES,
        )
    suffix, kind, write = FORMATS[form]
    name = lines[0].reference if len(lines) == 1 else f"{lines[0].reference}-{len(lines)}"
    more = {"language": language} if form == "pdf" else {}
    return f"dinamis-{name}.{suffix}", write(lines, **more), kind


@transaction.atomic
def send(lines: Sequence[Line], supplier: Supplier, *, by: Actor, language: str) -> None:
    """Promise the order sheet by mail to the supplier's order desk; the lines remember it."""
    if not supplier.email:
        raise Invalid(
            "supplier_has_no_email",
            _("%(supplier)s has no address for order sheets.") % {"supplier": supplier},
        )
    if not lines or len(lines) > MOST_LINES:
        raise Invalid("nothing_chosen", _("Choose at least one line."))
    for line in lines:
        note(line, "sheet_sent", by=by, supplier=supplier)
    keys = [line.pk for line in lines]
    after_commit("orders.tasks.send_sheet", supplier.pk, keys, language)


def post(supplier: Supplier, lines: Sequence[Line], *, language: str) -> None:
    """Send the mail now: the sheet in its four forms. For a worker."""
    attached = [written(lines, form, language=language) for form in FORMATS]
    context = {
        "lines": lines,
        "supplier": supplier,
        "facts": [(line.reference, f"{line.sensor}, {line.area_km2} km²") for line in lines[:20]],
    }
    mail.send(supplier.email, "order_sheet", context, language, attachments=attached)


def _placemark(line: Line) -> str:
    data = "".join(
        f'<Data name="{escape(name)}"><value>{escape(str(value))}</value></Data>'
        for name, value in facts_of(line).items()
        if value not in (None, "")
    )
    return (
        f'<Placemark id="{escape(line.reference)}"><name>{escape(line.reference)}</name>'
        f"<description>{escape(line.order.title)}</description>"
        f"<ExtendedData>{data}</ExtendedData>{line.area.kml}</Placemark>"
    )


# The ten letters that a shapefile keeps of a name.
_TEN = {
    "reference": "reference",
    "service": "service",
    "sensor": "sensor",
    "mode": "mode",
    "area_km2": "area_km2",
    "scene": "scene",
    "window_from": "win_from",
    "window_to": "win_to",
    "max_cloud": "max_cloud",
    "max_incidence": "max_incid",
    "tries": "tries",
    "end_user": "end_user",
    "purpose": "purpose",
}


def _short(facts: dict[str, Any]) -> dict[str, Any]:
    row = {}
    for name, short in _TEN.items():
        value = facts[name]
        row[short] = "" if value is None else str(value).encode()[:254].decode(errors="ignore")
    return row


def _bounds(line: Line) -> tuple[float, float, float, float]:
    """West, south, east, north, to the fifth decimal."""
    return tuple(round(one, 5) for one in geo.to_shapely(line.area).bounds)
