"""What templates and scripts are given of scenes: rows, features of the map, bars of the histogram."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from catalogue.coverage import Share
from catalogue.models import SavedArea, Scene
from catalogue.search.question import Question
from catalogue.services.search import Page
from catalogue.services.weighing import Result
from dinamis import formats, geo

DIGITS = 5  # of a degree: about a metre, which is more than a screen shows


@dataclass(frozen=True, slots=True)
class Bar:
    """One year of the histogram, in the units of its drawing (352 × 74)."""

    year: int
    total: int
    clear: int
    capped: bool
    x: float
    y: float
    width: float
    height: float
    clear_y: float
    clear_height: float
    label: bool


WIDE, HIGH, BASE = 352.0, 47.0, 56.0


def bars(page: Page) -> list[Bar]:
    """The histogram's bars, the highest filling its height."""
    years = page.years
    if not years:
        return []
    step = (WIDE - 8) / len(years)
    top = max(year.total for year in years) or 1
    every = max(1, round(len(years) / 4.5))
    made = []
    for index, year in enumerate(years):
        height, clear = HIGH * year.total / top, HIGH * year.clear / top
        made.append(
            Bar(
                year=year.year,
                total=year.total,
                clear=year.clear,
                capped=year.capped,
                x=round(4 + index * step + step * 0.12, 2),
                y=round(BASE - height, 2),
                width=round(step * 0.76, 2),
                height=round(height, 2),
                clear_y=round(BASE - clear, 2),
                clear_height=round(clear, 2),
                label=index % every == 0 or len(years) <= 6,
            )
        )
    return made


def label(scene: Scene) -> str:
    """One line for a scene: its day and its satellite."""
    return f"{formats.day(scene.datetime.date())} · {scene.platform.name}"


def resolution(scene: Scene) -> str:
    """50 cm, 1.5 m: the unit that people say."""
    if scene.resolution_m < 1:
        return f"{formats.number(scene.resolution_m * 100, 0)}\u00a0cm"
    return f"{formats.number(scene.resolution_m)}\u00a0m"


def share_range(share: Share | None) -> str:
    """Cloud or snow over the area as it is written: one figure, or "0 to 42 %"."""
    if share is None:
        return ""
    if share.measured:
        return formats.percent(share.low, 1)
    if share.is_exact:
        return formats.percent(share.high, 0)
    return _("%(low)s to %(high)s") % {
        "low": formats.number(share.low, 0),
        "high": formats.percent(share.high, 0),
    }


def quicklook_url(scene: Scene) -> str:
    """The address of the picture, which changes with it; "" where there is none."""
    return _picture("scene_quicklook", scene)


def thumbnail_url(scene: Scene) -> str:
    return _picture("scene_thumbnail", scene)


def _picture(name: str, scene: Scene) -> str:
    if not scene.quicklook:
        return ""
    version = scene.quicklook.rpartition("-")[2].partition(".")[0]
    return f"{reverse(name, args=[scene.item_id])}?v={version}"


def order_url(
    *, scene: Scene | None = None, identifier: str = "", area: SavedArea | None = None
) -> str:
    """Where a scene is asked to be produced: the room above answers there; "" where it is absent."""
    try:
        address = reverse("order_new")
    except NoReverseMatch:
        return ""
    if scene and not scene.platform.sensor_id:
        return ""  # kept here, ordered from nobody
    query = f"scene={scene.item_id}" if scene else f"identifier={identifier}"
    return f"{address}?{query}" + (f"&area={area.key}" if area else "")


def basket_url(scene: Scene, area: SavedArea | None = None) -> str:
    """Where a scene is set aside for a project: the room above answers there; "" where it is absent."""
    try:
        address = reverse("basket_put")
    except NoReverseMatch:
        return ""
    return f"{address}?scene={scene.item_id}" + (f"&area={area.key}" if area else "")


@dataclass(frozen=True, slots=True)
class Row:
    """One result as the list shows it."""

    result: Result
    url: str
    order_url: str
    basket_url: str
    thumbnail: str
    resolution: str
    cloud: str
    snow: str

    @property
    def scene(self) -> Scene:
        return self.result.scene


def rows(results: Iterable[Result], *, question: Question, area: SavedArea | None) -> list[Row]:
    """The results as rows; links keep the question, so that the way back leads to it."""
    query = question.for_links().query_string()
    return [row(result, area=area, query=query) for result in results]


def row(result: Result, *, area: SavedArea | None, query: str) -> Row:
    """One result as a row; `query` is what its page is opened with."""
    scene = result.scene
    return Row(
        result=result,
        url=scene.get_absolute_url() + (f"?{query}" if query else ""),
        order_url=order_url(scene=scene, area=area),
        basket_url=basket_url(scene, area),
        thumbnail=thumbnail_url(scene),
        resolution=resolution(scene),
        cloud=share_range(result.cloud),
        snow=share_range(result.snow),
    )


def features(results: Iterable[Result]) -> dict[str, Any]:
    """The results as a FeatureCollection for static/js/footprints.js."""
    return {"type": "FeatureCollection", "features": [_feature(result) for result in results]}


def _feature(result: Result) -> dict[str, Any]:
    scene = result.scene
    properties: dict[str, Any] = {
        "id": scene.item_id,
        "way": str(result.way),
        "label": label(scene),
    }
    if scene.quicklook and scene.quicklook_corners:
        upper_left, upper_right, _lower_right, lower_left = scene.quicklook_corners
        properties["quicklook"] = quicklook_url(scene)
        properties["quicklook_corners"] = [
            [corner[1], corner[0]] for corner in (upper_left, upper_right, lower_left)
        ]
    return {"type": "Feature", "properties": properties, "geometry": outline(scene.footprint)}


def outline(geometry: Any) -> dict[str, Any]:
    """A stored geometry as GeoJSON, rounded for the screen."""
    mapping = geo.to_mapping(geo.to_shapely(geometry))
    return {"type": mapping["type"], "coordinates": _rounded(mapping["coordinates"])}


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, list):
        return [_rounded(one) for one in coordinates]
    return round(coordinates, DIGITS)
