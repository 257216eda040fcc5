"""A project as its lead writes it: kept, completed, submitted; its places; its partners and their answers."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import MailedLink
from dinamis.actors import Actor
from dinamis.errors import Gone, Invalid, NotAllowed, NotNow
from orders.models import Project, ProjectEvent
from orders.services.projects import project_parts, projects
from orders.states import PARTNERSHIP, PROJECT
from tests import make as people
from tests.orders import project_making as making

pytestmark = pytest.mark.django_db


def seen_by(user) -> list[Project]:
    return list(Project.objects.visible_to(user))


def test_a_title_is_enough_to_keep_a_draft_and_everything_missing_is_said_at_once(
    researcher, laboratory
):
    project = projects.begin(projects.Facts("Coast"), by=Actor.of(researcher))
    assert (project.organisation, project.lead, project.state) == (laboratory, researcher, "draft")
    with pytest.raises(Invalid) as refused:
        projects.submit(project, by=Actor.of(researcher))
    assert refused.value.details["missing"] == [
        "abstract", "objectives", "method", "expected results", "a theme", "its dates", "an area",
        "an image wished for",
    ]  # fmt: skip
    project.refresh_from_db()
    assert (project.state, [e.step for e in project.events.all()]) == ("draft", ["begin"])


def test_a_whole_project_goes_to_the_desk_which_is_told(researcher, desk):
    project = making.submitted(researcher)
    assert (project.state, project.turn) == ("submitted", "desk")
    assert project.due_at - project.state_since == timedelta(days=14)
    assert seen_by(desk) == [project]
    people.keep_promises()
    assert mail.outbox[-1].subject == "À instruire : le projet Coast lines of Guiana"


def test_what_is_sent_does_not_change_any_more(researcher):
    project = making.submitted(researcher)
    for act in (
        lambda: projects.write(project, making.facts(title="Else"), by=Actor.of(researcher)),
        lambda: project_parts.remove_area(project, project.areas.get().pk, by=Actor.of(researcher)),
        lambda: projects.submit(project, by=Actor.of(researcher)),
    ):
        with pytest.raises(NotNow):
            act()
    project.refresh_from_db()
    assert (project.title, project.areas.count()) == ("Coast lines of Guiana", 1)


def test_nobody_else_writes_or_sends_it(researcher, referent, desk, stranger):
    project = making.draft(researcher)
    for user in (referent, desk, stranger):
        with pytest.raises(NotAllowed):
            projects.write(project, making.facts(title="Else"), by=Actor.of(user))
        with pytest.raises(NotAllowed):
            projects.submit(project, by=Actor.of(user))
    project.refresh_from_db()
    assert (project.title, project.state) == ("Coast lines of Guiana", "draft")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"title": " "}, "title_missing"),
        ({"abstract": "x" * 4001}, "words_too_long"),
        ({"ends_on": timezone.localdate()}, "project_ends_too_early"),
        ({"ends_on": timezone.localdate() + timedelta(days=366 * 7)}, "project_too_long"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(researcher, reference, more, code):
    with pytest.raises(Invalid) as refused:
        projects.begin(making.facts(**more), by=Actor.of(researcher))
    assert refused.value.code == code
    assert not Project.objects.exists()


def test_a_partner_answers_through_the_link_and_then_sees_the_project(researcher, stranger):
    project = making.draft(researcher)
    address = stranger.email
    partner = making.partner(project, address, organisation=None, body="Mountain")
    assert seen_by(stranger) == []
    people.keep_promises()
    assert mail.outbox[-1].to == [address]
    link = making.link_of(partner, "project_partner")
    project_parts.answer(partner, "accept", by=Actor.through(link))
    partner.refresh_from_db()
    assert (partner.state, partner.user) == ("accepted", stranger)
    assert seen_by(stranger) == [project]
    with pytest.raises(Gone):
        project_parts.answer(partner, "decline", by=Actor.through(link))
    project_parts.remove(partner, by=Actor.of(researcher))
    assert seen_by(stranger) == []


def test_a_partner_without_an_account_takes_part_and_claims_it_later(researcher):
    project = making.draft(researcher)
    partner = making.partner(project)
    link = making.link_of(partner, "project_partner")
    project_parts.answer(partner, "accept", by=Actor.through(link))
    partner.refresh_from_db()
    assert partner.user is None
    impostor = people.person("partner@elsewhere.example", proved=False)
    with pytest.raises(NotAllowed):
        project_parts.answer(partner, "accept", by=Actor.of(impostor))
    impostor.emailaddress_set.update(verified=True)
    project_parts.answer(partner, "accept", by=Actor.of(impostor))
    partner.refresh_from_db()
    assert (partner.user, seen_by(impostor)) == (impostor, [project])


def test_a_link_answers_for_one_partner_alone(researcher):
    project = making.draft(researcher)
    one, two = making.partner(project), making.partner(project, "two@elsewhere.example")
    link = making.link_of(one, "project_partner")
    with pytest.raises(NotAllowed):
        project_parts.answer(two, "accept", by=Actor.through(link))
    two.refresh_from_db()
    link.refresh_from_db()
    assert (two.state, link.is_usable) == ("invited", True)


def test_the_lead_and_a_person_named_twice_are_no_partners(researcher):
    project = making.draft(researcher)
    with pytest.raises(Invalid, match="partner_is_the_lead"):
        making.partner(project, researcher.email)
    making.partner(project)
    with pytest.raises(NotNow, match="partner_known"):
        making.partner(project, "Partner@elsewhere.example")
    assert project.partners.count() == 1


def test_a_project_is_handed_over_to_somebody_of_the_same_organisation(
    researcher, referent, stranger
):
    project = making.draft(researcher)
    with pytest.raises(Invalid, match="new_lead_unknown"):
        projects.hand_over(project, to=stranger, by=Actor.of(researcher))
    with pytest.raises(NotAllowed):
        projects.hand_over(project, to=stranger, by=Actor.of(stranger))
    projects.hand_over(project, to=referent, by=Actor.of(referent))
    project.refresh_from_db()
    assert project.lead == referent


def test_every_state_has_a_way_out_or_is_an_end():
    assert PROJECT.final == {"dismissed", "withdrawn", "closed"}
    assert PARTNERSHIP.final == set()


def test_the_whole_form_without_a_script(researcher):
    """Keep, place by file and by paste, partner, submit: only posts."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(researcher)
    words = {
        "title": "Coast", "track": "dinamis", "abstract": "a", "objectives": "o", "method": "m",
        "expected": "e", "themes": ["coast"], "starts_on": "2026-01-01", "ends_on": "2029-01-01",
        "joins_requests": "on", "wish-TOTAL_FORMS": "2", "wish-INITIAL_FORMS": "0",
        "wish-0-sensor": "pleiades", "wish-0-kind": "tasking", "wish-0-images": "2",
        "wish-0-km2": "250", "wish-1-sensor": "", "wish-1-kind": "production",
    }  # fmt: skip
    answer = client.post(reverse("project_new"), words)
    project = Project.objects.get()
    assert answer.url == reverse("project_edit", args=[project.reference])
    half = client.post(answer.url, words | {"wish-1-sensor": "spot67", "wish-INITIAL_FORMS": "1"})
    assert half.status_code == 422
    assert "A line names satellites" in half.content.decode()
    places = reverse("project_areas", args=[project.reference])
    assert client.post(places, {"area-text": "-52.4, 4.8, -52.2, 5"}).status_code == 302
    file = SimpleUploadedFile("two.geojson", TWO_PLACES, content_type="application/geo+json")
    assert client.post(places, {"area-file": file}).status_code == 302
    assert client.post(places, {"area-text": "nowhere"}).status_code == 422
    assert sorted(area.name for area in project.areas.all()) == ["", "East", "West"]
    partner = {
        "partner-name": "Two", "partner-email": "two@elsewhere.example", "partner-body": "Elsewhere",
        "partner-role": "field", "partner-language": "fr",
    }  # fmt: skip
    invite = reverse("project_partners", args=[project.reference])
    assert client.post(invite, partner | {"partner-body": ""}).status_code == 422
    assert client.post(invite, partner).status_code == 302
    edit = reverse("project_edit", args=[project.reference])
    assert "Two" in client.get(edit).content.decode()
    sent = client.post(edit, words | {"submit": "1"})
    assert sent.url == project.get_absolute_url()
    project.refresh_from_db()
    assert (project.state, project.wishes.get().km2) == ("submitted", 250)
    page = client.get(project.get_absolute_url()).content.decode()
    assert "The DINAMIS desk has it since" in page
    assert client.get(edit).status_code == 409


