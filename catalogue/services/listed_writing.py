"""A list written into the catalogue, and taken back: the second half of scene_imports."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from catalogue.models import (
    Identifier,
    Platform,
    Scene,
    SceneEvent,
    SceneImport,
    SceneImportRow,
    bare,
)
from catalogue.services import stereo, withdrawing
from catalogue.services.listed_rows import same, scene_facts
from dinamis import geo
from dinamis.actors import Actor
from dinamis.errors import NotNow
from dinamis.events import emit

Outcome = SceneImportRow.Outcome


def write(made: SceneImport, *, by: Actor) -> None:
    """Inside the transaction of the step: new scenes together, changed ones one by one."""
    rows = list(made.rows.select_related("scene").order_by("number"))
    known = [row for row in rows if row.scene is not None and _has_work(row)]
    added = _add([row for row in rows if row.outcome == Outcome.NEW and row.scene is None], by=by)
    touched = [_renew(row, by=by) for row in known]
    SceneImportRow.objects.bulk_update(rows, ["scene", "is_done", "sentence"], batch_size=500)
    stereo.group([*added, *(scene for scene in touched if scene is not None)])


def _has_work(row: SceneImportRow) -> bool:
    """Something differs, or the scene is to come back."""
    return row.outcome in (Outcome.NEW, Outcome.CHANGED)


def undo(made: SceneImport, *, reason: str, by: Actor) -> None:
    """Inside the transaction of the step: each line that was written, the last one first."""
    rows = list(made.rows.filter(is_done=True).select_related("scene").order_by("-number"))
    for row in rows:
        if row.outcome == Outcome.NEW and not row.before:
            row.sentence = _take_away(row, made, reason, by)
        else:
            row.sentence = _put_as_it_was(row, made, reason, by)
        row.is_done = bool(row.sentence)
    SceneImportRow.objects.bulk_update(rows, ["is_done", "sentence"], batch_size=500)


def _add(rows: list[SceneImportRow], *, by: Actor) -> list[Scene]:
    platforms = Platform.objects.select_related("collection").in_bulk()
    scenes = [_scene(row, platforms) for row in rows]
    # What another added since the list was seen is left as it is.
    Scene.objects.bulk_create(scenes, batch_size=500, ignore_conflicts=True)
    kept = Scene.objects.in_bulk([one.item_id for one in scenes], field_name="item_id")
    fresh = []
    for row, scene in zip(rows, scenes, strict=True):
        row.scene = kept[scene.item_id]
        if Identifier.objects.written(row.item_id).exists():
            row.sentence = _("It was added by somebody else meanwhile.")
            continue
        row.is_done = True
        fresh.append((row, row.scene))
    Identifier.objects.bulk_create(
        [Identifier(value=bare(row.item_id), scene=scene) for row, scene in fresh], batch_size=500
    )
    SceneEvent.objects.bulk_create(
        [_event(scene, SceneEvent.Kind.IMPORTED, row, row.after, by) for row, scene in fresh],
        batch_size=500,
    )
    return [scene for _row, scene in fresh]


def _scene(row: SceneImportRow, platforms: dict[str, Platform]) -> Scene:
    said = dict(row.after)
    platform = platforms[said.pop("platform")]
    footprint = geo.to_geos(geo.to_shapely(said.pop("footprint")))
    at = datetime.fromisoformat(said.pop("datetime"))
    return Scene(
        item_id=row.item_id,
        platform=platform,
        collection=platform.collection,
        datetime=at,
        footprint=footprint,
        footprint_source=Scene.FootprintSource.SUPPLIER,
        **{"resolution_m": platform.resolution_m, **said},
    )


def _renew(row: SceneImportRow, *, by: Actor) -> Scene | None:
    """Write what differs, unless the scene is no longer what the desk was shown."""
    scene = _locked(row.scene)
    stands = scene_facts(scene)
    if any(not same(stands[name], value) for name, value in row.before.items()):
        row.sentence = _("It was changed by somebody else meanwhile.")
        return None
    was_complete = scene.is_complete
    if scene.withdrawn_at is not None:
        withdrawing.put_back(scene, by=by)
        scene = _locked(scene)
    _set(scene, row.after)
    scene.completeness = Scene.Completeness.COMPLETE
    scene.save()
    _event(scene, SceneEvent.Kind.UPDATED, row, row.after, by).save()
    row.is_done = True
    if not was_complete:
        emit("scene.completed", scene=scene, by=by)
    return scene


def _take_away(row: SceneImportRow, made: SceneImport, reason: str, by: Actor) -> str:
    why = _("The list “%(name)s” was undone: %(reason)s") % {"name": made.name, "reason": reason}
    try:
        withdrawing.withdraw(row.scene, reason=why, by=by, kind=SceneEvent.Kind.UNDONE)
    except NotNow as refused:
        return str(refused.sentence)[:500]
    return ""


def _put_as_it_was(row: SceneImportRow, made: SceneImport, reason: str, by: Actor) -> str:
    scene = _locked(row.scene)
    stands = scene_facts(scene)
    if any(not same(stands[name], value) for name, value in row.after.items()):
        return str(_("It was changed again since: it stays as it is."))
    _set(scene, row.before)
    scene.save()
    facts = {**row.before, "reason": reason}
    _event(scene, SceneEvent.Kind.UNDONE, row, facts, by).save()
    return ""


def _set(scene: Scene, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        if name == "footprint":
            scene.footprint = geo.to_geos(geo.to_shapely(value))
            scene.footprint_source = Scene.FootprintSource.SUPPLIER
        else:
            setattr(scene, name, value)


def _event(
    scene: Scene, kind: str, row: SceneImportRow, facts: dict[str, Any], by: Actor
) -> SceneEvent:
    written = {**facts, "list": row.scene_import_id, "line": row.number}
    return SceneEvent(scene=scene, kind=kind, facts=written, **by.columns())


def _locked(scene: Scene) -> Scene:
    return Scene.objects.select_for_update(of=("self",), no_key=True).get(pk=scene.pk)
