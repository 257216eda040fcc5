"""Our STAPI connector orders from our own STAPI: one institution's tasking becomes another's, and comes back."""

import pytest
from django.test import override_settings
from django.utils import timezone

from dinamis.actors import Actor
from orders.models import Line, SupplierOrder
from orders.services.lines import lines
from orders.services.supplying import asks, connectors
from orders.services.tasking import tasking
from tests.orders import make
from tests.orders.stapi.test_provider import keys
from tests.suppliers import making

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def buyer(reference):
    """Whose account it is at the other side: a researcher of another member, with quota."""
    user = make.person("buyer")
    institution = make.organisation("Broker")
    make.attached(user, institution)
    make.signed(user)
    return user


def test_a_tasking_is_ordered_from_ourselves_and_followed(
    live_server, researcher, desk, spot_year, buyer
):
    make.allotment(buyer.affiliations.get().organisation, 20, in_period=spot_year)
    supplier = making.supplier("ours", base_url=f"{live_server.url}/stapi/", credentials="ours")
    supplier.services.update(product="spot67")
    parameters = {"purpose": "For a partner.", "tries": 3}
    supplier.options = {"parameters": parameters}
    supplier.save(update_fields=["options"])
    by = Actor.of(desk)
    with override_settings(SUPPLIER_CREDENTIALS={"ours": {"headers": keys(buyer)}}):
        call = making.sent(researcher, desk, supplier, kind="tasking")
        making.rounds(supplier)
        call.refresh_from_db()
        assert (call.state, call.outcome) == ("done", "")
        order = SupplierOrder.objects.get()
        theirs = Line.objects.get(order__requester=buyer)
        mine = making.line_of(order)
        assert order.their_reference == theirs.reference
        assert (mine.supply, order.stage, order.trouble) == ("placed", "studied", "")
        assert theirs.order.purpose == "For a partner."
        assert theirs.area.equals_exact(mine.area, 1e-6)
        assert (theirs.max_cloud, theirs.max_incidence) == (mine.max_cloud, mine.max_incidence)

        found = connectors.make(supplier).look_up(asks.thawed(order.asked))
        assert found.reference == theirs.reference  # where an answer is lost, no second order
        placed = lines.place(lines.accept(theirs, by=by), by=by, supplier_reference="SO-9")
        making.poll(supplier)
        tasking.plan(placed, planned_at=timezone.now(), by=by)
        making.poll(supplier)
        assert making.line_of(order).supply == "attempting"
        lines.fail(Line.objects.get(pk=theirs.pk), by=by, reason="No pass left.")
        making.poll(supplier)
    order.refresh_from_db()
    assert (order.stage, order.ended_at is not None) == ("failed", True)
    assert making.line_of(order).supply == "failed"
    assert Line.objects.count() == 2