TWO_PLACES = b"""{"type": "FeatureCollection", "features": [
 {"type": "Feature", "properties": {"name": "West"}, "geometry": {"type": "Polygon",
  "coordinates": [[[-53, 4], [-52.9, 4], [-52.9, 4.1], [-53, 4.1], [-53, 4]]]}},
 {"type": "Feature", "properties": {"name": "East"}, "geometry": {"type": "Polygon",
  "coordinates": [[[-52, 4], [-51.9, 4], [-51.9, 4.1], [-52, 4.1], [-52, 4]]]}}]}"""


def test_the_page_of_the_link_shows_and_does_nothing_until_it_is_posted(researcher, client):
    project = making.draft(researcher)
    partner = making.partner(project)
    address = reverse(
        "project_partner", args=[people.token(making.link_of(partner, "project_partner"))]
    )
    before = ProjectEvent.objects.count()
    page = client.get(address)
    assert (page.status_code, ProjectEvent.objects.count()) == (200, before)
    assert "How the coast moves." in page.content.decode()
    assert client.post(address, {"answer": "decline"}).status_code == 200
    partner.refresh_from_db()
    assert (partner.state, MailedLink.objects.usable().count()) == ("declined", 0)
    assert client.get(address).status_code == 410
    people.keep_promises()
    assert mail.outbox[-1].to == [researcher.email]
