"""STAC Transactions: the desk's programs add, replace, mend and withdraw scenes as items.

What an item says is kept in the columns of a scene; what has no column (assets, properties of others) is
left out without a word, for items that were read here come back with ours. Files come in by deliveries.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
import shapely
from django.db import transaction
from django.utils.translation import gettext as _

from catalogue import policies
from catalogue.footprints import shapes
from catalogue.footprints.facts import columns
from catalogue.footprints.files import of_item
from catalogue.footprints.record import COLUMNS, FIGURES, BadRecord
from catalogue.models import Collection, Platform, Scene, SceneEvent
from catalogue.services import scenes, stereo, withdrawing
from catalogue.services.loading.loads import known
from catalogue.stac.instants import written
from dinamis import geo
from dinamis.actors import Actor
from dinamis.errors import Malformed, NotNow

MAX_ITEMS = 1_000  # of one collection of items
_REASON = "STAC Transactions"


@transaction.atomic
def add(collection: Collection, body: Any, *, by: Actor) -> list[Scene]:
    """Add an item or a collection of items, all or none.

    Raises NotAllowed (desk_only), Malformed (item_wrong), NotNow (item_exists).
    """
    policies.check_may_complete_scenes_as(by)
    told = [_read(one, collection) for one in _several(body)]
    names = [one["item_id"] for one in told]
    there = [name for name in names if scenes.find(name) is not None]
    if there or len(set(names)) < len(names):
        raise NotNow(
            "item_exists",
            _("There is an item of this name already: %(name)s.")
            % {"name": (there or sorted(names))[0]},
        )
    return [
        scenes.add(
            item_id=one["item_id"],
            acquired_at=one["datetime"],
            footprint=one["footprint"],
            footprint_source=Scene.FootprintSource.SUPPLIER,
            figures=_figures(one),
            platform=Platform.objects.get(code=one["platform"]),
            collection=collection,
            by=by,
        )
        for one in told
    ]


@transaction.atomic
def replace(scene: Scene, body: Any, *, by: Actor, match: str = "") -> Scene:
    """Put a whole item in the place of what stands: what it does not say is not known any more.

    `match` is the state that the sender saw. Raises NotAllowed, Malformed (item_wrong), NotNow (item_changed).
    """
    policies.check_may_complete_scenes_as(by)
    scene = _seen(scene, match)
    _check_same(scene, body)
    item = {**body, "id": scene.item_id} if isinstance(body, dict) else body
    return _write(scene, _read(item, scene.collection), by=by)


@transaction.atomic
def mend(scene: Scene, patch: Any, *, by: Actor, match: str = "") -> Scene:
    """Change what a part of an item says (RFC 7386: null takes away), and nothing else. Raises as `replace`."""
    policies.check_may_complete_scenes_as(by)
    scene = _seen(scene, match)
    _check_same(scene, patch)
    return _write(scene, _read(_merged(_item(scene), patch), scene.collection), by=by)


@transaction.atomic
def remove(scene: Scene, *, by: Actor, reason: str = "", match: str = "") -> None:
    """Withdraw the scene. Raises NotAllowed, NotNow (item_changed, scene_in_use)."""
    policies.check_may_complete_scenes_as(by)
    withdrawing.withdraw(_seen(scene, match), reason=reason or _REASON, by=by)


def etag(scene: Scene) -> str:
    """What changes whenever the item's facts do: for If-Match."""
    told = orjson.dumps(_item(scene), option=orjson.OPT_SORT_KEYS)
    return f'"{hashlib.sha256(told).hexdigest()[:32]}"'


