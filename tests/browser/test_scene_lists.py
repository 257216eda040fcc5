"""A supplier's list, as an officer drops it, looks at it, writes it and takes it back."""

from datetime import date

import pytest
from django.conf import settings
from playwright.sync_api import expect

from catalogue.models import Scene, SceneImport
from catalogue.services import embargoes, scene_imports, scenes
from catalogue.services.conversions import ask
from dinamis.actors import Actor
from tests.browser.axe import assert_accessible
from tests.browser.test_look import overflow
from tests.catalogue import lists, shelf
from tests.orders import make

LOOKS = [("light", 1280, "en"), ("dark", 1280, "fr"), ("light", 390, "fr"), ("dark", 390, "en")]


@pytest.fixture
def officer(as_, licences, visit):
    """Open a page in a session of the desk."""
    session = as_(make.person("dora", "desk")).cookies[settings.SESSION_COOKIE_NAME].value

    def open_page(path, **look):
        page = visit("/accounts/login/", **look)
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": page.url}]
        )
        page.goto(path)
        return page

    return open_page


def features(count=6):
    made = [lists.feature(cloudCover=140)]
    for number in range(count):
        west = 5.0 + number / 10
        ring = [[west, 43], [west + 0.2, 43], [west + 0.2, 43.2], [west, 43.2], [west, 43]]
        made.append(lists.feature(lists.ONE.replace("01426", f"{number:05d}"), ring))
    return made


@pytest.mark.django_db(transaction=True)
def test_a_list_is_dropped_looked_at_written_and_undone(officer, tmp_path):
    page = officer("/desk/scene-lists/", language="en")
    path = tmp_path / "search.geojson"
    path.write_bytes(lists.geojson(*features()))
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("heading", name="search.geojson")).to_be_visible()
    assert not Scene.objects.exists()
    page.get_by_role("link", name="refused 1").click()
    expect(page.get_by_text("which cannot be")).to_be_visible()
    page.get_by_role("button", name="Write into the catalogue").click()
    expect(page.get_by_text("Written: the catalogue holds")).to_be_visible()
    assert Scene.objects.count() == 6
    page.get_by_label("Reason").fill("The wrong year.")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone. Lines that could not")).to_be_visible()
    assert not Scene.objects.filter(withdrawn_at=None).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("theme", "width", "language"), LOOKS)
def test_its_pages_are_clean_in_every_look(officer, shoot, theme, width, language):
    desk = make.person("desk2", "desk")
    by = Actor.of(desk)
    first = scene_imports.read("recherche-2021.geojson", lists.geojson(*features()[:3]), by=by)
    scene_imports.write(first, by=by)
    changed = lists.feature(
        lists.ONE.replace("01426", "00000"),
        features()[1]["geometry"]["coordinates"][0],
        cloudCover=9,
    )
    made = scene_imports.read(
        "recherche-2021-bis.geojson", lists.geojson(changed, features()[0], *features()[2:]), by=by
    )
    scene_imports.read("vide.csv", lists.csv(f"{lists.TWO};;;"), by=by)
    image = shelf.product()
    embargoes.put(image, until=date(2999, 1, 1), reason="Une thèse est en cours.", by=by)
    ask(image, by=by)
    scene = scenes.find(lists.ONE.replace("01426", "00001"))
    page = officer("/desk/scene-lists/", theme=theme, width=width, language=language)
    for name, address in (
        ("lists", "/desk/scene-lists/"),
        ("list", SceneImport.objects.get(pk=made.pk).get_absolute_url()),
        ("scene-record", scene.get_absolute_url()),
        ("product-desk", image.get_absolute_url()),
    ):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        shoot(page, f"{name}-{theme}-{width}-{language}")
        assert overflow(page) <= 0
        assert_accessible(page)
