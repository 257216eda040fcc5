"""The answers of the STAC API: a page of scenes by keyset, their number when it is known, collections."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.core.cache import cache
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.policies import is_desk
from catalogue.models import Collection, Identifier, Platform, Product, Scene
from catalogue.search import among, editions, files, sql, windows
from catalogue.search.clauses import Clauses
from catalogue.search.cursor import Cursor
from catalogue.search.editions import Edition, Memory
from catalogue.services import wording
from catalogue.services.weighing import readable as readable_scenes
from catalogue.stac.aggregations import Aggregation, statement, told
from catalogue.stac.asked import MAX_LIMIT, Search
from catalogue.stac.collections import WORLD, Extent
from dinamis import geo
from dinamis.compiled import Compiled
from dinamis.errors import NotFound, NotNow

EXTENT_KEPT = 6 * 3600  # seconds
MANY_KEPT = 600
COUNTS_KEPT = 2_000  # questions


@dataclass(frozen=True, slots=True)
class Page:
    """Numbers of scenes, newest first unless asked otherwise. `matched` is exact, or None above the cap."""

    ids: list[int]
    matched: int | None
    at_least: int
    next: Cursor | None
    edition: Edition


def search(asked: Search, *, is_counted: bool = True) -> Page:
    """One page; not counted, it says how many there are at least. Raises NotNow (search_too_slow)."""
    asked = _looked_up(asked)
    few = _begun_from(asked)
    if few is not None:
        return _among(few, asked)
    try:
        return _search(asked, editions.last(), is_counted)
    except editions.Changed:
        return _search(asked, editions.now(), is_counted)


def _looked_up(asked: Search) -> Search:
    """The same, once it is known what its words are written of."""
    return replace(asked, spoken=wording.spoken(asked.terms)) if asked.terms else asked


def _named(asked: Search) -> Sequence[int] | None:
    """The scenes that are asked by their names, None where none is."""
    if asked.ids:
        return wording.named(asked.ids)
    return asked.spoken.scenes if asked.spoken and asked.spoken.is_of_names else None


def _begun_from(asked: Search) -> Sequence[int] | None:
    """The scenes that alone can answer, where they are few: named, or of files. None for any."""
    named = _named(asked)
    if named is None and asked.narrowed.of_files:
        return among.of_products(files.having(asked.narrowed.words, timezone.localdate()))
    return named


def _among(few: Sequence[int], asked: Search) -> Page:
    """A page of these scenes alone."""
    edition = editions.now()
    answer = among.answer(few, _clauses(asked), _way(asked, edition))
    found, total = answer.page(asked.after, asked.limit + 1), answer.count
    return Page(
        ids=found.ids[: asked.limit],
        matched=total.total if total.is_exact else None,
        at_least=total.total,
        next=found.mark(asked.limit - 1) if len(found.rows) > asked.limit else None,
        edition=edition,
    )


def _search(asked: Search, edition: Edition, is_counted: bool) -> Page:
    way, made = _way(asked, edition), _clauses(asked)
    key = _key(made, way)
    counted = _COUNTS.known(key, edition)
    matching = counted.total if counted and counted.is_exact else None
    # One more than the page, so that it is known whether another follows.
    found = windows.walk(made.copy(), way, asked.limit + 1, matching=matching)
    ids = found.ids[: asked.limit]
    is_full = len(found.rows) > asked.limit
    following = found.mark(asked.limit - 1) if is_full else found.resumes
    total = sql.Count(len(ids), is_exact=False)
    if is_counted:
        total = _count(asked, way, made, found, key)
    return Page(
        ids=ids,
        matched=total.total if total.is_exact else None,
        at_least=total.total,
        next=following,
        edition=edition,
    )


def _way(asked: Search, edition: Edition | None = None) -> sql.Walk:
    """Which satellites and collections, how far back, which way: by the search and by its filters."""
    more = asked.narrowed
    platforms = more.platforms
    if more.families is not None:
        platforms = _both(platforms, _platforms_of(more.families))
    if more.is_orderable:
        platforms = _both(platforms, _orderable())
    stops_at = asked.stops_at + timedelta(microseconds=1) if asked.stops_at else None
    return sql.Walk(
        None if platforms is None else sorted(platforms),
        over_area=asked.place is not None or more.over_area,
        collections=_both(asked.collections or None, more.collections),
        spoken=asked.spoken,
        begins_at=max(filter(None, (asked.begins_at, more.begins_at)), default=None),
        ends_at=min(filter(None, (stops_at, more.ends_at)), default=None),
        after=asked.after,
        oldest_first=asked.oldest_first,
        is_for_program=True,
        edition=edition,
    )


def _platforms_of(families: set[str]) -> list[str]:
    """The satellites of these families, by what items tell as their `constellation`."""
    return [*Platform.objects.filter(collection__in=families).values_list("code", flat=True)]


def _orderable() -> list[str]:
    return [*Platform.objects.exclude(sensor=None).values_list("code", flat=True)]


def _both(first: Iterable[str] | None, second: Iterable[str] | None) -> list[str] | None:
    if first is None or second is None:
        either = first if second is None else second
        return None if either is None else sorted(either)
    return sorted({*first} & {*second})


def _count(asked: Search, way: sql.Walk, made: Clauses, found: sql.Found, key: bytes) -> sql.Count:
    """Known from the page itself when it is the first and holds all."""
    if asked.after is None and found.resumes is None and len(found.rows) <= asked.limit:
        return sql.Count(len(found.rows), is_exact=True)
    # Remembered for the pages that follow, until somebody writes; that they are too many, for a while even so.
    counted = _COUNTS.of(key, found.spans.edition, partial(_counted_anew, key, made, way, found))
    return replace(counted, total=max(counted.total, len(found.rows)))


def _key(made: Clauses, way: sql.Walk) -> bytes:
    """The question without its page. A condition may look at the day: files are kept back until one."""
    asked = [
        timezone.now().date(), made.texts, made.values, way.platforms, way.collections,
        way.begins_at, way.ends_at,
    ]  # fmt: skip
    return hashlib.sha256(repr(asked).encode()).digest()


def _counted_anew(key: bytes, made: Clauses, way: sql.Walk, found: sql.Found) -> sql.Count:
    many = f"stac:many:{key.hex()}"
    at_least = cache.get(many)
    if at_least is not None:
        return sql.Count(at_least, is_exact=False)
    counted = windows.counted(made, way, found.spans)
    if not counted.is_exact:
        cache.set(many, counted.total, MANY_KEPT)
    return counted


def readable(user: Any) -> Any:
    """Scenes that this reader may see, with what an item tells, in a few queries."""
    return _told(readable_scenes(user)).prefetch_related("offered__files")


def _told(rows: Any) -> Any:
    """Those that are items, each with its outline as WKB: Django's own geometry is made and unmade slowly."""
    complete = rows.filter(completeness=Scene.Completeness.COMPLETE)
    return complete.annotate(outline=AsWKB("footprint")).defer("footprint")


