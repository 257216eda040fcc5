"""Searches that are kept: saved, paused, asked again as images come in, their finds told once."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from accounts.services.notices import telling
from accounts.services.webhooks.telling import emit
from catalogue.emails import searches as emails
from catalogue.models import Product, SavedSearch, Scene, SearchHit
from catalogue.search import sql
from catalogue.services import stac
from catalogue.stac import asked
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from dinamis.outbox import after_commit

MOST = 20  # searches of one person
MOST_FOUND = 500  # images of one look: more are counted as "more than"
MAX_BODY = 200_000  # characters
# Numbers are given before they are committed: what was written meanwhile is looked at again.
AGAIN = 20_000
KEPT = timedelta(days=365)
ASKED = frozenset({
    "bbox", "intersects", "datetime", "ids", "collections", "q", "query", "filter", "filter-lang",
    "filter-crs",
})  # fmt: skip
MATCH, TELL = "catalogue.tasks.match_searches", "catalogue.tasks.tell_search"

log = structlog.get_logger(__name__)


@transaction.atomic
def save(search: Mapping[str, Any], *, name: str, address: str = "", by: Actor) -> SavedSearch:
    """Keep a search for this person; what is in the catalogue now is no news.

    Raises NotAllowed for nobody, Invalid without a name or a limit, Malformed for what is no search,
    NotNow over twenty.
    """
    if by.user is None:
        raise NotAllowed("not_yours", _("A search is saved by a person."))
    name = " ".join(name.replace("\x00", "").split())[:120]
    if not name:
        raise Invalid("name_missing", _("Give the search a name."), field="name")
    kept = {key: value for key, value in search.items() if key in ASKED and value not in (None, "")}
    if not kept:
        raise Invalid(
            "search_unlimited",
            _(
                "A search for every image would tell of every image: choose a place, dates or limits."
            ),
            field="search",
        )
    if len(json.dumps(kept)) > MAX_BODY:
        raise Invalid("search_too_long", _("This search is too long to be saved."), field="search")
    asked.of_body(kept)  # what cannot be asked is not saved
    User.objects.select_for_update(no_key=True).get(pk=by.user.pk)
    if SavedSearch.objects.filter(owner=by.user).count() >= MOST:
        raise NotNow("too_many_searches", _("Delete a search first: twenty is the limit."))
    last = Scene.objects.aggregate(last=Max("pk"))["last"] or 0
    return SavedSearch.objects.create(
        owner=by.user, name=name, search=kept, address=address, since=last, seen=last
    )


@transaction.atomic
def pause(search: SavedSearch, *, by: Actor) -> SavedSearch:
    """Ask it no more until it is resumed. Twice is once."""
    return _set_paused(search, by, paused=True)


@transaction.atomic
def resume(search: SavedSearch, *, by: Actor) -> SavedSearch:
    """Ask it again, and at once: what came in meanwhile is told."""
    search = _set_paused(search, by, paused=False)
    after_commit(MATCH)
    return search


@transaction.atomic
def delete(search: SavedSearch, *, by: Actor) -> None:
    _check_own(search, by)
    search.delete()


def match_all() -> int:
    """Ask every active search about what came in since; return how many images were found."""
    found = 0
    for pk in SavedSearch.objects.active().order_by("pk").values_list("pk", flat=True):
        try:
            found += match(pk)
        except NotNow:
            # It looks at too much within four seconds: the others are asked all the same.
            log.warning("saved_search_too_slow", search=pk)
    return found


@transaction.atomic
def match(pk: int) -> int:
    """Look at what came in since this search last looked; write and promise to tell what it finds."""
    rows = SavedSearch.objects.active().select_for_update(of=("self",), no_key=True)
    search = rows.filter(pk=pk).first()
    last = Scene.objects.aggregate(last=Max("pk"))["last"] or 0
    if search is None or last <= search.since:
        return 0
    low = max(search.since, search.seen - AGAIN)
    ids = _found(search, "s.id > %(low)s AND s.id <= %(last)s", low=low, last=last)
    search.seen = max(search.seen, last)
    search.save(update_fields=["seen"])
    return _write(search, ids, SearchHit.Kind.ADDED)


@transaction.atomic
def match_product(product: Product) -> int:
    """The files of an image came in: those whose search it matches are told, where they may see it."""
    found = 0
    for search in SavedSearch.objects.active().select_related("owner").order_by("pk"):
        if not Product.objects.visible_to(search.owner).filter(pk=product.pk).exists():
            continue
        ids = _found(search, "s.id = %(low)s", low=product.scene_id)
        found += _write(search, ids, SearchHit.Kind.PUBLISHED)
    return found


def tell(search: SavedSearch) -> int:
    """Tell what was found and not told yet: in the site, by mail as its owner chose, to webhooks."""
    hits = list(
        search.hits.filter(told_at=None).select_related("scene__platform")[: MOST_FOUND + 1]
    )
    if not hits or not search.owner.is_active:
        return 0
    key = f"search:{search.pk}:{hits[0].pk}"
    with override(search.owner.language):
        message = emails.found(search, hits, is_more=len(hits) > MOST_FOUND)
    telling.tell([message], key=key, family="searches")
    with transaction.atomic():
        for organisation in _organisations(search.owner):
            emit(
                organisation,
                subject="searches",
                type="search.matched",
                data={"search": str(search.key), "count": len(hits)},
                key=key,
            )
        search.hits.filter(told_at=None, pk__lte=hits[0].pk).update(told_at=timezone.now())
    return len(hits)


def forget() -> int:
    """Finds of more than a year ago are no news."""
    old = SearchHit.objects.filter(at__lt=timezone.now() - KEPT)
    return old.delete()[0]


def published(*, product: Product, by: Actor) -> None:
    """Called where a product is published, in its transaction."""
    after_commit("catalogue.tasks.match_product", product.pk)


def _found(search: SavedSearch, among: str, **values: Any) -> list[int]:
    """Ids of the scenes among these that the search finds. Raises NotNow (search_too_slow)."""
    made = stac.conditions(asked.of_body(search.search))
    made.add(among, **values)
    with sql.patience() as cursor:
        cursor.execute(made.inside(_FOUND), made.values | {"limit": MOST_FOUND + 1})
        return [row[0] for row in cursor.fetchall()]


def _write(search: SavedSearch, ids: list[int], kind: str) -> int:
    known = set(search.hits.filter(kind=kind, scene__in=ids).values_list("scene", flat=True))
    new = [SearchHit(search=search, scene_id=pk, kind=kind) for pk in ids if pk not in known]
    SearchHit.objects.bulk_create(new, ignore_conflicts=True)
    if new:
        after_commit(TELL, search.pk)
    return len(new)


def _organisations(user: User) -> list[int]:
    return list(user.affiliations.in_force().values_list("organisation", flat=True).distinct())


def _set_paused(search: SavedSearch, by: Actor, *, paused: bool) -> SavedSearch:
    _check_own(search, by)
    if search.is_paused != paused:
        search.paused_at = timezone.now() if paused else None
        search.save(update_fields=["paused_at"])
    return search


def _check_own(search: SavedSearch, by: Actor) -> None:
    if by.user is None or by.user.pk != search.owner_id:
        raise NotAllowed("not_yours", _("A saved search is its own person's."))


_FOUND = """
SELECT s.id FROM catalogue_scene s WHERE {where} ORDER BY s.id DESC LIMIT %(limit)s
"""
