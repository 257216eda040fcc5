"""A project passes from one lead to another; whoever leads one hands it over before leaving for good."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.models import Affiliation
from accounts.services.people import affiliations, erasure
from dinamis.actors import Actor
from dinamis.counting import count_all
from dinamis.errors import Invalid
from orders import menus
from orders.models import Project, ProjectEvent
from orders.services.projects import project_leads, projects
from tests import make as people
from tests.orders import make
from tests.orders import project_making as making
from tests.trust.proving import proved


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
    [tie] = erasure.outlook(researcher).first
    assert tie.say == f"You lead the project {project.title}: hand it over to a colleague."
    assert tie.url == reverse("project_hand_over", args=[project.reference])
    projects.hand_over(project, to=referent, by=Actor.of(researcher))
    assert erasure.outlook(researcher).first == []


def test_the_page_of_erasing_leads_to_the_hand_over_and_back(as_, researcher, referent, project):
    client, back = proved(as_(researcher)), reverse("data_erase")
    there = f"{reverse('project_hand_over', args=[project.reference])}?next={back}"
    assert there in client.get(back).content.decode()
    assert f'name="next" value="{back}"' in client.get(there).content.decode()
    done = client.post(there, {"lead": referent.pk, "next": back})
    assert done.url == back
    assert "Erase my account for good" in client.get(back).content.decode()
    elsewhere = client.post(there, {"lead": referent.pk, "next": "https://elsewhere.example/"})
    assert elsewhere.status_code == 404  # it is the referent's now, and no researcher's to give


def test_the_last_of_an_organisation_is_told_to_end_what_nobody_takes(researcher, project):
    Affiliation.objects.exclude(user=researcher).delete()
    [tie] = erasure.outlook(researcher).first
    assert "nobody else of Coast Laboratory could: withdraw or close it" in tie.say
    assert tie.url == project.get_absolute_url()


def test_a_refusal_binds_nobody_for_ever(researcher, project):
    Project.objects.filter(pk=project.pk).update(state="refused")
    assert erasure.outlook(researcher).first == []
    assert erasure.erase(researcher, by=Actor.of(researcher)).erased_at


def test_a_draft_and_a_programme_end_with_the_account_as_was_told_before(researcher, spot_year):
    draft = making.draft(researcher)
    programme = make.series(researcher)
    told = [tie.say for tie in erasure.outlook(researcher).ends]
    assert told == [
        f"The project that you write, {draft.title}, is withdrawn, unless a colleague takes it.",
        f"Your programme {programme.title} asks nothing more.",
    ]
    assert erasure.outlook(researcher).first == []
    erasure.erase(researcher, by=Actor.of(researcher))
    draft.refresh_from_db()
    programme.refresh_from_db()
    assert (draft.state, programme.state) == ("withdrawn", "ended")


def test_whoever_leaves_leaves_projects_that_the_referents_hand_over(
    as_, researcher, referent, desk, project
):
    people.keep_promises()
    mail.outbox.clear()
    mine = Affiliation.objects.get(user=researcher)
    affiliations.end(mine, reason="Gone to another laboratory.", by=Actor.of(referent))
    people.keep_promises()
    asked = f"Your turn: another lead for the project {project.title}"
    assert [one.to for one in mail.outbox if one.subject == asked] == [[referent.email]]
    client = as_(referent)
    there = reverse("project_hand_over", args=[project.reference])
    for page in (reverse("projects"), project.get_absolute_url()):
        assert there in client.get(page).content.decode()
    assert waiting_for(referent) == 1
    assert project_leads.escalate(10) == 0
    later = timezone.now() + timedelta(days=15)
    with time_machine.travel(later):
        assert (project_leads.escalate(10), project_leads.escalate(10)) == (1, 0)
    projects.hand_over(project, to=referent, by=Actor.of(referent))
    assert waiting_for(referent) == 0
    with time_machine.travel(later + timedelta(days=15)):
        assert project_leads.escalate(10) == 0


def waiting_for(user) -> int:
    """What the menu counts."""
    request = SimpleNamespace(user=user)
    return sum(count_all(menus.projects_to_answer(request)))


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
