"""The answer to a question about scenes: a page of them, what each is worth over the area, the counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from catalogue import coverage
from catalogue.coverage import Cloud
from catalogue.models import Platform, Product, Scene, Sensor
from catalogue.search import sql, windows
from catalogue.search.cursor import Cursor
from catalogue.search.question import Availability, Question, Sort
from dinamis import geo

PAGE = 50
WEIGHED = 1000  # scenes that the order of usefulness looks at, the newest


@dataclass(frozen=True, slots=True)
class Result:
    """One scene over the area asked.

    `way` is download when a published product lies over the area (then `product`), else produce.
    `coverage` is the share of the area in per cent (None without an area), `useful` the millionths
    by which the order of usefulness goes.
    """

    scene: Scene
    way: str
    product: Product | None = None
    coverage: Decimal | None = None
    cloud: Cloud | None = None
    useful: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """One page of results. `total` is exact unless `is_capped`: then there are at least so many.

    At the cap there are more than it says. `is_partial` says that the time was over before the page was
    full: `next` goes on from there.
    """

    question: Question
    results: tuple[Result, ...]
    total: int
    is_capped: bool
    years: tuple[sql.Year, ...] = ()
    next: Cursor | None = None
    is_partial: bool = False
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        """There are more than `total`; else, when capped, at least so many."""
        return self.is_capped and self.total >= windows.COUNT_CAP

    @property
    def any_cloud(self) -> int:
        """Scenes of the years shown, whatever their cloud and date."""
        return sum(year.total for year in self.years)


def ask(question: Question, *, user: Any, size: int = PAGE) -> Page:
    """Answer with at most `size` scenes that this reader may see, and where the next page begins.

    Raises NotNow (search_too_slow).
    """
    platforms, problems = platforms_of(question)
    by = _by_usefulness if question.order is Sort.USEFUL else _by_date
    answer = by(question, platforms, user, size)
    total = _total(question, platforms, answer)
    if answer.stopped_at is not None:
        problems["time"] = _stopped(answer)
    return Page(
        question=question,
        results=tuple(answer.results),
        total=total.total,
        is_capped=not total.is_exact,
        years=tuple(sql.by_year(question, platforms)) if question.after is None else (),
        next=answer.next,
        is_partial=answer.stopped_at is not None,
        problems={**question.problems, **problems},
    )


def platforms_of(question: Question) -> tuple[list[str], dict[str, str]]:
    """The codes of the satellites a question comes down to, and what it names that does not exist."""
    known = dict(Platform.objects.values_list("code", "sensor_id"))
    sensors = set(Sensor.objects.values_list("code", flat=True))
    problems = {}
    if strange := [code for code in question.sensors if code not in sensors]:
        problems["sensor"] = _("There is no sensor called %(codes)s.") % {
            "codes": ", ".join(strange)
        }
    if strange := [code for code in question.platforms if code not in known]:
        problems["satellite"] = _("There is no satellite called %(codes)s.") % {
            "codes": ", ".join(strange)
        }
    chosen = [
        code
        for code, sensor in known.items()
        if (not question.sensors or sensor in question.sensors)
        and (not question.platforms or code in question.platforms)
    ]
    return sorted(chosen), problems


@dataclass(frozen=True, slots=True)
class _Answer:
    """Results, where the next page begins, and where a search was stopped before it had looked at all."""

    results: list[Result]
    next: Cursor | None = None
    stopped_at: Cursor | None = None


def _total(question: Question, platforms: Sequence[str], answer: _Answer) -> sql.Count:
    """Known from the page itself when it is the first and holds all."""
    if question.after is None and answer.next is None and answer.stopped_at is None:
        return sql.Count(len(answer.results), is_exact=True)
    return sql.count(replace(question, after=None), platforms)


def _stopped(answer: _Answer) -> str:
    year = (answer.stopped_at.at - timedelta(microseconds=1)).year
    if answer.next == answer.stopped_at:
        sentence = _(
            "This search looks at very many scenes and was stopped at %(year)s: “More scenes” goes on."
        )
    else:
        sentence = _(
            "This search looks at very many scenes: only those since %(year)s were compared. "
            "Sorted by date, it goes on."
        )
        year += 1
    return sentence % {"year": year}


def named(scenes: Sequence[Scene], *, question: Question, user: Any) -> Page:
    """The page of scenes that were asked by name, in the order they were named."""
    found = readable(user).in_bulk([scene.pk for scene in scenes])
    results = weigh((found[scene.pk] for scene in scenes if scene.pk in found), question=question)
    return Page(
        question=question,
        results=tuple(results),
        total=len(results),
        is_capped=False,
        problems=dict(question.problems),
    )


def weigh(scenes: Iterable[Scene], *, question: Question) -> list[Result]:
    """What each scene is worth over the question's area. Scenes come from `readable`."""
    scenes = list(scenes)
    if question.area is None:
        return [_anywhere(scene) for scene in scenes]
    area_km2 = geo.area_km2(question.area)
    shares = geo.coverages(question.area, [scene.footprint for scene in scenes])
    return [
        _over(question.area, area_km2, scene, share)
        for scene, share in zip(scenes, shares, strict=True)
    ]


