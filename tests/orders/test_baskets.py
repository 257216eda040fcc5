"""The basket of a project: who fills it and who reads it, what it says of each scene, what it quotes."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from shapely.geometry import box

from catalogue.models import Scene
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotFound, NotNow
from orders.models import Project, Quote
from orders.services.projects import baskets, projects
from tests.catalogue import make as images
from tests.orders import project_making as making

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(researcher) -> Project:
    return making.draft(researcher)


def image(year: int = 2019) -> Scene:
    """A scene of Pléiades around the area below."""
    return images.scene(
        at=datetime(year, 10, 28, 14, tzinfo=UTC), footprint=box(-52.5, 4.7, -52.1, 5.1)
    )


def signed_in(user) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def test_each_scene_is_weighed_over_the_area_it_was_found_for(project, researcher):
    area = images.area(box(-52.6, 4.85, -52.4, 4.95), owner=researcher)
    by = Actor.of(researcher)
    baskets.put(project, image(), area=area, note="Low tide", by=by)
    baskets.put(project, image(2020), by=by)
    whole, part = baskets.weigh(project, researcher)
    assert (whole.result.coverage, round(part.result.coverage)) == (None, 50)
    assert baskets.to_produce([whole, part]) == {part.result.scene.platform.sensor: 2}


def test_a_scene_is_there_once_and_takes_the_new_note(project, researcher):
    scene, by = image(), Actor.of(researcher)
    baskets.put(project, scene, note="Before", by=by)
    baskets.put(project, scene, note="After", by=by)
    assert [item.note for item in project.basket.all()] == ["After"]


def test_only_the_people_of_a_project_fill_its_basket(project, stranger, referent):
    for other in (stranger, referent):
        with pytest.raises(NotAllowed):
            baskets.put(project, image(), by=Actor.of(other))
        with pytest.raises(NotAllowed):
            baskets.quote(project, "pleiades", by=Actor.of(other))
    assert not project.basket.exists()


def test_a_project_that_is_over_keeps_its_basket_as_it_is(project, researcher):
    by = Actor.of(researcher)
    item = baskets.put(project, image(), by=by)
    projects.withdraw(project, by=by)
    for act in (
        lambda: baskets.put(project, image(2020), by=by),
        lambda: baskets.take_out(project, item.pk, by=by),
    ):
        with pytest.raises(NotNow):
            act()
    assert [one.item for one in baskets.weigh(project, researcher)] == [item]


def test_a_basket_is_full_at_some_time(project, researcher, monkeypatch):
    monkeypatch.setattr(baskets, "MOST_ITEMS", 1)
    by = Actor.of(researcher)
    baskets.put(project, image(), by=by)
    with pytest.raises(NotNow, match="at most 1"):
        baskets.put(project, image(2020), by=by)
    with pytest.raises(NotFound):
        baskets.take_out(project, 0, by=by)


def test_what_is_to_be_produced_is_quoted_together(project, researcher, year):
    client = signed_in(researcher)
    area = images.area(box(-52.35, 4.85, -52.25, 4.95), owner=researcher)
    for year in (2019, 2020):
        baskets.put(project, image(year), area=area, by=Actor.of(researcher))
    answer = client.post(reverse("basket_quote", args=[project.reference]), {"sensor": "pleiades"})
    assert answer.url.startswith(reverse("quotes"))
    assert {quote.scene.datetime.year for quote in Quote.objects.all()} == {2019, 2020}
    page = client.get(answer.url).content.decode()
    for day in ("2019", "2020"):  # which image each line is of, not the first one's name for all
        assert re.search(rf'<span class="small soft">[^<]*{day}[^<]* · ', page)
    assert re.search(r"km²\s+before", page.replace("\u00a0", " "))
    with pytest.raises(Invalid, match="Nothing in this basket"):
        baskets.quote(project, "spot67", by=Actor.of(researcher))


def test_from_the_catalogue_into_the_basket_and_out_again(project, researcher):
    client, scene = signed_in(researcher), image()
    area = images.area(owner=researcher)
    found = client.get(f"/catalogue/?area={area.key}").content.decode()
    address = f"{reverse('basket_put')}?scene={scene.item_id}&area={area.key}"
    assert address.replace("&", "&amp;") in found
    there = reverse("project_basket", args=[project.reference])
    assert client.post(address, {"project": project.reference, "note": "<b>Low</b>"}).url == there
    page = client.get(there).content.decode()
    assert "&lt;b&gt;Low&lt;/b&gt;" in page
    assert f"/catalogue/?q={scene.item_id}" in page
    (item,) = project.basket.all()
    out = reverse("basket_take_out", args=[project.reference, item.pk])
    again = client.post(out).url
    assert "Put the last one back" in client.get(again).content.decode()
    assert not project.basket.exists()


def test_whoever_has_no_project_is_led_to_one(stranger):
    page = signed_in(stranger).get(f"{reverse('basket_put')}?scene={image().item_id}")
    assert reverse("project_new") in page.content.decode()


def test_the_referent_reads_the_basket_and_changes_nothing(project, researcher, referent):
    scene = image()
    baskets.put(project, scene, by=Actor.of(researcher))
    page = signed_in(referent).get(reverse("project_basket", args=[project.reference]))
    assert scene.get_absolute_url() in page.content.decode()
    assert "take-out" not in page.content.decode()


def test_programs_fill_read_and_empty_it(project, researcher):
    client, scene = signed_in(researcher), image()
    there = reverse("api_basket", args=[project.reference])
    kept = client.post(there, {"scene": scene.item_id, "note": "Low tide"}, "application/json")
    assert kept.status_code == 201
    (told,) = client.get(there).json()
    assert told == kept.json()
    assert (told["scene"], told["way"], told["coverage"]) == (scene.item_id, "produce", None)
    one = reverse("api_basket_take_out", args=[project.reference, told["id"]])
    assert client.post(one).status_code == 204
    assert client.get(there).json() == []
