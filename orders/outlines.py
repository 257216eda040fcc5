"""French territory, drawn from the world map that the pages use (world-atlas, Natural Earth 1:50M)."""

import json
from itertools import accumulate
from typing import Any

import shapely
from django.conf import settings
from shapely.geometry import MultiPolygon, Polygon

from dinamis.geo.convert import polygons_of, to_multi

WORLD = settings.BASE_DIR / "node_modules" / "world-atlas" / "countries-50m.json"
# ISO 3166-1 numbers of the French Republic's territories that the map draws. Those of the overseas
# departments are within 250.
FRANCE = frozenset(("250", "258", "260", "540", "652", "663", "666", "876"))


def french_territory() -> MultiPolygon:
    """The land of the French Republic, EPSG:4326, as approximate as the map it is taken from."""
    topology = json.loads(WORLD.read_text(encoding="utf-8"))
    arcs = [_arc(arc, topology["transform"]) for arc in topology["arcs"]]
    shapes = [
        shapely.make_valid(polygon)
        for country in topology["objects"]["countries"]["geometries"]
        if country.get("id") in FRANCE
        for polygon in _polygons(country, arcs)
    ]
    return to_multi(shapely.union_all([one for s in shapes for one in polygons_of(s)]))


def _arc(steps: list[list[int]], transform: dict[str, Any]) -> list[tuple[float, float]]:
    """An arc's whole-number steps, each from the point before, as degrees."""
    (x_scale, y_scale), (x_first, y_first) = transform["scale"], transform["translate"]
    xs = accumulate(step[0] for step in steps)
    ys = accumulate(step[1] for step in steps)
    return [(x * x_scale + x_first, y * y_scale + y_first) for x, y in zip(xs, ys, strict=True)]


def _polygons(country: dict[str, Any], arcs: list[list[tuple[float, float]]]) -> list[Polygon]:
    parts = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
    rings = [[_ring(ring, arcs) for ring in part] for part in parts]
    return [Polygon(part[0], part[1:]) for part in rings]


def _ring(numbers: list[int], arcs: list[list[tuple[float, float]]]) -> list[tuple[float, float]]:
    """A ring of arcs, each beginning where the one before ended; a negative number runs backwards."""
    points: list[tuple[float, float]] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points.extend(arc[1:] if points else arc)
    return points
