"""Calls to a supplier: written before they are made, made once, looked up when their answer is lost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Affiliation
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotNow
from dinamis.outbox import Promise
from orders.models import Line, Supplier, SupplierCall, SupplierOrder, SupplierPulse
from orders.services.lines import lines
from orders.services.supplying import calls, pulse, sending, working
from tests.orders.journeys import held
from tests.suppliers import making

pytestmark = pytest.mark.django_db


def test_sending_writes_the_intent_and_the_promise_and_calls_nobody(
    researcher, desk, year, supplier, twin
):
    call = making.sent(researcher, desk, supplier)
    line = Line.objects.get()
    assert (line.supply, call.state, call.key) == ("placing", "waiting", f"{line.reference}:place")
    assert twin.asked == {}
    promised = Promise.objects.filter(task="orders.tasks.work_for_supplier")
    assert [one.arguments for one in promised] == [[supplier.pk]]
    with pytest.raises(NotNow):
        lines.withdraw(line, by=Actor.of(researcher))


def test_a_call_that_is_answered_places_the_line_under_their_reference(
    researcher, desk, year, supplier, twin
):
    order = making.taken(researcher, desk, supplier)
    line = making.line_of(order)
    assert (line.supply, line.supplier_reference, order.stage) == ("placed", "T-00001", "placed")
    call = SupplierCall.objects.get()
    assert (call.state, call.attempts, len(call.answer_digest)) == ("done", 1, 64)
    event = line.events.get(step="acknowledge")
    assert (event.by_part, event.facts["supplier_reference"]) == ("suppliers", "T-00001")
    assert working.work(supplier) <= 2
    assert twin.placed == {line.reference: 1}


@pytest.mark.parametrize("fault", ["lost", "slow", "bug", "dead", "busy", "ban"])
def test_whatever_goes_wrong_with_a_call_it_is_one_order_there_and_one_placed_line_here(
    researcher, desk, year, supplier, twin, fault
):
    twin.faults.append(fault)
    call = making.sent(researcher, desk, supplier)
    working.work(supplier)
    call.refresh_from_db()
    after = {"busy": "waiting", "ban": "waiting"}
    if fault in after:
        assert call.state == after[fault]
        assert twin.placed == {}
    making.rounds(supplier)
    line = Line.objects.get()
    assert twin.placed == {line.reference: 1}
    assert (line.supply, SupplierCall.objects.get().state) == ("placed", "done")
    assert held(line) == line.quote.units


def test_an_answer_that_was_lost_is_looked_up_and_never_sent_again(
    researcher, desk, year, supplier, twin
):
    twin.faults.extend(["lost", "busy", "busy"])
    making.sent(researcher, desk, supplier)
    making.rounds(supplier)
    assert (twin.asked["place"], twin.asked["look_up"]) == (1, 3)


def test_a_lost_answer_is_not_looked_up_before_the_supplier_has_settled(
    researcher, desk, year, supplier, twin
):
    Supplier.objects.filter(key="twin").update(settle_seconds=60)
    supplier.refresh_from_db()
    twin.faults.append("lost")
    call = making.sent(researcher, desk, supplier)
    working.work(supplier)
    working.work(supplier)
    call.refresh_from_db()
    assert (call.state, twin.asked["look_up"]) == ("doubtful", 0)
    assert timedelta(seconds=55) < call.next_at - timezone.now() < timedelta(seconds=61)


def test_a_worker_that_died_after_sending_leaves_a_call_that_is_looked_up(
    researcher, desk, year, supplier, twin
):
    call = making.sent(researcher, desk, supplier)
    claimed = calls.claim(supplier)
    twin.place(sending.asks.thawed(call.order.asked))  # it was sent, then the worker died
    assert working.work(supplier) == 0
    SupplierCall.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    working.work(supplier)
    line = Line.objects.get()
    assert (line.supply, twin.placed) == ("placed", {line.reference: 1})
    assert calls.finish(claimed, twin.orders["T-00001"].report) is False
    assert line.events.filter(step="acknowledge").count() == 1


def test_a_refusal_puts_the_line_back_at_the_desk_with_their_words(
    researcher, desk, year, supplier, twin
):
    twin.faults.append("refuse")
    making.sent(researcher, desk, supplier)
    working.work(supplier)
    line = Line.objects.get()
    assert (line.supply, SupplierCall.objects.get().state) == ("to_place", "refused")
    assert line.events.get(step="put_back").reason == "422: not this one"
    assert held(line) == line.quote.units
    again = sending.send(line, supplier=supplier, by=Actor.of(desk))
    assert again.order.reference == f"{line.reference}-2"
    working.work(supplier)
    assert Line.objects.get().supply == "placed"


def test_a_line_whose_requester_left_meanwhile_is_not_sent(researcher, desk, year, supplier, twin):
    making.sent(researcher, desk, supplier)
    Affiliation.objects.filter(user=researcher).update(state="suspended", is_current=False)
    working.work(supplier)
    assert (Line.objects.get().supply, SupplierCall.objects.get().state) == ("to_place", "dropped")
    assert twin.placed == {}


def test_a_call_tried_too_often_waits_for_an_officer_who_replays_it_safely(
    researcher, desk, year, supplier, twin
):
    twin.faults.extend(["lost"] + ["busy"] * 7)
    call = making.sent(researcher, desk, supplier)
    for _number in range(12):
        making.let_time_pass(supplier)
        working.work(supplier)
    call.refresh_from_db()
    assert (call.state, call.attempts, twin.asked["look_up"]) == ("stuck", 8, 7)
    sending.replay(call, by=making.BY)
    working.work(supplier)
    call.refresh_from_db()
    assert (call.state, twin.asked["place"], Line.objects.get().supply) == ("done", 1, "placed")


def test_an_officer_may_drop_a_call_that_waits_and_must_say_why(
    researcher, desk, year, supplier, twin
):
    call = making.sent(researcher, desk, supplier)
    with pytest.raises(Invalid):
        calls.drop(call, reason=" ", by=making.BY)
    calls.drop(call, reason="By hand instead.", by=making.BY)
    assert (Line.objects.get().supply, working.work(supplier)) == ("to_place", 0)
    with pytest.raises(NotNow):
        calls.drop(call, reason="Again.", by=making.BY)


def test_five_faults_in_a_row_open_the_circuit_and_one_answer_closes_it(
    researcher, desk, year, supplier, twin
):
    twin.faults.extend(["busy"] * 5)
    making.sent(researcher, desk, supplier)
    for _number in range(5):
        SupplierCall.objects.update(next_at=timezone.now())
        working.work(supplier)
    state = SupplierPulse.objects.get(supplier=supplier)
    assert (state.faults, state.last_fault) == (5, "503: too busy")
    assert timedelta(seconds=25) < state.open_until - timezone.now() <= timedelta(seconds=30)
    SupplierCall.objects.update(next_at=timezone.now())
    assert working.work(supplier) == 0
    SupplierPulse.objects.update(open_until=timezone.now())
    working.work(supplier)
    state.refresh_from_db()
    assert (state.faults, state.open_until, twin.placed.total()) == (0, None, 1)


def test_a_ban_silences_every_worker_until_it_is_over_and_costs_no_attempt(
    researcher, desk, year, supplier, twin
):
    twin.faults.append("ban")
    call = making.sent(researcher, desk, supplier)
    working.work(supplier)
    call.refresh_from_db()
    assert (call.state, call.attempts, twin.asked.total()) == ("waiting", 0, 1)
    assert not pulse.may_ask(supplier)
    assert call.next_at == SupplierPulse.objects.get(supplier=supplier).banned_until


def test_a_paused_supplier_is_not_asked_and_loses_nothing(researcher, desk, year, supplier, twin):
    pulse.pause(supplier, reason="They move house.", by=making.BY)
    making.sent(researcher, desk, supplier)
    assert (working.work(supplier), twin.asked.total()) == (0, 0)
    pulse.resume(supplier, by=making.BY)
    working.work(supplier)
    assert Line.objects.get().supply == "placed"


def test_one_worker_at_a_time_talks_to_a_supplier(researcher, desk, year, supplier, twin):
    making.sent(researcher, desk, supplier)
    other = pulse.take_lane(supplier)
    assert (working.work(supplier), twin.asked.total()) == (0, 0)
    pulse.leave_lane(supplier, other)
    assert working.work(supplier) >= 1


def test_nothing_is_asked_inside_a_transaction(researcher, desk, year, supplier, twin, monkeypatch):
    """The twin is called at the depth of the test's own transaction, never deeper."""
    depths, depth = [], len(connection.savepoint_ids)
    meet = twin._meet
    monkeypatch.setattr(
        twin, "_meet", lambda *a: (depths.append(len(connection.savepoint_ids)), meet(*a))[1]
    )
    making.taken(researcher, desk, supplier)
    making.poll(supplier)
    assert set(depths) == {depth}
    assert len(depths) >= 2


