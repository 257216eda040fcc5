"""The edition of the catalogue: whoever writes raises it, and nothing that was remembered outlives it."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from threading import Event
from unittest import mock

import pytest
from django.db import connection, transaction
from django.test import Client

from catalogue.models import Collection, Platform, Product, Scene
from catalogue.models.edition import SEQUENCE, TABLES
from catalogue.search import among, editions, windows
from catalogue.search.editions import Edition, Memory
from catalogue.services import stac
from catalogue.stac import asked as stac_asked
from tests.catalogue import make, shelf

committed = pytest.mark.django_db(transaction=True)


def copy(table: str) -> None:
    """As a bulk load sends rows, here none at all: the statement alone counts."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} (id) FROM STDIN"):
        pass


WRITERS = {
    "a scene is written": lambda: make.scene(),
    "scenes are changed": lambda: Scene.objects.update(cloud_cover=3),
    "scenes are taken away": lambda: Scene.objects.filter(pk=0)._raw_delete("default"),
    "scenes are copied": lambda: copy("catalogue_scene"),
    "products are changed": lambda: Product.objects.update(title="x"),
    "satellites are changed": lambda: Platform.objects.update(name="x"),
    "collections are changed": lambda: Collection.objects.update(credit="x"),
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
@pytest.mark.django_db
def test_whoever_writes_raises_it(write):
    before = editions.now()
    write()
    assert editions.now().number > before.number


@pytest.mark.django_db
def test_every_table_that_items_and_searches_read_has_the_trigger():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger JOIN pg_proc p ON p.oid = tgfoid"
            " WHERE prosrc LIKE %s ORDER BY 1",
            [f"%{SEQUENCE}%"],
        )
        assert {name for (name,) in cursor.fetchall()} == {*TABLES}


def listed() -> list[int]:
    return [*Scene.objects.order_by("pk").values_list("pk", flat=True)]


@committed
def test_what_was_found_is_remembered_until_somebody_writes():
    memory: Memory[list[int]] = Memory(5)
    first = make.scene()
    assert memory.of("all", editions.now(), listed) == [first.pk]
    assert memory.of("all", editions.now(), lambda: pytest.fail("looked up again")) == [first.pk]
    second = make.scene(lon=3)
    assert memory.of("all", editions.now(), listed) == [first.pk, second.pk]


@committed
@pytest.mark.parametrize("is_asked", [True, False])
def test_what_is_found_while_somebody_writes_is_not_remembered(is_asked):
    """The control, where nobody asks who is writing, shows that the race is real: the old answer stays."""
    scene = make.scene()
    memory: Memory[float] = Memory(5)
    written, read = Event(), Event()

    def cloud() -> float:
        return Scene.objects.get(pk=scene.pk).cloud_cover

    def writer() -> None:
        with closing(connection), transaction.atomic():
            Scene.objects.filter(pk=scene.pk).update(cloud_cover=77)
            written.set()
            assert read.wait(20)

    settled = mock.PropertyMock(return_value=True)
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(writer)
        assert written.wait(20)
        with (
            mock.patch.object(Edition, "is_settled", settled) if not is_asked else mock.MagicMock()
        ):
            assert memory.of("cloud", editions.now(), cloud) == scene.cloud_cover
        read.set()
        writing.result()
    found = memory.of("cloud", editions.now(), cloud)
    assert found == (77 if is_asked else scene.cloud_cover)


@pytest.mark.django_db
def test_nothing_is_remembered_of_what_may_be_rolled_back():
    memory: Memory[list[int]] = Memory(5)
    with transaction.atomic():
        make.scene()
        assert len(memory.of("all", editions.now(), listed)) == 1
        transaction.set_rollback(True)
    assert memory.of("all", editions.now(), listed) == []


def test_those_asked_longest_ago_are_forgotten():
    memory: Memory[int] = Memory(2)
    one = Edition(1)
    for number in (1, 2):
        memory.keep(number, one, number * 10)
    assert memory.known(1, one) == 10
    memory.keep(3, one, 30)
    assert [memory.known(number, one) for number in (1, 2, 3)] == [10, None, 30]
    assert memory.known(1, Edition(2)) is None