def scenes(ids: Sequence[int], *, user: Any) -> list[Scene]:
    """What `readable` gives of these, in their order; for all but the desk by questions written once."""
    if is_desk(user):
        found = readable(user).in_bulk(ids)
    else:
        found = _with_products(_open_scenes(_filled_up(ids)), user) if ids else {}
    return [found[pk] for pk in ids if pk in found]


def _with_products(rows: Iterable[Scene], user: Any) -> dict[int, Scene]:
    """By number, each as `readable` gives it: those of which there is a product are asked for that way."""
    found, published = {}, []
    for scene in rows:
        found[scene.pk] = scene
        if scene.has_product:
            published.append(scene.pk)
        else:  # nearly all that an archive holds
            scene.offered, scene.kept_back = [], []
    return found | (readable(user).in_bulk(published) if published else {})


def is_the_same_for_all(scene: Scene) -> bool:
    """Whether it says nothing that depends on who asks: anybody may read it, and there is no product of it."""
    return getattr(scene, "has_product", True) is False


def outlined(rows: Iterable[Scene]) -> list[Scene]:
    """The same, each with its `footprint`, which items do without: they tell its `outline`."""
    made = [*rows]
    for scene in made:
        scene.footprint = geo.to_geos(shapely.from_wkb(bytes(scene.outline)))
    return made


def _open() -> Any:
    """What anybody may read, and whether there is a product of it."""
    published = Product.objects.filter(state=Product.State.PUBLISHED, scene=OuterRef("pk"))
    items = _told(Scene.objects.open()).annotate(has_product=Exists(published))
    return items.select_related("platform", "collection").order_by()


def _filled_up(ids: Sequence[int]) -> list[int]:
    """To a round number of them by the last one again: so there are a few questions to write, not 1,000."""
    size = next(size for size in (1, 10, 25, 100, MAX_LIMIT) if size >= len(ids))
    return [*ids, *[ids[-1]] * (size - len(ids))]


def one(code: str, item_id: str, *, user: Any) -> Scene:
    """A scene of a collection, by any of its names. Raises NotFound (item_unknown)."""
    code, item_id = code.replace("\x00", ""), item_id.replace("\x00", "")
    if not is_desk(user) and (found := _open_scene(code, item_id)):
        return next(iter(_with_products(found, user).values()))
    rows = readable(user).filter(collection=code)
    scene = rows.filter(item_id=item_id).first()
    if scene is None:
        named = Identifier.objects.written(item_id).values("scene")
        scene = rows.filter(pk__in=named).first()
    if scene is None:
        raise NotFound("item_unknown", _("There is no such item in this collection."))
    return scene


