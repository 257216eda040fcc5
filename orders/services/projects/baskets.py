"""The basket of a project: filled from the catalogue by its people, weighed, quoted as a whole."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue.models import SavedArea, Scene
from catalogue.search.question import Availability, Question
from catalogue.services import weighing
from catalogue.services.weighing import Result
from dinamis import geo
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotFound, NotNow
from orders.models import BasketItem, Project, Quote
from orders.services.asking import quotes
from orders.services.asking.wishes import Production
from orders.services.lines.orders import MOST_LINES
from orders.services.projects.project_parts import OVER
from orders.services.projects.project_steps import locked
from orders.services.projects.project_steps import note as note_event

MOST_ITEMS = 200


@dataclass(frozen=True, slots=True)
class Weighed:
    """One scene of a basket, with what it is worth over the area it was found for, for one reader."""

    item: BasketItem
    result: Result

    @property
    def is_to_produce(self) -> bool:
        """Ordered as it stands: its files are not here, and its figures are whole."""
        return self.result.way == Availability.PRODUCE and self.result.scene.is_complete


def fillable_by(user: Any) -> QuerySet[Project]:
    """The projects whose basket a person may fill: led or taken part in, and not over."""
    return Project.objects.of_person(user).exclude(state__in=OVER)


@transaction.atomic
def put(
    project: Project, scene: Scene, *, by: Actor, area: SavedArea | None = None, note: str = ""
) -> BasketItem:
    """Set a scene aside; one that is there already takes the new area and note.

    Raises NotAllowed (not one of its people), NotNow (project_over, basket_full).
    """
    project = _ours(project, by)
    said = {"area": area, "note": " ".join(note.split())[:300]}
    held = project.basket.filter(scene=scene).first()
    if held is not None:
        for name, value in said.items():
            setattr(held, name, value)
        held.save(update_fields=list(said))
        _note(project, "put_in_basket", scene, by)
        return held
    if project.basket.count() >= MOST_ITEMS:
        told = {"most": MOST_ITEMS}
        raise NotNow("basket_full", _("A basket holds at most %(most)s scenes.") % told)
    made = project.basket.create(scene=scene, added_by=by.user, added_at=timezone.now(), **said)
    _note(project, "put_in_basket", scene, by)
    return made


@transaction.atomic
def take_out(project: Project, pk: int, *, by: Actor) -> BasketItem:
    """Remove one scene; what is returned can be put back. Raises what `put` raises, and NotFound."""
    project = _ours(project, by)
    item = project.basket.select_related("scene", "area").filter(pk=pk).first()
    if item is None:
        raise NotFound("basket_item_unknown", _("This scene is not in the basket."))
    item.delete()
    _note(project, "take_out_of_basket", item.scene, by)
    return item


def weigh(project: Project, user: Any) -> list[Weighed]:
    """What the basket holds and the reader may see, the newest first, each over its own area."""
    return weigh_items(project.basket.select_related("area", "added_by"), user)


def weigh_items(items: Iterable[BasketItem], user: Any) -> list[Weighed]:
    """The same of some items, in the order given."""
    items = list(items)
    seen = weighing.readable(user).in_bulk([item.scene_id for item in items])
    over = defaultdict(list)
    for item in items:
        if item.scene_id in seen:
            over[item.area].append(seen[item.scene_id])
    worth: dict[int, Result] = {}
    for area, scenes in over.items():
        question = Question()
        if area is not None:
            question = question.with_area(geo.to_multi(geo.to_shapely(area.geometry)))
        worth |= {one.scene.pk: one for one in weighing.weigh(scenes, question=question)}
    return [Weighed(item, worth[item.scene_id]) for item in items if item.scene_id in worth]


def quote(project: Project, sensor: str, *, by: Actor) -> list[Quote]:
    """Price every scene of one sensor that is to be produced, as it stands; books nothing.

    Raises NotAllowed (not one of its people), Invalid (basket_nothing_to_produce, basket_too_many), and
    what a quote raises.
    """
    _check_is_of(by, project)
    wanted = [
        one
        for one in weigh(project, by.user)
        if one.is_to_produce and one.result.scene.platform.sensor_id == sensor
    ]
    if not wanted:
        raise Invalid("basket_nothing_to_produce", _("Nothing in this basket is to be produced."))
    if len(wanted) > MOST_LINES:
        told = {"most": MOST_LINES}
        raise Invalid("basket_too_many", _("An order takes at most %(most)s images.") % told)
    return quotes.make_all([_wish(one) for one in wanted], by=by, project=_running(project))


def to_produce(weighed: Sequence[Weighed]) -> dict[Any, int]:
    """How many scenes of each sensor an order would take."""
    counts: dict[Any, int] = defaultdict(int)
    for one in weighed:
        if one.is_to_produce:
            counts[one.result.scene.platform.sensor] += 1
    return dict(counts)


def _running(project: Project) -> Project | None:
    """Ordered under the project where it runs; before it is approved, under none."""
    return project if project.is_running(timezone.localdate()) else None


def _wish(weighed: Weighed) -> Production:
    item, scene = weighed.item, weighed.result.scene
    return Production(scene, item.area.geometry if item.area else None, scene.stereo)


def _note(project: Project, step: str, scene: Scene, by: Actor) -> None:
    note_event(project, step, by=by, scene=scene.item_id)


def _ours(project: Project, by: Actor) -> Project:
    _check_is_of(by, project)
    project = locked(project)
    if project.state in OVER:
        raise NotNow("project_over", _("The project is over."))
    return project


def _check_is_of(by: Actor, project: Project) -> None:
    if by.user is None or not Project.objects.of_person(by.user).filter(pk=project.pk).exists():
        raise NotAllowed("project_people_only", _("This is for the people of the project."))