def _write(scene: Scene, told: Mapping[str, Any], *, by: Actor) -> Scene:
    before = _item(scene)
    for figure in FIGURES:
        setattr(scene, figure.column, told[figure.column])
    scene.resolution_m = told["resolution_m"] or scene.platform.resolution_m
    scene.stereo, scene.stereo_key = told["stereo"] or Scene.Stereo.MONO, told["stereo_key"] or ""
    scene.platform_id, scene.datetime = told["platform"], told["datetime"]
    scene.footprint = geo.to_geos(told["footprint"])
    now = _item(scene)
    if now == before:
        return scene
    changed = {
        name: value
        for name, value in now["properties"].items()
        if before["properties"].get(name) != value
    }
    if now["geometry"] != before["geometry"]:
        changed["footprint"] = now["geometry"]
        scene.footprint_source = Scene.FootprintSource.SUPPLIER
    scene.save()
    SceneEvent.objects.create(
        scene=scene,
        kind=SceneEvent.Kind.CORRECTED,
        facts={**changed, "was": before["properties"]},
        **by.columns(),
    )
    if stereo.group([scene]):
        scene.refresh_from_db(fields=["stereo", "stereo_key", "base_height"])
    return scene


def _seen(scene: Scene, match: str) -> Scene:
    """The scene behind a lock, as its sender saw it."""
    locked = Scene.objects.select_for_update(of=("self",), no_key=True)
    scene = locked.select_related("platform", "collection").get(pk=scene.pk)
    if match and match != "*" and etag(scene) not in [one.strip() for one in match.split(",")]:
        raise NotNow("item_changed", _("Somebody changed this item meanwhile: read it again."))
    return scene


def _item(scene: Scene) -> dict[str, Any]:
    """The scene's facts as an item's, signs of angles kept."""
    said = {figure.names[0]: getattr(scene, figure.column) for figure in FIGURES}
    return {
        "type": "Feature",
        "id": scene.item_id,
        "collection": scene.collection_id,
        "geometry": geo.to_mapping(_outline(scene)),
        "properties": {
            **said,
            "datetime": written(scene.datetime),
            "platform": scene.platform_id,
            "dinamis:stereo": scene.stereo,
            "stereo-img:group": scene.stereo_key or None,
        },
    }


def _outline(scene: Scene) -> Any:
    """Shapely's footprint; a scene that was read as an item has it as WKB already."""
    if wkb := scene.__dict__.get("outline"):
        return shapely.from_wkb(bytes(wkb))
    return geo.to_shapely(scene.footprint)


def _several(body: Any) -> list[Any]:
    if not isinstance(body, dict) or body.get("type") != "FeatureCollection":
        return [body]
    features = body.get("features")
    if not isinstance(features, list) or not 1 <= len(features) <= MAX_ITEMS:
        raise _wrong(_("A collection has 1 to %(limit)s items.") % {"limit": MAX_ITEMS})
    return features


def _read(item: Any, collection: Collection) -> dict[str, Any]:
    """The columns of an item with its outline, shapely's."""
    if isinstance(item, dict) and item.get("collection", collection.code) != collection.code:
        raise _wrong(_("This item is of another collection."))
    record = of_item(1, item)
    try:
        if record.problem:
            raise BadRecord(record.problem)
        values = columns(record.facts, known(collection.code))
        [outline] = shapes.ewkb([record.shape])
        if isinstance(outline, BadRecord):
            raise outline
    except BadRecord as fault:
        raise _wrong(_("This item cannot be kept: %(reason)s.") % {"reason": fault}) from fault
    return {**dict(zip(COLUMNS, values, strict=True)), "footprint": shapely.from_wkb(outline)}


def _figures(told: Mapping[str, Any]) -> scenes.Figures:
    return scenes.Figures(
        **{figure.column: told[figure.column] for figure in FIGURES},
        stereo=told["stereo"] or Scene.Stereo.MONO,
        stereo_key=told["stereo_key"] or "",
    )


def _check_same(scene: Scene, body: Any) -> None:
    if not isinstance(body, dict):
        raise _wrong(_("An item is a JSON object."))
    if body.get("id", scene.item_id) != scene.item_id:
        raise _wrong(_("This item has another name than its address."))
    if body.get("collection", scene.collection_id) != scene.collection_id:
        raise _wrong(_("This item is of another collection."))


def _merged(there: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    made = dict(there) if isinstance(there, dict) else {}
    for name, value in patch.items():
        if value is None:
            made.pop(name, None)
        else:
            made[name] = _merged(made.get(name), value)
    return made


def _wrong(sentence: str) -> Malformed:
    return Malformed("item_wrong", sentence, field="body")
