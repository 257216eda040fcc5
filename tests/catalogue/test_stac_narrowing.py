"""What a filter asks for sure leads the search, and never changes what it answers."""

import random
from datetime import UTC, datetime

import pytest

from catalogue.models import Platform, Scene
from catalogue.services import stac
from catalogue.stac import asked
from catalogue.stac.narrowing import Narrowed, narrow
from tests.catalogue import make
from tests.catalogue.test_search import invented

PARTS = (
    "platform = 'SPOT6'",
    "platform IN ('SPOT6', 'PHR1A')",
    "'SPOT7' = platform",
    "platform <> 'SPOT7'",
    "constellation = 'pleiades'",
    "collection = 'pleiades'",
    "collection = 'spot67'",
    "datetime >= TIMESTAMP('2018-03-01T00:00:00Z')",
    "TIMESTAMP('2018-03-01T00:00:00Z') < datetime",
    "T_BEFORE(datetime, DATE('2019-06-30'))",
    "T_DURING(datetime, INTERVAL('2016-01-01', '2020-06-30'))",
    "T_INTERSECTS(datetime, INTERVAL('2015-05-05', '..'))",
    "S_INTERSECTS(geometry, BBOX(-53, 4, -51, 6))",
    "eo:cloud_cover < 50",
    "NOT (platform = 'SPOT6')",
    "(platform = 'SPOT6' OR datetime < TIMESTAMP('2017-01-01T00:00:00Z'))",
)


@pytest.fixture
def archive(db):
    draw = random.Random(8)
    Scene.objects.bulk_create(invented(draw, number) for number in range(200))


def test_a_search_led_by_its_filter_answers_what_the_filter_alone_does(archive, monkeypatch):
    draw = random.Random(5)
    led, total = [], 0
    questions = [" AND ".join(draw.sample(PARTS, draw.randint(1, 3))) for _round in range(80)]
    for text in questions:
        search = asked.of_body({"filter": text, "limit": 200})
        page = stac.search(search)
        led.append(page.ids)
        assert page.matched == len(page.ids)
        total += len(page.ids)
    monkeypatch.setattr(asked, "narrow", lambda filters: Narrowed())
    for text, ids in zip(questions, led, strict=True):
        page = stac.search(asked.of_body({"filter": text, "limit": 200}))
        assert page.ids == ids, text
    assert total > 500


def test_a_family_of_which_nobody_orders_is_found_by_its_name(db):
    """A satellite that is not sold has no sensor; its constellation is that of its items all the same."""
    scene = make.scene()
    Platform.objects.filter(code="PHR1A").update(sensor=None)
    for text in ("constellation = 'pleiades'", "constellation IN ('pleiades', 'spot67')"):
        page = stac.search(asked.of_body({"filter": text}))
        assert page.ids == [scene.pk]


def test_only_what_every_match_must_keep_is_read():
    made = narrow([asked.cql2.from_text(" AND ".join(PARTS[:3]))])
    assert made.platforms == set()
    made = narrow([asked.cql2.from_text(PARTS[-1]), asked.cql2.from_text(PARTS[-2])])
    assert made == Narrowed()
    made = narrow([asked.cql2.from_text(f"{PARTS[7]} AND {PARTS[9]} AND {PARTS[12]}")])
    assert made.begins_at == datetime(2018, 3, 1, tzinfo=UTC)
    assert made.ends_at == datetime(2019, 7, 1, tzinfo=UTC)
    assert made.over_area
