"""Short ways to projects, through the services."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import MailedLink, User
from catalogue.models import Sensor
from dinamis import geo
from dinamis.actors import Actor
from orders.models import Criterion, Project, ProjectPartner
from orders.services.projects import project_decisions, project_parts, project_reviews, projects
from orders.services.projects.project_parts import Asked
from orders.services.projects.projects import Facts, Wished
from tests.orders import make


def facts(**more: Any) -> Facts:
    """A project whose words are whole: 300 km² of Pléiades archive, 4 attempts of SPOT."""
    today = timezone.localdate()
    usual = {
        "title": "Coast lines of Guiana",
        "abstract": "How the coast moves.",
        "objectives": "To follow the mud banks.",
        "method": "Pairs of images, a year apart.",
        "expected": "A map and two papers.",
        "themes": ("coast",),
        "starts_on": today,
        "ends_on": today + timedelta(days=700),
        "wishes": (wish(km2=300), wish("spot67", "tasking", images=4, km2=3600)),
    }
    return Facts(**usual | more)


def wish(
    sensor: str = "pleiades", kind: str = "production", *, images: int = 3, km2: int
) -> Wished:
    return Wished(Sensor.objects.get(code=sensor), kind, images, Decimal(km2))


def draft(lead: User, **more: Any) -> Project:
    """Being written, with one place: nothing is missing but the sending."""
    project = projects.begin(facts(**more), by=Actor.of(lead))
    checked = geo.check_area(make.square(400))
    project_parts.add_area(project, checked, name="Mahury", by=Actor.of(lead))
    return project


def submitted(lead: User, **more: Any) -> Project:
    return projects.submit(draft(lead, **more), by=Actor.of(lead))


def partner(
    project: Project, email: str = "partner@elsewhere.example", **more: Any
) -> ProjectPartner:
    usual = {"name": "Partner", "role": "science", "language": "en", "body": "Elsewhere"}
    asked = Asked(email=email, **usual | more)
    return project_parts.invite(project, asked, by=Actor.of(project.lead))


def link_of(row: Any, purpose: str) -> MailedLink:
    return MailedLink.objects.filter(purpose=purpose, subject_key=str(row.pk)).first()


def reviewer(project: Project, desk: User, email: str = "critic@far.example") -> Any:
    named = project_reviews.Named(name="Critic", email=email, body="Far", language="en")
    return project_reviews.ask(project, named, by=Actor.of(desk))


def given(review: Any, value: int = 4, advice: str = "approve") -> Any:
    """The reviewer answers through the mailed link."""
    criteria = Criterion.objects.of_track(review.project.track)
    scores = {one.code: value for one in criteria}
    said = project_reviews.Given(scores, advice, "As I see it.", "Look at the tides.")
    by = Actor.through(link_of(review, "project_review"))
    return project_reviews.give(review, said, by=by)


def approved(lead: User, desk: User, **more: Any) -> Project:
    """Approved in full: its quota of this year must be open."""
    return project_decisions.approve(submitted(lead, **more), by=Actor.of(desk))
