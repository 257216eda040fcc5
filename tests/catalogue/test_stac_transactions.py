"""STAC Transactions: what the desk's programs write, what stays as it was, who is refused."""

import json

import pytest
from django.test import Client

from accounts.services.programs import api_keys
from catalogue.models import Scene, SceneEvent
from dinamis.actors import Actor
from tests.accounts import provider
from tests.catalogue import make

pytestmark = pytest.mark.django_db
NAME = "DS_PHR1A_202001011030000_FR1_PX_W053N04_0101_00001"
ITEMS = "/stac/collections/pleiades/items"


@pytest.fixture
def token(as_, desk):
    program = provider.app("read", "order", "offline_access")
    return provider.tokens(as_(desk), program)["access_token"]


@pytest.fixture
def send(token):
    def sent(method, path, body=None, **headers):
        content = b"" if body is None else json.dumps(body)
        return Client(headers={"accept-language": "en"}).generic(
            method, path, content, content_type="application/json",
            headers={"Authorization": f"bearer {token}", **headers},
        )  # fmt: skip

    return sent


def item(name=NAME, **said):
    ring = [[-52.4, 4.8], [-52.2, 4.8], [-52.2, 5.0], [-52.4, 5.0], [-52.4, 4.8]]
    usual = {
        "datetime": "2020-01-01T10:30:00Z", "platform": "PHR1A", "eo:cloud_cover": 12.5,
        "view:incidence_angle": -7.0, "of:others": "left out",
    }  # fmt: skip
    return {
        "type": "Feature",
        "stac_version": "1.1.0",
        "id": name,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {**usual, **said},
        "assets": {},
        "links": [],
    }


def test_an_item_is_added_and_found_and_its_history_names_the_officer(send, desk):
    answer = send("POST", ITEMS, item())
    assert answer.status_code == 201
    assert answer["Location"].endswith(f"{ITEMS}/{NAME}")
    scene = Scene.objects.get(item_id=NAME)
    assert (scene.cloud_cover, scene.incidence, scene.collection_id) == (12.5, -7.0, "pleiades")
    [event] = SceneEvent.objects.filter(scene=scene)
    assert (event.kind, event.by_user) == ("added", desk)
    told = Client().get(f"{ITEMS}/{NAME}").json()
    assert told["properties"]["eo:cloud_cover"] == 12.5
    assert "of:others" not in told["properties"]
    again = send("POST", ITEMS, item(NAME.removeprefix("DS_").lower()))
    assert (again.status_code, again.json()["code"]) == (409, "item_exists")


def test_a_collection_of_items_is_added_whole_or_not_at_all(send):
    names = [NAME, NAME[:-1] + "2", NAME[:-1] + "3"]
    body = {"type": "FeatureCollection", "features": [item(name) for name in names]}
    body["features"][2]["properties"]["eo:cloud_cover"] = 120
    answer = send("POST", ITEMS, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "item_wrong")
    assert not Scene.objects.exists()
    body["features"][2]["properties"]["eo:cloud_cover"] = 20
    answer = send("POST", ITEMS, body)
    assert answer.status_code == 201
    assert "Location" not in answer
    assert [one["id"] for one in answer.json()["features"]] == names
    body["features"] = [item()] * 1001
    assert send("POST", ITEMS, body).json()["code"] == "item_wrong"


def test_put_takes_away_what_it_does_not_say(send):
    send("POST", ITEMS, item())
    body = item()
    del body["properties"]["eo:cloud_cover"]
    assert send("PUT", f"{ITEMS}/{NAME}", body).status_code == 204
    scene = Scene.objects.get(item_id=NAME)
    assert (scene.cloud_cover, scene.incidence) == (None, -7.0)
    assert scene.resolution_m == scene.platform.resolution_m
    event = SceneEvent.objects.filter(scene=scene).latest("pk")
    assert event.kind == "corrected"
    assert event.facts["eo:cloud_cover"] is None
    assert event.facts["was"]["eo:cloud_cover"] == 12.5
    events = SceneEvent.objects.count()
    assert send("PUT", f"{ITEMS}/{NAME}", body).status_code == 204
    assert SceneEvent.objects.count() == events  # nothing differs


