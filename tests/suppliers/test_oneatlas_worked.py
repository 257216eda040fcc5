"""Workers and the make-believe OneAtlas: what goes wrong there ends here in the one right state."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dinamis import outbox
from dinamis.actors import Actor
from dinamis.outbox import Promise
from orders.models import Line, Supplier, SupplierPulse
from orders.services.supplying import connectors, working
from orders.services.tasking import acquisitions
from tests.orders.journeys import held
from tests.suppliers import making
from tests.suppliers.oneatlas.server import BANNED, BROKEN, LOST, UNHEARD, Simulator
from tests.suppliers.oneatlas.world import World
from tests.suppliers.test_oneatlas import connector

pytestmark = pytest.mark.django_db

TOMORROW = {"kind": "tasking", "in_days": 1}  # no pass is flown before the test lets time go by


@pytest.fixture
def simulator():
    """Its clock starts now; the windows of our lines begin tomorrow."""
    with Simulator(World(seed=3, start=timezone.now(), cloudy=0.0)).running() as running:
        yield running


@pytest.fixture
def oneatlas(reference, simulator, monkeypatch):
    """A supplier whose connector is OneAtlas' own, against the simulator and as fast as one likes."""
    monkeypatch.setitem(
        connectors.MAKERS, Supplier.Kind.STAPI, lambda supplier, pace: connector(simulator)
    )
    return making.supplier(key="made-believe")


@pytest.mark.parametrize("fault", [LOST, BROKEN, UNHEARD])
def test_whatever_becomes_of_an_order_there_is_one(
    researcher, desk, spot_year, oneatlas, simulator, fault
):
    simulator.scenario.push("/api/v1/orders", fault)
    making.sent(researcher, desk, oneatlas, **TOMORROW)
    making.rounds(oneatlas)
    line = Line.objects.get()
    (tasking,) = simulator.world.orders_of(line.reference)
    assert (line.supply, line.supplier_reference) == ("placed", tasking.sales_order)
    assert held(line) == line.quote.units


def test_a_ban_silences_every_worker_until_it_is_over(
    researcher, desk, spot_year, oneatlas, simulator
):
    simulator.scenario.push("/feasibility", BANNED)
    making.sent(researcher, desk, oneatlas, **TOMORROW)
    working.work(oneatlas)
    pulse = SupplierPulse.objects.get(supplier=oneatlas)
    left = pulse.banned_until - timezone.now()
    assert timedelta(minutes=9) < left <= timedelta(minutes=10, seconds=5)
    asked = len(simulator.asked)
    for _worker in range(3):
        working.work(oneatlas)
    assert len(simulator.asked) == asked
    simulator.world.advance(timedelta(minutes=11))
    making.rounds(oneatlas)
    assert Line.objects.get().supply == "placed"


def test_an_image_is_proposed_answered_and_produced(
    researcher, desk, spot_year, oneatlas, simulator
):
    order = making.taken(researcher, desk, oneatlas, **TOMORROW)
    simulator.world.advance(timedelta(days=4))
    making.poll(oneatlas)
    making.rounds(oneatlas)
    line = making.line_of(order)
    (image,) = line.acquisitions.all()
    (tasking,) = simulator.world.orders_of(line.reference)
    (segment,) = tasking.segments.values()
    assert line.supply == "proposed"
    assert image.cloud_cover == pytest.approx(100 - segment.clear_sky, abs=1e-3)
    acquisitions.accept(image, by=Actor.of(researcher))
    (promise,) = Promise.objects.filter(task="orders.tasks.answer_supplier")
    assert outbox.keep(promise.pk)
    making.rounds(oneatlas)
    assert segment.status == "Accepted"
    making.poll(oneatlas)
    assert making.line_of(order).supply == "in_production"


def test_without_its_key_it_is_not_asked(reference):
    supplier = making.supplier(
        key="real",
        kind=Supplier.Kind.ONEATLAS,
        rate_per_second="0.9",
        base_url="https://order.api.oneatlas.airbus.com",
    )
    with pytest.raises(Exception, match="supplier_not_set_up"):
        connectors.make(supplier)
