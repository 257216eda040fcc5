"""Scenes found by name, added from a name alone, completed by the desk."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from catalogue import policies
from catalogue.dimap import identifiers
from catalogue.models import Collection, Identifier, Platform, Scene, SceneEvent, bare
from catalogue.services import stereo, withdrawing
from catalogue.services.search import ask as search
from dinamis import geo
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotNow
from dinamis.events import emit
from dinamis.said import gettext as _

__all__ = [
    "Figures",
    "add",
    "complete",
    "find",
    "find_many",
    "from_identifier",
    "named",
    "neighbours",
    "search",
]


@dataclass(frozen=True, slots=True)
class Figures:
    """What is said of a scene, in the units of the model; None is "not said"."""

    cloud_cover: float | None = None
    snow_cover: float | None = None
    incidence: float | None = None
    incidence_along: float | None = None
    incidence_across: float | None = None
    viewing: float | None = None
    viewing_along: float | None = None
    viewing_across: float | None = None
    orientation: float | None = None
    sun_azimuth: float | None = None
    sun_elevation: float | None = None
    resolution_m: float | None = None
    centre_lon: Decimal | None = None
    centre_lat: Decimal | None = None
    stereo: str = Scene.Stereo.MONO
    stereo_key: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a list of names came to: scenes, names well formed and unknown, names that are wrong.

    `malformed` holds (name, sentence).
    """

    scenes: tuple[Scene, ...]
    unknown: tuple[identifiers.ImageIdentifier, ...]
    malformed: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What stands beside a scene: its stereo mates, and the other scenes of its day over it."""

    mates: tuple[Scene, ...]
    same_day: tuple[Scene, ...]


def neighbours(scene: Scene, *, user: Any) -> Neighbours:
    """At most 12 of each. A day is 24 hours around the scene, over a common place."""
    others = Scene.objects.visible_to(user).exclude(pk=scene.pk).select_related("platform")
    mates = others.filter(stereo_key=scene.stereo_key) if scene.stereo_key else others.none()
    around = timedelta(hours=12)
    day = others.filter(
        datetime__range=(scene.datetime - around, scene.datetime + around),
        footprint__intersects=scene.footprint,
        completeness=Scene.Completeness.COMPLETE,
    ).exclude(stereo_key=scene.stereo_key or "-")
    return Neighbours(mates=tuple(mates[:12]), same_day=tuple(day[:12]))


def find(identifier: str) -> Scene | None:
    """The scene a name stands for, with or without DS_, or that of the product it names."""
    named = Identifier.objects.written(identifier).select_related("scene", "product__scene").first()
    if named is None:
        return None
    return named.scene or named.product.scene


def find_many(names: tuple[str, ...], *, user: Any) -> Found:
    """Look many names up at once; what is not known is read, and said why when it cannot be."""
    known: dict[str, int] = {}
    rows = Identifier.objects.written(*names).values_list("value", "scene_id", "product__scene_id")
    for value, scene, product_scene in rows:
        known[value] = scene or product_scene
    scenes = Scene.objects.visible_to(user).in_bulk(set(known.values()))
    unknown, malformed = [], []
    for name in names:
        if bare(name) in known:
            continue
        try:
            unknown.append(identifiers.parse(name))
        except Invalid as refused:
            malformed.append((name, str(refused.sentence)))
    ordered = dict.fromkeys(known[bare(name)] for name in names if bare(name) in known)
    return Found(
        scenes=tuple(scenes[pk] for pk in ordered if pk in scenes),
        unknown=tuple(unknown),
        malformed=tuple(malformed),
    )


@transaction.atomic
def add(
    *,
    item_id: str,
    acquired_at: datetime,
    footprint: BaseGeometry,
    footprint_source: str,
    figures: Figures,
    platform: Platform,
    collection: Collection,
    by: Actor,
    names: tuple[str, ...] = (),
    completeness: str = Scene.Completeness.COMPLETE,
) -> Scene:
    """Add a scene with its names, or return the one that bears this identifier already.

    `footprint` is in degrees WGS 84, `names` are other identifiers of the same scene.
    """
    existing = find(item_id)
    if existing is not None:
        return existing
    facts = {name: value for name, value in asdict(figures).items() if value is not None}
    scene, new = Scene.objects.get_or_create(
        item_id=item_id,
        defaults={
            "resolution_m": platform.resolution_m,
            **facts,
            "platform": platform,
            "collection": collection,
            "datetime": acquired_at,
            "footprint": geo.to_geos(footprint),
            "footprint_source": footprint_source,
            "completeness": completeness,
        },
    )
    if new:
        SceneEvent.objects.create(
            scene=scene, kind=SceneEvent.Kind.ADDED, facts=_json(facts), **by.columns()
        )
    for name in (item_id, *names):
        Identifier.objects.get_or_create(value=bare(name), defaults={"scene": scene})
    if new and stereo.group([scene]):
        scene.refresh_from_db(fields=["stereo", "stereo_key", "base_height"])
    return scene


def from_identifier(identifier: str, *, by: Actor) -> Scene:
    """The scene of this name; when it is unknown and well formed, it is added, to be completed.

    Raises Invalid as `named` does.
    """
    scene = named(identifier)
    if scene.pk is not None:
        return scene
    return add(
        item_id=scene.item_id,
        acquired_at=scene.datetime,
        footprint=geo.to_shapely(scene.footprint),
        footprint_source=scene.footprint_source,
        figures=Figures(),
        platform=scene.platform,
        collection=scene.collection,
        completeness=scene.completeness,
        by=by,
    )


def named(identifier: str) -> Scene:
    """The scene of this name; when it is unknown, what the name says of it, written nowhere (no pk).

    Satellite, instant and 1° cell are read from the name. Raises Invalid (identifier_malformed),
    or Invalid (satellite_not_offered) for a satellite outside the scheme or its years of service,
    NotNow (scene_withdrawn).
    """
    existing = find(identifier)
    if existing is not None and existing.withdrawn_at is not None:
        raise withdrawing.withdrawn(existing)
    if existing is not None:
        return existing
    read = identifiers.parse(identifier)
    platform = Platform.objects.filter(code=read.platform, sensor__isnull=False).first()
    if platform is None or read.acquired_at is None or read.cell is None:
        raise Invalid(
            "satellite_not_offered",
            _("Images of this satellite are not part of what DINAMIS offers."),
            satellite=read.platform,
        )
    _check_in_service(platform, read.acquired_at)
    return Scene(
        item_id=read.text,
        datetime=read.acquired_at,
        footprint=geo.to_geos(_cell(*read.cell)),
        footprint_source=Scene.FootprintSource.CELL,
        resolution_m=platform.resolution_m,
        platform=platform,
        collection=platform.collection,
        completeness=Scene.Completeness.TO_COMPLETE,
    )


@transaction.atomic
def complete(
    scene: Scene,
    *,
    footprint: BaseGeometry,
    footprint_source: str,
    figures: Figures,
    by: Actor,
    is_correction: bool = False,
) -> Scene:
    """Write down what the desk found: the footprint and the figures. Emits "scene.completed".

    A scene that is complete already is refused, unless the desk says that it corrects it.
    """
    policies.check_may_complete_scenes(by.user)
    scene = Scene.objects.select_for_update(of=("self",), no_key=True).get(pk=scene.pk)
    if scene.is_complete and not is_correction:
        raise NotNow("scene_complete", _("This scene is complete already."))
    checked = geo.check_area(footprint)
    facts = {name: value for name, value in asdict(figures).items() if value is not None}
    kind = SceneEvent.Kind.CORRECTED if scene.is_complete else SceneEvent.Kind.COMPLETED
    written = {**_json(facts), "footprint": geo.to_mapping(checked.geometry)}
    SceneEvent.objects.create(scene=scene, kind=kind, facts=written, **by.columns())
    for name, value in facts.items():
        setattr(scene, name, value)
    scene.footprint = geo.to_geos(checked.geometry)
    scene.footprint_source = footprint_source
    scene.completeness = Scene.Completeness.COMPLETE
    scene.save()
    if stereo.group([scene]):
        scene.refresh_from_db(fields=["stereo", "stereo_key", "base_height"])
    emit("scene.completed", scene=scene, by=by)
    return scene


def _cell(west: int, south: int) -> BaseGeometry:
    return box(west, south, west + 1, south + 1)


def _check_in_service(platform: Platform, acquired_at: datetime) -> None:
    day = acquired_at.date()
    ended = platform.in_service_to is not None and day > platform.in_service_to
    if day < platform.in_service_from or ended:
        raise Invalid(
            "satellite_not_in_service",
            _("%(satellite)s took no image on %(day)s: it was not in service.")
            % {"satellite": platform.name, "day": day.isoformat()},
            satellite=platform.code,
        )


def _json(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(v) if isinstance(v, Decimal) else v for name, v in facts.items()}
