"""Items as they are sent. One that reads the same for everybody is written once, until somebody changes the catalogue.

That is nearly all that an archive holds: a scene of which there is no product says nothing that depends on who
asks. Those that have one are read anew for each reader, whose rights they tell.
"""

from collections.abc import Sequence
from typing import Any

import orjson
from django.conf import settings
from django.urls import get_script_prefix
from django.utils.translation import get_language

from accounts.policies import is_desk
from catalogue.search.editions import Edition, Memory
from catalogue.services import stac
from catalogue.stac import items
from catalogue.stac.fields import Fields

KEPT = 10_000  # items of some 2 kB, in each process


def of_page(page: stac.Page, fields: Fields, *, user: Any) -> Sequence[Any]:
    """The page's items, as dictionaries or as JSON that orjson takes as it is, in their order.

    One that is not to be seen any more is left out.
    """
    if is_desk(user) or not fields.is_all:
        return [fields.of(items.item(scene)) for scene in stac.scenes(page.ids, user=user)]
    where = (get_language(), settings.SITE_URL, get_script_prefix())
    written = _WRITTEN.all_known([(pk, where) for pk in page.ids], page.edition)
    known = {pk: text for (pk, _where), text in written.items()}
    unknown = [pk for pk in page.ids if pk not in known]
    if unknown:
        known |= _written(unknown, where, page.edition, user)
    return [orjson.Fragment(known[pk]) for pk in page.ids if pk in known]


def _written(ids: Sequence[int], where: Any, edition: Edition, user: Any) -> dict[int, bytes]:
    is_settled = edition.is_settled  # before they are read, not after
    made = {}
    for scene in stac.scenes(ids, user=user):
        made[scene.pk] = orjson.dumps(items.item(scene))
        if is_settled and stac.is_the_same_for_all(scene):
            _WRITTEN.keep((scene.pk, where), edition, made[scene.pk])
    return made


_WRITTEN: Memory[bytes] = Memory(KEPT)
