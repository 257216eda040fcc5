"""A project passes from one lead to another; whoever leads one hands it over before leaving for good."""

import pytest
from django.urls import reverse

from accounts.services.people import erasure
from dinamis.actors import Actor
from dinamis.errors import Invalid
from orders.models import ProjectEvent
from orders.services.projects import projects
from tests.orders import make


@pytest.fixture
def project(researcher, laboratory):
    return make.project(researcher, of=laboratory)


def test_the_lead_hands_it_over_on_its_page(as_, researcher, referent, project):
    there = reverse("project_hand_over", args=[project.reference])
    client = as_(researcher)
    assert there in client.get(project.get_absolute_url()).content.decode()
    assert client.post(there, {"lead": researcher.pk}).status_code == 422
    assert client.post(there, {"lead": referent.pk}).status_code == 302
    project.refresh_from_db()
    assert project.lead == referent
    event = ProjectEvent.objects.get(project=project, step="hand_over")
    assert event.by_user == researcher


def test_nobody_of_another_organisation_leads_it(researcher, stranger, project):
    with pytest.raises(Invalid):
        projects.hand_over(project, to=stranger, by=Actor.of(researcher))
    project.refresh_from_db()
    assert project.lead == researcher
    assert stranger not in projects.possible_leads(project)


def test_a_stranger_finds_no_such_page(as_, stranger, project):
    there = reverse("project_hand_over", args=[project.reference])
    assert as_(stranger).get(there).status_code == 404


def test_the_lead_of_a_running_project_is_not_erased_before_it_is_handed_over(
    researcher, referent, project
):
    said = erasure.outlook(researcher).first
    assert said == [f"You lead the project {project.title}: hand it over to a colleague."]
    projects.hand_over(project, to=referent, by=Actor.of(researcher))
    assert erasure.outlook(researcher).first == []


def test_the_orders_are_shown_by_project_on_the_page_and_by_program(as_, researcher, project, year):
    inside = make.placed(researcher, make.quote(researcher, project=project))
    outside = make.placed(researcher)
    client, wanted = as_(researcher), {"project": project.reference}
    page = client.get(reverse("orders"), wanted).content.decode()
    assert inside.reference in page
    assert outside.reference not in page
    assert outside.reference in client.get(reverse("orders")).content.decode()
    found = client.get("/api/v1/orders", wanted).json()["results"]
    assert [one["reference"] for one in found] == [inside.order.reference]
    page = client.get(reverse("orders"), {"project": "P-0"}).content.decode()
    assert "Nothing asked under this project" in page