def test_patch_changes_what_it_says_alone(send):
    send("POST", ITEMS, item())
    patch = {"properties": {"eo:cloud_cover": 3, "view:incidence_angle": None}}
    assert send("PATCH", f"{ITEMS}/{NAME}", patch).status_code == 204
    scene = Scene.objects.get(item_id=NAME)
    assert (scene.cloud_cover, scene.incidence, scene.platform_id) == (3.0, None, "PHR1A")


def test_delete_withdraws_and_leaves_the_history(send):
    send("POST", ITEMS, item())
    assert send("DELETE", f"{ITEMS}/{NAME}?reason=Told+twice").status_code == 204
    assert Client().get(f"{ITEMS}/{NAME}").status_code == 404
    scene = Scene.objects.get(item_id=NAME)
    assert scene.withdrawn_reason == "Told twice"
    assert send("POST", ITEMS, item()).json()["code"] == "item_exists"
    used = make.product(make.scene()).scene
    answer = send("DELETE", f"{ITEMS}/{used.item_id}")
    assert (answer.status_code, answer.json()["code"]) == (409, "scene_in_use")


def test_a_change_that_was_not_seen_is_not_written_over(send):
    send("POST", ITEMS, item())
    seen = Client().get(f"{ITEMS}/{NAME}")["ETag"]
    first = send(
        "PATCH", f"{ITEMS}/{NAME}", {"properties": {"eo:cloud_cover": 3}}, **{"If-Match": seen}
    )
    assert first.status_code == 204
    assert first["ETag"] != seen
    for method, body in (("PATCH", {"properties": {"eo:cloud_cover": 4}}), ("DELETE", None)):
        answer = send(method, f"{ITEMS}/{NAME}", body, **{"If-Match": seen})
        assert (answer.status_code, answer.json()["code"]) == (409, "item_changed")
    assert Scene.objects.get(item_id=NAME).cloud_cover == 3


@pytest.mark.parametrize(
    "body",
    [
        {}, {"type": "Feature"}, item("a b"), item(**{"eo:cloud_cover": "3.14x"}), item(platform="MARS"),
        item(datetime="1999-01-01T00:00:00Z"), item() | {"collection": "spot67"},
        item() | {"geometry": {"type": "Point", "coordinates": [1, 2]}},
        item() | {"geometry": None}, {"type": "FeatureCollection", "features": []},
    ],
)  # fmt: skip
def test_an_item_that_cannot_be_kept_is_400(send, body):
    answer = send("POST", ITEMS, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "item_wrong")
    assert not Scene.objects.exists()


def test_the_address_names_the_item(send):
    send("POST", ITEMS, item())
    for method in ("PUT", "PATCH"):
        answer = send(method, f"{ITEMS}/{NAME}", item(NAME[:-1] + "9"))
        assert answer.json()["code"] == "item_wrong"
        assert send(method, f"{ITEMS}/none", item()).status_code == 404


def test_nobody_else_writes_and_no_key_does(as_, desk, researcher):
    made, secret = api_keys.create(
        researcher, name="k", scopes=["read", "order"], by=Actor.of(researcher)
    )
    keys = {"access-key": made.access_key, "secret-key": secret}
    there = make.scene()
    for method, path in (
        ("POST", ITEMS),
        *((m, f"{ITEMS}/{there.item_id}") for m in ("PUT", "PATCH", "DELETE")),
    ):
        sent = {"data": json.dumps(item()), "content_type": "application/json"}
        assert Client().generic(method, path, **sent).status_code == 401
        assert as_(desk).generic(method, path, **sent).status_code == 401  # no session is read
        answer = Client().generic(method, path, **sent, headers=keys)
        assert (answer.status_code, answer.json()["code"]) == (403, "desk_only")
    assert Scene.objects.get().withdrawn_at is None
