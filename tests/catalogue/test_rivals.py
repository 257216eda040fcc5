"""What our pages are measured beside holds the same scenes and is asked the same questions."""

import json
from datetime import datetime

import pytest
from django.test import Client, override_settings
from shapely.geometry import box, shape

from benchmarks import _pages, _rivals
from benchmarks._shapes import Asked, Shape, asked
from catalogue.models import Scene
from catalogue.services import stac
from catalogue.stac import items
from tests.catalogue import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def scenes():
    """Three of one satellite and collection: two in France, one far away; one of them cloudy."""
    return [
        make.scene(lon=2.3, lat=46.5, cloud_cover=4.0),
        make.scene(lon=2.4, lat=46.6, cloud_cover=60.0),
        make.scene(lon=120.0, lat=10.0, cloud_cover=2.0),
    ]


def test_each_scene_is_written_as_the_item_that_we_serve(scenes, tmp_path):
    path = tmp_path / "items.ndjson"
    _rivals.written(path)
    told = [json.loads(line) for line in path.read_text().splitlines()]
    assert [one["id"] for one in told] == [one.item_id for one in Scene.objects.order_by("pk")]
    for one in told:
        own = json.loads(json.dumps(items.item(stac.one(one["collection"], one["id"], user=None))))
        # Made by who serves the item; of the moment, of the first scene's own day.
        for page in (one, own):
            page.pop("links")
            page["properties"].pop("dinamis:names")
            for name in ("datetime", "created"):  # with or without zeros at the end
                page["properties"][name] = datetime.fromisoformat(page["properties"][name])
        # PostGIS writes fifteen decimals.
        assert shape(one.pop("geometry")).equals_exact(shape(own.pop("geometry")), 1e-14)
        assert one.pop("bbox") == pytest.approx(own.pop("bbox"), abs=1e-14)
        assert one == own


@pytest.mark.parametrize("kind", _pages.SHAPES, ids=lambda kind: kind.name)
def test_dinamis_and_drf_gis_answer_a_question_with_the_same_scenes(kind, scenes):
    place = box(-5, 42, 8, 51) if kind.area else None
    question = Asked(kind, place, *_window(kind))
    ours = _answer(_pages._search("/stac")(question))
    with override_settings(ROOT_URLCONF="benchmarks._drf_gis_urls"):
        theirs = _answer(_pages._plain(question))
    assert ours == theirs
    few = {"10 km": 2, "world, cloud < 10": 2}
    assert len(ours) == (0 if kind.years else few.get(kind.name, 1))


def test_one_item_is_one_feature(scenes):
    name, own = scenes[0].item_id, scenes[0].collection_id
    ours = _answer(_pages.Request(f"/stac/collections/{own}/items/{name}"))
    with override_settings(ROOT_URLCONF="benchmarks._drf_gis_urls"):
        assert _answer(_pages.Request(f"/scenes/{name}")) == ours == [name]


def test_a_shape_asks_the_same_place_again(scenes):
    first, again = (asked(Shape("10 km", "10 km"), 7) for _time in range(2))
    assert first.place.equals(again.place)


def _window(kind):
    drawn = asked(kind, 0)
    return drawn.begins_at, drawn.ends_at


def _answer(request) -> list[str]:
    client = Client()
    body = json.dumps(request.body)
    answer = (
        client.get(request.path)
        if request.body is None
        else client.post(request.path, body, content_type="application/json")
    )
    assert answer.status_code == 200, answer.content
    return _rivals.ids_of(answer.json())
