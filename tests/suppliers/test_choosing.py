"""A supplier's study, quotation or weather notice is asked of the requester once; the desk passes the answer on."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from dinamis.actors import Actor
from dinamis.counting import count_all
from orders.menus import to_answer, yours
from orders.models import Question, SupplierOrder
from orders.services.supplying import reading
from orders.services.tasking import questions
from orders.suppliers.protocol import Forecast, Offer, Report, Stage
from tests.suppliers import making

pytestmark = pytest.mark.django_db
OFFERS = (Offer("A longer window", date(2031, 1, 31)), Offer("More cloud", max_cloud=25))


@pytest.fixture
def tasking(researcher, desk, spot_year, supplier, twin) -> SupplierOrder:
    return making.taken(researcher, desk, supplier, kind="tasking")


def choice(order: SupplierOrder, **facts) -> Report:
    return Report(order.their_reference, Stage.CHOICE, timezone.now() + timedelta(hours=1), **facts)


def told(order: SupplierOrder, report: Report) -> str:
    reading.take_in(order, report)
    order.refresh_from_db()
    return order.trouble


def test_a_quotation_is_asked_with_its_price_and_once(tasking):
    report = choice(tasking, price=Decimal("4200.50"), reason="For three passes.")
    assert [told(tasking, report), told(tasking, replace(report, code="again"))] == ["", ""]
    question = Question.objects.get()
    assert (question.kind, question.said) == ("quotation", "For three passes.")
    assert (question.facts["price_eur"], question.facts["reference"]) == (
        4200.5,
        tasking.their_reference,
    )


def test_a_study_offers_its_options_and_the_one_chosen_holds(tasking, researcher):
    due = timezone.now() + timedelta(days=3)
    told(tasking, choice(tasking, offers=OFFERS, answer_by=due))
    question = Question.objects.get()
    assert (question.kind, question.due_at) == ("feasibility", due)
    assert [one["label"] for one in question.options[:2]] == ["A longer window", "More cloud"]
    questions.answer(question, "2", by=Actor.of(researcher))
    assert making.line_of(tasking).max_cloud == 25


@pytest.mark.parametrize("again", ["the same", "told anew"])
def test_the_answer_is_the_desk_s_to_pass_on(tasking, researcher, again):
    report = choice(tasking, price=Decimal(10))
    told(tasking, report)
    questions.answer(Question.objects.get(), "accept", by=Actor.of(researcher))
    said = told(tasking, report if again == "the same" else replace(report, code="again"))
    assert "Accept" in said or "Accepter" in said
    assert Question.objects.count() == 1


def test_another_quotation_takes_the_place_of_the_one_that_waits(tasking):
    told(tasking, choice(tasking, price=Decimal(10)))
    told(
        tasking, replace(choice(tasking, price=Decimal(12)), at=timezone.now() + timedelta(days=1))
    )
    states = Question.objects.order_by("pk").values_list("state", "facts__price_eur")
    assert list(states) == [("taken_back", 10.0), ("open", 12.0)]


def test_a_supplier_that_goes_on_takes_its_question_back(tasking):
    told(tasking, choice(tasking))
    at = timezone.now() + timedelta(days=1)
    told(tasking, Report(tasking.their_reference, Stage.TASKING, at, attempts=1))
    assert Question.objects.get().state == "taken_back"
    assert making.line_of(tasking).asks == ""
    assert making.line_of(tasking).supply == "attempting"


def forecast(**facts) -> Forecast:
    usual = {"planned_at": timezone.now() + timedelta(days=2), "cloud_cover": 80.0}
    return Forecast(**usual | facts)


def test_a_weather_notice_is_asked_about_its_pass_once(tasking, supplier, twin, researcher):
    twin.warn(tasking.their_reference, forecast(said="A front comes.", platform="SPOT6"))
    for _time in range(2):
        making.poll(supplier)
    question = Question.objects.get()
    attempt = question.attempt
    assert (question.kind, question.said, question.facts["cloud"]) == (
        "weather",
        "A front comes.",
        80.0,
    )
    assert (attempt.state, question.due_at) == ("planned", attempt.planned_at)
    assert making.line_of(tasking).asks == "weather"
    questions.answer(question, "postpone", by=Actor.of(researcher))
    attempt.refresh_from_db()
    tasking.refresh_from_db()
    assert (attempt.state, tasking.trouble != "") == ("missed", True)
    making.poll(supplier)
    assert Question.objects.count() == 1
    assert making.line_of(tasking).asks == ""


def test_a_weather_notice_that_is_told_no_more_is_taken_back(tasking, supplier, twin):
    twin.warn(tasking.their_reference, forecast())
    making.poll(supplier)
    twin.warn(tasking.their_reference, None)
    making.poll(supplier)
    assert Question.objects.get().state == "taken_back"
    assert making.line_of(tasking).asks == ""


def test_a_pass_that_is_over_is_not_asked_about(tasking, supplier, twin):
    twin.warn(tasking.their_reference, forecast(planned_at=timezone.now() - timedelta(hours=1)))
    making.poll(supplier)
    assert not Question.objects.exists()


def test_a_question_of_the_desk_is_not_taken_back_by_a_report(tasking, desk):
    asked = questions.Asked("quotation", "Ours.")
    questions.ask(making.line_of(tasking), asked, by=Actor.of(desk))
    at = timezone.now() + timedelta(days=1)
    told(tasking, Report(tasking.their_reference, Stage.TASKING, at, attempts=1))
    assert Question.objects.get().state == "open"


def test_the_menu_counts_what_waits_for_the_reader(tasking, researcher, referent, rf):
    told(tasking, choice(tasking))
    request = rf.get("/")
    for user, number in ((researcher, 1), (referent, 0)):
        request.user = user
        assert count_all(to_answer(request)) == [number]
        assert sum(count_all(yours(request))) == number