def readable(user: Any) -> Any:
    """Scenes that this reader may see, with all that a result shows, in a few queries."""
    offered = Prefetch(
        "products",
        queryset=Product.objects.visible_to(user).select_related("licence"),
        to_attr="offered",
    )
    return (
        Scene.objects.visible_to(user)
        .select_related("platform__sensor", "collection")
        .prefetch_related(offered)
    )


def _by_date(question: Question, platforms: Sequence[str], user: Any, size: int) -> _Answer:
    wanted = sql.newest(question, platforms, size + 1)
    ids = wanted.ids[:size]
    found = readable(user).in_bulk(ids)
    results = weigh((found[pk] for pk in ids if pk in found), question=question)
    if len(wanted.ids) <= size or not results:
        return _Answer(results, wanted.resumes, wanted.resumes)
    last = results[-1].scene
    return _Answer(results, Cursor(at=last.datetime, pk=last.pk))


def _by_usefulness(question: Question, platforms: Sequence[str], user: Any, size: int) -> _Answer:
    """The same among the newest; of a search that was stopped, among those it had found."""
    wanted = sql.newest(replace(question, after=None), platforms, WEIGHED)
    results = weigh(readable(user).filter(pk__in=wanted.ids), question=question)
    results.sort(key=_rank, reverse=True)
    if question.after is not None and question.after.useful is not None:
        after = (question.after.useful, question.after.at, question.after.pk)
        results = [result for result in results if _rank(result) < after]
    page = results[:size]
    if len(results) <= size:
        return _Answer(page, None, wanted.resumes)
    last = page[-1]
    following = Cursor(at=last.scene.datetime, pk=last.scene.pk, useful=last.useful)
    return _Answer(page, following, wanted.resumes)


def _rank(result: Result) -> tuple[int, Any, int]:
    return (result.useful, result.scene.datetime, result.scene.pk)


def _anywhere(scene: Scene) -> Result:
    product = scene.offered[0] if scene.offered else None
    way = Availability.DOWNLOAD if product else without_files(scene.platform.sensor_id)
    return Result(scene=scene, way=way, product=product)


def _over(area: Any, area_km2: Decimal, scene: Scene, share: Decimal) -> Result:
    product, offered = _best_product(area, scene)
    if product is not None:
        cloud = _cloud_of_product(area, area_km2, product, offered)
        worth = coverage.usefulness(offered, cloud)
        return Result(scene, Availability.DOWNLOAD, product, offered, cloud, worth)
    cloud = None
    if scene.cloud_cover is not None:
        cloud = coverage.bounded(
            scene.cloud_cover,
            scene_km2=geo.area_km2(scene.footprint),
            covered_km2=area_km2 * share / 100,
        )
    worth = coverage.usefulness(share, cloud)
    return Result(scene, without_files(scene.platform.sensor_id), None, share, cloud, worth)


def without_files(sensor: str | None) -> Availability:
    """The way to a scene whose files nobody offers: a satellite that is sold belongs to a sensor."""
    return Availability.PRODUCE if sensor else Availability.NEITHER


def _best_product(area: Any, scene: Scene) -> tuple[Product | None, Decimal]:
    """The product that covers most of the area, if any covers some of it."""
    if not scene.offered:
        return None, Decimal(0)
    shares = geo.coverages(area, [product.footprint for product in scene.offered])
    share, at = max((share, -index) for index, share in enumerate(shares))
    return (scene.offered[-at], share) if share > 0 else (None, Decimal(0))


def _cloud_of_product(
    area: Any, area_km2: Decimal, product: Product, share: Decimal
) -> Cloud | None:
    if product.clouds is not None:
        covered = coverage.common(area, product.footprint)
        return coverage.measured(covered, geo.to_shapely(product.clouds))
    if product.cloud_cover is None:
        return None
    return coverage.bounded(
        product.cloud_cover,
        scene_km2=product.area_km2,
        covered_km2=area_km2 * share / 100,
    )
