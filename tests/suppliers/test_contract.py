"""The same promises of every kind of supplier that is asked by program, each with its own bad twin."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from orders.suppliers.oneatlas import OneAtlas
from orders.suppliers.protocol import (
    Ask,
    Banned,
    Connector,
    Refused,
    Stage,
    Temporary,
    Unknown,
    everything,
)
from orders.suppliers.stapi import Stapi
from tests.suppliers.oneatlas.server import AUTH, BANNED, CLOSED, LOST, Simulator
from tests.suppliers.oneatlas.world import CONTRACT, KEY
from tests.suppliers.stapi_server import Server
from tests.suppliers.twin import Twin

RING = [[2.0, 48.0], [2.15, 48.0], [2.15, 48.1], [2.0, 48.1], [2.0, 48.0]]
START = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass
class Kind:
    """One supplier under examination: `spoil` makes the next order meet a fault."""

    connector: Connector
    spoil: Callable[[str], None]
    count: Callable[[], int]


def ask(reference: str = "C-2026-0001-1") -> Ask:
    return Ask(
        reference,
        kind="tasking",
        sensor="pleiades",
        area={"type": "Polygon", "coordinates": [RING]},
        area_km2=Decimal("123.5"),
        end_user="Coast Laboratory",
        starts_at=START + timedelta(days=1),
        ends_at=START + timedelta(days=31),
        max_cloud=10,
        max_incidence=30,
        options={"level": "ortho", "bits": "12"},
    )


def _twin() -> Iterator[Kind]:
    twin = Twin()
    yield Kind(twin, twin.faults.append, lambda: twin.placed.total())


def _stapi(keeps_reference: bool) -> Iterator[Kind]:
    with Server(keeps_reference=keeps_reference).running() as server:
        client = Stapi(server.url)
        yield Kind(client, server.faults.append, lambda: len(server.orders))


def _oneatlas() -> Iterator[Kind]:
    faults = {"lost": LOST, "busy": CLOSED, "ban": BANNED}
    with Simulator(slowness=0.6).running() as simulator:
        client = OneAtlas(
            api_key=KEY,
            contract=CONTRACT,
            auth_url=simulator.url + AUTH,
            order_url=simulator.url,
            pace=lambda: None,
            clock=lambda: simulator.world.now,
            timeout=(2, 2),
        )
        yield Kind(
            client,
            lambda fault: simulator.scenario.push("/api/v1/orders", faults[fault]),
            lambda: len(simulator.world.taskings),
        )


KINDS = {
    "twin": _twin,
    "stapi": lambda: _stapi(True),
    "stapi without references": lambda: _stapi(False),
    "oneatlas": _oneatlas,
}


@pytest.fixture(params=list(KINDS))
def kind(request) -> Iterator[Kind]:
    yield from KINDS[request.param]()


def test_it_keeps_the_protocol(kind):
    assert isinstance(kind.connector, Connector)
    assert kind.connector.products()


def test_what_is_placed_is_found_by_our_reference_by_theirs_and_in_the_list(kind):
    placed = kind.connector.place(ask())
    assert placed.stage in {Stage.STUDIED, Stage.PLACED, Stage.TASKING}
    assert kind.connector.look_up(ask()).reference == placed.reference
    assert kind.connector.status(placed.reference).reference == placed.reference
    assert placed.reference in {one.reference for one in everything(kind.connector)}


def test_what_was_never_placed_is_not_found(kind):
    kind.connector.place(ask())
    assert kind.connector.look_up(ask("C-2026-0001-2")) is None
    assert kind.connector.look_up(ask("C-2026-0001-11")) is None


def test_two_orders_that_ask_the_same_are_told_apart(kind):
    first, second = (kind.connector.place(ask(f"C-2026-0002-{number}")) for number in (1, 2))
    assert first.reference != second.reference
    assert kind.connector.look_up(ask("C-2026-0002-1")).reference == first.reference
    assert kind.connector.look_up(ask("C-2026-0002-2")).reference == second.reference


def test_a_lost_answer_is_unknown_and_the_order_is_found(kind):
    kind.spoil("lost")
    with pytest.raises(Unknown):
        kind.connector.place(ask())
    assert kind.count() == 1
    assert kind.connector.look_up(ask()) is not None


@pytest.mark.parametrize(("fault", "raised"), [("busy", Temporary), ("ban", Banned)])
def test_what_is_temporary_took_nothing(kind, fault, raised):
    kind.spoil(fault)
    with pytest.raises(raised):
        kind.connector.place(ask())
    assert kind.count() == 0


def test_an_order_that_they_do_not_have_is_refused_not_invented(kind):
    with pytest.raises(Refused) as refused:
        kind.connector.status("SAL-NOBODY")
    assert refused.value.code == "gone"


def test_a_callback_that_says_nothing_is_no_report(kind):
    assert kind.connector.told({}) is None
    assert kind.connector.told({"data": {"reference": 5}}) is None
