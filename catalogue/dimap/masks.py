"""Vector masks (clouds, region of interest, snow) read from their GML into degrees."""

from collections.abc import Callable, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

from shapely.geometry import MultiPolygon, Polygon

from catalogue.dimap import shapes, xml
from catalogue.dimap.facts import Corner
from dinamis.errors import Invalid

VERTICES_MAX = 200_000

Point = tuple[float, float]


class Unusable(Exception):
    """The mask cannot be placed on the Earth; the reason is for the note."""


def read(path: Path, shown: str, *, corners: Sequence[Corner], epsg: int | None) -> MultiPolygon:
    """The mask's polygons as one multipolygon in degrees; empty when it masks nothing.

    Airbus writes their CRS in four ways, one of them the image's own pixels; those are placed by
    `corners`. Without any, `epsg` (the product's) is taken. Raises Unusable when the place is not
    known or lies elsewhere than the product, Invalid for hostile XML (see xml.read).
    """
    try:
        root = xml.read(path, shown)
    except Invalid as error:
        if error.code == "xml_forbidden":
            raise
        raise Unusable("xml") from error
    found = list(xml.all_of(root, "Polygon"))
    inherited = next((e.get("srsName") for e in root.iter() if e.get("srsName")), "")
    polygons, vertices = [], 0
    for element in found:
        rings = _rings(element)
        vertices += sum(map(len, rings))
        if vertices > VERTICES_MAX:
            raise Unusable("vertices")
        place = _placer(element.get("srsName") or inherited, rings, corners, epsg)
        polygons.append(_polygon(rings, place))
    return shapes.together([shape for shape in polygons if shape is not None])


def _rings(element: Element) -> list[list[Point]]:
    """The outer ring and the holes of a gml:Polygon, as written."""
    rings = []
    for ring in xml.all_of(element, "LinearRing"):
        numbers: list[float] = []
        size = 2
        for child in ring.iter():
            if xml.local(child) in ("posList", "pos", "coordinates"):
                size = int(child.get("srsDimension") or size)
                numbers += _numbers(child.text or "")
        if size not in (2, 3) or len(numbers) % size:
            raise Unusable("coordinates")
        rings.append([(numbers[i], numbers[i + 1]) for i in range(0, len(numbers), size)])
    return rings


def _numbers(text: str) -> list[float]:
    values = [xml.number(word) for word in text.replace(",", " ").split()]
    if None in values:
        raise Unusable("coordinates")
    return values


def _placer(
    crs: str, rings: list[list[Point]], corners: Sequence[Corner], epsg: int | None
) -> Callable[[Point], Point]:
    if "image" in crs.lower():
        frame = shapes.Frame(corners)
        if frame.corners is None:
            raise Unusable("frame")
        return lambda point: frame.from_pixels(*point)
    code = shapes.epsg_of(crs) or epsg
    transformer = shapes.to_degrees(code) if code else None
    if transformer is None:
        raise Unusable("crs")
    ways = (
        lambda point: transformer.transform(point[0], point[1]),
        lambda point: transformer.transform(point[1], point[0]),
    )
    # Axes are in either order from one satellite to the next: the one on the product is right.
    sample = [point for ring in rings for point in ring[:3]]
    for way in ways:
        if all(_near(way(point), corners) for point in sample):
            return way
    raise Unusable("elsewhere")


def _near(point: Point, corners: Sequence[Corner]) -> bool:
    """True within half a degree of the frame, or when no frame is known."""
    if not corners:
        return True
    lons, lats = [c.lon for c in corners], [c.lat for c in corners]
    if max(lons) - min(lons) > 180:  # on the antimeridian the latitude must do
        lons = [-180, 180]
    return (
        min(lons) - 0.5 <= point[0] <= max(lons) + 0.5
        and min(lats) - 0.5 <= point[1] <= max(lats) + 0.5
    )


def _polygon(rings: list[list[Point]], place: Callable[[Point], Point]):
    placed = [[place(point) for point in ring] for ring in rings]
    placed = [ring for ring in placed if len(set(ring)) >= 3]
    if not placed:
        return None
    if len(placed) == 1:
        simple = shapes.polygon(placed[0])
        if simple is not None:
            return simple
    return shapes.repaired(Polygon(placed[0], placed[1:]))
