"""A STAPI client orders from us: every answer is read by stapi-pydantic, every rule of the scheme holds."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from stapi_pydantic import (
    Conformance,
    OpportunityCollection,
    OrderCollection,
    OrderStatuses,
    ProductsCollection,
    RootResponse,
)
from stapi_pydantic import Order as StapiOrder
from stapi_pydantic import Product as StapiProduct

from accounts.models import ApiKey
from accounts.services.programs import api_keys
from dinamis.actors import Actor
from orders.models import Line, Order, Quote
from orders.services.lines import lines
from tests.orders import make
from tests.orders.journeys import held

pytestmark = pytest.mark.django_db
SQUARE = json.loads(make.square(150).geojson)["coordinates"][0]
AREA = {"type": "Polygon", "coordinates": SQUARE}


def keys(user, *scopes: str) -> dict[str, str]:
    """The headers of a program of this person."""
    chosen = list(scopes) or [ApiKey.Scope.READ, ApiKey.Scope.ORDER]
    key, secret = api_keys.create(user, name="notebook", scopes=chosen, by=Actor.of(user))
    return {"access-key": key.access_key, "secret-key": secret}


def body(**more: Any) -> dict[str, Any]:
    """A window from the day after tomorrow, of thirty days; an order's parameters."""
    first = timezone.localdate() + timedelta(days=2)
    usual = {
        "datetime": f"{first}T08:00:00Z/{first + timedelta(days=30)}T08:00:00Z",
        "geometry": AREA,
        "order_parameters": {"purpose": "Following the coast line."},
    }
    return usual | more


def send(path: str, sent: Any, headers: dict[str, str]) -> Any:
    return Client().post(
        f"/stapi/{path}",
        json.dumps(sent),
        content_type="application/geo+json",
        headers=headers | {"accept": "application/geo+json"},
    )


def look(path: str, headers: dict[str, str] | None = None) -> Any:
    address = path if path.startswith("http") else f"/stapi/{path}"
    return Client().get(address, headers=headers or {})


@pytest.fixture
def program(researcher) -> dict[str, str]:
    return keys(researcher)


def links(answer: Any) -> dict[str, str]:
    return {one["rel"]: one["href"] for one in answer.json()["links"]}


def test_a_client_finds_its_way_from_the_landing_page(reference):
    landing = look("")
    RootResponse.model_validate(landing.json())
    assert landing["Content-Type"] == "application/json"
    products = look(links(landing)["products"])
    found = ProductsCollection.model_validate(products.json())
    assert [one.id for one in found.products] == ["pleiades", "spot67"]
    for one in products.json()["products"]:
        StapiProduct.model_validate(one)
        to = {row["rel"]: row["href"] for row in one["links"]}
        parameters = look(to["order-parameters"]).json()
        assert parameters["required"] == ["purpose"]
        assert parameters["additionalProperties"] is False
        assert set(look(to["queryables"]).json()["properties"]) == {
            "eo:cloud_cover", "view:incidence_angle",
        }  # fmt: skip
        assert look(to["conformance"]).json()["conformsTo"] == one["conformsTo"]
        assert look(to["self"]).json() == one
    Conformance.model_validate(look(links(landing)["conformance"]).json())
    described = look(links(landing)["service-desc"]).json()
    assert "/stapi/products/{product}/orders" in described["paths"]


def test_an_order_is_an_ordinary_order(researcher, year, program):
    answer = send("products/pleiades/orders", body(), program)
    assert answer.status_code == 201, answer.content
    assert answer["Content-Type"] == "application/geo+json"
    read = StapiOrder.model_validate(answer.json())
    line = Line.objects.get()
    assert (read.id, answer["Location"]) == (
        line.reference, f"http://testserver/stapi/orders/{line.reference}",
    )  # fmt: skip
    assert (read.properties.product_id, read.properties.status.status_code) == (
        "pleiades", "received",
    )  # fmt: skip
    assert answer.json()["geometry"]["type"] == "Polygon"
    assert (line.approval, line.order.requester, line.order.purpose) == (
        "submitted", researcher, "Following the coast line.",
    )  # fmt: skip
    assert held(line) == line.quote.units > 0
    assert answer.json()["properties"]["dinamis:units"] == str(line.quote.units)
    assert look(answer["Location"], program).json() == answer.json()


