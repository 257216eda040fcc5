"""What a supplier tells: taken in once, forwards only, whatever the order and however often."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone, translation

from dinamis.actors import Actor
from orders.models import Acquisition, SupplierOrder
from orders.services.supplying import reading, sending, working
from orders.services.tasking import acquisitions, windows
from orders.suppliers.protocol import Report, Stage
from tests.orders.journeys import consumed, held
from tests.suppliers import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def tasking(researcher, desk, spot_year, supplier, twin) -> SupplierOrder:
    """A SPOT tasking of three tries that the twin has."""
    return making.taken(researcher, desk, supplier, kind="tasking")


def story(order: SupplierOrder) -> list[Report]:
    """A tasking whose first attempt is cloudy and whose second gives an image without asking us."""
    start = timezone.now()
    told = [
        (Stage.TASKING, {"attempts": 1}),
        (Stage.TASKING, {"attempts": 2}),
        (Stage.PRODUCING, {"attempts": 2}),
        (Stage.DELIVERED, {"attempts": 2}),
    ]
    return [
        Report(order.their_reference, stage, start + timedelta(hours=hour), **facts)
        for hour, (stage, facts) in enumerate(told)
    ]


def test_each_stage_moves_the_line_and_counts_the_attempts(tasking, researcher):
    seen = []
    for report in story(tasking):
        reading.take_in(tasking, report)
        line = making.line_of(tasking)
        seen.append((line.supply, int(held(line)), int(consumed(line))))
    assert seen == [
        ("attempting", 2, 1),
        ("attempting", 1, 2),
        ("in_production", 0, 2),
        ("in_production", 0, 2),
    ]
    tasking.refresh_from_db()
    assert (tasking.stage, tasking.ended_at is not None, tasking.trouble) == ("delivered", True, "")


def test_an_image_of_another_time_is_not_proposed_and_an_officer_is_told(tasking, twin):
    report = twin.propose(tasking.their_reference)
    before = replace(report.acquisitions[0], acquired_at=timezone.now() - timedelta(days=3))
    reading.take_in(tasking, replace(report, acquisitions=(before,)))
    tasking.refresh_from_db()
    line = making.line_of(tasking)
    assert (line.supply, held(line), line.attempts.count()) == ("placed", 3, 0)
    assert "outside the window" in tasking.trouble
    assert not Acquisition.objects.exists()


def test_why_a_supplier_gave_nothing_is_told_in_the_language_of_the_reader(tasking):
    with translation.override("fr"):
        reading.take_in(tasking, Report(tasking.their_reference, Stage.REJECTED, timezone.now()))
    event = making.line_of(tasking).events.get(step="fail")
    with translation.override("en"):
        assert event.reason_told == "The supplier rejects the order."
    assert event.reason != event.reason_told
    assert event.facts["reason_said"] == {"words": event.reason_told}


def test_attempts_that_are_told_after_the_window_are_written_within_it(tasking):
    line = making.line_of(tasking)
    _first, last = windows.ends(line)
    with time_machine.travel(last + timedelta(days=2), tick=False):
        told = replace(story(tasking)[1], at=timezone.now())
        reading.take_in(tasking, told)
    assert [one.planned_at for one in line.attempts.all()] == [last, last]
    assert consumed(line) == 2


def test_every_permutation_and_repetition_of_the_reports_ends_the_same(tasking):
    reports, ends = story(tasking), set()
    for order_of in permutations(range(4)):
        with transaction.atomic():
            for number in order_of:
                reading.take_in(tasking, reports[number])
                reading.take_in(tasking, reports[number])
            line = making.line_of(tasking)
            once = line.events.filter(step="take_as_ordered").count()
            ends.add((line.supply, int(held(line)), int(consumed(line)), once))
            transaction.set_rollback(True)
    assert ends == {("in_production", 0, 2, 1)}


def test_an_image_proposed_there_is_proposed_here_and_the_answer_goes_back(
    tasking, supplier, twin, researcher
):
    twin.propose(tasking.their_reference, cloud=7.5, incidence=12.0)
    making.poll(supplier)
    making.poll(supplier)
    image = Acquisition.objects.get()
    line = making.line_of(tasking)
    assert (line.supply, image.cloud_cover, image.incidence) == ("proposed", 7.5, 12.0)
    assert (int(held(line)), int(consumed(line))) == (2, 1)
    acquisitions.accept(image, by=Actor.of(researcher))
    sending.answer(line.events.get(step="take_image"))
    sending.answer(line.events.get(step="take_image"))
    making.rounds(supplier)
    kept = twin.orders[tasking.their_reference]
    assert (kept.answers, kept.report.stage) == ({image.identifier: "accepted"}, Stage.PRODUCING)
    assert twin.asked["decide"] == 1
    assert making.line_of(tasking).supply == "in_production"


def test_a_refused_image_is_refused_there_and_the_next_one_is_proposed(
    tasking, supplier, twin, researcher
):
    twin.propose(tasking.their_reference, cloud=60)
    making.poll(supplier)
    first = Acquisition.objects.get()
    acquisitions.refuse(first, by=Actor.of(researcher))
    twin.faults.append("lost")
    sending.answer(making.line_of(tasking).events.get(step="leave_image"))
    making.rounds(supplier)
    assert twin.asked["decide"] == 1
    twin.propose(tasking.their_reference, cloud=3)
    making.poll(supplier)
    second = Acquisition.objects.exclude(pk=first.pk).get()
    assert (first.identifier, second.state) == (f"{tasking.their_reference}-A1", "proposed")
    line = making.line_of(tasking)
    assert (line.supply, int(held(line)), int(consumed(line))) == ("proposed", 1, 2)


@pytest.mark.parametrize(
    ("reached", "supply"),
    [
        (Stage.EXPIRED, "closed"),
        (Stage.FAILED, "failed"),
        (Stage.CANCELLED, "failed"),
        (Stage.REJECTED, "failed"),
    ],
)
@pytest.mark.parametrize("proposed", [False, True])
def test_an_end_without_an_image_gives_back_what_no_attempt_counted(
    tasking, supplier, twin, reached, supply, proposed
):
    if proposed:
        twin.propose(tasking.their_reference)
        making.poll(supplier)
    twin.move(tasking.their_reference, reached, reason="Too many clouds.")
    making.poll(supplier)
    line = making.line_of(tasking)
    assert (line.supply, int(held(line)), int(consumed(line))) == (supply, 0, int(proposed))
    assert not Acquisition.objects.filter(state="proposed").exists()
    if supply == "failed":
        assert line.events.get(step="fail").reason == "Too many clouds."


def test_a_late_word_after_the_end_changes_nothing(tasking, supplier, twin):
    twin.move(tasking.their_reference, Stage.EXPIRED)
    making.poll(supplier)
    report = twin.orders[tasking.their_reference].report
    later = replace(report, stage=Stage.FAILED, at=timezone.now() + timedelta(hours=1))
    assert reading.take_in(tasking, later) is False
    assert making.line_of(tasking).supply == "closed"


def test_production_follows_and_the_line_waits_for_its_files(
    researcher, desk, year, supplier, twin
):
    order = making.taken(researcher, desk, supplier)
    twin.move(order.their_reference, Stage.DELIVERED)
    making.poll(supplier)
    line = making.line_of(order)
    assert (line.supply, line.money) == ("in_production", "held")


def test_what_our_rules_refuse_is_undone_and_told_to_an_officer(tasking, supplier, twin):
    """Production began there while an image waits for its answer here: nobody answers for the requester."""
    twin.propose(tasking.their_reference)
    making.poll(supplier)
    twin.move(tasking.their_reference, Stage.PRODUCING)
    making.poll(supplier)
    tasking.refresh_from_db()
    assert "still waits for an answer here" in tasking.trouble
    assert making.line_of(tasking).supply == "proposed"


def test_an_order_that_they_do_not_know_any_more_is_told_and_nothing_is_concluded(
    tasking, supplier, twin
):
    twin.orders.clear()
    making.poll(supplier)
    tasking.refresh_from_db()
    assert tasking.trouble == "404: no such order"
    assert (making.line_of(tasking).supply, tasking.ended_at) == ("placed", None)


def test_a_cycle_of_polls_goes_page_by_page_and_a_dead_worker_costs_one(
    researcher, desk, year, supplier, twin, monkeypatch
):
    orders = [making.taken(researcher, desk, supplier) for _number in range(5)]
    twin.page = 2
    for order in orders:
        twin.move(order.their_reference, Stage.PRODUCING)
    before = twin.asked["changed"]
    twin.faults.extend(["", "busy"])
    making.poll(supplier)  # the second page fails
    working.work(supplier)
    assert twin.asked["changed"] - before == 4
    assert {making.line_of(order).supply for order in orders} == {"in_production"}
    assert twin.asked["status"] == 0
