"""What a search found as the rows of a file, with what each scene is worth over the area."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from shapely.geometry import MultiPolygon, Polygon

from catalogue.exported.row import COLUMNS, Row
from catalogue.search.question import NEEDS_AREA, Question, Sort
from catalogue.services import ranking, scenes, search, stac, weighing
from catalogue.services.weighing import Result
from catalogue.stac.asked import MAX_LIMIT, Search, wrong
from dinamis import geo

MOST = 1_000  # rows of a file of the workbench
MOST_OF_PROGRAM = 10_000
WIDEST = 40  # degrees: a share of half the world says nothing of a scene


def of_question(question: Question, *, user: Any) -> list[Row]:
    """The list of the workbench from its beginning, in its order, at most MOST. Raises NotNow."""
    question = replace(question, after=None)
    if question.identifiers:
        found = scenes.find_many(question.identifiers, user=user)
        page = search.named(found.scenes, question=question, user=user)
    else:
        page = search.ask(question, user=user, size=MOST)
    return list(rows(page.results))


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of a file: whether they are all, and among how many of the newest they were put in order."""

    rows: list[Row]
    is_all: bool
    ranked_among: int | None = None


def of_search(asked: Search, *, most: int, user: Any, order: Sort | None = None) -> Found:
    """What a STAC search finds, by its order, at most `most`. Raises NotNow, Malformed.

    Coverage, cloud and snow are over the place that is asked, where it is an area of at most WIDEST
    degrees. Another `order` than by date is that of the newest SEARCH_RANKED.
    """
    question = Question(area=_area(asked.place))
    if order is None or order is Sort.NEWEST:
        results, is_all = _walked(asked, question, most, user)
        return Found(list(rows(results)), is_all)
    if order in NEEDS_AREA and question.area is None:
        raise wrong("order", _("This order needs an area: “bbox” or “intersects”."))
    newest_first = replace(asked, oldest_first=False)
    results, is_all = _walked(newest_first, question, settings.SEARCH_RANKED, user)
    results.sort(
        key=lambda one: (ranking.of_result(order, one), one.scene.datetime, one.scene.pk),
        reverse=True,
    )
    among = None if is_all else len(results)
    return Found(list(rows(results[:most])), is_all and len(results) <= most, among)


def _walked(asked: Search, question: Question, most: int, user: Any) -> tuple[list[Result], bool]:
    found: list[Result] = []
    while len(found) < most:
        page = stac.search(
            replace(asked, limit=min(MAX_LIMIT, most - len(found))), is_counted=False
        )
        scenes = stac.scenes(page.ids, user=user)
        found += weighing.weigh(stac.outlined(scenes), question=question)
        if page.next is None:
            return found, True
        if not page.ids:
            break  # stopped for its time: what was found is told, and that it is not all
        asked = replace(asked, after=page.next)
    return found, False


def _area(place: Any) -> MultiPolygon | None:
    if place is None or not isinstance(place, Polygon | MultiPolygon):
        return None
    west, south, east, north = place.bounds
    fits = max(east - west, north - south) <= WIDEST and place.area > 0
    return geo.to_multi(place) if fits else None


def rows(results: Iterable[Result]) -> Iterator[Row]:
    for result in results:
        yield Row(_facts(result), geo.to_shapely(result.scene.footprint))


def _facts(result: Result) -> dict[str, Any]:
    scene, cloud, snow = result.scene, result.cloud, result.snow
    values = (
        scene.item_id,
        scene.datetime,
        scene.platform.name,
        scene.platform.sensor_id,
        str(result.way),
        None if result.coverage is None else float(result.coverage),
        cloud and round(cloud.low, 1),
        cloud and round(cloud.high, 1),
        cloud and cloud.measured,
        scene.cloud_cover,
        snow and round(snow.low, 1),
        snow and round(snow.high, 1),
        snow and snow.measured,
        scene.snow_cover,
        scene.incidence,
        scene.resolution_m,
        scene.stereo,
        scene.footprint_source,
        scene.collection.is_demonstration,
    )
    return dict(zip(COLUMNS, values, strict=True))
