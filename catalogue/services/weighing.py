"""What a scene is worth over an area for one reader: covered, cloudy and snowy how far, by which way to be had."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch

from catalogue import coverage
from catalogue.coverage import Share
from catalogue.models import Product, Scene
from catalogue.search.question import Availability, Question
from dinamis import geo


@dataclass(frozen=True, slots=True)
class Result:
    """One scene over the area asked.

    `way` is download when a published product lies over the area (then `product`), else produce.
    `coverage` is the share of the area in per cent (None without an area), `cloud` and `snow` are
    over what is covered (None where nothing says them), `useful` the millionths by which the order
    of usefulness goes.
    """

    scene: Scene
    way: str
    product: Product | None = None
    coverage: Decimal | None = None
    cloud: Share | None = None
    snow: Share | None = None
    useful: int = 0


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
    """Scenes that this reader may see, with all that a result shows, in a few queries.

    `offered` are their products for this reader, `kept_back` those under embargo, of which the day is told.
    """
    offered = Prefetch(
        "products",
        queryset=Product.objects.visible_to(user).select_related("licence"),
        to_attr="offered",
    )
    kept_back = Prefetch(
        "products",
        queryset=Product.objects.under_embargo().only("scene_id", "embargo_until"),
        to_attr="kept_back",
    )
    return (
        Scene.objects.visible_to(user)
        .select_related("platform__sensor", "collection")
        .prefetch_related(offered, kept_back)
    )


def _anywhere(scene: Scene) -> Result:
    product = scene.offered[0] if scene.offered else None
    way = Availability.DOWNLOAD if product else without_files(scene.platform.sensor_id)
    return Result(scene=scene, way=way, product=product)


def _over(area: Any, area_km2: Decimal, scene: Scene, share: Decimal) -> Result:
    product, offered = _best_product(area, scene)
    if product is not None:
        return _of_product(area, area_km2, scene, product, offered)
    scene_km2 = geo.area_km2(scene.footprint)
    covered_km2 = area_km2 * share / 100
    cloud, snow = (
        _bounded(figure, scene_km2, covered_km2) for figure in (scene.cloud_cover, scene.snow_cover)
    )
    return Result(
        scene=scene,
        way=without_files(scene.platform.sensor_id),
        coverage=share,
        cloud=cloud,
        snow=snow,
        useful=coverage.usefulness(share, cloud),
    )


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


def _of_product(
    area: Any, area_km2: Decimal, scene: Scene, product: Product, offered: Decimal
) -> Result:
    """Its masks are measured; without them its figure of cloud, and the scene's of snow, are bounds."""
    has_mask = product.clouds is not None or product.snow is not None
    covered = coverage.common(area, product.footprint) if has_mask else None
    covered_km2 = area_km2 * offered / 100
    cloud = (
        coverage.measured(covered, geo.to_shapely(product.clouds))
        if product.clouds is not None
        else _bounded(product.cloud_cover, product.area_km2, covered_km2)
    )
    snow = (
        coverage.measured(covered, geo.to_shapely(product.snow))
        if product.snow is not None
        else _bounded(scene.snow_cover, geo.area_km2(scene.footprint), covered_km2)
    )
    worth = coverage.usefulness(offered, cloud)
    return Result(scene, Availability.DOWNLOAD, product, offered, cloud, snow, worth)


def _bounded(figure: float | None, of_km2: Decimal, covered_km2: Decimal) -> Share | None:
    if figure is None:
        return None
    return coverage.bounded(figure, scene_km2=of_km2, covered_km2=covered_km2)
