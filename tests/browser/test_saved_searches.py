"""Saved searches in a real browser: from the workbench to the page of what was found, in every look."""

import pytest
from playwright.sync_api import expect
from shapely.geometry import box

from catalogue import tasks
from catalogue.models import SavedSearch
from catalogue.services import searches
from catalogue.stac import of_question
from dinamis.actors import Actor
from tests.browser.axe import assert_accessible
from tests.browser.test_told import LOOKS, sign_in
from tests.catalogue import make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner(transactional_db, researcher):
    """Somebody with two searches; the first found two images."""
    by = Actor.of(researcher)
    body = of_question.body(make.question("cloud=20", box(-53, 4, -52, 6)))
    searches.save(body, name="Embouchure du Mahury, sans nuages", address="cloud=20", by=by)
    searches.pause(searches.save({"q": "spot"}, name="SPOT", by=by), by=by)
    make.scene(cloud_cover=3.0)
    make.scene()
    tasks.match_searches()
    return researcher


@pytest.mark.parametrize(("theme", "width", "language"), LOOKS, ids=lambda one: str(one))
def test_saved_searches_are_accessible_and_fit_in_both_looks(
    visit, shoot, owner, theme, width, language
):
    owner.language = language
    owner.save()
    page = visit("/", theme=theme, width=width, language=language)
    sign_in(page, owner)
    search = SavedSearch.objects.exclude(address="").get()
    area = make.area(owner=owner, name="Mahury")
    for name, path in {
        "searches": "/catalogue/searches/",
        "search": search.get_absolute_url(),
        "search-new": f"/catalogue/searches/new?area={area.key}&cloud=20&from=2019-01-01",
    }.items():
        page.goto(path)
        assert_accessible(page)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{name} is {wide} pixels too wide"
        shoot(page, f"{name}-{theme}-{width}-{language}")


def test_a_search_is_saved_from_the_workbench_and_paused_from_its_list(visit, owner):
    area = make.area(owner=owner, name="Mahury")
    page = visit("/", language="en")
    sign_in(page, owner)
    page.goto(f"/catalogue/?area={area.key}&cloud=20&view=list")
    page.locator(".list-head summary.ico").click()
    page.get_by_role("link", name="Save this search…").click()
    page.get_by_label("Name").fill("The mouth")
    page.get_by_role("button", name="Save the search").click()
    expect(page.get_by_role("heading", name="The mouth")).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    assert SavedSearch.objects.get(name="The mouth").is_paused
