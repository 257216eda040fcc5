"""Stereo groups of what a part of a load wrote: only passes that it touched are looked at, each by an index."""

from typing import Any

from catalogue.models import Scene
from catalogue.services import stereo


def group(cursor: Any) -> int:
    """Group what the merge has just written with its mates, in its transaction; how many rows changed.

    One look into the index (footprint, instant) a scene; only what has a mate, or had one, is read.
    """
    cursor.execute(
        _TOUCHED, {"within": stereo.WITHIN, "apart": stereo.APART, "share": stereo.OVERLAP}
    )
    found = [row[0] for row in cursor.fetchall()]
    if not found:
        return 0
    # Those that were its mates until now are judged again too.
    keys = Scene.objects.filter(pk__in=found, stereo_key__startswith=stereo.OURS)
    mates = Scene.objects.filter(stereo_key__in=list(keys.values_list("stereo_key", flat=True)))
    return stereo.group((Scene.objects.filter(pk__in=found) | mates).order_by("pk"))


# `scene_work` holds what was merged and nothing else. A mate is judged here by ground and time, and by
# its angles where it is written.
_TOUCHED = """
SELECT s.id
FROM scene_work w
JOIN catalogue_scene s
  ON s.id = coalesce(w.scene_id, (SELECT n.id FROM catalogue_scene n WHERE n.item_id = w.item_id))
WHERE s.completeness = 'complete' AND s.withdrawn_at IS NULL AND (
  starts_with(s.stereo_key, 'PASS-') OR (s.stereo_key = '' AND EXISTS (
    SELECT FROM catalogue_scene o
    WHERE o.footprint && s.footprint
      AND o.datetime BETWEEN s.datetime - %(within)s AND s.datetime + %(within)s
      AND abs(extract(epoch FROM o.datetime - s.datetime)) >= extract(epoch FROM %(apart)s::interval)
      AND o.platform_id = s.platform_id AND o.id <> s.id
      AND o.completeness = 'complete' AND o.withdrawn_at IS NULL
      AND (o.stereo_key = '' OR starts_with(o.stereo_key, 'PASS-'))
      AND ST_Area(ST_Intersection(o.footprint, s.footprint))
        >= %(share)s * least(ST_Area(o.footprint), ST_Area(s.footprint))
  ))
)
"""
