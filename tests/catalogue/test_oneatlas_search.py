"""The search at OneAtlas: off by default, asked by a worker, its faults told and nothing guessed."""

from datetime import date

import pytest

from catalogue.lists import oneatlas
from catalogue.lists.oneatlas import Asked, Search, Trouble
from catalogue.models import Scene, SceneImport
from catalogue.services import scene_imports, searching
from dinamis import geo
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from dinamis.models import Promise
from tests.catalogue import lists
from tests.catalogue.oneatlas_server import KEY, serving

AREA = geo.check_text("5.1, 43.1, 5.6, 43.5")
DAYS = {"begins_on": date(2021, 1, 1), "ends_on": date(2021, 12, 31)}


@pytest.fixture
def served(settings, monkeypatch):
    """The simulator, with our settings turned to it and no waiting between two calls."""
    monkeypatch.setattr(oneatlas.ONE_A_SECOND, "interval", 0.0)
    with serving() as (world, address):
        settings.ONEATLAS_SEARCH_KEY = KEY
        settings.ONEATLAS_AUTH_URL = f"{address}/auth"
        settings.ONEATLAS_SEARCH_URL = f"{address}/search"
        yield world


def search(settings, **more):
    given = {"api_key": settings.ONEATLAS_SEARCH_KEY, "timeout": (1.0, 0.5)}
    return Search(
        auth_url=settings.ONEATLAS_AUTH_URL,
        search_url=settings.ONEATLAS_SEARCH_URL,
        **{**given, **more},
    )


def asked(**more):
    return Asked(area=geo.to_mapping(AREA.geometry), **{**DAYS, **more})


def many(count):
    return [lists.feature(lists.ONE.replace("01426", f"{n:05d}")) for n in range(count)]


def test_every_page_is_asked_and_the_question_is_theirs(served, settings):
    served.scenes = many(230)
    found = search(settings).scenes(asked(max_cloud=20))
    assert len(found) == 230
    assert [one["startPage"] for one in served.asked] == [1, 2, 3]
    first = served.asked[0]
    assert first["acquisitionDate"] == "[2021-01-01T00:00:00Z,2021-12-31T23:59:59Z]"
    assert first["cloudCover"] == "[0,20]"
    assert first["geometry"]["type"] == "Polygon"


def test_a_page_told_twice_counts_once_and_there_is_an_end(served, settings, monkeypatch):
    monkeypatch.setattr(oneatlas, "MOST_SCENES", 200)
    served.scenes = many(100) * 5
    assert len(search(settings).scenes(asked())) == 100
    assert len(served.asked) == 2


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("429", "ten minutes"),
        ("500", "error"),
        ("302", "error"),
        ("garbled", "broken"),
        ("array", "something else"),
        ("no features", "something else"),
        ("cut", "broken"),
        ("slow", "does not answer"),
    ],
)
def test_every_fault_is_told_and_none_becomes_an_empty_answer(served, settings, fault, words):
    served.scenes = many(3)
    served.faults.append(fault)
    with pytest.raises(Trouble, match=words):
        search(settings).scenes(asked())


def test_an_answer_is_no_longer_than_an_answer(served, settings, monkeypatch):
    monkeypatch.setattr(oneatlas, "MOST_BYTES", 10_000)
    served.faults.append("long")
    with pytest.raises(Trouble, match="too long"):
        search(settings).scenes(asked())


def test_a_key_that_is_not_theirs_and_a_house_that_is_shut_are_told_apart(served, settings):
    with pytest.raises(Trouble, match="accept our key"):
        search(settings, api_key="another").scenes(asked())
    settings.ONEATLAS_AUTH_URL = "http://127.0.0.1:9/auth"
    with pytest.raises(Trouble, match="does not answer"):
        search(settings).scenes(asked())


@pytest.mark.django_db
def test_it_is_off_without_a_key(desk, settings):
    assert settings.ONEATLAS_SEARCH_KEY == ""
    with pytest.raises(NotNow, match="search_off"):
        searching.ask(AREA, **DAYS, max_cloud=None, by=Actor.of(desk))
    assert not SceneImport.objects.exists()


@pytest.mark.django_db
def test_asked_from_the_desk_a_worker_answers_and_nothing_is_written_yet(desk, served):
    served.scenes = many(3)
    made = searching.ask(AREA, **DAYS, max_cloud=20.0, by=Actor.of(desk))
    assert (made.state, served.asked) == ("asked", [])
    assert Promise.objects.filter(task="catalogue.tasks.search_oneatlas").count() == 1
    made = searching.answer(made)
    assert (made.state, made.new, made.refused) == ("seen", 3, 0)
    assert not Scene.objects.exists()
    again = searching.answer(made)
    assert (again.rows.count(), len(served.asked)) == (3, 1)
    scene_imports.write(made, by=Actor.of(desk))
    assert Scene.objects.count() == 3


@pytest.mark.django_db
def test_what_fails_says_why_and_may_be_asked_again(desk, served):
    served.scenes, by = many(1), Actor.of(desk)
    served.faults.append("500")
    made = searching.answer(searching.ask(AREA, **DAYS, max_cloud=None, by=by))
    assert (made.state, "error" in made.error) == ("failed", True)
    made = searching.answer(scene_imports.act(made, "ask_again", by=by))
    assert (made.state, made.error, made.new) == ("seen", "", 1)
    assert [event.step for event in made.events.all()] == ["ask", "fail", "ask_again", "fill"]


@pytest.mark.django_db
def test_a_question_that_is_none_is_refused(desk, researcher, served):
    by = Actor.of(desk)
    with pytest.raises(NotAllowed):
        searching.ask(AREA, **DAYS, max_cloud=None, by=Actor.of(researcher))
    with pytest.raises(Invalid, match="days_swapped"):
        searching.ask(
            AREA, begins_on=date(2021, 2, 1), ends_on=date(2021, 1, 1), max_cloud=None, by=by
        )
    wide = geo.check_text("0, 40, 8, 48")
    with pytest.raises(Invalid, match="area_too_large"):
        searching.ask(wide, **DAYS, max_cloud=None, by=by)
    assert not SceneImport.objects.exists()
    assert served.asked == []
