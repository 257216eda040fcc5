"""What a nightly harvest does: new scenes read and written, unchanged ones beside a blind upsert."""

import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.db.models import F, Q

from benchmarks import Measurement, at_least
from benchmarks._scenes import later

HARVEST = 20_000
PROMISED = 5_000_000  # below it there are too few scenes for ratios to tell anything
FIRST_PASS = datetime(1991, 1, 1, tzinfo=UTC)


def harvests(*, promised: bool) -> Iterator[Measurement]:
    """What a nightly harvest does, beside an upsert that writes whatever it is told."""
    loading = later("catalogue.services.loading")
    by = later("dinamis.actors").Actor.system("bench")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "harvest.ndjson"
        path.write_text("".join(f"{json.dumps(_item(number))}\n" for number in range(HARVEST)))
        for name, goal in (("new", 2000), ("unchanged", 0)):
            start = time.perf_counter()
            counts = loading.load(path, by=by, tell=print)
            rate = HARVEST / (time.perf_counter() - start)
            assert getattr(counts, name) == HARVEST
            yield at_least(f"harvest, {name}, read to written", rate, goal, "rows/s")
            if name == "new":
                yield _looked_for_mates()
        yield from _merges(Path(folder), promised=promised)


def _looked_for_mates() -> Measurement:
    """What of it is the look for stereo mates of all that was new, asked again."""
    grouping, db = later("catalogue.services.loading.grouping"), later("django.db")
    times: list[float] = []
    with db.transaction.atomic(), db.connection.cursor() as cursor:
        for _round in range(3):
            timed(partial(grouping.group, cursor), times)
    return Measurement(f"stereo mates of {HARVEST} new scenes", statistics.median(times), "ms")


def _merges(folder: Path, *, promised: bool) -> Iterator[Measurement]:
    """The database's part alone of scenes known for long, all over the archive: the guarded merge and the
    blind upsert in turn. Each round draws others, which both find read from the disk already.
    """
    connection, transaction = later("django.db").connection, later("django.db").transaction
    staging = later("catalogue.services.loading.staging")
    merging = later("catalogue.services.loading.merging")
    loads = later("catalogue.services.loading.loads")
    files = later("catalogue.footprints.files")
    by = later("dinamis.actors").Actor.system("bench")
    guarded: list[float] = []
    blind: list[float] = []
    for number in range(5):
        path = folder / f"again-{number}.ndjson"
        path.write_text("".join(f"{json.dumps(item)}\n" for item in _known(number)))
        rows = staging.judged(files.records(path, "ndjson"), loads.known(None), print)
        for times in ([], guarded):
            with transaction.atomic(), connection.cursor() as cursor:
                staging.copy(cursor, rows)
                found = timed(partial(merging.merge, cursor, len(rows), load=0, by=by), times)
            assert found.unchanged == HARVEST, (found, len(rows))
        with transaction.atomic(), connection.cursor() as cursor:
            staging.copy(cursor, rows)
            timed(partial(cursor.execute, _BLIND), blind)
    yield Measurement(
        "unchanged, merge alone", 1000 * HARVEST / statistics.median(guarded), "rows/s"
    )
    yield Measurement(
        "unchanged, blind upsert", 1000 * HARVEST / statistics.median(blind), "rows/s"
    )
    ratio = statistics.median(blind) / statistics.median(guarded)
    yield promised_ratio("blind upsert over merge", ratio, 20 if promised else None)


def _known(number: int) -> Iterator[dict[str, Any]]:
    """HARVEST scenes of the archive as items, just as they stand."""
    models, geo = later("catalogue.models"), later("dinamis.geo")
    size = models.Scene.objects.filter(collection="bench").count()
    # Some were drawn before or after their satellite's years, and would be refused: a few more than are needed.
    numbers = random.Random(f"known {number}").sample(range(size), HARVEST * 6 // 5)
    scenes = models.Scene.objects.filter(
        Q(platform__in_service_to=None) | Q(datetime__date__lt=F("platform__in_service_to")),
        item_id__in=[f"BENCH_{one:09d}" for one in numbers],
        datetime__date__gt=F("platform__in_service_from"),
    )
    for scene in scenes.order_by("item_id")[:HARVEST]:
        yield {
            "type": "Feature",
            "id": scene.item_id,
            "collection": scene.collection_id,
            "geometry": geo.to_mapping(geo.to_shapely(scene.footprint)),
            "properties": {
                "datetime": scene.datetime.isoformat(),
                "platform": scene.platform_id,
                "eo:cloud_cover": scene.cloud_cover,
                "view:incidence_angle": scene.incidence,
            },
        }


def _item(number: int) -> dict[str, Any]:
    """A STAC item somewhere in France, of its own pass."""
    lon, lat = -1 + number % 800 / 100, 43.5 + number // 800 / 10
    at = FIRST_PASS + timedelta(hours=8 * number)
    ring = [[lon, lat], [lon + 0.6, lat], [lon + 0.6, lat + 0.5], [lon, lat + 0.5], [lon, lat]]
    return {
        "type": "Feature",
        "id": f"HARVEST_{number:06d}",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {
            "datetime": at.isoformat(),
            "platform": "SPOT4" if number % 20 >= 18 and at.year >= 1999 else "SPOT2",
            "eo:cloud_cover": number % 101,
            "view:incidence_angle": number % 27,
        },
    }


def promised_ratio(name: str, ratio: float, least: float | None) -> Measurement:
    """A ratio beside its goal; below the size it is promised for it stands without one."""
    return (
        Measurement(name, ratio, "times")
        if least is None
        else at_least(name, ratio, least, "times")
    )


def timed(act: Callable[[], Any], times: list[float]) -> Any:
    start = time.perf_counter()
    answer = act()
    times.append(1000 * (time.perf_counter() - start))
    return answer


_BLIND = """
INSERT INTO catalogue_scene (item_id, platform_id, collection_id, datetime, cloud_cover, incidence,
  resolution_m, stereo, stereo_key, footprint, footprint_source, completeness, quicklook,
  quicklook_credit, withdrawn_reason, added_at)
SELECT t.item_id, t.platform, 'bench', t.datetime, t.cloud_cover, t.incidence, 10, 'mono', '',
  t.footprint, 'supplier', 'complete', '', '', '', now() FROM scene_staged t
ON CONFLICT (item_id) DO UPDATE SET platform_id = excluded.platform_id,
  collection_id = excluded.collection_id, datetime = excluded.datetime,
  cloud_cover = excluded.cloud_cover, incidence = excluded.incidence,
  footprint = excluded.footprint
"""
