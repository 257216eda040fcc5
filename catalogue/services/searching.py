"""A search of OneAtlas from the desk: asked by a worker, its scenes shown like those of any list."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue import policies
from catalogue.lists.oneatlas import Asked, Search, Trouble
from catalogue.models import SceneImport, SceneImportEvent
from catalogue.services import scene_imports
from catalogue.states import ImportState
from dinamis import geo
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotNow
from dinamis.geo import CheckedArea
from dinamis.outbox import after_commit

SYSTEM = Actor.system("oneatlas")
LARGEST_KM2 = 100_000


def is_on() -> bool:
    """True where an administrator gave a key."""
    return bool(settings.ONEATLAS_SEARCH_KEY)


@transaction.atomic
def ask(
    area: CheckedArea, *, begins_on: date, ends_on: date, max_cloud: float | None, by: Actor
) -> SceneImport:
    """Write a search down and promise to ask it.

    Raises NotAllowed, NotNow (search_off), Invalid (days_swapped, area_too_large).
    """
    policies.check_may_complete_scenes_as(by)
    if not is_on():
        raise NotNow("search_off", _("The search at OneAtlas is off: it needs a key."))
    if ends_on < begins_on:
        raise Invalid("days_swapped", _("The last day comes before the first."))
    if area.area_km2 > LARGEST_KM2:
        told = {"limit": LARGEST_KM2}
        raise Invalid("area_too_large", _("Search at most %(limit)d km² at once.") % told)
    made = SceneImport.objects.create(
        kind=SceneImport.Kind.ONEATLAS,
        name=f"OneAtlas {begins_on} – {ends_on}, {Decimal(area.area_km2):.0f} km²",
        state=ImportState.ASKED,
        state_since=timezone.now(),
        question={
            "area": geo.to_mapping(area.geometry),
            "begins_on": begins_on.isoformat(),
            "ends_on": ends_on.isoformat(),
            "max_cloud": max_cloud,
        },
        **by.columns(),
    )
    SceneImportEvent.objects.create(
        scene_import=made, step="ask", source=made.state, target=made.state, **by.columns()
    )
    after_commit(scene_imports.SEARCH, made.pk)
    return made


def answer(made: SceneImport) -> SceneImport:
    """Ask, then keep the scenes or why there are none; asked twice it answers once."""
    if made.state != ImportState.ASKED:
        return made
    try:
        listed = _search().scenes(_asked(made))
    except Trouble as trouble:
        return _fail(made, str(trouble))
    with transaction.atomic():
        try:
            made = scene_imports.step(made, "fill", by=SYSTEM)
        except NotNow:  # another worker was quicker
            return SceneImport.objects.get(pk=made.pk)
        return scene_imports.fill(made, listed)


def _fail(made: SceneImport, error: str) -> SceneImport:
    with transaction.atomic():
        try:
            made = scene_imports.step(made, "fail", by=SYSTEM, reason=error[:500])
        except NotNow:
            return SceneImport.objects.get(pk=made.pk)
        made.error = error[:500]
        made.save(update_fields=["error"])
        return made


def _asked(made: SceneImport) -> Asked:
    said = made.question
    return Asked(
        area=said["area"],
        begins_on=date.fromisoformat(said["begins_on"]),
        ends_on=date.fromisoformat(said["ends_on"]),
        max_cloud=said["max_cloud"],
    )


def _search() -> Search:
    if not is_on():
        raise Trouble(_("The search at OneAtlas is off: it needs a key."))
    return Search(
        api_key=settings.ONEATLAS_SEARCH_KEY,
        auth_url=settings.ONEATLAS_AUTH_URL,
        search_url=settings.ONEATLAS_SEARCH_URL,
    )
