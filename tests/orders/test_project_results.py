"""After the images: reports asked, reminded and overdue; publications; thanks; the year drawn from the ledger."""

import io
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from dinamis.actors import Actor
from dinamis.counting import count_all
from dinamis.errors import Invalid, NotAllowed, NotNow
from orders import menus
from orders.ledger.models import Movement
from orders.models import Line, Project, ProjectReport
from orders.services.lines import lines
from orders.services.lines.clock import tick
from orders.services.lines.reading import YOU
from orders.services.projects import project_decisions, project_reports
from orders.services.projects.project_reading import turn_of
from orders.services.projects.project_reports import acknowledgement, bare_doi
from orders.services.purse import yearly
from tests import make as people
from tests.orders import make
from tests.orders import project_making as making
from tests.orders.test_project_ordering import quoted

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(researcher, desk, year) -> Project:
    return making.approved(
        researcher, desk, themes=("coast", "water"), wishes=(making.wish(km2=300),)
    )


def delivered(user, desk, project: Project | None, *, km2: float = 150) -> Line:
    """A line under a project (or none), delivered whole."""
    line = make.placed(user, quoted(user, project, km2=km2))
    if line.approval == "submitted":  # the small ones of a project are accepted by the rules
        line = lines.accept(line, by=Actor.of(desk))
    line = lines.place(line, by=Actor.of(desk), supplier_reference="SO")
    product = make.product(line.scene)
    return lines.deliver(
        line, product=product, delivered_overlap_km2=line.area_km2, by=Actor.of(desk)
    )


def told() -> list[tuple[str, str]]:
    mail.outbox.clear()
    people.keep_promises()
    return [(one.to[0], one.subject) for one in mail.outbox]


def test_a_report_is_asked_a_year_after_the_first_image_reminded_and_escalated(
    project, researcher, desk
):
    line = delivered(researcher, desk, project)
    assert tick()["reports_asked"] == 0
    Line.objects.filter(pk=line.pk).update(state_since=timezone.now() - timedelta(days=366))
    assert (tick()["reports_asked"], tick()["reports_asked"]) == (1, 0)
    report = ProjectReport.objects.get()
    assert (report.kind, report.due_at - report.asked_at) == ("first", timedelta(days=60))
    assert (researcher.email, f"Your turn: a report on the project {project.title}") in told()
    ProjectReport.objects.update(due_at=timezone.now() + timedelta(days=10))
    assert (tick()["reports_reminded"], tick()["reports_reminded"]) == (1, 0)
    assert told() == [(researcher.email, f"Reminder: a report on the project {project.title}")]
    ProjectReport.objects.update(due_at=timezone.now() - timedelta(days=31))
    assert (tick()["reports_escalated"], tick()["reports_escalated"]) == (1, 0)
    assert len(told()) == 1


def test_at_its_end_a_project_is_closed_and_the_last_report_asked(project, researcher, desk):
    delivered(researcher, desk, project)
    yesterday = timezone.localdate() - timedelta(days=1)
    Project.objects.update(starts_on=yesterday - timedelta(days=9), ends_on=yesterday)
    done = tick()
    assert (done["projects_ended"], done["reports_asked"]) == (1, 1)
    project.refresh_from_db()
    (account,) = project_decisions.allotments_of(project)
    assert (project.state, account.balance) == ("closed", 0)
    assert [one.kind for one in project.reports.all()] == ["final"]


def test_without_an_image_no_report_is_asked(project):
    Project.objects.update(ends_on=timezone.localdate() - timedelta(days=1), starts_on="2020-01-01")
    assert tick()["reports_asked"] == 0


@pytest.fixture
def report(project) -> ProjectReport:
    now = timezone.now()
    return project.reports.create(
        kind="first", asked_at=now, state_since=now, due_at=now + timedelta(days=60)
    )


def test_a_report_that_is_asked_is_the_leads_turn_and_nobody_elses(
    report, researcher, referent, desk
):
    mine = turn_of(report.project, researcher)
    assert (mine.is_yours, mine.until, mine.badge) == (True, report.due_at, YOU)
    assert not turn_of(report.project, referent).is_yours
    assert not turn_of(report.project, desk).is_yours
    assert counted(researcher) == 1
    project_reports.give(report, "Two maps.", by=Actor.of(researcher))
    assert not turn_of(Project.objects.get(pk=report.project_id), researcher).is_yours
    assert counted(researcher) == 0


def counted(user) -> int:
    return sum(count_all(menus.projects_to_answer(SimpleNamespace(user=user))))


def test_the_lead_hands_it_in_once_and_the_desk_may_ask_no_more(report, researcher, desk, referent):
    with pytest.raises(Invalid):
        project_reports.give(report, " ", by=Actor.of(researcher))
    with pytest.raises(NotAllowed):
        project_reports.give(report, "Mine.", by=Actor.of(referent))
    project_reports.give(report, "Two maps.", by=Actor.of(researcher))
    with pytest.raises(NotNow):
        project_reports.give(report, "Three maps.", by=Actor.of(researcher))
    with pytest.raises(NotNow):
        project_reports.waive(report, reason="Never mind.", by=Actor.of(desk))
    report.refresh_from_db()
    assert (report.state, report.text) == ("given", "Two maps.")