def test_what_the_preferred_supplier_takes_by_itself_is_sent_when_it_is_accepted(
    researcher, desk, year, supplier, twin
):
    Supplier.objects.filter(key="twin").update(places_by_itself=True)
    line = making.to_place(researcher, desk)
    assert Promise.objects.filter(task="orders.tasks.send_by_itself").count() == 1
    sending.send_by_itself(line)
    sending.send_by_itself(line)
    working.work(supplier)
    assert (Line.objects.get().supply, SupplierOrder.objects.count()) == ("placed", 1)


def test_a_supplier_that_does_not_serve_the_sensor_is_not_offered(researcher, desk, year, supplier):
    line = making.to_place(researcher, desk)
    supplier.services.filter(sensor="pleiades").update(
        ends_on=timezone.localdate() - timedelta(days=1)
    )
    assert sending.choices(line) == []
    with pytest.raises(Invalid):
        sending.send(line, supplier=supplier, by=Actor.of(desk))
    assert Line.objects.get().supply == "to_place"


def test_the_sweep_finds_what_no_wake_up_told(researcher, desk, year, supplier, twin):
    making.sent(researcher, desk, supplier)
    Promise.objects.all().delete()
    assert working.sweep() == 1
    assert Promise.objects.get(done_at=None).task == "orders.tasks.work_for_supplier"
