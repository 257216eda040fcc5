"""Questions to a requester: asked with a deadline, answered by them, a stand-in or silence, each once."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotFound, NotNow
from orders.models import Line, Question
from orders.services.lines import clock, notices
from orders.services.lines.reading import sentence
from orders.services.tasking import acquisitions, cancelling, questions, standins, tasking
from orders.services.tasking.questions import Asked
from tests.orders import make
from tests.orders.journeys import Cast, attempt, consumed, held, proposal, propose

OPTIONS = (
    {"label": "A longer window", "ends_on": "2030-01-31"},
    {"label": "More cloud", "max_cloud": 25, "max_incidence": 40},
)


@pytest.fixture
def cast(researcher, referent, desk, year, spot_year) -> Cast:
    return Cast(researcher, referent, desk)


@pytest.fixture
def line(cast) -> Line:
    """A SPOT tasking of three tries, with the supplier."""
    return make.with_supplier(cast.owner, cast.desk, make.tasking_quote(cast.owner))


@pytest.fixture
def colleague(laboratory):
    user = make.person("erin")
    make.attached(user, laboratory)
    return user


def again(row):
    return type(row).objects.get(pk=row.pk)


def study(line, cast, **more) -> Question:
    return questions.ask(
        line, Asked("feasibility", "Two ways.", options=OPTIONS, **more), by=cast.by_desk
    )


def weather(line, cast, **more) -> Question:
    at = timezone.now() + timedelta(days=2)
    planned = tasking.plan(line, planned_at=at, by=cast.by_desk)
    asked = Asked("weather", facts={"cloud": 80}, attempt=planned, **more)
    return questions.ask(again(line), asked, by=cast.by_desk)


def test_a_question_makes_it_the_requesters_turn_until_it_is_answered(cast, line):
    question = study(line, cast)
    line = again(line)
    told = sentence(line, cast.owner)
    assert (line.asks, line.due_at, told.is_yours) == ("feasibility", question.due_at, True)
    assert "feasibility study" in told.text
    assert "None of these" in told.detail
    assert not sentence(line, cast.desk).is_yours
    questions.answer(question, "1", by=cast.by_owner)
    line = again(line)
    assert (line.asks, line.due_at, sentence(line, cast.owner).is_yours) == ("", None, False)


def test_the_option_of_a_study_changes_the_ceilings_and_nothing_that_is_held(cast, line):
    before = held(line)
    questions.answer(study(line, cast), "2", by=cast.by_owner)
    line = again(line)
    assert (line.max_cloud, line.max_incidence, held(line)) == (25, 40, before)
    questions.answer(study(line, cast), "1", by=cast.by_owner)
    assert str(again(line).window_ends_on) == "2030-01-31"


def test_none_of_the_options_changes_nothing(cast, line):
    before = (line.max_cloud, line.max_incidence, line.window_ends_on)
    questions.answer(study(line, cast), "none", by=cast.by_owner)
    line = again(line)
    assert (line.max_cloud, line.max_incidence, line.window_ends_on) == before


def test_one_question_at_a_time_and_never_answered_twice(cast, line):
    question = study(line, cast)
    with pytest.raises(NotNow) as refused:
        study(line, cast)
    assert refused.value.code == "question_open"
    questions.answer(question, "1", by=cast.by_owner)
    with pytest.raises(NotNow):
        questions.answer(question, "2", by=cast.by_owner)
    assert again(question).answer == "1"
    assert list(question.events.values_list("step", flat=True)) == ["ask", "answer"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (Asked("feasibility"), "options_out_of_range"),
        (Asked("feasibility", options=[{"label": " "}]), "option_without_words"),
        (Asked("feasibility", options=[{"label": "x", "max_cloud": 101}]), "option_out_of_range"),
        (Asked("feasibility", options=[{"label": "x", "ends_on": "2020-01-01"}]), "window_past"),
        (Asked("feasibility", options=OPTIONS, silence="7"), "silence_unknown"),
        (Asked("weather"), "attempt_missing"),
        (Asked("proposal"), "kind_unknown"),
        (Asked("riddle"), "kind_unknown"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_nothing_is_asked(cast, line, asked, code):
    with pytest.raises((Invalid, KeyError)) as refused:
        questions.ask(line, asked, by=cast.by_desk)
    assert getattr(refused.value, "code", "kind_unknown") == code
    assert not Question.objects.exists()
    assert again(line).asks == ""


def test_only_the_desk_asks_and_only_the_requester_answers(cast, line, stranger):
    with pytest.raises(NotAllowed):
        questions.ask(line, Asked("quotation"), by=cast.by_owner)
    question = study(line, cast)
    for by in (cast.by_desk, Actor.of(stranger), Actor.of(cast.referent)):
        with pytest.raises(NotAllowed):
            questions.answer(question, "1", by=by)
    with pytest.raises(Invalid):
        questions.answer(question, "9", by=cast.by_owner)
    assert again(question).state == "open"


def test_silence_answers_once_and_what_it_means_is_done(cast, line):
    question = study(line, cast, silence="2")
    assert clock.tick()["silent"] == 0
    with time_machine.travel(timezone.now() + timedelta(days=9)):
        assert clock.tick()["silent"] == 1
        assert clock.tick()["silent"] == 0
    assert (again(question).state, again(question).answer) == ("lapsed", "2")
    assert again(line).max_cloud == 25


def test_the_desk_takes_a_question_back_with_a_reason(cast, line):
    question = study(line, cast)
    with pytest.raises(Invalid):
        questions.take_back(question, by=cast.by_desk, reason=" ")
    questions.take_back(question, by=cast.by_desk, reason="Asked by mistake.")
    assert (again(question).state, again(line).asks) == ("taken_back", "")


def test_a_weather_notice_is_answered_before_its_pass_and_postponing_costs_nothing(cast, line):
    question = weather(line, cast)
    assert question.due_at == question.attempt.planned_at
    questions.answer(question, "postpone", by=cast.by_owner)
    assert question.attempt.state == "planned"
    assert again(question.attempt).state == "missed"
    assert (held(line), consumed(line), again(line).supply) == (3, 0, "attempting")


def test_confirming_the_weather_leaves_the_pass_planned(cast, line):
    question = weather(line, cast)
    questions.answer(question, "confirm", by=cast.by_owner)
    assert again(question.attempt).state == "planned"


def test_cancelling_on_the_weather_stops_the_tasking_and_gives_everything_back(cast, line):
    question = weather(line, cast)
    questions.answer(question, "cancel", by=cast.by_owner)
    line = again(line)
    assert (line.supply, line.money, held(line), consumed(line)) == ("stopped", "released", 0, 0)
    assert "Cancelled on" in sentence(line, cast.owner).text


# Images, which are questions too.


def test_a_proposed_image_is_a_question_that_follows_it(cast, line):
    image = propose(line, cast)
    question = Question.objects.get()
    assert (question.kind, question.due_at, question.silence) == (
        "proposal",
        image.due_at,
        "refuse",
    )
    acquisitions.refuse(image, by=cast.by_owner)
    assert (again(question).state, again(question).answer) == ("answered", "refuse")


def test_an_image_answered_by_time_lapses_and_one_taken_back_is_taken_back(cast, line):
    image = propose(line, cast)
    acquisitions.take_back(image, by=cast.by_desk, reason="The wrong place.")
    assert Question.objects.get().state == "taken_back"
    image = propose(again(line), cast)
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert clock.tick()["answered"] == 1
    assert again(image.question).state == "lapsed"


def test_below_the_first_threshold_an_image_is_accepted_by_itself_above_it_one_is_asked(cast):
    quote = make.tasking_quote(cast.owner, max_cloud=20, accept_cloud=8)
    line = make.with_supplier(cast.owner, cast.desk, quote)
    cloudier = acquisitions.propose(
        attempt(line, cast), proposal(cloud_over_area=8.5), by=cast.by_desk
    )
    assert (cloudier.state, again(line).supply) == ("proposed", "proposed")
    acquisitions.refuse(cloudier, by=cast.by_owner)
    clearer = acquisitions.propose(
        attempt(again(line), cast), proposal(cloud_cover=40.0, cloud_over_area=8.0), by=cast.by_desk
    )
    line = again(line)
    assert (again(clearer).state, line.supply) == ("accepted", "in_production")
    event = line.events.get(step="take_image")
    assert event.by_part == "threshold"
    assert (held(line), consumed(line)) == (0, 2)


def test_an_image_of_a_part_of_the_area_is_always_asked(cast):
    quote = make.tasking_quote(cast.owner, max_cloud=20, accept_cloud=20)
    line = make.with_supplier(cast.owner, cast.desk, quote)
    part = proposal(cloud_cover=0.0, footprint=make.square(400))
    image = acquisitions.propose(attempt(line, cast), part, by=cast.by_desk)
    assert (image.state, again(line).supply) == ("proposed", "proposed")


def test_the_life_of_an_accepted_image_goes_on_to_its_delivery(cast, line):
    image = propose(line, cast)
    acquisitions.accept(image, by=cast.by_owner)
    with pytest.raises(NotAllowed):
        acquisitions.produced(image, by=cast.by_owner)
    acquisitions.produced(image, by=cast.by_desk)
    assert again(image).state == "produced"
    from tests.orders.journeys import deliver

    deliver(again(line), cast)
    assert again(image).state == "delivered"


# Stand-ins.


def days(first: int, last: int):
    today = timezone.localdate()
    return {"starts_on": today + timedelta(days=first), "ends_on": today + timedelta(days=last)}


def test_a_stand_in_answers_for_their_days_and_does_nothing_else(cast, line, colleague):
    image = propose(line, cast)
    by = Actor.of(colleague)
    with pytest.raises(NotAllowed):
        acquisitions.accept(image, by=by)
    assert not Line.objects.visible_to(colleague).exists()
    standins.name(colleague, **days(0, 3), by=cast.by_owner)
    assert list(Question.objects.to_answer(colleague)) == [image.question]
    assert sentence(again(line), colleague).is_yours
    with pytest.raises(NotAllowed):
        cancelling.cancel(again(line), by=by)
    acquisitions.accept(image, by=by)
    assert again(line).events.get(step="take_image").by_user == colleague
    assert not Question.objects.to_answer(colleague).exists()


def test_a_stand_in_whose_days_are_over_or_who_left_answers_nothing(cast, line, colleague):
    image = propose(line, cast)
    standin = standins.name(colleague, **days(0, 3), by=cast.by_owner)
    colleague.affiliations.update(state="ended", is_current=False)
    assert not Question.objects.to_answer(colleague).exists()
    colleague.affiliations.update(state="active", is_current=True)
    standins.end(standin, by=cast.by_owner)
    with pytest.raises(NotAllowed):
        acquisitions.accept(image, by=Actor.of(colleague))
    standins.name(colleague, **days(1, 3), by=cast.by_owner)
    assert not Question.objects.to_answer(colleague).exists()


def test_who_may_stand_in_and_when(cast, colleague, stranger):
    for receiver in (cast.owner, stranger):
        with pytest.raises(Invalid):
            standins.name(receiver, **days(0, 3), by=cast.by_owner)
    for wrong in (days(3, 1), days(-9, -1), days(0, 500)):
        with pytest.raises(Invalid):
            standins.name(colleague, **wrong, by=cast.by_owner)
    made = standins.name(colleague, **days(0, 3), by=cast.by_owner)
    with pytest.raises(NotNow):
        standins.name(cast.referent, **days(3, 5), by=cast.by_owner)
    with pytest.raises(NotFound):
        standins.end(made, by=Actor.of(stranger))
    assert standins.end(made, by=Actor.of(colleague)).ended_at


def test_the_mail_of_a_question_goes_to_the_requester_and_to_the_stand_in(cast, line, colleague):
    standins.name(colleague, **days(0, 3), by=cast.by_owner)
    study(line, cast)
    mail.outbox.clear()
    assert notices.tell(line.events.get(step="ask_feasibility")) == 2
    assert {to for one in mail.outbox for to in one.to} == {cast.owner.email, colleague.email}


# Cancelling.


def test_cancelling_counts_what_was_made_and_passes_too_near_and_gives_the_rest_back(cast, line):
    tasking.cloudy(attempt(line, cast), by=cast.by_desk, cloud_cover=90.0)
    soon, later = timezone.now() + timedelta(hours=5), timezone.now() + timedelta(days=5)
    near = tasking.plan(again(line), planned_at=soon, by=cast.by_desk)
    far = tasking.plan(again(line), planned_at=later, by=cast.by_desk)
    cost = cancelling.cost(again(line))
    assert (cost.counted, cost.late, cost.late_units, cost.given_back) == (1, (near,), 1, 1)
    cancelling.cancel(line, by=cast.by_owner, reason="The dam has failed.")
    line = again(line)
    assert (again(near).state, again(far).state, line.supply) == ("attempted", "missed", "stopped")
    assert (held(line), consumed(line), line.money) == (0, 2, "captured")


def test_pleiades_is_cancelled_at_no_cost(cast):
    quote = make.tasking_quote(cast.owner, sensor="pleiades", km2=150)
    line = make.with_supplier(cast.owner, cast.desk, quote)
    tasking.plan(line, planned_at=timezone.now() + timedelta(hours=2), by=cast.by_desk)
    cost = cancelling.cost(again(line))
    assert (cost.counted, cost.late_units, cost.given_back) == (0, 0, Decimal("150.00"))
    cancelling.cancel(line, by=cast.by_owner)
    assert (held(line), consumed(line), again(line).money) == (0, 0, "released")


def test_a_line_in_production_is_not_cancelled_and_nobody_else_cancels(cast, line, stranger):
    with pytest.raises(NotAllowed):
        cancelling.cancel(line, by=Actor.of(stranger))
    acquisitions.accept(propose(line, cast), by=cast.by_owner)
    with pytest.raises(NotNow):
        cancelling.cancel(line, by=cast.by_owner)
    assert again(line).supply == "in_production"


# Pages.


def test_the_inbox_shows_what_waits_and_an_answer_is_one_click(as_, cast, line):
    client = as_(cast.owner)
    assert b"Nothing waits for you" in client.get("/orders/inbox").content
    question = study(line, cast)
    page = client.get("/orders/inbox")
    assert b"A longer window" in page.content
    assert b"Without an answer: None of these options" in page.content
    sent = client.post(f"/orders/inbox/{question.pk}/answer", {"answer": "2"})
    assert sent.status_code == 302
    assert again(line).max_cloud == 25
    assert b"More cloud" in client.get(f"/orders/inbox/{question.pk}").content


def test_the_desk_asks_from_a_page(as_, cast, line):
    client = as_(cast.desk)
    address = f"/desk/lines/{line.pk}/ask"
    assert client.get(address).status_code == 200
    typed = {"kind": "feasibility", "said": "Which?", "label_1": "Wider", "max_incidence_1": "40"}
    assert client.post(address, typed).status_code == 302
    question = Question.objects.get()
    assert question.options[0] == {"key": "1", "label": "Wider", "max_incidence": 40}
    back = client.post(f"/desk/questions/{question.pk}/take-back", {"reason": "A mistake."})
    assert back.status_code == 302
    assert again(question).state == "taken_back"


def test_a_stand_in_is_named_from_the_inbox(as_, cast, colleague):
    client = as_(cast.owner)
    today = timezone.localdate().isoformat()
    typed = {"receiver": colleague.pk, "starts_on": today, "ends_on": today}
    assert client.post("/orders/inbox", typed).status_code == 302
    assert b"Erin answers for you" in client.get("/orders/inbox").content


def test_the_page_of_a_cancellation_says_its_cost_before_anything_is_done(as_, cast, line):
    client = as_(cast.owner)
    tasking.cloudy(attempt(line, cast), by=cast.by_desk, cloud_cover=90.0)
    address = f"/orders/{line.order.reference}/lines/1/cancel"
    page = client.get(address).content.decode()
    assert "24 hours" in page
    assert "2 attempts" in page
    assert again(line).supply == "attempting"
    assert client.post(address).status_code == 302
    assert again(line).supply == "stopped"
