"""Level, bands and download are asked of files: of one product, in time, by page, whichever way they are found."""

import random
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from shapely.geometry import box

from catalogue.models import Product, Scene
from catalogue.search import files, sql, windows
from catalogue.services import search, searches, stac
from catalogue.stac import asked as stac_asked
from catalogue.stac import cql2, items, of_question
from dinamis import geo
from dinamis.actors import Actor
from dinamis.errors import Malformed
from tests.catalogue import make
from tests.catalogue.test_search import EVERY, invented

VISITOR = AnonymousUser()
HERE = box(-53, 4, -51, 6)
SPECTRAL = ("P", "PAN", "MS", "MS-FS", "PMS", "PMS-N", "XS", "SM", "")


@pytest.fixture
def holdings(licences) -> list[Scene]:
    """A hundred scenes: of two thirds there are one to three products, some of them not for everybody."""
    draw = random.Random(23)
    made = Scene.objects.bulk_create(invented(draw, number) for number in range(100))
    for scene in made[:66]:
        for _number in range(draw.randint(1, 3)):
            make.product(
                scene,
                level=draw.choice([*files.Level]).value,
                spectral=draw.choice(SPECTRAL),
                state=draw.choice(("published", "published", "withdrawn")),
                embargo_until=draw.choice((None, None, date(2999, 1, 1))),
            )
    return list(Scene.objects.all())


def kept(scene: Scene, level: str | None, kind: str | None, shape) -> bool:
    """By hand: one product that anybody may have, over the place, of this level and these bands."""
    return any(
        product.is_published
        and (shape is None or product.footprint.intersects(shape))
        and (level is None or product.level == level)
        and (kind is None or product.spectral.split("-")[0] in files.SPELT[files.Bands(kind)])
        for product in scene.products.all()
    )


@pytest.mark.parametrize("most", [files.MOST, 0])
@pytest.mark.parametrize("shape", [None, HERE])
@pytest.mark.parametrize(
    ("query", "level", "kind"),
    [
        ("level=ortho", "ortho", None),
        ("bands=ms", None, "ms"),
        ("level=primary&bands=pan", "primary", "pan"),
        ("have=download", None, None),
    ],
)
def test_level_and_bands_are_those_of_one_product_that_anybody_may_have(
    holdings, monkeypatch, query, level, kind, shape, most
):
    """Begun from the products, or where they are many from the windows of time: the same scenes."""
    monkeypatch.setattr(files, "MOST", most)
    place = None if shape is None else geo.to_geos(shape)
    expected = [one.pk for one in holdings if kept(one, level, kind, place)]
    question = make.question(f"{query}&sort=newest", shape)
    assert question.problems == {}
    page = search.ask(question, user=VISITOR, size=7)
    found = [one.scene.pk for one in page.results]
    while page.next is not None:
        further = make.question(f"{query}&sort=newest&after={page.next}", shape)
        page = search.ask(further, user=VISITOR, size=7)
        found += [one.scene.pk for one in page.results]
    assert found == expected == sql.plain(question, EVERY, 100)
    assert 0 < len(expected) < 66
    first = search.ask(question, user=VISITOR, size=7)
    assert (first.total, first.is_capped) == (len(expected), False)
    assert sum(year.total for year in first.years) == len(expected)


def test_every_level_of_a_product_can_be_asked():
    assert [*files.Level] == Product.Level.values


def test_more_scenes_with_files_than_are_counted_are_said_to_be_more(holdings, monkeypatch):
    monkeypatch.setattr(windows, "COUNT_CAP", 3)
    page = search.ask(make.question("have=download&sort=newest"), user=VISITOR, size=2)
    assert (page.total, page.is_over) == (3, True)


@pytest.mark.parametrize(
    ("query", "level", "kind"),
    [
        ("level=ortho", "ortho", None),
        ("bands=pms", None, "pms"),
        ("level=primary&bands=pan", "primary", "pan"),
    ],
)
def test_what_is_asked_of_files_is_saved_as_what_it_means(holdings, query, level, kind):
    body = of_question.body(make.question(query))
    found = stac.search(stac_asked.of_body({**body, "limit": 100})).ids
    assert found == [one.pk for one in holdings if kept(one, level, kind, None)]


def test_a_saved_search_for_orthos_tells_when_one_comes(licences, researcher):
    scene = make.scene()
    kept_search = searches.save(
        of_question.body(make.question("level=ortho&bands=pms")),
        name="Orthos",
        by=Actor.of(researcher),
    )
    other = make.product(scene, level="primary", spectral="PMS")
    assert searches.match_product(other) == 0
    wanted = make.product(scene, level="ortho", spectral="PMS-N")
    assert searches.match_product(wanted) == 1
    assert kept_search.hits.get().scene == scene


def test_an_item_says_what_its_files_answer_to(holdings):
    """What a filter finds and what the item tells are one."""
    asked = {"op": "a_contains", "args": [{"property": "dinamis:products"}, ["ortho", "ms"]]}
    found = stac.search(stac_asked.of_body({"filter": asked, "limit": 100})).ids
    told = {
        one.pk: set(items.item(one)["properties"].get("dinamis:products", ()))
        for one in stac.readable(VISITOR)
    }
    assert set(found) == {pk for pk, words in told.items() if {"ortho", "ms"} <= words}
    assert 0 < len(found) < 66
    assert files.words("ortho", "PMS-N") == ["ortho", "pms", "ortho pms"]
    assert files.words("ortho", "SM") == ["ortho"]


@pytest.mark.parametrize(
    "written",
    [
        {"op": "=", "args": [{"property": "dinamis:products"}, "ortho"]},
        {"op": "a_overlaps", "args": [{"property": "platform"}, ["ortho"]]},
        {"op": "a_overlaps", "args": [["ortho"], {"property": "dinamis:products"}]},
        {"op": "a_overlaps", "args": [{"property": "dinamis:products"}, "ortho"]},
        {"op": "a_contains", "args": [{"property": "dinamis:products"}, [1]]},
        {"op": "in", "args": [{"property": "dinamis:products"}, ["ortho"]]},
        {"op": "a_overlaps", "args": [{"property": "dinamis:products"}, ["x"] * 1001]},
    ],
)
def test_a_list_is_compared_with_a_list_alone(written):
    with pytest.raises(Malformed):
        cql2.conditions(written)