def page(client: Client, **body) -> dict:
    answer = client.post("/stac/search", json.dumps(body), content_type="application/json")
    assert answer.status_code == 200, answer.content
    return answer.json()


@committed
def test_a_page_is_the_same_the_second_time_and_another_after_a_change():
    rows = [make.scene(lon=number / 2) for number in range(3)]
    client = Client(headers={"accept-language": "en"})
    first = page(client, limit=2)
    with mock.patch.object(stac, "scenes", side_effect=AssertionError("read again")):
        assert page(client, limit=2) == first
    in_french = page(Client(headers={"accept-language": "fr"}), limit=2)
    assert in_french["features"][0]["properties"]["language"]["code"] == "fr"
    Scene.objects.filter(pk=rows[-1].pk).update(cloud_cover=12)
    clouds = [one["properties"].get("eo:cloud_cover") for one in page(client, limit=3)["features"]]
    assert 12 in clouds
    Platform.objects.filter(pk=rows[-1].platform_id).update(name="Renamed")
    told = page(client, limit=1)["features"][0]["properties"]["dinamis:names"]["en"]
    assert told.startswith("Renamed")


@committed
def test_the_first_scene_of_all_is_found_by_a_process_that_saw_none():
    client = Client()
    assert page(client)["features"] == []
    scene = make.scene()
    assert [one["id"] for one in page(client)["features"]] == [scene.item_id]


@committed
def test_an_answer_begun_with_an_old_edition_is_begun_again():
    client = Client()
    make.scene()
    page(client)
    before = editions.last()
    make.scene(lon=3)
    with pytest.raises(editions.Changed):
        windows.patiently(1000, "SELECT 1", edition=before)
    assert page(client)["numberMatched"] == 2
    sure = editions.last()
    assert not sure.is_sure
    assert windows.patiently(1000, "SELECT 1", edition=sure) == [(1,)]
    assert sure.is_sure


@committed
def test_the_count_of_a_search_is_found_once_for_its_pages():
    for number in range(5):
        make.scene(lon=number / 2)
    client = Client()
    first = page(client, limit=2)
    with mock.patch.object(stac, "_counted_anew", side_effect=AssertionError("counted again")):
        body = next(link["body"] for link in first["links"] if link["rel"] == "next")
        assert page(client, **body)["numberMatched"] == 5
    make.scene(lon=9)
    assert page(client, limit=2)["numberMatched"] == 6


@committed
@pytest.mark.parametrize("newest_first", [True, False])
def test_the_images_of_files_are_found_once_for_all_pages_of_a_search(newest_first):
    made = [make.scene(at=datetime(2020, 1, day, 10, tzinfo=UTC)) for day in (1, 2, 3, 3)]
    for scene in made[1:]:
        make.product(scene)
    expected = sorted((one.datetime, one.pk) for one in made[1:])
    expected = [pk for _at, pk in (reversed(expected) if newest_first else expected)]
    body = {"filter": "\"order:status\" = 'succeeded'", "limit": 1}
    body["sortby"] = "-datetime" if newest_first else "+datetime"
    finding = mock.patch.object(among, "_answer", wraps=among._answer)
    with finding as asked:
        seen, following = [], body
        while following:
            page = stac.search(stac_asked.of_body(following))
            seen += page.ids
            assert page.matched == 3
            following = body | {"token": str(page.next)} if page.next else None
        assert (seen, asked.call_count) == (expected, 1)
        make.product(made[0])
        assert stac.search(stac_asked.of_body(body)).matched == 4
        assert asked.call_count == 2


@committed
def test_a_scene_with_a_product_is_read_anew_for_each_reader(settings, tmp_path):
    settings.STORAGE_URL = f"file://{tmp_path}"
    shelf.product()
    client = Client()
    [first] = page(client, limit=1)["features"]
    assert first["assets"]
    with mock.patch.object(stac, "scenes", wraps=stac.scenes) as read:
        assert page(client, limit=1)["features"] == [first]
    assert read.called