def test_ceilings_and_parameters_arrive_in_the_line(researcher, spot_year, program):
    sent = body(
        filter={
            "op": "and",
            "args": [
                {"op": "<=", "args": [{"property": "eo:cloud_cover"}, 15]},
                {"op": "<", "args": [{"property": "view:incidence_angle"}, 26]},
            ],
        },
        order_parameters={
            "purpose": "Erosion.",
            "title": "Winter",
            "mode": "stereo",
            "tries": 2,
            "options": {"level": "primary", "format": "geotiff"},
            "alone": True,
        },
        geometry=json.loads(make.square(900).geojson),
    )
    answer = send("products/spot67/orders", sent, program)
    assert answer.status_code == 201, answer.content
    line = Line.objects.get()
    assert (line.max_cloud, line.max_incidence, line.tries, line.mode) == (15, 25, 2, "stereo")
    assert (line.options["level"], line.options["format"]) == ("primary", "geotiff")
    assert (line.order.title, line.order.joins_requests) == ("Winter", False)
    said = answer.json()["properties"]
    assert said["order_parameters"]["tries"] == 2
    # What it says of itself, sent again, is the same request.
    again = send(
        "products/spot67/orders",
        {**said["search_parameters"], "order_parameters": {"purpose": "Again."}},
        program,
    )
    twin = Line.objects.exclude(pk=line.pk).get()
    assert again.status_code == 201
    assert (twin.window_starts_on, twin.window_ends_on, twin.max_incidence) == (
        line.window_starts_on, line.window_ends_on, 25,
    )  # fmt: skip


@pytest.mark.parametrize("open_end", ["first", "last"])
def test_open_intervals_are_taken_and_answered_closed(researcher, year, program, open_end):
    first, last = body()["datetime"].split("/")
    asked = f"../{last}" if open_end == "first" else f"{first}/.."
    answer = send("products/pleiades/orders", body(datetime=asked), program)
    assert answer.status_code == 201, answer.content
    StapiOrder.model_validate(answer.json())
    said = answer.json()["properties"]["search_parameters"]["datetime"]
    assert ".." not in said


def test_a_quota_that_is_too_small_says_available_and_required(researcher, year, program):
    answer = send(
        "products/pleiades/orders",
        body(geometry=json.loads(make.square(1500).geojson)),
        program,
    )
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    refused = answer.json()
    assert (refused["code"], refused["available"]) == ("quota_too_small", "1000.00")
    assert float(refused["required"]) == pytest.approx(1500, abs=20)
    assert not Order.objects.exists()
    assert not Quote.objects.exists()


def test_it_waits_for_quota_when_the_program_says_so(researcher, year, program):
    sent = body(
        geometry=json.loads(make.square(1500).geojson),
        order_parameters={"purpose": "Later.", "wait": True},
    )
    answer = send("products/pleiades/orders", sent, program)
    assert answer.status_code == 201, answer.content
    status = answer.json()["properties"]["status"]
    assert (status["status_code"], status["reason_code"]) == ("held", "waiting_quota")


def test_a_licence_that_is_not_signed_stops_an_order(laboratory, year, spot_year):
    unsigned = make.person("eve")
    make.attached(unsigned, laboratory)
    sent = body(geometry=json.loads(make.square(900).geojson))
    answer = send("products/spot67/orders", sent, keys(unsigned))
    assert answer.status_code in {403, 409}
    assert "licence" in answer.json()["code"]
    assert not Order.objects.exists()


