"""KML 2.2: a placemark for each scene, its facts as extended data."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from catalogue.exported.row import Row
from dinamis.geo.convert import polygons_of

TYPE = "application/vnd.google-earth.kml+xml"
_STYLE = (
    '<Style id="scene"><LineStyle><color>ff2f6fde</color><width>1.5</width></LineStyle>'
    "<PolyStyle><fill>0</fill></PolyStyle></Style>"
)
# What XML cannot hold at all.
_CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])


def written(rows: Iterable[Row], *, title: str) -> Iterator[str]:
    """The document, piece by piece."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
    yield f"<name>{_text(title)}</name>{_STYLE}\n"
    for row in rows:
        yield _placemark(row)
    yield "</Document></kml>\n"


def _placemark(row: Row) -> str:
    data = "".join(
        f"<Data name={quoteattr(name)}><value>{_text(value)}</value></Data>"
        for name, value in row.facts.items()
        if value is not None
    )
    polygons = "".join(_polygon(one) for one in polygons_of(row.shape))
    when = row.facts["datetime"].isoformat().replace("+00:00", "Z")
    return (
        f"<Placemark><name>{_text(row.facts['identifier'])}</name>"
        f"<TimeStamp><when>{when}</when></TimeStamp><styleUrl>#scene</styleUrl>"
        f"<ExtendedData>{data}</ExtendedData>"
        f"<MultiGeometry>{polygons}</MultiGeometry></Placemark>\n"
    )


def _polygon(polygon: Any) -> str:
    inner = "".join(f"<innerBoundaryIs>{_ring(one)}</innerBoundaryIs>" for one in polygon.interiors)
    outer = f"<outerBoundaryIs>{_ring(polygon.exterior)}</outerBoundaryIs>"
    return f"<Polygon>{outer}{inner}</Polygon>"


def _ring(ring: Any) -> str:
    places = " ".join(f"{place[0]:.7f},{place[1]:.7f}" for place in ring.coords)
    return f"<LinearRing><coordinates>{places}</coordinates></LinearRing>"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    return escape(str(value).translate(_CONTROL))