def collection(code: str) -> Collection:
    """Raises NotFound (collection_unknown)."""
    row = Collection.objects.filter(code=code.replace("\x00", "")).first()
    if row is None:
        raise NotFound("collection_unknown", _("There is no such collection."))
    return row


def extent(row: Collection) -> Extent:
    """Where and when the scenes of a collection are; the whole world when it takes too long to say.

    Looked up every six hours: it reads every footprint of the collection.
    """
    key = f"stac:extent:{row.pk}"
    known = cache.get(key)
    if known is None:
        known = _extent(row)
        cache.set(key, known, EXTENT_KEPT)
    return known


def _extent(row: Collection) -> Extent:
    try:
        with sql.patience() as cursor:
            cursor.execute(_EXTENT, [row.pk])
            west, south, east, north, first, last = cursor.fetchone()
    except NotNow:
        return WORLD, None, None
    return ((west, south, east, north) if west is not None else WORLD), first, last


def _clauses(asked: Search) -> Clauses:
    """Every condition but the names, and those on collection and satellite, which the walk is led by."""
    made = Clauses()
    if asked.place is not None:
        made.add("ST_Intersects(s.footprint, %(place)s::geometry)", place=geo.to_ewkb(asked.place))
    if asked.begins_at:
        made.add("s.datetime >= %(begins_at)s", begins_at=asked.begins_at)
    if asked.stops_at:
        made.add("s.datetime <= %(stops_at)s", stops_at=asked.stops_at)
    if asked.spoken is not None:
        made.take(asked.spoken.conditions(), "")
    for number, filters in enumerate(asked.filters):
        made.take(filters, f"{number}_")
    return made


def collections(asked: Search) -> list[Collection]:
    """The collections that a search of collections finds: by their words, and by where and when they are."""
    rows: Iterable[Collection] = Collection.objects.all()
    if asked.terms:
        rows = wording.described(asked.terms, rows)
    if asked.ids:
        rows = [row for row in rows if row.code in asked.ids]
    return [row for row in rows if _overlaps(asked, extent(row))]


def _overlaps(asked: Search, told: Extent) -> bool:
    """A collection without a scene is nowhere and at no time."""
    bounds, first, last = told
    if asked.begins_at and (last is None or last < asked.begins_at):
        return False
    if asked.stops_at and (first is None or first > asked.stops_at):
        return False
    if asked.place is None:
        return True
    return first is not None and asked.place.intersects(shapely.box(*bounds))


def conditions(asked: Search) -> Clauses:
    """Every condition of a search, for those who ask otherwise than page by page."""
    asked = _looked_up(asked)
    return _conditions(asked, _named(asked))


def _conditions(asked: Search, few: Sequence[int] | None) -> Clauses:
    way, made = _way(asked), _clauses(asked)
    if few is not None:
        made.add("s.id = ANY(%(scenes)s::bigint[])", scenes=[*few])
    made.take(sql.of_platforms(way.platforms), "w_")
    if way.collections is not None:
        made.add("s.collection_id = ANY(%(w_collections)s)", w_collections=way.collections)
    return made


def aggregated(asked: Search, wanted: Sequence[Aggregation]) -> list[dict[str, Any]]:
    """Figures of all scenes that match. Raises NotNow (search_too_slow) where they are too many to count."""
    asked = _looked_up(asked)
    made = _conditions(asked, _begun_from(asked))
    with sql.patience() as cursor:
        cursor.execute(made.inside(statement(wanted)), made.values)
        row = cursor.fetchone()
    return [
        told(one, json.loads(value) if one.is_distribution and value else value)
        for one, value in zip(wanted, row, strict=True)
    ]


_COUNTS: Memory[sql.Count] = Memory(COUNTS_KEPT)
_open_scenes = Compiled(lambda ids: _open().filter(pk__in=ids))
_open_scene = Compiled(lambda code, item_id: _open().filter(collection=code, item_id=item_id))
_EXTENT = """
SELECT ST_XMin(b.box), ST_YMin(b.box), ST_XMax(b.box), ST_YMax(b.box), b.first, b.last FROM (
  SELECT ST_Extent(s.footprint) AS box, min(s.datetime) AS first, max(s.datetime) AS last
  FROM catalogue_scene s WHERE s.collection_id = %s AND s.completeness = 'complete' AND s.withdrawn_at IS NULL
) b
"""