def test_a_retry_with_its_key_is_one_order(researcher, year, program):
    headers = program | {"Idempotency-Key": "coast-1"}
    sent = body()
    first = send("products/pleiades/orders", sent, headers)
    again = send("products/pleiades/orders", sent, headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Content-Type"] == "application/geo+json"
    assert again["Idempotency-Replayed"] == "true"
    assert Order.objects.count() == 1
    other = send("products/pleiades/orders", body(filter={}), headers)
    assert other.status_code == 422


def test_a_reference_of_their_own_finds_the_order_and_serves_once(researcher, year, program):
    sent = body(order_parameters={"purpose": "Erosion.", "customer_reference": "LNG-7"})
    made = send("products/pleiades/orders", sent, program)
    assert made.json()["properties"]["order_parameters"]["customer_reference"] == "LNG-7"
    again = send("products/pleiades/orders", sent, program)
    assert (again.status_code, again.json()["code"], again.json()["order"]) == (
        409, "customer_reference_used", made.json()["id"],
    )  # fmt: skip
    (listed,) = look("orders", program).json()["features"]
    assert listed["properties"]["order_parameters"]["customer_reference"] == "LNG-7"
    assert Order.objects.count() == 1


def test_the_history_is_told_in_the_words_of_stapi(researcher, year, program, desk):
    send("products/pleiades/orders", body(), program)
    line, by = Line.objects.get(), Actor.of(desk)
    lines.place(lines.accept(line, by=by), by=by, supplier_reference="SO-7")
    answer = look(f"orders/{line.reference}/statuses", program)
    told = OrderStatuses.model_validate(answer.json())
    assert [(one.status_code, one.reason_code) for one in told.statuses] == [
        ("received", "draft"), ("received", None), ("accepted", None), ("scheduled", "placed"),
    ]  # fmt: skip
    stamps = [one.timestamp for one in told.statuses]
    assert stamps == sorted(stamps)
    now = look(f"orders/{line.reference}", program).json()["properties"]["status"]
    assert now["status_code"] == "scheduled"


def test_a_refusal_is_told_with_its_reason(researcher, year, program, desk):
    send("products/pleiades/orders", body(), program)
    line = Line.objects.get()
    lines.refuse(line, by=Actor.of(desk), reason="An image exists already.")
    status = look(f"orders/{line.reference}", program).json()["properties"]["status"]
    assert (status["status_code"], status["reason_text"]) == (
        "rejected", "An image exists already.",
    )  # fmt: skip


def test_pages_follow_one_another_and_an_order_made_meanwhile_moves_nothing(
    researcher, year, program
):
    made = [send("products/pleiades/orders", body(), program).json()["id"] for _number in range(5)]
    first = look("orders?limit=2", program)
    OrderCollection.model_validate(first.json())
    send("products/pleiades/orders", body(), program)
    second = look(links(first)["next"], program)
    third = look(links(second)["next"], program)
    seen = [one["id"] for page in (first, second, third) for one in page.json()["features"]]
    assert seen == list(reversed(made))
    assert "next" not in links(third)
    assert [one["id"] for one in look("products/spot67/orders", program).json()["features"]] == []
    assert look("orders?next=C-1999-0001-1", program).status_code == 422
    assert look("orders?limit=0", program).status_code == 400


def test_orders_of_others_do_not_exist(researcher, year, program, stranger, referent):
    send("products/pleiades/orders", body(), program)
    reference = Line.objects.get().reference
    foreign = keys(stranger)
    assert look("orders", foreign).json()["features"] == []
    for path in (f"orders/{reference}", f"orders/{reference}/statuses"):
        assert look(path, foreign).status_code == 404
        assert look(path).status_code == 401
    assert look(f"orders?next={reference}", foreign).status_code == 422
    assert look(f"orders/{reference}", keys(referent)).status_code == 200


def test_a_production_is_no_tasking_and_is_not_told(researcher, year, program):
    line = make.placed(researcher)
    assert look("orders", program).json()["features"] == []
    assert look(f"orders/{line.reference}", program).status_code == 404


def test_a_key_that_only_reads_gets_odds_and_places_nothing(researcher, year):
    reader = keys(researcher, ApiKey.Scope.READ)
    sent = body()
    assert send("products/pleiades/opportunities", sent, reader).status_code == 200
    refused = send("products/pleiades/orders", sent, reader)
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")


def test_opportunities_tell_the_odds_and_how_to_order(researcher, year, program):
    sent = {name: body()[name] for name in ("datetime", "geometry")} | {
        "filter": {"op": "<=", "args": [{"property": "eo:cloud_cover"}, 10]}
    }
    answer = send("products/pleiades/opportunities", sent, program)
    assert answer.status_code == 200, answer.content
    OpportunityCollection.model_validate(answer.json())
    asked, *relaxed = answer.json()["features"]
    said = asked["properties"]
    assert (asked["id"], said["eo:cloud_cover"], said["dinamis:relaxed"]) == ("as-asked", 10, None)
    assert 0 < said["dinamis:chance"] < 1
    assert said["dinamis:available"] == "1000.00"
    assert not Quote.objects.exists()
    chances = [one["properties"]["dinamis:chance"] for one in relaxed]
    assert chances == sorted(chances, reverse=True)
    assert all(one > said["dinamis:chance"] for one in chances)
    # The link orders what the opportunity says, once a purpose is added.
    (create,) = (one for one in relaxed[0]["links"] if one["rel"] == "create-order")
    create["body"]["order_parameters"]["purpose"] = "The better odds."
    made = send(create["href"].partition("/stapi/")[2], create["body"], program)
    assert made.status_code == 201, made.content
    line = Line.objects.get()
    assert line.max_cloud == relaxed[0]["properties"]["eo:cloud_cover"]


def test_opportunities_come_in_pages_too(researcher, year, program):
    sent = {name: body()[name] for name in ("datetime", "geometry")} | {"limit": 1}
    sent["filter"] = {"op": "<=", "args": [{"property": "eo:cloud_cover"}, 5]}
    seen, more = [], sent
    for _page in range(12):
        answer = send("products/pleiades/opportunities", more, program)
        seen += [one["id"] for one in answer.json()["features"]]
        following = [one for one in answer.json()["links"] if one["rel"] == "next"]
        if not following:
            break
        more = following[0]["body"]
    whole = send("products/pleiades/opportunities", sent | {"limit": 50}, program)
    assert seen == [one["id"] for one in whole.json()["features"]]
    assert len(seen) > 1


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"datetime": "tomorrow"}, 422, "datetime_malformed"),
        ({"datetime": "2020-01-01T00:00:00Z/2020-03-01T00:00:00Z"}, 422, "window_past"),
        ({"geometry": {"type": "Point", "coordinates": [2, 48]}}, 400, "invalid"),
        ({"geometry": {"type": "Polygon", "coordinates": "here"}}, 422, None),
        ({"geometry": {"type": "Polygon"}}, 422, None),
        ({"geometry": None}, 400, "invalid"),
        ({"filter": {"op": "or", "args": []}}, 422, "filter_not_served"),
        ({"filter": "cloud"}, 422, "filter_malformed"),
        ({"order_parameters": {}}, 400, "invalid"),
        ({"order_parameters": {"purpose": "x", "prupose": "y"}}, 400, "invalid"),
        ({"order_parameters": {"purpose": "x", "mode": "quad"}}, 400, "invalid"),
        ({"order_parameters": {"purpose": "x", "tries": 10**30}}, 400, "invalid"),
        ({"order_parameters": {"purpose": "x", "options": {"level": "best"}}}, 400, "invalid"),
        ({"order_parameters": {"purpose": "x", "project": "P-1999-1"}}, 404, "project_unknown"),
        ({"order_parameters": []}, 400, "invalid"),
        ({"order_parameters": {"purpose": "\x00"}}, 400, "invalid"),
    ],
)
def test_what_cannot_be_is_a_problem_document_and_leaves_nothing(
    researcher, year, program, changed, status, code
):
    answer = send("products/pleiades/orders", body(**changed), program)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert code is None or answer.json()["code"] == code
    assert not Quote.objects.exists()
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"null", b'"x"', b"{", b"[" * 100_000, b"\xff\xfe", b"NaN", b'{"a":' * 60_000],
)
def test_a_body_that_is_none_is_a_400(researcher, year, program, raw):
    for path in ("orders", "opportunities"):
        answer = Client().post(
            f"/stapi/products/pleiades/{path}",
            raw,
            content_type="application/json",
            headers=program,
        )
        assert answer.status_code == 400, (path, raw[:20])
        assert answer["Content-Type"] == "application/problem+json"


def test_an_unknown_product_is_a_404_everywhere(researcher, year, program):
    for path in ("", "/queryables", "/order-parameters", "/conformance", "/orders"):
        assert look(f"products/co3d{path}", program).status_code == 404
    for path in ("orders", "opportunities"):
        assert send(f"products/co3d/{path}", body(), program).status_code == 404
