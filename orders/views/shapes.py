"""What a page draws on its map: the JSON that static/js/plainmap.js reads."""

from typing import Any

from django.urls import reverse

from catalogue.models import Scene
from catalogue.views import shown
from orders.models import Acquisition, Line, Project, Quote


def of_wish(*, scene: Scene | None = None, area: Any = None) -> dict[str, Any]:
    """A scene's footprint with its quicklook, and the area asked."""
    shapes: dict[str, Any] = {}
    if scene is not None:
        feature = {
            "type": "Feature",
            "geometry": shown.outline(scene.footprint),
            "properties": {"id": scene.item_id, "way": "produce", "label": shown.label(scene)},
        }
        shapes["footprints"] = {"type": "FeatureCollection", "features": [feature]}
        if scene.quicklook and scene.quicklook_corners:
            url = shown.quicklook_url(scene)
            shapes["quicklook"] = _picture(url, scene.quicklook_corners, scene.item_id)
    if area is not None:
        shapes["area"] = shown.outline(area)
    return shapes


def of_quote(quote: Quote) -> dict[str, Any]:
    """What was asked, and dashed, the part of it that counts."""
    shapes = of_wish(scene=quote.scene, area=quote.asked_area or quote.area)
    shapes["charged"] = shown.outline(quote.area)
    return shapes


def of_line(line: Line, acquisition: Acquisition | None = None) -> dict[str, Any]:
    """A line's area, and the image proposed or delivered for it."""
    shapes = of_wish(scene=line.scene, area=line.area)
    if acquisition is not None:
        shapes["covered"] = shown.outline(acquisition.footprint)
        if acquisition.quicklook and acquisition.quicklook_corners:
            url = reverse("acquisition_quicklook", args=[acquisition.pk])
            shapes["quicklook"] = _picture(url, acquisition.quicklook_corners, str(acquisition))
    elif line.product is not None:
        shapes["covered"] = shown.outline(line.product.footprint)
    return shapes


def of_project(project: Project) -> dict[str, Any]:
    """Every place of a project, as one shape."""
    outlines = [shown.outline(area.geometry) for area in project.areas.all()]
    polygons = [ring for one in outlines for ring in one["coordinates"]]
    return {"area": {"type": "MultiPolygon", "coordinates": polygons}} if polygons else {}


def _picture(url: str, corners: list[list[float]], alt: str) -> dict[str, Any]:
    upper_left, upper_right, _lower_right, lower_left = corners
    placed = [[lat, lon] for lon, lat in (upper_left, upper_right, lower_left)]
    return {"url": url, "corners": placed, "alt": alt}
