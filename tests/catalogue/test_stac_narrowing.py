"""What a filter asks for sure leads the search, and never changes what it answers."""

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from catalogue.models import Platform, Scene
from catalogue.search import files, windows
from catalogue.services import stac, wording
from catalogue.stac import asked
from catalogue.stac.aggregations import AGGREGATIONS
from catalogue.stac.narrowing import Narrowed, narrow
from tests.catalogue import make
from tests.catalogue.test_search import invented

ORDERABLE = "\"order:status\" = 'orderable'"
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
    ORDERABLE,
    "eo:cloud_cover < 50",
    "NOT (platform = 'SPOT6')",
    "(platform = 'SPOT6' OR datetime < TIMESTAMP('2017-01-01T00:00:00Z'))",
)
OF_FILES = (
    "\"order:status\" = 'succeeded'",
    "'succeeded' = \"order:status\"",
    "A_OVERLAPS(\"dinamis:products\", ('ortho', 'mosaic'))",
    "A_OVERLAPS(\"dinamis:products\", ('pms'))",
    "A_CONTAINS(\"dinamis:products\", ('ortho', 'ms'))",
)


@pytest.fixture
def archive(db):
    draw = random.Random(8)
    return Scene.objects.bulk_create(invented(draw, number) for number in range(200))


@pytest.fixture
def holdings(archive, licences):
    """Of a third of the scenes there are one or two products."""
    draw = random.Random(9)
    for scene in archive[:66]:
        for _number in range(draw.randint(1, 2)):
            level, spectral = draw.choice(("primary", "ortho")), draw.choice(("P", "MS", "PMS-N"))
            make.product(scene, level=level, spectral=spectral)


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


@pytest.mark.parametrize("most", [files.MOST, 5])
def test_a_search_begun_from_files_answers_what_its_filter_alone_does(holdings, monkeypatch, most):
    """By page, with its count and its figures; of too many files it is walked like any other."""
    monkeypatch.setattr(files, "MOST", most)
    draw = random.Random(6)
    for text in [
        one for of_files in OF_FILES for one in (of_files, f"{of_files} AND {draw.choice(PARTS)}")
    ]:
        plain = asked.of_body({"filter": text, "limit": 200, "sortby": "+datetime"})
        plain.narrowed.of_files = False
        expected = stac.search(plain).ids
        ids, body = [], {"filter": text, "limit": 7, "sortby": "+datetime"}
        while body:
            page = stac.search(asked.of_body(body))
            ids += page.ids
            assert page.matched == len(expected), text
            body = body | {"token": str(page.next)} if page.next else None
        assert ids == expected, text
        [counted] = stac.aggregated(asked.of_body({"filter": text}), [AGGREGATIONS["total_count"]])
        assert counted["value"] == len(expected)


@pytest.mark.parametrize(
    "text",
    [ORDERABLE, f"NOT ({OF_FILES[0]})", f"{OF_FILES[0]} OR {OF_FILES[2]}"],
)
def test_a_search_that_scenes_without_files_may_answer_is_not_begun_from_them(text):
    made = narrow([asked.cql2.from_text(text)])
    assert not made.of_files
    assert made.is_orderable == (text == ORDERABLE)


def test_all_of_no_words_is_asked_of_anything_that_has_files(holdings):
    written = {"op": "a_contains", "args": [{"property": "dinamis:products"}, []]}
    assert narrow([written]) == Narrowed(of_files=True)
    assert len(stac.search(asked.of_body({"filter": written, "limit": 100})).ids) == 66


def test_words_that_are_names_of_images_alone_look_up_these_images(archive, monkeypatch):
    """However old and wherever: no year is looked through."""
    monkeypatch.setattr(windows, "walk", lambda *_given, **_more: pytest.fail("walked"))
    chosen = sorted(archive[3:6], key=lambda scene: (scene.datetime, scene.pk), reverse=True)
    named = [scene.item_id for scene in chosen]
    page = stac.search(asked.of_body({"q": named}))
    assert (page.ids, page.matched) == ([scene.pk for scene in chosen], 3)
    assert stac.search(asked.of_body({"q": ["nothing is called so"]})).ids == []


def test_words_lead_the_walk_to_the_satellites_they_are_written_of(archive):
    search = asked.of_body({"q": "spot 6", "limit": 200})
    looked_up = replace(search, spoken=wording.spoken(search.terms))
    spans = windows.known(stac._way(looked_up)).asked
    assert spans
    assert all(looked_up.spoken.may_hold(span.platform, span.collection) for span in spans)
    assert {span.platform for span in spans} < {
        span.platform for span in windows.known(stac._way(search)).asked
    }
    expected = {
        scene.pk
        for scene in archive
        if scene.platform_id in looked_up.spoken.platforms
        or scene.collection_id in looked_up.spoken.collections
    }
    assert set(stac.search(search).ids) == expected


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
