"""By program: questions asked and answered, stand-ins named, joint requests agreed and placed, a rest asked for."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from orders.models import JointRequest, Line, Question, Standin
from orders.services.pools import joint
from orders.services.tasking import questions
from tests.orders import make
from tests.orders.journeys import Cast, propose
from tests.orders.test_api import client, post
from tests.orders.test_joint import asks
from tests.orders.test_joint_placed import agreed  # noqa: F401 a fixture
from tests.orders.test_rest import partial  # noqa: F401 a fixture

pytestmark = pytest.mark.django_db
STUDY = {
    "kind": "feasibility",
    "said": "Summer is cloudy.",
    "options": [{"label": "More cloud", "max_cloud": 25}, {"label": "Longer", "ends_on": "2031-01-31"}],
}  # fmt: skip


@pytest.fixture
def cast(researcher, referent, desk, year, spot_year) -> Cast:
    return Cast(researcher, referent, desk)


@pytest.fixture
def line(cast) -> Line:
    return make.with_supplier(cast.owner, cast.desk, make.tasking_quote(cast.owner))


@pytest.fixture
def colleague(laboratory):
    user = make.person("erin")
    make.attached(user, laboratory)
    return user


def there(line: Line) -> str:
    return f"orders/{line.order.reference}/lines/{line.number}"


def ask(cast, line, **more) -> dict:
    answer = post(client(cast.desk), f"{there(line)}/questions", STUDY | more)
    assert answer.status_code == 201, answer.json()
    return answer.json()


def listed(user, what: str = "questions") -> list[dict]:
    return client(user).get(f"/api/v1/{what}").json()["results"]


def test_a_study_is_asked_read_and_answered_and_its_option_becomes_the_lines(cast, line):
    asked = ask(cast, line)
    assert [one["key"] for one in asked["options"]] == ["1", "2", "none"]
    assert (asked["silence"], asked["line"]) == ("none", line.reference)
    assert [one["id"] for one in listed(cast.owner)] == [asked["id"]]
    assert listed(cast.desk) == []
    given = post(client(cast.owner), f"questions/{asked['id']}/answer", {"answer": "1"})
    assert (given.status_code, given.json()["state"], given.json()["answer"]) == (200, "answered", "1")  # fmt: skip
    line.refresh_from_db()
    assert (line.max_cloud, line.asks) == (25, "")
    assert listed(cast.owner) == []
    late = post(client(cast.owner), f"questions/{asked['id']}/answer", {"answer": "2"})
    assert late.status_code == 409


def test_what_is_no_option_and_who_is_not_asked_change_nothing(cast, line, stranger):
    asked = ask(cast, line)
    path = f"questions/{asked['id']}/answer"
    assert post(client(cast.owner), path, {"answer": "7"}).status_code == 422
    assert post(client(cast.referent), path, {"answer": "1"}).status_code == 403
    assert post(client(stranger), path, {"answer": "1"}).status_code == 404
    assert post(client(cast.owner), f"{there(line)}/questions", STUDY).status_code == 403
    assert Question.objects.get().state == "open"


def test_a_price_is_told_as_it_was_sent_and_a_question_is_taken_back(cast, line):
    sent = {"kind": "quotation", "said": "Agreed?", "price_eur": "1200.50", "options": []}
    asked = ask(cast, line, **sent)
    assert asked["facts"] == {"price_eur": "1200.50"}
    path = f"questions/{asked['id']}/take-back"
    assert post(client(cast.owner), path, {"reason": "No."}).status_code == 403
    assert post(client(cast.desk), path, {"reason": "No."}).json()["state"] == "taken_back"
    found = client(cast.desk).get(f"/api/v1/{there(line)}/questions").json()
    assert [one["state"] for one in found] == ["taken_back"]


def test_a_colleague_named_for_these_days_answers_and_then_does_not(cast, line, colleague):
    today = timezone.localdate()
    days = {"starts_on": str(today), "ends_on": str(today + timedelta(days=9))}
    asked = ask(cast, line)
    path = f"questions/{asked['id']}/answer"
    assert listed(colleague) == []
    sent = {"receiver": colleague.email.upper(), **days}
    named = post(client(cast.owner), "stand-ins", sent)
    assert (named.status_code, named.json()["receiver"]) == (201, colleague.email)
    again = post(client(cast.owner), "stand-ins", sent)
    assert (again.status_code, again.json()["code"]) == (409, "standin_named")
    assert [one["id"] for one in listed(colleague)] == [asked["id"]]
    ended = post(client(colleague), f"stand-ins/{named.json()['id']}/end", {})
    assert ended.json()["ended_at"] is not None
    assert post(client(colleague), path, {"answer": "1"}).status_code == 404
    assert listed(colleague) == []
    assert Standin.objects.get().ended_at is not None


def test_whoever_is_no_colleague_is_not_named(cast, stranger):
    today = str(timezone.localdate())
    sent = {"receiver": stranger.email, "starts_on": today, "ends_on": today}
    answer = post(client(cast.owner), "stand-ins", sent)
    assert (answer.status_code, answer.json()["code"]) == (422, "not_a_colleague")
    assert not Standin.objects.exists()


def test_a_joint_request_names_nobody_before_all_have_agreed_then_the_desk_places_it(
    researcher, neighbour, desk
):
    mine, theirs = asks(researcher), asks(neighbour, 3000)
    joint.find(mine)
    told = listed(researcher, "joint-requests")[0]
    assert (told["state"], told["others"], told["parties"]) == ("proposed", 1, [])
    assert Decimal(told["saved"]) == Decimal(told["alone"]) - Decimal(told["share"]) > 0
    assert listed(desk, "joint-requests") == []
    for user in (researcher, neighbour):
        part = listed(user, "joint-requests")[0]["id"]
        there = f"joint-requests/parts/{part}/answer"
        other = researcher if user == neighbour else neighbour
        assert post(client(other), there, {"agrees": True}).status_code == 404
        assert post(client(user), there, {"agrees": True}).status_code == 200
    told = listed(researcher, "joint-requests")[0]
    assert [one["line"] for one in told["parties"]] == [theirs.reference]
    whole = listed(desk, "joint-requests")
    assert [one["state"] for one in whole] == ["agreed"]
    place = f"joint-requests/{whole[0]['joint']}/place"
    early = post(client(desk), place, {"supplier_reference": "SO-1"})
    assert (early.status_code, early.json()["code"]) == (409, "joint_not_ready")


def test_one_who_declines_ends_it_and_nothing_of_it_is_told_any_more(researcher, neighbour):
    mine, _theirs = asks(researcher), asks(neighbour, 3000)
    joint.find(mine)
    part = listed(researcher, "joint-requests")[0]["id"]
    answer = post(client(researcher), f"joint-requests/parts/{part}/answer", {"agrees": False})
    assert answer.status_code == 204
    assert listed(neighbour, "joint-requests") == []
    assert JointRequest.objects.get().state == "declined"


def test_what_all_agreed_on_and_the_desk_accepted_is_placed_once_or_parted(agreed, desk):  # noqa: F811
    made, *lines = agreed
    path, sent = f"joint-requests/{made.pk}", {"supplier_reference": "SO-7"}
    headers = {"idempotency-key": "joint-1"}
    for _again in range(2):
        assert post(client(desk), f"{path}/place", sent, **headers).status_code == 204
    found = Line.objects.filter(pk__in=[one.pk for one in lines])
    assert set(found.values_list("supply", "supplier_reference")) == {("placed", "SO-7")}
    assert post(client(desk), f"{path}/part", {"reason": "No."}).status_code == 409


def test_a_tasking_is_cancelled_once_its_cost_is_read(cast, line):
    cost = client(cast.owner).get(f"/api/v1/{there(line)}/cancel").json()
    assert (cost["unit"], cost["counted"], cost["given_back"]) == ("attempt", "0", "3.00")
    assert post(client(cast.referent), f"{there(line)}/cancel", {}).status_code == 403
    done = post(client(cast.owner), f"{there(line)}/cancel", {"reason": "No more."})
    assert (done.status_code, done.json()) == (200, cost)
    line.refresh_from_db()
    assert line.supply == "stopped"


def test_what_an_image_did_not_cover_is_quoted(cast, partial):  # noqa: F811
    answer = post(client(cast.owner), f"{there(partial)}/rest", {})
    assert answer.status_code == 201
    assert [one["kind"] for one in answer.json()] == ["tasking"]
    assert post(client(cast.desk), f"{there(partial)}/rest", {}).status_code == 403


def test_a_proposed_image_is_accepted_as_a_question(cast, line):
    image = propose(line, cast)
    assert questions.Question.objects.get().kind == "proposal"
    path = f"questions/{image.question.pk}/answer"
    assert post(client(cast.owner), path, {"answer": "accept"}).json()["answer"] == "accept"
    line.refresh_from_db()
    assert line.supply == "in_production"
