"""Orders for programs: the same rules, problem documents, and a key that makes a retry harmless."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest import mock

import pytest
from django.db import connection, transaction
from django.test import Client, override_settings
from django.utils import timezone

from accounts.services.programs import api_keys
from catalogue.models import Identifier
from dinamis.actors import Actor
from dinamis.idempotency import IdempotentAnswer, _locked
from orders.ledger.models import Movement
from orders.models import Line, Order, Quote
from tests.orders import make
from tests.orders.journeys import held

AREA = json.loads(make.square(150).geojson)


def client(user) -> Client:
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(user)
    return browser


def wish(scene, **more) -> dict:
    return {"kind": "production", "scene": scene.item_id, "area": AREA} | more


def post(browser: Client, path: str, body: dict, **headers):
    return browser.post(
        f"/api/v1/{path}", data=json.dumps(body), content_type="application/json", headers=headers
    )


@pytest.fixture
def scene(reference):
    made = make.scene(item_id="DS_PHR1A_201910281410119_FR1_PX_W053N04_0922_01426")
    Identifier.objects.create(value=made.item_id.removeprefix("DS_"), scene=made)
    return made


def order(scene, **more) -> dict:
    return {"title": "Coast", "purpose": "Following the coast.", "lines": [wish(scene)]} | more


def test_a_quote_tells_the_whole_charge_and_books_nothing(researcher, year, scene):
    answer = post(client(researcher), "quotes", wish(scene))
    body = answer.json()
    quote = Quote.objects.get()
    assert answer.status_code == 201
    assert body["units"] == str(quote.units)
    assert (body["unit"], body["price_eur"], body["rules"]) == ("km2", "0.00", "2026-01")
    assert body["explained"][0]["id"] == "area_asked"
    assert body["purse_before"] == "1000.00"
    assert (body["licence"], body["least_days"], body["most_days"]) == ("pleiades", 5, 15)
    assert not Order.objects.exists()


def test_an_order_is_submitted_and_read_back(researcher, year, scene):
    browser = client(researcher)
    answer = post(browser, "orders", order(scene))
    body = answer.json()
    assert answer.status_code == 201
    assert answer["Location"].endswith(f"/api/v1/orders/{body['reference']}")
    line = Line.objects.get()
    assert held(line) == line.quote.units
    assert body["lines"][0]["approval"] == "submitted"
    assert body["lines"][0]["steps"] == ["withdraw"]
    assert browser.get(f"/api/v1/orders/{body['reference']}").json() == body
    assert browser.get("/api/v1/orders").json()["results"] == [body]


def test_a_quote_can_be_ordered_by_its_key(researcher, year, scene):
    browser = client(researcher)
    key = post(browser, "quotes", wish(scene)).json()["key"]
    asked = {"title": "Coast", "purpose": "Following the coast.", "quotes": [key]}
    assert post(browser, "orders", asked).status_code == 201
    again = post(browser, "orders", asked)
    assert (again.status_code, again.json()["code"]) == (409, "quote_used")


def test_a_tasking_is_ordered_too(researcher, spot_year):
    starts_on = timezone.localdate() + timedelta(days=3)
    asked = {
        "kind": "tasking",
        "sensor": "spot67",
        "area": AREA,
        "window": {
            "starts_on": starts_on.isoformat(),
            "ends_on": (starts_on + timedelta(days=40)).isoformat(),
        },
        "tries": 2,
    }
    body = {"title": "Coast", "purpose": "New image.", "lines": [asked]}
    answer = post(client(researcher), "orders", body)
    assert answer.status_code == 201
    assert answer.json()["lines"][0]["units"] == "2.00"


def test_a_refusal_is_a_problem_document_with_its_facts(researcher, laboratory, scene):
    make.allotment(laboratory, 120, in_period=make.period())
    answer = post(client(researcher), "orders", order(scene))
    body = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert (body["code"], body["available"]) == ("quota_too_small", "120.00")
    assert not Order.objects.exists()
    assert not Quote.objects.exists()
    assert body["required"] == post(client(researcher), "quotes", wish(scene)).json()["units"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "production"},
        {"kind": "tasking", "sensor": "spot67"},
        {"kind": "production", "scene": "x" * 121},
        {"kind": "production", "scene": "x", "area": {"type": "Point", "coordinates": [0, 0]}},
        {"kind": "production", "scene": "x", "tries": 1000},
    ],
)
def test_a_body_of_the_wrong_shape_is_told_by_field(researcher, body):
    answer = post(client(researcher), "quotes", body)
    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_an_identifier_that_is_none_is_422(researcher):
    answer = post(client(researcher), "quotes", {"kind": "production", "scene": "hello"})
    assert (answer.status_code, answer.json()["code"]) == (422, "identifier_malformed")


def test_an_identifier_nobody_knows_is_quoted_provisionally(researcher, year):
    unknown = "DS_PHR1A_202001281410119_FR1_PX_W053N04_0922_01427"
    answer = post(client(researcher), "quotes", {"kind": "production", "scene": unknown})
    assert answer.status_code == 201
    assert answer.json()["is_provisional"]


def test_nobody_in_particular_gets_401(scene, year):
    answer = post(Client(), "orders", order(scene))
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")


def test_the_order_of_another_organisation_does_not_exist(researcher, stranger, year):
    line = make.placed(researcher)
    path = f"orders/{line.order.reference}"
    assert client(stranger).get(f"/api/v1/{path}").status_code == 404
    answer = post(client(stranger), f"{path}/lines/1/steps/withdraw", {})
    assert answer.status_code == 404
    line.refresh_from_db()
    assert line.approval == "submitted"


def test_what_is_seen_and_not_yours_is_403_what_cannot_be_now_409_what_is_no_step_404(
    researcher, referent, desk, year
):
    line = make.placed(researcher)
    steps = f"orders/{line.order.reference}/lines/1/steps"
    assert post(client(referent), f"{steps}/accept", {}).status_code == 403
    assert post(client(desk), f"{steps}/place", {"supplier_reference": "S"}).status_code == 409
    assert post(client(desk), f"{steps}/fly", {}).status_code == 404
    assert post(client(desk), f"{steps}/refuse", {}).status_code == 422
    answer = post(client(desk), f"{steps}/accept", {})
    decision = answer.json()["lines"][0]["decision"]
    assert (answer.status_code, decision["verb"], decision["state"]) == (202, "accept", "pending")
    assert answer.json()["lines"][0]["approval"] == "submitted"
    undone = post(client(desk), f"decisions/{decision['id']}/undo", {})
    assert (undone.status_code, undone.json()["state"]) == (200, "undone")
    with override_settings(DESK_UNDO_SECONDS=0):
        answer = post(client(desk), f"{steps}/accept", {})
    assert (answer.status_code, answer.json()["lines"][0]["supply"]) == (200, "to_place")


def test_the_same_key_is_answered_again_and_another_body_refused(researcher, year, scene):
    browser, key = client(researcher), {"idempotency-key": "k-1"}
    first = post(browser, "orders", order(scene), **key)
    again = post(browser, "orders", order(scene), **key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert again["Location"] == first["Location"]
    other = post(browser, "orders", order(scene, title="Other"), **key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert Order.objects.count() == 1


def test_a_key_is_its_owner_s_alone(researcher, referent, year, scene):
    for user in (researcher, referent):
        answer = post(client(user), "orders", order(scene), **{"idempotency-key": "k-1"})
        assert answer.status_code == 201
    assert Order.objects.count() == 2


def test_a_refused_request_may_be_tried_again_with_its_key(researcher, laboratory, scene):
    browser, key = client(researcher), {"idempotency-key": "k-2"}
    assert post(browser, "orders", order(scene), **key).status_code == 409
    assert not IdempotentAnswer.objects.exists()
    make.allotment(laboratory, 500, in_period=make.period())
    assert post(browser, "orders", order(scene), **key).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_a_request_whose_twin_is_under_way_is_asked_to_wait(researcher, year, scene):
    def meanwhile() -> int:
        try:
            answer = post(client(researcher), "orders", order(scene), **{"idempotency-key": "k-3"})
            assert answer["Retry-After"] == "1"
            return answer.status_code
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        assert _locked(f"user:{researcher.pk} k-3")
        assert pool.submit(meanwhile).result() == 409
    assert not Order.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_server_that_dies_before_it_answers_leaves_neither_order_nor_key(researcher, year, scene):
    """Its session ends between the deed and the answer kept: the same key is free at once, and done once."""

    def dies(**_answer) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    def first() -> int:
        try:
            browser = client(researcher)
            with mock.patch.object(IdempotentAnswer.objects, "create", side_effect=dies):
                answer = post(browser, "orders", order(scene), **{"idempotency-key": "k-5"})
            return answer.status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(first).result() == 503
    assert not Order.objects.exists()
    assert not Movement.objects.filter(kind="hold").exists()
    again = post(client(researcher), "orders", order(scene), **{"idempotency-key": "k-5"})
    assert again.status_code == 201
    assert "Idempotency-Replayed" not in again
    line = Line.objects.get()
    assert held(line) == line.quote.units


@pytest.mark.django_db(transaction=True)
def test_fifty_identical_requests_at_once_are_one_order(researcher, year, scene):
    browser = client(researcher)
    session = browser.cookies

    def send(_number: int) -> tuple[int, str]:
        try:
            mine = Client(headers={"accept-language": "en"})
            mine.cookies = session
            answer = post(mine, "orders", order(scene), **{"idempotency-key": "k-4"})
            return answer.status_code, answer.json().get("reference", "")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(50)))
    made = Order.objects.get()
    assert {answer for answer in answers if answer[0] == 201} == {(201, made.reference)}
    assert {status for status, _reference in answers} <= {201, 409}
    line = Line.objects.get()
    assert held(line) == line.quote.units


def test_keys_of_a_program_act_within_their_scopes(researcher, year, scene):
    path = "/api/v1/orders"
    for scopes, status in ((["read"], 403), (["read", "order"], 201)):
        by = Actor.of(researcher)
        key, secret = api_keys.create(researcher, name="script", scopes=scopes, by=by)
        headers = {"access-key": key.access_key, "secret-key": secret}
        assert Client().get(path, headers=headers).status_code == 200
        answer = post(Client(), "orders", order(scene), **headers)
        assert answer.status_code == status
    assert Order.objects.count() == 1


def test_the_description_is_open_to_all_and_names_every_path(db):
    body = Client().get("/api/v1/openapi.json").json()
    assert {"/api/v1/quotes", "/api/v1/orders", "/api/v1/orders/{reference}"} <= set(body["paths"])


def test_the_history_of_a_step_taken_by_the_api_names_the_person(researcher, year):
    line = make.placed(researcher)
    steps = f"orders/{line.order.reference}/lines/1/steps"
    post(client(researcher), f"{steps}/withdraw", {"reason": "Changed plans."})
    event = line.events.get(step="withdraw")
    assert (event.by_user, event.reason) == (researcher, "Changed plans.")


def test_a_longer_list_asks_no_more_of_the_database(
    researcher, year, django_assert_max_num_queries
):
    browser = client(researcher)
    browser.get("/api/v1/orders")  # the session notes when it began
    for number in (1, 3):
        for _ in range(number):
            make.placed(researcher)
        with django_assert_max_num_queries(11):
            browser.get("/api/v1/orders")