@pytest.mark.parametrize(
    ("typed", "doi"),
    [
        ("10.1016/j.rse.2021.112345", "10.1016/j.rse.2021.112345"),
        ("https://doi.org/10.1016/J.RSE.1", "10.1016/j.rse.1"),
        ("doi: 10.5555/a(b)", "10.5555/a(b)"),
        ("10.5555/end.", "10.5555/end"),
        ("http://dx.doi.org/10.5555/x", "10.5555/x"),
    ],
)
def test_a_doi_is_read_whatever_stands_before_it(typed, doi):
    assert bare_doi(typed) == doi


@pytest.mark.parametrize(
    "typed", ["", "10.1/x", "11.5555/x", "10.5555/", "10.5555/a b", "javascript:1"]
)
def test_what_is_no_doi_is_refused(typed):
    with pytest.raises(Invalid, match="doi_malformed"):
        bare_doi(typed)


def test_a_publication_is_linked_once_by_the_people_of_the_project(project, researcher, stranger):
    words = {"title": "The coast", "year": 2026}
    with pytest.raises(NotAllowed):
        project_reports.publish(project, doi="10.5555/x", **words, by=Actor.of(stranger))
    made = project_reports.publish(project, doi="10.5555/X", **words, by=Actor.of(researcher))
    with pytest.raises(NotNow, match="publication_known"):
        project_reports.publish(project, doi="10.5555/x", **words, by=Actor.of(researcher))
    project_reports.take_back(made, by=Actor.of(researcher))
    project_reports.publish(project, doi="10.5555/x", **words, by=Actor.of(researcher))
    assert project.publications.filter(removed_at=None).count() == 1


def test_the_text_to_thank_with_names_project_sensors_and_credits(project, researcher, desk):
    assert project.reference in acknowledgement(project, "en")
    line = delivered(researcher, desk, project)
    text = acknowledgement(project, "en")
    assert text.startswith(
        f"This work used one Pléiades image obtained through DINAMIS (project {project.reference})."
    )
    assert line.product.credit in text


def test_the_year_adds_up_to_the_ledger_by_organisation_and_by_theme(
    project, researcher, desk, stranger, year
):
    make.allotment(stranger.affiliations.get().organisation, 500, in_period=year)
    delivered(researcher, desk, project, km2=151)
    delivered(researcher, desk, None, km2=120)
    delivered(stranger, desk, None, km2=200)
    report = yearly.of_year(timezone.localdate().year)
    consumed = sum(one.amount for one in Movement.objects.filter(kind="capture"))
    assert report.total.units["pleiades"] == consumed
    for rows in (report.organisations, report.themes):
        assert sum(row.units.get("pleiades", 0) for row in rows) == consumed
    assert [row.label for row in report.organisations] == [
        "Coast Laboratory",
        "Mountain Laboratory",
    ]
    by_theme = {row.label: row for row in report.themes}
    under = Movement.objects.get(
        kind="capture", from_account__owner_key=Line.objects.get(order__project=project).reference
    ).amount
    halves = [by_theme[name].units["pleiades"] for name in by_theme if by_theme[name].projects]
    assert sum(halves) == under
    assert max(halves) - min(halves) <= Decimal("0.01")
    mine = yearly.of_year(report.year, [project.organisation_id])
    assert [row.label for row in mine.organisations] == ["Coast Laboratory"]
    assert yearly.of_year(report.year - 1).organisations == ()


def test_parts_are_equal_to_a_step_and_make_the_whole():
    assert yearly.parts(Decimal("100.01"), 3, Decimal("0.01")) == [
        Decimal("33.34"), Decimal("33.34"), Decimal("33.33"),
    ]  # fmt: skip
    assert yearly.parts(Decimal(5), 2, Decimal(1)) == [3, 2]
    assert sum(yearly.parts(Decimal(-1), 3, Decimal("0.01"))) == -1


@pytest.mark.usefixtures("typeset")
def test_the_report_as_page_table_and_document(project, researcher, desk, referent, stranger):
    delivered(researcher, desk, project)
    browser = Client(headers={"accept-language": "en"})
    for user, status in ((desk, 200), (referent, 200), (stranger, 403)):
        browser.force_login(user)
        assert browser.get(reverse("yearly_report")).status_code == status
    browser.force_login(referent)
    page = browser.get(reverse("yearly_report")).content.decode()
    assert "Coast Laboratory" in page
    assert "Coast and sea" in page
    sent = b"".join(browser.get(reverse("yearly_report_csv"))).decode()
    assert "Coast Laboratory" in sent
    book = load_workbook(io.BytesIO(browser.get(reverse("yearly_report_xlsx")).content))
    rows = list(book.active.values)
    assert rows[0][:3] == ("Year", "Table", "Of")
    assert "Coast Laboratory" in {row[2] for row in rows}
    assert all(not isinstance(amount, str) for row in rows[1:] for amount in row[3:])
    assert browser.get(reverse("yearly_report_pdf")).content.startswith(b"%PDF")
    assert browser.get(reverse("yearly_report") + "?year=x").status_code == 200
