"""All footprints of a question at once, for the map alone: outlines and nothing that costs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db.models import Exists, OuterRef

from catalogue.models import Product, Scene
from catalogue.search import sql
from catalogue.search.question import Availability, Question
from catalogue.services.search import platforms_of
from catalogue.services.weighing import without_files

MOST = 2000  # outlines on one map, the newest
DIGITS = 4  # of a degree, about 11 m: finer than a pixel until one scene fills the screen


@dataclass(frozen=True, slots=True)
class Outline:
    """One scene as the map draws it; `geometry` is GeoJSON as text."""

    item_id: str
    at: datetime
    satellite: str
    way: str
    geometry: str


@dataclass(frozen=True, slots=True)
class Crowd:
    """The newest scenes of a question; `is_all` says that there are no others."""

    outlines: tuple[Outline, ...]
    is_all: bool


def crowd(question: Question, *, user: Any, most: int = MOST) -> Crowd:
    """At most `most` scenes that this reader may see, newest first, whatever the page and its order.

    Raises NotNow (search_too_slow).
    """
    platforms, _problems = platforms_of(question)
    found = sql.newest(replace(question, after=None), platforms, most + 1)
    outlines = tuple(_outlines(found.ids[:most], user))
    return Crowd(outlines, is_all=len(found.ids) <= most and found.resumes is None)


def _outlines(ids: list[int], user: Any) -> Iterator[Outline]:
    offered = Product.objects.visible_to(user).filter(scene=OuterRef("pk"))
    rows = (
        Scene.objects.visible_to(user)
        .filter(pk__in=ids)
        .annotate(is_offered=Exists(offered), outline=AsGeoJSON("footprint", precision=DIGITS))
        .order_by("-datetime", "-pk")
        .values_list(
            "item_id", "datetime", "platform__name", "platform__sensor", "is_offered", "outline"
        )
    )
    for item_id, at, satellite, sensor, is_offered, outline in rows:
        way = Availability.DOWNLOAD if is_offered else without_files(sensor)
        yield Outline(item_id, at, satellite, str(way), outline)
