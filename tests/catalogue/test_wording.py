"""Words in the workbench: matched as a program's free text is, with every other limit, and never by a slow way."""

import random

import pytest
from django.contrib.auth.models import AnonymousUser
from shapely.geometry import box

from catalogue.models import Scene
from catalogue.search import sql, windows
from catalogue.services import search, stac, wording
from catalogue.stac import asked as stac_asked
from catalogue.stac import of_question
from dinamis import geo
from tests.catalogue import make
from tests.catalogue.test_search import EVERY, invented

VISITOR = AnonymousUser()


@pytest.fixture
def archive(db) -> None:
    """A hundred and twenty scenes of four satellites in two collections."""
    draw = random.Random(31)
    made = [invented(draw, number) for number in range(120)]
    for scene in made:
        if scene.platform_id.startswith("SPOT"):
            scene.collection_id = "spot67"
    Scene.objects.bulk_create(made)


def question(query: str, shape=None):
    """As the workbench asks it, the words looked up."""
    asked = make.question(query, shape)
    return asked.with_words(wording.spoken(asked.terms))


@pytest.mark.parametrize("shape", [None, box(-53, 4, -51, 6)])
@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ("phr1a", lambda scene: scene.platform_id == "PHR1A"),
        ("Pléiades", lambda scene: scene.platform_id.startswith("PHR")),
        ("SPOT 6-7", lambda scene: scene.collection_id == "spot67"),
        ("Phr1b, spôt7", lambda scene: scene.platform_id in ("PHR1B", "SPOT7")),
        ("SCENE_7, SCENE_11", lambda scene: scene.item_id in ("SCENE_7", "SCENE_11")),
        ("PHR1A, SCENE_12", lambda scene: scene.platform_id == "PHR1A"),
        ("volcano", lambda scene: False),
    ],
)
def test_words_find_what_a_programs_free_text_finds(archive, words, holds, shape):
    asked = question(f"words={words}&cloud=70&sort=newest", shape)
    assert asked.problems == {}
    found = [one.scene for one in search.ask(asked, user=VISITOR, size=200).results]
    assert [one.pk for one in found] == sql.plain(asked, EVERY, 200)
    body = {**of_question.body(asked), "limit": 200}
    assert body["q"] == list(asked.terms)
    program = stac.search(stac_asked.of_body(body))
    assert program.ids == [one.pk for one in found]
    place = None if shape is None else geo.to_geos(shape)
    named = [one for one in found if one.item_id in words.upper()]
    assert {one.pk for one in found if one not in named} == {
        one.pk
        for one in Scene.objects.filter(cloud_cover__lte=70)
        if holds(one) and one not in named and (place is None or one.footprint.intersects(place))
    }


def test_names_alone_are_looked_up_and_no_year_is_looked_through(archive, monkeypatch):
    asked = question("words=SCENE_7&sort=newest")
    monkeypatch.setattr(windows, "walk", None)
    monkeypatch.setattr(windows, "counted", None)
    page = search.ask(asked, user=VISITOR)
    assert [one.scene.item_id for one in page.results] == ["SCENE_7"]
    assert sum(year.total for year in page.years) == 1


def test_the_walk_looks_only_where_the_words_may_be(archive):
    asked = question("words=phr1a, SCENE_7")
    kinds = {(one.platform, one.collection) for one in windows.known(sql._way(asked, EVERY)).asked}
    named = Scene.objects.get(item_id="SCENE_7")
    assert kinds == {("PHR1A", "pleiades"), (named.platform_id, named.collection_id)}
    page = search.ask(asked, user=VISITOR, size=200)
    assert sum(year.total for year in page.years) == page.total == len(page.results)


@pytest.mark.parametrize("words", ["x" * 101, ",".join(str(number) for number in range(21))])
def test_too_many_words_are_told(words):
    asked = make.question(f"words={words}")
    assert (asked.terms, list(asked.problems)) == ((), ["words"])


def test_words_of_nothing_are_told_on_the_page(client, db):
    page = client.get("/catalogue/?words=volcano", headers={"accept-language": "en"})
    assert "No satellite, no collection and no image is written of in these words." in page.text
    assert 'value="volcano"' in page.text
