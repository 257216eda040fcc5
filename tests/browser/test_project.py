"""The whole life of a project, in three browsers: written, reviewed, offered in part, ordered under, reported on."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from orders.models import Line, Project, ProjectReport, ProjectReview
from orders.services.projects import project_decisions, project_reports
from tests import make as people
from tests.browser.walking import Walker, last_mail, link_in
from tests.orders import make
from tests.orders.test_project_results import delivered

pytestmark = pytest.mark.django_db(transaction=True)
PLACE = "-52.4, 4.8, -52.2, 5.0"


@pytest.fixture
def people_of_it(db):
    """A laboratory with quota in the budget, its researcher, and an officer of the desk."""
    make.period(budget=2000)
    make.period("spot67", budget=50)
    desk = people.officer("desk")
    laboratory = people.member("laboratory", desk=desk)
    return people.attached("researcher@laboratory.example", laboratory), desk


def test_the_life_of_a_project(visit, shoot, people_of_it):
    researcher, desk = people_of_it
    lead = Walker(visit, language="fr", width=1280)
    lead.sign_in(researcher.email)
    write(lead, shoot)
    project = Project.objects.get()
    partner(visit, shoot, lead, project)
    lead.go(f"{project.get_absolute_url()}edit")
    lead.press("Submit the project")
    lead.sees(lead.word("The DINAMIS desk has it since %(since)s.").partition("%")[0])
    officer = Walker(visit, language="en", width=1280)
    officer.sign_in(desk.email)
    review(visit, shoot, officer, project)
    offer(officer, shoot, project)
    lead.go(project.get_absolute_url())
    lead.check()
    shoot(lead.page, "project-offered-fr")
    lead.press("Accept the offer")
    lead.sees(lead.word("Its allotment"))
    project.refresh_from_db()
    (account,) = project_decisions.allotments_of(project)
    assert (project.state, account.balance) == ("approved", 200)
    after(lead, shoot, project, researcher, desk)
    in_every_look(visit, shoot, researcher, project)


def write(lead: Walker, shoot) -> None:
    """The form, kept without a script of its own; a place pasted."""
    lead.go("/projects/")
    shoot(lead.page, "projects-empty-fr")
    lead.page.locator("main a[href='/projects/new']").first.click()
    today = timezone.localdate()
    lead.fill(
        title="Traits de côte de Guyane",
        abstract="Comment la côte bouge, d’un banc de vase à l’autre.",
        objectives="Suivre les bancs.",
        method="Des couples d’images à un an.",
        expected="Une carte et deux articles.",
        starts_on=today.isoformat(),
        ends_on=(today + timedelta(days=700)).isoformat(),
    )
    lead.page.locator("input[name=themes][value=coast]").check()
    lead.fill(**{"wish-0-sensor": "pleiades", "wish-0-images": "3", "wish-0-km2": "300"})
    lead.check()
    shoot(lead.page, "project-new-fr")
    lead.press("Keep the draft")
    expect(lead.page).to_have_url(re.compile("/edit$"))
    lead.fill(**{"area-name": "Mahury", "area-text": PLACE, "method": "Des couples d’images."})
    lead.press("Add the place")
    lead.sees("Mahury")
    expect(lead.page.locator("[name=method]")).to_have_value("Des couples d’images.")
    expect(lead.page.locator("#project-map path.aoi").first).to_be_visible()
    lead.check()
    shoot(lead.page, "project-edit-fr")


def partner(visit, shoot, lead: Walker, project: Project) -> None:
    """Invited by mail, answers without an account."""
    lead.fill(
        **{
            "partner-name": "Ines Vase",
            "partner-email": "ines@harbour.example",
            "partner-body": "Le port",
            "partner-role": "field",
        }
    )
    lead.press("Invite by mail")
    lead.sees("Ines Vase")
    path = link_in(last_mail("ines@harbour.example"), "/projects/partner/")
    guest = Walker(visit, language="fr", width=390, path=path)
    guest.check()
    shoot(guest.page, "project-partner-390-fr")
    guest.press("Take part")
    guest.sees(guest.word("You take part."))


def review(visit, shoot, officer: Walker, project: Project) -> None:
    officer.go("/desk/projects/")
    officer.check()
    shoot(officer.page, "desk-projects-en")
    officer.page.get_by_role("link", name="Traits de côte de Guyane").click()
    officer.page.get_by_text("Ask a reviewer…").click()
    officer.fill(name="Critic", email="critic@far.example", body="Far", language="en")
    officer.press("Ask by mail")
    officer.sees("Critic")
    path = link_in(last_mail("critic@far.example"), "/projects/review/")
    critic = Walker(visit, language="en", width=1280, path=path)
    critic.check()
    shoot(critic.page, "project-review-en")
    for name in ("quality", "need", "feasible", "means", "use"):
        critic.page.locator(f"input[name={name}][value='4']").check()
    critic.page.locator("input[name=advice][value=part]").check()
    critic.fill(for_desk="Good, but large.", for_lead="Start with the west.")
    critic.press("Give the review")
    critic.sees("Your answer is recorded.")
    assert ProjectReview.objects.get().state == "given"


def offer(officer: Walker, shoot, project: Project) -> None:
    officer.go(project.get_absolute_url())
    officer.sees("4.0 of 5", "Good, but large.")
    officer.page.get_by_text("Offer a part…").click()
    wish = project.wishes.get()
    officer.fill(**{f"wish-{wish.pk}": "200"})
    officer.page.locator("#id_reason").first.fill("The west first.")
    officer.check()
    shoot(officer.page, "project-desk-en")
    officer.press("Offer this")
    officer.sees("A part was offered")


def after(lead: Walker, shoot, project: Project, researcher, desk) -> None:
    """An image comes, a report is asked, a publication is linked."""
    line = delivered(researcher, desk, project, km2=150)
    assert line.order.project == project
    Line.objects.filter(pk=line.pk).update(state_since=timezone.now() - timedelta(days=366))
    assert project_reports.ask_due(10) == 1
    lead.go(project.get_absolute_url())
    lead.sees(lead.word("What came of the images"))
    lead.fill(text="Une carte des bancs.")
    lead.press("Hand in the report")
    lead.page.get_by_text(lead.word("Link a publication…")).click()
    lead.fill(title="The coast of Guiana", doi="https://doi.org/10.5555/coast", year="2026")
    lead.press("Link it")
    lead.sees("10.5555/coast", "This work used one Pléiades image")
    lead.check()
    shoot(lead.page, "project-after-fr")
    assert ProjectReport.objects.get().state == "given"


def in_every_look(visit, shoot, researcher, project: Project) -> None:
    for theme, width, language in (("dark", 1280, "en"), ("dark", 390, "fr"), ("light", 390, "en")):
        walker = Walker(
            lambda path, **how: visit(path, theme=theme, **how),  # noqa: B023
            language=language,
            width=width,
        )
        walker.sign_in(researcher.email)
        for name, path in (("list", "/projects/"), ("page", project.get_absolute_url())):
            walker.go(path)
            walker.check()
            shoot(walker.page, f"project-{name}-{theme}-{width}-{language}")
