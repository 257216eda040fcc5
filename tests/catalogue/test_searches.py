"""Saved searches: what comes in is told once, to the one who asked, and nothing that was there before."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from shapely.geometry import box

from accounts.models import Notice, NoticeChoice
from accounts.services.programs import api_keys
from catalogue import tasks
from catalogue.models import Identifier, SavedSearch, Scene, SearchHit, bare
from catalogue.services import loading, searches
from catalogue.stac import of_question
from dinamis.actors import Actor
from dinamis.errors import Invalid, Malformed, NotAllowed, NotNow
from dinamis.events import emit
from dinamis.outbox import Promise
from tests.catalogue import make

pytestmark = pytest.mark.django_db
AREA = box(-53, 4, -52, 6)


@pytest.fixture
def search(researcher):
    """Clear images over the coast, saved while one of them is there already."""
    make.scene()
    body = of_question.body(make.question("cloud=20", AREA))
    return searches.save(body, name="The coast", by=Actor.of(researcher))


def found(search):
    return [hit.scene_id for hit in search.hits.order_by("pk")]


def told(person):
    return list(
        Notice.objects.filter(person=person, family="searches").values_list("title", flat=True)
    )


def run():
    """What the worker does: match, and keep the promises to tell."""
    tasks.match_searches()
    for promise in Promise.objects.filter(task=searches.TELL, done_at=None):
        tasks.tell_search(*promise.arguments)
        Promise.objects.filter(pk=promise.pk).update(done_at=timezone.now())


def test_what_was_there_is_no_news_and_what_comes_in_is_told_once(search, researcher):
    run()
    assert found(search) == []
    new = make.scene(cloud_cover=3.0)
    make.scene(cloud_cover=90.0)
    make.scene(lon=10)
    run()
    assert found(search) == [new.pk]
    assert told(researcher) == ["1 new image: The coast"]
    [message] = mail.outbox
    assert message.to == [researcher.email]
    assert new.item_id in message.body
    assert f"/catalogue/searches/{search.key}/" in message.body
    run()
    assert len(told(researcher)) == len(mail.outbox) == 1


def test_many_are_one_mail_with_the_first_of_them(search, researcher):
    for _number in range(12):
        make.scene()
    run()
    [message] = mail.outbox
    assert "12 new images: The coast" in message.subject
    assert search.hits.filter(told_at=None).count() == 0


def test_more_than_a_look_counts_says_more_than(search, researcher, monkeypatch):
    monkeypatch.setattr(searches, "MOST_FOUND", 3)
    for _number in range(5):
        make.scene()
    run()
    assert told(researcher) == ["More than 3 new images: The coast"]


def test_an_owner_who_wants_it_on_the_site_alone_gets_no_mail(search, researcher):
    NoticeChoice.objects.create(user=researcher, family="searches", channel="list")
    make.scene()
    run()
    assert len(told(researcher)) == 1
    assert mail.outbox == []


def test_a_paused_search_is_silent_and_tells_what_it_missed_when_resumed(search, researcher):
    by = Actor.of(researcher)
    searches.pause(search, by=by)
    make.scene()
    run()
    assert found(search) == []
    searches.resume(search, by=by)
    assert Promise.objects.filter(task=searches.MATCH).count() == 1
    run()
    assert len(found(search)) == 1


def test_a_number_given_before_and_committed_after_is_not_missed(search):
    late = make.scene()
    SavedSearch.objects.filter(pk=search.pk).update(seen=late.pk + 5)
    assert searches.match(search.pk) == 1
    assert searches.match(search.pk) == 0
    assert found(search) == [late.pk]


def test_a_search_of_a_closed_account_is_not_asked(search, researcher):
    researcher.is_active = False
    researcher.save()
    make.scene()
    run()
    assert not SearchHit.objects.exists()


def test_files_that_come_in_are_told_to_those_whose_search_finds_the_image(search, licences):
    old = Scene.objects.earliest("pk")
    product = make.product(old)
    emit("product.published", product=product, by=make.BY)
    [promise] = Promise.objects.filter(task="catalogue.tasks.match_product")
    for _twice in range(2):
        tasks.match_product(*promise.arguments)
    [hit] = search.hits.all()
    assert (hit.scene, hit.kind) == (old, "published")
    elsewhere = make.product(make.scene(lon=20))
    tasks.match_product(elsewhere.pk)
    assert search.hits.count() == 1


def test_files_under_an_embargo_are_told_to_nobody(search, licences):
    until = timezone.localdate() + timedelta(days=9)
    product = make.product(Scene.objects.earliest("pk"), embargo_until=until)
    tasks.match_product(product.pk)
    assert not search.hits.exists()


def test_a_load_of_footprints_promises_to_ask(search, tmp_path):
    item = {
        "type": "Feature", "id": "DS_NEW", "geometry": {"type": "Polygon", "coordinates": [
            [[-52.5, 5], [-52.4, 5], [-52.4, 5.1], [-52.5, 5.1], [-52.5, 5]]]},
        "properties": {"datetime": "2020-01-01T00:00:00Z", "platform": "SPOT6", "eo:cloud_cover": 0},
    }  # fmt: skip
    path = tmp_path / "one.ndjson"
    path.write_text(json.dumps(item))
    loading.load(path, by=make.BY, tell=print)
    assert Promise.objects.filter(task=searches.MATCH).count() == 1
    run()
    assert search.hits.get().scene.item_id == "DS_NEW"


@pytest.mark.parametrize(
    ("query", "letters"),
    [
        ("cloud=20", "ad"), ("incidence=5", "abcd"), ("sensor=pleiades", "abd"),
        ("satellite=SPOT6", "c"), ("stereo=1", "d"), ("from=2020-01-01", "bc"),
        ("to=2019-12-31", "ad"), ("have=produce", "abcd"), ("have=download", ""),
    ],
)  # fmt: skip
def test_a_question_of_the_workbench_means_the_same_when_saved(researcher, query, letters):
    body = of_question.body(make.question(query))
    search = searches.save(body, name="x", by=Actor.of(researcher))
    at = datetime(2019, 6, 1, tzinfo=UTC)
    scenes = {
        "a": make.scene(at=at),
        "b": make.scene(at=datetime(2021, 6, 1, tzinfo=UTC), cloud_cover=50.0),
        "c": make.scene(at=datetime(2022, 6, 1, tzinfo=UTC), platform="SPOT6", cloud_cover=None),
        "d": make.scene(at=at, stereo="stereo", incidence=-5.0),
    }
    searches.match(search.pk)
    names = {scene.pk: letter for letter, scene in scenes.items()}
    assert "".join(sorted(names[pk] for pk in found(search))) == letters


def test_what_is_no_search_or_too_much_is_not_saved(researcher, other_researcher, monkeypatch):
    by = Actor.of(researcher)
    with pytest.raises(Invalid, match="name_missing"):
        searches.save({"q": "x"}, name=" \x00 ", by=by)
    with pytest.raises(Invalid, match="search_unlimited"):
        searches.save({"limit": 5, "token": "x"}, name="x", by=by)
    with pytest.raises(Malformed):
        searches.save({"filter": "nothing = 1"}, name="x", by=by)
    with pytest.raises(Invalid, match="search_too_long"):
        searches.save({"q": "x" * 300_000}, name="x", by=by)
    with pytest.raises(NotAllowed):
        searches.save({"q": "x"}, name="x", by=make.BY)
    assert not SavedSearch.objects.exists()
    monkeypatch.setattr(searches, "MOST", 1)
    mine = searches.save({"q": "x"}, name="x", by=by)
    with pytest.raises(NotNow, match="too_many_searches"):
        searches.save({"q": "y"}, name="y", by=by)
    with pytest.raises(NotAllowed):
        searches.delete(mine, by=Actor.of(other_researcher))


def test_a_search_that_is_too_slow_keeps_no_other_from_being_asked(search, researcher, monkeypatch):
    searches.save({"q": "pleiades"}, name="second", by=Actor.of(researcher))
    asked = []

    def slow(pk):
        asked.append(pk)
        raise NotNow("search_too_slow", "slow")

    monkeypatch.setattr(searches, "match", slow)
    assert searches.match_all() == 0
    assert len(asked) == 2


def test_the_feed_tells_of_images_and_never_of_the_place(search, researcher):
    new = make.scene()
    run()
    answer = Client().get(reverse("search_feed", args=[search.key]))
    assert answer["Content-Type"].startswith("application/atom+xml")
    text = answer.content.decode()
    assert new.item_id in text
    for secret in (researcher.email, researcher.full_name, "-53", "intersects"):
        assert secret not in text


def test_a_long_list_of_names_is_saved_where_it_was_posted_reopened_and_told_of(as_, researcher):
    """No address holds a thousand names: all of it goes by forms."""
    known = make.scene()
    names = [known.item_id, *(f"DS_PHR1A_TEST_{number:04}" for number in range(999))]
    browser, there = as_(researcher), reverse("search_new")
    text = "\n".join(names)
    listed = browser.post("/catalogue/", {"q": text}).content.decode()
    assert f'formaction="{there}"' in listed
    asked = browser.post(there, {"q": text})
    assert asked.status_code == 200
    page = asked.content.decode()
    assert "1000 identifiers" in page
    assert 'formaction="/catalogue/"' in page
    sent = dict(asked.context["pairs"]) | {"name": "The thousand"}
    unnamed = browser.post(there, sent | {"name": ""})
    assert (unnamed.status_code, dict(unnamed.context["pairs"])["q"]) == (422, sent["q"])
    browser.post(there, sent)
    saved = SavedSearch.objects.get()
    assert (saved.address, saved.search["ids"]) == ("", names)
    new = make.scene()
    Identifier.objects.create(value=bare(names[7]), scene=new)
    make.scene()
    run()
    assert [hit.scene for hit in saved.hits.all()] == [new]
    opened = browser.get(saved.get_absolute_url()).content.decode()
    assert f'name="q" value="{" ".join(names)}"' in opened
    assert names[-1] not in browser.get(reverse("saved_searches")).content.decode()


def test_a_visitor_is_told_to_sign_in_before_a_long_list_is_saved(client, db):
    text = " ".join(f"DS_PHR1A_TEST_{number:04}" for number in range(60))
    page = client.post("/catalogue/", {"q": text}).content.decode()
    assert reverse("search_new") not in page
    assert "Sign in first" in page or "Connectez-vous" in page


def test_from_the_workbench_to_the_page_of_what_was_found(as_, researcher):
    browser, area = as_(researcher), make.area(owner=researcher, name="Mahury")
    list_ = browser.get(f"/catalogue/?area={area.key}&cloud=20").content.decode()
    assert "/catalogue/searches/new?" in list_
    page = browser.get(f"/catalogue/searches/new?area={area.key}&cloud=20").content.decode()
    assert "Mahury" in page
    assert "at most 20 % of cloud" in page
    sent = {"name": "Mouth", "area": area.key, "cloud": "20"}
    saved = browser.post("/catalogue/searches/new", sent)
    assert saved.status_code == 302
    search = SavedSearch.objects.get()
    assert search.address == f"area={area.key}&cloud=20"
    new = make.scene()
    run()
    assert new.item_id.removeprefix("DS_")[:12] in browser.get(saved["Location"]).content.decode()
    assert "1 image found" in browser.get("/catalogue/searches/").content.decode()
    refused = browser.post("/catalogue/searches/new", {"name": "All"})
    assert refused.status_code == 422
    assert "every image" in refused.content.decode()


def test_a_program_saves_reads_pauses_and_deletes(researcher):
    _key, secret = api_keys.create(researcher, name="x", scopes=["read"], by=Actor.of(researcher))
    headers = {"access-key": _key.access_key, "secret-key": secret}
    client = Client(headers=headers)

    def post(path, body=None):
        return client.post(f"/api/v1/searches{path}", body, content_type="application/json")

    made = post("", {"name": "Spot", "search": {"filter": "platform = 'SPOT6'", "limit": 3}})
    assert made.status_code == 201
    told = made.json()
    assert told["search"] == {"filter": "platform = 'SPOT6'"}
    assert Client().get(urlsplit(told["feed"]).path).status_code == 200
    make.scene(platform="SPOT6")
    run()
    [hit] = client.get(f"/api/v1/searches/{told['key']}").json()["hits"]
    assert client.get(urlsplit(hit["item"]).path).status_code == 200
    assert post(f"/{told['key']}/pause").json()["is_paused"] is True
    assert client.get("/api/v1/searches").json()[0]["is_paused"] is True
    assert post("", {"name": "x", "search": []}).status_code == 400
    assert post("", {"name": "x", "search": {"filter": "a = 1"}}).status_code == 400
    assert post(f"/{told['key']}/delete").status_code == 204
    assert client.get("/api/v1/searches").json() == []


def test_what_was_found_a_year_ago_is_forgotten(search):
    scene = make.scene()
    run()
    SearchHit.objects.update(at=timezone.now() - timedelta(days=366))
    assert searches.forget() == 1
    assert Scene.objects.filter(pk=scene.pk).exists()
