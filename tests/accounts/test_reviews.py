"""The yearly review: asked, answered for many at once, undone for 30 s, applied once, reminded, escalated."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts import policies
from accounts.models import Affiliation, Review, ReviewAct
from accounts.services.people import affiliations, reviews
from dinamis.actors import Actor
from dinamis.errors import Gone, Invalid, NotAllowed, NotFound, NotNow
from dinamis.outbox import Promise
from tests import make

pytestmark = pytest.mark.django_db


def later(**span: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(**span), tick=False)


@pytest.fixture
def second(laboratory, researcher):
    return make.attached("second@laboratory.example", laboratory)


@pytest.fixture
def review(laboratory, researcher, second):
    return reviews.open_for(laboratory)


def people(*users) -> list[Affiliation]:
    return [policies.current_affiliation(user) for user in users]


def test_it_opens_a_year_after_somebody_came_once(laboratory, researcher, park, other_referent):
    assert reviews.open_due() == 0
    with later(days=366):
        assert (reviews.open_due(), reviews.open_due()) == (1, 0)
        assert Review.objects.get().organisation == laboratory
        make.keep_promises()
        assert mail.outbox[-1].subject == "Your turn: are these people still at The laboratory?"


def test_those_ticked_stay_or_go_in_two_acts_and_the_review_closes(
    review, referent, researcher, second, as_
):
    browser = as_(referent)
    page = browser.get("/organisation/review/?tick=all").content.decode()
    assert "Are these 2 people still with you?" in page
    assert page.count(" checked") == 2
    stay, go = people(researcher, second)
    kept = browser.post("/organisation/review/", {"verdict": "keep", "affiliation": [stay.pk]})
    assert kept.status_code == 302
    sent = {"verdict": "end", "affiliation": [go.pk]}
    assert browser.post("/organisation/review/", sent).status_code == 422
    assert browser.post("/organisation/review/", sent | {"reason": "Gone."}).status_code == 302
    assert go in people(second)  # nothing happens before the 30 s are over
    acts = list(ReviewAct.objects.order_by("at"))
    assert [reviews.apply(act) for act in acts] == [False, False]
    with later(seconds=31):
        assert make.keep_promises() >= 2
        assert [reviews.apply(act) for act in acts] == [False, False]
    assert people(researcher, second) == [stay, None]
    review.refresh_from_db()
    assert review.closed_at is not None
    page = browser.get("/organisation/review/").content.decode()
    assert "Gone." in page
    assert "has left: 1, Referent of laboratory" in page


def test_an_act_is_undone_within_thirty_seconds_by_whoever_did_it(review, referent, second, desk):
    act = reviews.answer(
        review, people(second), verdict="end", reason="Gone.", by=Actor.of(referent)
    )
    assert reviews.can_undo(review, referent) == act
    with pytest.raises(NotAllowed, match="not_yours"):
        reviews.undo(act, by=Actor.of(desk))
    reviews.undo(act, by=Actor.of(referent))
    with later(seconds=31):
        assert not reviews.apply(act)
    assert people(second)[0].state == "active"
    assert second.pk in reviews.undecided(review).values_list("user", flat=True)
    again = reviews.answer(
        review, people(second), verdict="end", reason="Gone.", by=Actor.of(referent)
    )
    with later(seconds=31), pytest.raises(Gone, match="too_late"):
        reviews.undo(again, by=Actor.of(referent))


def test_rights_are_asked_again_when_the_act_takes_effect(
    review, referent, researcher, second, desk
):
    act = reviews.answer(
        review, people(second), verdict="end", reason="Gone.", by=Actor.of(referent)
    )
    affiliations.make_referent(people(researcher)[0], by=Actor.of(desk))
    affiliations.end(people(referent)[0], reason="Left.", by=Actor.of(desk))
    with later(seconds=31):
        assert not reviews.apply(act)
    assert people(second)[0].state == "active"


@pytest.mark.parametrize("who", ["researcher", "other_referent"])
def test_nobody_else_answers(review, second, who, request):
    by = Actor.of(request.getfixturevalue(who))
    with pytest.raises(NotAllowed, match="referent_only"):
        reviews.answer(review, people(second), verdict="keep", by=by)
    assert not ReviewAct.objects.exists()


def test_what_an_answer_may_not_hold(review, referent, second, other_researcher, desk):
    by = Actor.of(referent)
    for rows, verdict, error in (
        ([], "keep", Invalid),
        (people(other_researcher), "keep", NotFound),
        (people(referent), "keep", NotAllowed),
        (people(second), "end", Invalid),
    ):
        with pytest.raises(error):
            reviews.answer(review, rows, verdict=verdict, by=by)
    words = {"verdict": "end", "reason": "x"}
    with pytest.raises(NotNow, match="referent_stays"):
        reviews.answer(review, people(referent), by=Actor.of(desk), **words)
    assert not ReviewAct.objects.exists()


def test_what_is_left_open_is_reminded_then_escalated_each_once(review, referent, desk, as_):
    for days, expected in ((13, (0, 0)), (15, (1, 0)), (31, (0, 1)), (40, (0, 0))):
        with later(days=days):
            assert (reviews.remind(), reviews.escalate()) == expected
            make.keep_promises()
    assert len([m for m in mail.outbox if m.subject.startswith("Reminder")]) == 1
    assert "The laboratory" in as_(desk).get("/desk/unanswered/").content.decode()
    assert not Promise.objects.filter(done_at=None, due_at__lte=timezone.now()).exists()
