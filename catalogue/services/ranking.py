"""The newest scenes that match, in an order that no index knows; it is kept while somebody pages through it.

Looked at are SEARCH_RANKED scenes: their footprints are laid over the area together, in one plane,
and only those with files here are weighed one by one.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import shapely
from django.conf import settings
from django.contrib.gis.db.models.functions import AsWKB
from django.core.cache import cache
from django.utils import timezone

from catalogue import coverage
from catalogue.models import Product, Scene
from catalogue.search import sql
from catalogue.search.cursor import Cursor
from catalogue.search.question import Question, Sort
from catalogue.services.weighing import Result, readable, weigh
from dinamis import geo

KEPT_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Ranking:
    """Places as the cursor names them (rank, instant, number), the best first.

    `resumes` is where a search that was stopped had come to; `is_cut` says that more scenes matched.
    """

    places: list[Cursor]
    resumes: Cursor | None
    is_cut: bool

    def after(self, cursor: Cursor | None) -> list[Cursor]:
        """What follows a place, whether or not it is still there."""
        if cursor is None or cursor.useful is None:
            return self.places
        reached = (cursor.useful, cursor.at, cursor.pk)
        return [one for one in self.places if (one.useful, one.at, one.pk) < reached]


def ranked(question: Question, platforms: Sequence[str], *, user: Any) -> Ranking:
    """The order of a whole question: a first page works it out, those after it find it kept. Raises NotNow."""
    question, is_first = replace(question, after=None), question.after is None
    key = _key(question, platforms, user)
    kept = None if is_first else cache.get(key)
    if kept is not None:
        return kept
    made = _made(question, platforms, user)
    cache.set(key, made, KEPT_SECONDS)
    return made


def _made(question: Question, platforms: Sequence[str], user: Any) -> Ranking:
    most = settings.SEARCH_RANKED
    wanted = sql.newest(question, platforms, most + 1)
    places = _placed(wanted.ids[:most], question, user)
    places.sort(key=lambda one: (one.useful, one.at, one.pk), reverse=True)
    return Ranking(places, wanted.resumes, is_cut=len(wanted.ids) > most)


def rank(
    order: Sort, *, covered: Any, cloud: Any, scene_cloud: Any, angle: Any, useful: int
) -> int:
    """A place in an order, the higher the better, below 10⁹; 0 where nothing is said.

    By cloud: the most there may be over the area (else the scene's own), then the least. By coverage:
    its tenths of a per cent, then use. By angle: from the vertical, in millionths of a degree.
    """
    if order is Sort.COVERAGE:
        return round(float(covered) * 10) * 100_000 + min(useful // 10, 99_999)
    if order is Sort.ANGLE:
        return 0 if angle is None else 1 + round((180 - min(abs(angle), 180)) * 1_000_000)
    if order is Sort.CLOUD:
        low, high = (cloud.low, cloud.high) if cloud else (scene_cloud, scene_cloud)
        if high is None:
            return 0
        return 1 + round(100 * (100 - high)) * 10_001 + round(100 * (100 - low))
    return useful


def of_result(order: Sort, result: Result) -> int:
    """The rank of a scene that was weighed."""
    return rank(
        order,
        covered=result.coverage or 0,
        cloud=result.cloud,
        scene_cloud=result.scene.cloud_cover,
        angle=result.scene.incidence,
        useful=result.useful,
    )


def _placed(ids: Sequence[int], question: Question, user: Any) -> list[Cursor]:
    if question.area is None:
        rows = Scene.objects.visible_to(user).filter(pk__in=ids)
        facts = rows.values_list("pk", "datetime", "cloud_cover", "incidence")
        return [
            _place(question, pk, at, None, cloud, incidence) for pk, at, cloud, incidence in facts
        ]
    offered = Product.objects.visible_to(user).filter(scene__in=ids).values_list("scene", flat=True)
    weighed = weigh(readable(user).filter(pk__in=set(offered)), question=question)
    places = [
        Cursor(one.scene.datetime, one.scene.pk, of_result(question.order, one)) for one in weighed
    ]
    seen = {one.pk for one in places}
    return places + _without_files([pk for pk in ids if pk not in seen], question, user)


def _without_files(ids: Sequence[int], question: Question, user: Any) -> list[Cursor]:
    rows = Scene.objects.visible_to(user).filter(pk__in=ids).annotate(outline=AsWKB("footprint"))
    facts = list(rows.values_list("pk", "datetime", "cloud_cover", "incidence", "outline"))
    outlines = shapely.from_wkb([bytes(outline) for *_facts, outline in facts])
    laid = geo.lay_over(question.area, outlines)
    return [
        _place(question, pk, at, one, cloud, incidence)
        for (pk, at, cloud, incidence, _outline), one in zip(facts, laid, strict=True)
    ]


def _place(
    question: Question, pk: int, at: datetime, laid: Any, cloud: float | None, angle: float | None
) -> Cursor:
    over = None
    if laid is not None and cloud is not None:
        over = coverage.bounded(cloud, scene_km2=laid.km2, covered_km2=laid.covered_km2)
    covered = laid.share if laid else 0
    useful = coverage.usefulness(covered, over) if laid else 0
    by = rank(
        question.order, covered=covered, cloud=over, scene_cloud=cloud, angle=angle, useful=useful
    )
    return Cursor(at, pk, by)


def _key(question: Question, platforms: Sequence[str], user: Any) -> str:
    """What one reader asks on one day: others may see other products, tomorrow an embargo has ended."""
    said = (
        question.query_string(),
        geo.to_ewkb(question.area) if question.area else "",
        ",".join(platforms),
        str(getattr(user, "pk", None)),
        timezone.localdate().isoformat(),
    )
    return "ranked:" + hashlib.sha256("\n".join(said).encode()).hexdigest()
