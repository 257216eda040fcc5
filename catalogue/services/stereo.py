"""Stereo pairs and triplets: found when a scene comes in, kept on its row, never by a join at search.

Same satellite, one pass, mostly the same ground (the stereo-imagery extension of STAC asks for three
quarters). What a supplier says itself is left as it is.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import combinations

from django.db import transaction

from catalogue.models import Platform, Scene
from dinamis import geo

WITHIN = timedelta(minutes=2)
APART = timedelta(seconds=5)  # closer are two names of one image
OVERLAP = 0.75  # of the smaller of two footprints
LEAST_BASE_HEIGHT = 0.05
OURS = "PASS-"  # how a group that we found is called; any other name is the supplier's


@transaction.atomic
def group(scenes: Iterable[Scene]) -> int:
    """Group these scenes with whatever was taken beside them; return how many rows changed."""
    changed, seen = 0, set()
    for scene in scenes:
        if scene.pk in seen or not _is_ours(scene) or not scene.is_complete:
            continue
        found = _around(scene)
        seen.update(one.pk for one in found)
        changed += _write(found)
    return changed


def group_all(*, since: datetime | None = None) -> tuple[int, int]:
    """Group what came in otherwise than one by one: how many scenes were looked at, how many changed.

    The scenes go by in the order of the index (satellite, time), and only those with another close in
    time are looked at. `since` leaves out what came in before.
    """
    rows = Scene.objects.filter(completeness=Scene.Completeness.COMPLETE, withdrawn_at=None)
    if since is not None:
        rows = rows.filter(added_at__gte=since)
    looked = changed = 0
    for code in Platform.objects.values_list("code", flat=True):
        line = rows.filter(platform=code).order_by("-datetime", "-id").values_list("pk", "datetime")
        before: tuple[int, datetime] | None = None
        done: set[int] = set()
        for pk, at in line.iterator(chunk_size=5_000):
            close = before is not None and before[1] - at <= WITHIN
            if close or since is not None:
                fresh = {pk, before[0]} - done if close else {pk}
                looked += len(fresh)
                changed += group(Scene.objects.filter(pk__in=fresh))
                done = {pk}
            before = (pk, at)
    return looked, changed


def base_height(one: Scene, two: Scene) -> float | None:
    """Base over height of two images from their angles at the ground; None when these are not said."""
    for along, across in (
        ("incidence_along", "incidence_across"),
        ("viewing_along", "viewing_across"),
    ):
        angles = [getattr(scene, name) for scene in (one, two) for name in (along, across)]
        if None not in angles:
            tangents = [math.tan(math.radians(angle)) for angle in angles]
            return round(math.hypot(tangents[0] - tangents[2], tangents[1] - tangents[3]), 3)
    return None


def are_mates(one: Scene, two: Scene) -> bool:
    """Two views of one place from one pass."""
    apart = abs(one.datetime - two.datetime)
    if one.platform_id != two.platform_id or not APART <= apart <= WITHIN:
        return False
    ratio = base_height(one, two)
    if ratio is not None and ratio < LEAST_BASE_HEIGHT:
        return False
    first, second = geo.to_shapely(one.footprint), geo.to_shapely(two.footprint)
    smaller = min(first.area, second.area)  # at one latitude: the ratio is that of the ground
    return smaller > 0 and first.intersection(second).area / smaller >= OVERLAP


def _is_ours(scene: Scene) -> bool:
    return not scene.stereo_key or scene.stereo_key.startswith(OURS)


def _around(scene: Scene) -> list[Scene]:
    """The scene with those of its pass that it may be grouped with, locked in order of key."""
    near = Scene.objects.filter(
        platform=scene.platform_id,
        datetime__range=(scene.datetime - WITHIN, scene.datetime + WITHIN),
        footprint__intersects=scene.footprint,
        completeness=Scene.Completeness.COMPLETE,
        withdrawn_at=None,
    )
    rows = near.select_for_update(of=("self",), no_key=True).order_by("pk")[:50]
    return [one for one in rows if _is_ours(one)]


def _write(scenes: Sequence[Scene]) -> int:
    changed = 0
    for members in _components(scenes):
        members.sort(key=lambda one: (one.datetime, one.pk))
        kind, key, ratio = Scene.Stereo.MONO, "", None
        if len(members) > 1:
            kind = Scene.Stereo.STEREO if len(members) == 2 else Scene.Stereo.TRI_STEREO
            key = f"{OURS}{members[0].platform_id}-{members[0].datetime:%Y%m%dT%H%M%S}"
            pairs = (base_height(one, two) for one, two in combinations(members, 2))
            ratio = max((one for one in pairs if one is not None), default=None)
        for scene in members:
            if not key and not scene.stereo_key:
                continue  # alone, and nothing of ours to take back: what the supplier says stays
            if (scene.stereo, scene.stereo_key, scene.base_height) != (kind, key, ratio):
                scene.stereo, scene.stereo_key, scene.base_height = kind, key, ratio
                scene.save(update_fields=["stereo", "stereo_key", "base_height"])
                changed += 1
    return changed


def _components(scenes: Sequence[Scene]) -> list[list[Scene]]:
    """Scenes that are mates of each other, directly or through a third."""
    groups: list[list[Scene]] = []
    for scene in scenes:
        joined = [found for found in groups if any(are_mates(scene, one) for one in found)]
        groups = [found for found in groups if found not in joined]
        groups.append([scene, *(one for found in joined for one in found)])
    return groups
