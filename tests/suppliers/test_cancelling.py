"""A line that is cancelled here is stopped at its supplier: by one call, told to the desk what they say."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from orders.models import Line, LineEvent, SupplierCall, SupplierEvent, SupplierOrder
from orders.services.lines import notices
from orders.services.supplying import callbacks, reading, watching
from orders.services.tasking import cancelling
from orders.suppliers.protocol import Report, Stage
from tests.orders import make
from tests.orders.journeys import held
from tests.suppliers import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def tasking(researcher, desk, spot_year, supplier, twin) -> SupplierOrder:
    return making.taken(researcher, desk, supplier, kind="tasking")


def cancel(order: SupplierOrder, owner) -> Line:
    return cancelling.cancel(making.line_of(order), by=Actor.of(owner), reason="The dam broke.")


def notes(line: Line) -> list[str]:
    found = LineEvent.objects.filter(line=line, step__endswith="cancelled_there")
    return list(found.values_list("step", flat=True))


def to_look_at() -> int:
    return sum(rows.count() for rows in watching.waiting_for_a_person())


def test_the_intent_is_written_with_the_step_and_made_once(tasking, supplier, twin, researcher):
    line = cancel(tasking, researcher)
    call = SupplierCall.objects.get(verb="cancel")
    assert (line.supply, call.state, twin.asked["cancel"]) == ("stopped", "waiting", 0)
    twin.faults.append("lost")
    making.rounds(supplier)
    call.refresh_from_db()
    tasking.refresh_from_db()
    assert (call.state, twin.asked["cancel"]) == ("done", 1)
    assert (tasking.stage, tasking.ended_at is not None, tasking.trouble) == ("cancelled", True, "")
    assert (notes(line), held(line), to_look_at()) == (["cancelled_there"], 0, 0)


def test_a_step_refused_writes_no_intent(tasking, supplier, twin, researcher):
    twin.move(tasking.their_reference, Stage.PRODUCING)
    making.poll(supplier)
    with pytest.raises(NotNow):
        cancel(tasking, researcher)
    assert not SupplierCall.objects.filter(verb="cancel").exists()


def test_a_refusal_is_told_to_the_desk_and_waits_there(tasking, supplier, twin, researcher):
    line = cancel(tasking, researcher)
    twin.faults.append("refuse")
    making.rounds(supplier)
    tasking.refresh_from_db()
    assert (tasking.trouble, tasking.ended_at) == ("422: not this one", None)
    assert (notes(line), to_look_at()) == (["not_cancelled_there"], 1)
    notices.tell(LineEvent.objects.get(step="not_cancelled_there"))
    assert "422: not this one" in mail.outbox[-1].body
    # It goes on there: what they say next keeps the trouble, until they end it.
    twin.move(tasking.their_reference, Stage.TASKING, attempts=1)
    making.poll(supplier)
    tasking.refresh_from_db()
    assert "settle it with the supplier. 422: not this one" in tasking.trouble
    twin.move(tasking.their_reference, Stage.EXPIRED)
    making.poll(supplier)
    tasking.refresh_from_db()
    assert (tasking.trouble, tasking.ended_at is not None, to_look_at()) == ("", True, 0)
    assert making.line_of(tasking).supply == "stopped"


def test_what_is_told_before_the_call_is_made_ends_nothing(tasking, supplier, twin, researcher):
    cancel(tasking, researcher)
    at = timezone.now() + timedelta(hours=1)
    reading.take_in(tasking, Report(tasking.their_reference, Stage.TASKING, at, attempts=1))
    tasking.refresh_from_db()
    assert (tasking.trouble, tasking.ended_at) == ("", None)


def test_what_is_made_there_all_the_same_is_told(tasking, supplier, twin, researcher):
    cancel(tasking, researcher)
    twin.cancel = lambda reference: twin.move(reference, Stage.PRODUCING)
    making.rounds(supplier)
    tasking.refresh_from_db()
    assert tasking.trouble.startswith("Cancelled here, and not there")
    assert to_look_at() == 1


def test_what_is_delivered_there_all_the_same_waits_until_it_is_settled(
    tasking, supplier, twin, researcher, desk
):
    cancel(tasking, researcher)
    twin.cancel = lambda reference: twin.move(reference, Stage.DELIVERED)
    making.rounds(supplier)
    tasking.refresh_from_db()
    assert (tasking.stage, tasking.ended_at is not None) == ("delivered", True)
    assert (watching.one(supplier).troubled, to_look_at()) == (1, 1)
    with pytest.raises(Invalid):
        callbacks.settle(tasking, reason=" ", by=Actor.of(desk))
    with pytest.raises(NotAllowed):
        callbacks.settle(tasking, reason="Kept.", by=Actor.of(researcher))
    assert to_look_at() == 1
    callbacks.settle(tasking, reason="They keep the image.", by=Actor.of(desk))
    told = SupplierEvent.objects.get(act="settle")
    assert (told.about, told.reason, to_look_at()) == (tasking.reference, "They keep the image.", 0)


def test_a_line_that_no_program_has_needs_no_call(researcher, desk, spot_year):
    line = make.with_supplier(researcher, desk, make.tasking_quote(researcher))
    cancelling.cancel(line, by=Actor.of(researcher))
    assert not SupplierCall.objects.exists()
