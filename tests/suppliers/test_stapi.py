"""The STAPI client against the reference server, stapi-fastapi under uvicorn on loopback."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from orders.models import Line, Question, Supplier, SupplierCall, SupplierPulse
from orders.services.supplying import reconciling, working
from orders.suppliers import web
from orders.suppliers.protocol import (
    Ask,
    Banned,
    Connector,
    Refused,
    Stage,
    Temporary,
    Unable,
    Unknown,
    everything,
)
from orders.suppliers.stapi import Stapi
from tests.suppliers import making
from tests.suppliers.stapi_server import Server

RING = [[-52.4, 4.8], [-52.2, 4.8], [-52.2, 5.0], [-52.4, 5.0], [-52.4, 4.8]]


@pytest.fixture(params=[True, False], ids=["keeps references", "keeps none"])
def server(request) -> Iterator[Server]:
    with Server(keeps_reference=request.param).running() as running:
        yield running


@pytest.fixture
def client(server) -> Stapi:
    return Stapi(server.url)


def ask(reference: str = "C-2026-0001-1", **more) -> Ask:
    usual = {
        "kind": "tasking",
        "sensor": "pleiades",
        "area": {"type": "Polygon", "coordinates": [RING]},
        "area_km2": Decimal(480),
        "starts_at": datetime(2027, 3, 1, tzinfo=UTC),
        "ends_at": datetime(2027, 5, 1, tzinfo=UTC),
        "max_cloud": 10,
        "max_incidence": 30,
    }
    return Ask(reference, **usual | more)


def test_it_keeps_the_protocol(client):
    assert isinstance(client, Connector)


def test_products_opportunities_and_orders_are_those_of_the_server(client, server):
    assert [product.code for product in client.products()] == ["pleiades"]
    chance = client.feasibility(ask())[0]
    assert (chance.starts_at.date(), chance.ends_at) == (ask().starts_at.date(), ask().ends_at)
    report = client.place(ask())
    assert report.stage == Stage.PLACED
    assert client.look_up(ask()).reference == report.reference
    assert client.look_up(ask("C-2026-0001-2")) is None
    assert str(server.filters[0]).count("<=") == 2
    for act in (client.quote, client.cancel):
        with pytest.raises(Unable):
            act(ask())


def test_statuses_are_read_by_their_instant_not_by_their_place(client, server):
    reference = client.place(ask()).reference
    server.move(reference, "processing", minutes=20)
    server.move(reference, "scheduled", minutes=10)
    report = client.status(reference)
    assert report.stage == Stage.PRODUCING
    server.move(reference, "processing", minutes=30, reason_code="partial_delivery")
    assert client.status(reference).stage == Stage.PARTIAL
    with pytest.raises(Refused) as refused:
        client.status("nobody")
    assert refused.value.code == "gone"


def test_all_orders_are_listed_page_after_page(client, server):
    placed = {client.place(ask(f"C-{number}")).reference for number in range(8)}
    assert {report.reference for report in everything(client)} == placed


@pytest.mark.parametrize(
    ("fault", "raised", "taken"),
    [
        ("busy", Temporary, 0),
        ("ban", Banned, 0),
        ("lost", Unknown, 1),
        ("broken", Unknown, 1),
        ("late", Unknown, 1),
    ],
)
def test_each_fault_says_whether_the_order_may_have_been_taken(
    client, server, monkeypatch, fault, raised, taken
):
    client.products()
    if fault == "late":
        monkeypatch.setattr(web, "READ_SECONDS", 1)
        server.late_seconds = 3
    server.faults.append(fault)
    with pytest.raises(raised) as refused:
        client.place(ask())
    assert type(refused.value) is raised
    monkeypatch.undo()
    until = time.monotonic() + 10  # it may still be on its way into the server's books
    while len(server.orders) < taken and time.monotonic() < until:
        time.sleep(0.05)
    assert len(server.orders) == taken
    if raised is Banned:
        wait = refused.value.until - datetime.now(UTC)
        assert timedelta(minutes=9) < wait <= timedelta(minutes=10)
    assert (client.look_up(ask()) is not None) == bool(taken)


def test_a_server_that_is_not_there_took_nothing():
    with pytest.raises(Temporary):
        Stapi("http://127.0.0.1:9").place(ask(product="pleiades"))


def test_an_address_on_another_host_is_not_called(client):
    with pytest.raises(Refused) as refused:
        client.changed(None, "http://127.0.0.2:1/orders?next=2")
    assert refused.value.code == "other_host"


@pytest.mark.django_db
def test_a_line_goes_through_a_real_stapi_server_whatever_is_lost_on_the_way(
    researcher, desk, year, server
):
    supplier = making.supplier("stapi", base_url=server.url)
    server.faults.extend(["busy", "lost"])
    making.sent(researcher, desk, supplier)
    making.rounds(supplier)
    line = Line.objects.get()
    assert (line.supply, len(server.orders), SupplierCall.objects.get().state) == (
        "placed",
        1,
        "done",
    )
    assert line.supplier_reference in server.orders
    server.move(line.supplier_reference, "processing", minutes=1)
    making.poll(supplier)
    assert Line.objects.get().supply == "in_production"
    made = reconciling.run(reconciling.ask(supplier, by=making.BY))
    assert (made.ours, made.theirs, made.differences.count()) == (1, 1, 0)


@pytest.mark.django_db
def test_what_a_server_reserves_is_asked_of_the_requester(researcher, desk, spot_year, server):
    """STAPI's word for "the customer has to act" comes into the inbox by the poll, with their reason."""
    supplier = making.supplier("stapi", base_url=server.url)
    order = making.taken(researcher, desk, supplier, kind="tasking")
    server.move(order.their_reference, "reserved", minutes=1, reason_text="4,200 EUR for it.")
    making.poll(supplier)
    question = Question.objects.get()
    assert (question.kind, question.said, question.state) == (
        "quotation",
        "4,200 EUR for it.",
        "open",
    )


@pytest.mark.django_db
def test_every_request_keeps_to_the_suppliers_rate(researcher, desk, year, server):
    supplier = making.supplier("stapi", base_url=server.url, rate_per_second=Decimal("20"))
    making.sent(researcher, desk, supplier)
    before = datetime.now(UTC)
    working.work(supplier)
    pace = SupplierPulse.objects.get(supplier=supplier).next_call_at - before
    # products, parameters and queryables are requests too: four, then the page of the poll
    assert pace >= timedelta(seconds=4 / 20)
    assert Supplier.objects.get(key="stapi").pulse.faults == 0
