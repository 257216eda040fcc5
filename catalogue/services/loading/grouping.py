"""Stereo groups of what a part of a load wrote: only passes that it touched are looked at, each by an index."""

from typing import Any

from catalogue.models import Scene
from catalogue.search.statements import SPANS
from catalogue.services import stereo


def group(cursor: Any) -> int:
    """Group what the merge has just written with its mates, in its transaction; how many rows changed.

    One look into the index (satellite, collection, instant) a scene; only what has a mate, or had one, is
    read whole.
    """
    cursor.execute(SPANS)
    platforms, collections, *_ends = zip(*cursor.fetchall(), strict=True)
    cursor.execute(
        _TOUCHED,
        {
            "platforms": list(platforms),
            "collections": list(collections),
            "within": stereo.WITHIN,
            "apart": stereo.APART,
            "share": stereo.OVERLAP,
            "ours": stereo.OURS,
        },
    )
    found = [row[0] for row in cursor.fetchall()]
    if not found:
        return 0
    # Those that were its mates until now are judged again too.
    keys = Scene.objects.filter(pk__in=found, stereo_key__startswith=stereo.OURS)
    mates = Scene.objects.filter(stereo_key__in=list(keys.values_list("stereo_key", flat=True)))
    return stereo.group((Scene.objects.filter(pk__in=found) | mates).order_by("pk"))


# `scene_work` holds what was merged and nothing else. A mate is judged here by ground and time, and by
# its angles where it is written. IS TRUE keeps the planner from the index of footprints: over a place that
# was often taken it holds thousands, in two minutes a satellite takes a few.
_TOUCHED = """
SELECT s.id
FROM scene_work w
JOIN catalogue_scene s
  ON s.id = coalesce(w.scene_id, (SELECT n.id FROM catalogue_scene n WHERE n.item_id = w.item_id))
WHERE s.completeness = 'complete' AND s.withdrawn_at IS NULL AND (
  starts_with(s.stereo_key, %(ours)s) OR (s.stereo_key = '' AND EXISTS (
    SELECT FROM unnest(%(platforms)s::varchar[], %(collections)s::varchar[]) AS k(platform, collection)
    JOIN catalogue_scene o ON o.platform_id = k.platform AND o.collection_id = k.collection
    WHERE k.platform = s.platform_id AND (o.footprint && s.footprint) IS TRUE
      AND o.datetime BETWEEN s.datetime - %(within)s AND s.datetime + %(within)s
      AND abs(extract(epoch FROM o.datetime - s.datetime)) >= extract(epoch FROM %(apart)s::interval)
      AND o.id <> s.id
      AND o.completeness = 'complete' AND o.withdrawn_at IS NULL
      AND (o.stereo_key = '' OR starts_with(o.stereo_key, %(ours)s))
      AND ST_Area(ST_Intersection(o.footprint, s.footprint))
        >= %(share)s * least(ST_Area(o.footprint), ST_Area(s.footprint))
  ))
)
"""
