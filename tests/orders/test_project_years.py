"""A project of several years: planned, allotted by itself once the year is open, given up."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from catalogue.models import Sensor
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from dinamis.outbox import Promise
from orders.ledger import services as ledger
from orders.ledger.check import faults
from orders.services.projects import project_clock, project_decisions, project_years
from tests.orders import make
from tests.orders import project_making as making
from tests.orders.test_api import client, post

pytestmark = pytest.mark.django_db
NEXT = timezone.localdate().year + 1


@pytest.fixture
def approved(researcher, desk, year, spot_year):
    return project_decisions.approve(making.submitted(researcher), by=Actor.of(desk))


def plan(project, desk, units="300", year=NEXT, sensor="pleiades", **more):
    facts = {"reason": "The second winter.", "by": Actor.of(desk)} | more
    return project_years.plan(
        project, Sensor.objects.get(code=sensor), year, Decimal(units), **facts
    )


def open_next(budget: int):
    """Next year of Pléiades, with a budget."""
    sensor = Sensor.objects.get(code="pleiades")
    period = ledger.open_period(sensor, year=NEXT, by=make.BY)
    ledger.grant_budget(period, Decimal(budget), key="next", by=make.BY, reason="the State's")
    return period


def free(project, period) -> Decimal:
    return project_decisions.allotment(project, period).balance


def test_a_plan_books_nothing_and_is_allotted_once_the_year_is_open(approved, desk):
    share = plan(approved, desk)
    assert project_clock.tick(100)["project_years_given"] == 0
    period = open_next(1000)
    assert free(approved, period) == 0
    assert project_clock.tick(100)["project_years_given"] == 1
    assert project_clock.tick(100)["project_years_given"] == 0
    share.refresh_from_db()
    assert (share.state, free(approved, period)) == ("given", 300)
    steps = list(approved.events.values_list("step", flat=True))
    assert steps[-2:] == ["plan_year", "give_year"]
    assert faults() == []


def test_what_the_budget_lacks_stays_planned_and_is_allotted_when_there_is_enough(approved, desk):
    share = plan(approved, desk)
    period = open_next(299)
    assert project_clock.tick(100)["project_years_given"] == 0
    assert project_years.lacking(approved) == {share.pk}
    ledger.grant_budget(period, Decimal(1), key="one more", by=make.BY, reason="the State's")
    assert project_years.lacking(approved) == set()
    assert project_clock.tick(100)["project_years_given"] == 1
    assert free(approved, period) == 300


def test_planned_again_is_what_is_planned_now_and_given_up_is_nothing(approved, desk):
    plan(approved, desk)
    second = plan(approved, desk, "200")
    assert list(approved.shares.planned()) == [second]
    project_years.drop(second, reason="No more.", by=Actor.of(desk))
    with pytest.raises(NotNow, match="already"):
        project_years.drop(second, reason="No more.", by=Actor.of(desk))
    open_next(1000)
    assert project_clock.tick(100)["project_years_given"] == 0


def test_a_project_closed_meanwhile_gets_nothing_more(approved, desk):
    share = plan(approved, desk)
    project_decisions.close(approved, reason="Done.", by=Actor.of(desk))
    period = open_next(1000)
    assert project_clock.tick(100)["project_years_given"] == 0
    share.refresh_from_db()
    assert (share.state, free(approved, period)) == ("dropped", 0)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"year": NEXT - 1}, Invalid),
        ({"year": NEXT + 9}, Invalid),
        ({"reason": " "}, Invalid),
        ({"sensor": "spot67", "units": "1.5"}, Invalid),
        ({"units": "0"}, Invalid),
    ],
)
def test_what_cannot_be_planned_is_refused_and_nothing_is_kept(approved, desk, facts, refusal):
    with pytest.raises(refusal):
        plan(approved, desk, **facts)
    assert not approved.shares.exists()


def test_a_year_that_is_open_is_allotted_from_not_planned(approved, desk):
    open_next(1000)
    with pytest.raises(NotNow, match="open already"):
        plan(approved, desk)


def test_only_the_desk_plans_and_nobody_for_a_project_of_their_own(
    approved, desk, researcher, referent
):
    for user in (researcher, referent):
        with pytest.raises(NotAllowed):
            plan(approved, user)
    approved.lead = desk
    approved.save(update_fields=["lead"])
    with pytest.raises(NotAllowed, match="own project"):
        plan(approved, desk)


def test_the_page_tells_what_is_planned_and_the_desk_gives_it_up(approved, desk, as_):
    page = f"/projects/{approved.reference}/"
    sent = {"sensor": "pleiades", "year": NEXT, "amount": "300", "reason": "The second winter."}
    assert as_(desk).post(f"{page}years", sent).status_code == 302
    said = as_(desk).get(page).content.decode()
    assert "The second winter." in said
    assert f"Pléiades {NEXT}<br>" in said
    assert f"{page}years/" in said
    open_next(1)
    assert "its budget does not carry this" in as_(desk).get(page).content.decode()
    share = approved.shares.get()
    there = f"{page}years/{share.pk}/drop"
    assert as_(desk).post(there, {"reason": "No more."}).status_code == 302
    assert there not in as_(desk).get(page).content.decode()


def test_by_program_a_project_is_decided_offered_allotted_planned_and_closed(
    researcher, desk, year, spot_year
):
    project = making.submitted(researcher)
    there, officer = f"projects/{project.reference}", client(desk)
    wishes = client(desk).get(f"/api/v1/{there}").json()["wishes"]
    body = {"wishes": [{"id": wishes[0]["id"], "units": "200"}], "reason": "A part."}
    assert post(officer, f"{there}/offer", body).json()["state"] == "offered"
    taken = post(client(researcher), f"{there}/steps/take_offer", {})
    assert (taken.status_code, taken.json()["state"]) == (200, "approved")
    assert taken.json()["allotments"][0]["free"] == "200.00"
    more = {"sensor": "pleiades", "amount": "50", "reason": "More.", "submission": "once"}
    for _again in range(2):
        answer = post(officer, f"{there}/allotments", more)
        assert (answer.status_code, answer.json()["allotments"][0]["free"]) == (201, "250.00")
    later = post(officer, f"{there}/allotments", more | {"year": NEXT})
    assert later.json()["planned"] == [{"sensor": "pleiades", "year": NEXT, "units": "50.00"}]
    closed = post(officer, f"{there}/steps/close", {"reason": "Done."})
    assert (closed.json()["state"], closed.json()["allotments"][0]["free"]) == ("closed", "0.00")
    assert post(officer, f"{there}/steps/unknown", {}).status_code == 404


def test_the_lead_is_told_when_the_year_is_allotted(approved, desk):
    plan(approved, desk)
    open_next(1000)
    Promise.objects.all().delete()
    project_clock.tick(100)
    assert Promise.objects.filter(task="orders.tasks.tell_project").count() == 1


def test_a_year_that_went_by_unopened_is_never_allotted(approved, desk):
    share = plan(approved, desk)
    with time_machine.travel(timezone.now() + timedelta(days=800)):
        assert project_clock.tick(100)["project_years_given"] == 0
    share.refresh_from_db()
    assert share.state == "dropped"
    assert approved.events.last().reason == "The year went by."
