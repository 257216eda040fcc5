"""What was staged becomes scenes, in one transaction: only what differs is written."""

from dataclasses import dataclass
from typing import Any

from catalogue.footprints.record import FIGURES
from catalogue.models import Scene, SceneEvent
from catalogue.services.stereo import OURS
from dinamis.actors import Actor
from dinamis.events import emit

# Column of the staged row to column of the scene: what a file may change. What it leaves out stays.
_CHANGED = {
    "platform": "platform_id",
    "collection": "collection_id",
    "datetime": "datetime",
    **{figure.column: figure.column for figure in FIGURES},
    "stereo": "stereo",
    "stereo_key": "stereo_key",
    "footprint": "footprint",
}


@dataclass(slots=True)
class Merged:
    """`kept` are those that differ but stand as the desk corrected them."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: int = 0


def merge(cursor: Any, staged: int, *, load: int, by: Actor) -> Merged:
    """Write the staged rows. Emits "scene.completed" for scenes that were known by name alone."""
    cursor.execute(_MAKE)
    cursor.execute("TRUNCATE scene_work")
    # One look into an index a row. A hash of all scenes, which the planner likes, is millions of rows.
    cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
    cursor.execute(_DIFFERING)
    differing = cursor.rowcount
    if not differing:
        return Merged(unchanged=staged)
    cursor.execute(_LOCK)
    cursor.execute(_SAME)
    differing -= cursor.rowcount
    cursor.execute(_CORRECTED)
    kept = cursor.rowcount
    actor = {"load": load, **_actor(by)}
    cursor.execute(_EVENTS, actor)
    changed = cursor.rowcount
    cursor.execute(_UPDATE)
    completed = [pk for pk, was in cursor.fetchall() if was == Scene.Completeness.TO_COMPLETE]
    cursor.execute(_INSERT)
    new = cursor.rowcount
    cursor.execute(_NAMES)
    for scene in Scene.objects.filter(pk__in=completed):
        emit("scene.completed", scene=scene, by=by)
    return Merged(new=new, changed=changed, unchanged=staged - differing, kept=kept)


def _actor(by: Actor) -> dict[str, Any]:
    return {
        "user": by.user and by.user.pk,
        "link": by.link and by.link.pk,
        "part": by.part,
        "kind": SceneEvent.Kind.LOADED,
    }


def _differs(scene: str, staged: str) -> str:
    """`=` of geometries compares every coordinate, in order.

    A file that calls single what we found in a group knows nothing of the group: every night would undo it.
    """
    unlike = (
        f"({staged}.{ours} IS NOT NULL AND {staged}.{ours} IS DISTINCT FROM {scene}.{theirs}"
        + (
            f" AND NOT ({staged}.stereo = 'mono' AND starts_with({scene}.stereo_key, '{OURS}')))"
            if ours == "stereo"
            else ")"
        )
        for ours, theirs in _CHANGED.items()
    )
    return " OR ".join(unlike)


def _object(of: str, scene_columns: bool) -> str:
    """A JSON object of what differs, by column; the footprint is too long to repeat and is named alone."""
    parts = []
    for ours, theirs in _CHANGED.items():
        value = f"{of}.{theirs if scene_columns else ours}"
        told = "'changed'" if ours == "footprint" else value
        parts.append(
            f"'{ours}', CASE WHEN w.{ours} IS NOT NULL AND w.{ours} IS DISTINCT FROM s.{theirs}"
            f" THEN to_jsonb({told}{'::text' if ours == 'footprint' else ''}) END"
        )
    return f"jsonb_strip_nulls(jsonb_build_object({', '.join(parts)}))"


def _filled(statement: str, **parts: str) -> str:
    """The statement with {names} replaced by lists of columns: nothing that comes from a file."""
    for name, part in parts.items():
        statement = statement.replace("{" + name + "}", part)
    return statement


_MAKE = "CREATE TEMP TABLE IF NOT EXISTS scene_work (LIKE scene_staged, scene_id bigint)"

# By its identifier as it is written, else by any name it is known by: with or without DS_, in capitals or not.
_DIFFERING = _filled(
    """
    INSERT INTO scene_work
    SELECT t.*, coalesce(s.id, i.scene_id, p.scene_id)
    FROM scene_staged t
    LEFT JOIN catalogue_scene s ON s.item_id = t.item_id
    LEFT JOIN catalogue_identifier i ON s.id IS NULL AND i.value = t.bare
    LEFT JOIN catalogue_product p ON p.id = i.product_id
    WHERE s.id IS NULL OR s.completeness = 'to_complete' OR {differs}
    """,
    differs=_differs("s", "t"),
)

_LOCK = """
SELECT s.id FROM catalogue_scene s WHERE s.id IN (SELECT scene_id FROM scene_work)
ORDER BY s.id FOR NO KEY UPDATE
"""

# Found by another of its names, and just as the file has it.
_SAME = _filled(
    """
    DELETE FROM scene_work w USING catalogue_scene s
    WHERE s.id = w.scene_id AND s.completeness = 'complete' AND NOT ({differs})
    """,
    differs=_differs("s", "w"),
)

# What a person at the desk wrote down stands: a harvest every night would undo it every night.
_CORRECTED = """
DELETE FROM scene_work w USING catalogue_sceneevent e
WHERE e.scene_id = w.scene_id AND e.kind IN ('completed', 'corrected')
"""

_EVENTS = _filled(
    """
    INSERT INTO catalogue_sceneevent (scene_id, kind, facts, at, by_user_id, by_link_id, by_part)
    SELECT s.id, %(kind)s,
      {now} || jsonb_build_object('was', {before}, 'load', %(load)s::bigint),
      clock_timestamp(), %(user)s, %(link)s, %(part)s
    FROM scene_work w JOIN catalogue_scene s ON s.id = w.scene_id
    """,
    now=_object("w", False),
    before=_object("s", True),
)

_UPDATE = _filled(
    """
    UPDATE catalogue_scene s
    SET {values}, completeness = 'complete', footprint_source =
      CASE WHEN w.footprint = s.footprint THEN s.footprint_source ELSE 'supplier' END
    FROM scene_work w JOIN catalogue_scene o ON o.id = w.scene_id
    WHERE s.id = w.scene_id
    RETURNING s.id, o.completeness
    """,
    values=", ".join(
        f"{theirs} = coalesce(w.{ours}, s.{theirs})" for ours, theirs in _CHANGED.items()
    ),
)

_USUAL = {
    "collection": "f.collection_id",
    "resolution_m": "f.resolution_m",
    "stereo": "'mono'",
    "stereo_key": "''",
}

_INSERT = _filled(
    """
    INSERT INTO catalogue_scene (item_id, {columns}, footprint_source, completeness, quicklook,
      quicklook_credit, withdrawn_reason, added_at)
    SELECT w.item_id, {values}, 'supplier', 'complete', '', '', '', now()
    FROM scene_work w JOIN catalogue_platform f ON f.code = w.platform
    WHERE w.scene_id IS NULL
    ON CONFLICT (item_id) DO NOTHING
    """,
    columns=", ".join(_CHANGED.values()),
    values=", ".join(
        f"coalesce(w.{ours}, {_USUAL[ours]})" if ours in _USUAL else f"w.{ours}"
        for ours in _CHANGED
    ),
)

_NAMES = """
INSERT INTO catalogue_identifier (value, scene_id)
SELECT w.bare, s.id FROM scene_work w JOIN catalogue_scene s ON s.item_id = w.item_id
WHERE w.scene_id IS NULL
ON CONFLICT (value) DO NOTHING
"""
