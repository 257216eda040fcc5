"""A few images to put before the judges."""

from datetime import UTC, datetime

from catalogue.models import Scene
from tests.catalogue import make, shelf


def make_all() -> dict[str, str]:
    """Two collections; one image with files, one of a pair. Return the addresses of documents, by name."""
    for number in range(12):
        newest = make.scene(
            at=datetime(2020, 1, 1 + number, 10, tzinfo=UTC),
            cloud_cover=number * 8.0 if number else None,
            incidence=number * 2.0,
        )
    for number in range(3):
        at = datetime(2021, 1, 1 + number, 10, tzinfo=UTC)
        pair = make.scene(at=at, platform="SPOT6", cloud_cover=3.0, stereo="stereo")
    Scene.objects.filter(pk=pair.pk).update(stereo_key="one pass", base_height=0.4)
    # pyogrio stops at a time that rounds to a full second.
    Scene.objects.update(added_at=datetime(2024, 1, 1, 10, 0, 0, 999_800, tzinfo=UTC))
    of = make.product(newest, produced_at=datetime(2021, 2, 3, tzinfo=UTC))
    shelf.file(of, "IMG/IMG.TIF", shelf.data())
    return {
        "item": f"/stac/collections/pleiades/items/{newest.item_id}",
        "pair": f"/stac/collections/spot67/items/{pair.item_id}",
        "collection": "/stac/collections/pleiades",
        "catalog": "/stac/",
    }
