"""A project reviewed and decided: who may be asked, what is allotted, in full or in part, and what comes back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import MailedLink
from catalogue.models import Sensor
from dinamis.actors import Actor
from dinamis.errors import Gone, Invalid, NotAllowed, NotNow
from orders.ledger import check
from orders.ledger.errors import QuotaTooSmall
from orders.ledger.models import Account, Movement
from orders.models import Project, ProjectReview
from orders.services.lines.clock import tick
from orders.services.projects import project_decisions, project_reviews, projects
from orders.services.projects.project_reading import timeline, words_of
from orders.views.project_page import shown
from tests import make as people
from tests.orders import make
from tests.orders import project_making as making
from trials._races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def years(laboratory) -> None:
    """Pléiades and SPOT of this year, whole in the budget."""
    make.period(budget=1000)
    make.period("spot67", budget=10)


def allotted(project: Project) -> dict[str, Decimal]:
    return {one.period.sensor_id: one.balance for one in project_decisions.allotments_of(project)}


def test_reviewers_are_asked_by_mail_and_answer_once(researcher, desk):
    project = making.submitted(researcher)
    one, two = making.reviewer(project, desk), making.reviewer(project, desk, "two@far.example")
    project.refresh_from_db()
    assert (project.state, project.turn) == ("in_review", "reviewer")
    people.keep_promises()
    assert [m.to[0] for m in mail.outbox[-2:]] == ["critic@far.example", "two@far.example"]
    link = making.link_of(one, "project_review")
    making.given(one, 4)
    project.refresh_from_db()
    assert project.state == "in_review"
    with pytest.raises(NotNow):
        making.given(one, 1)
    link.refresh_from_db()
    assert not link.is_usable
    by = Actor.through(making.link_of(two, "project_review"))
    project_reviews.decline(two, reason="We publish together.", by=by)
    project.refresh_from_db()
    one.refresh_from_db()
    assert (project.state, one.mean, one.advice) == ("reviewed", 4.0, "approve")


def test_a_link_of_another_review_does_not_answer(researcher, desk):
    project = making.submitted(researcher)
    one, two = making.reviewer(project, desk), making.reviewer(project, desk, "two@far.example")
    by = Actor.through(making.link_of(two, "project_review"))
    with pytest.raises(NotAllowed):
        project_reviews.decline(one, reason="No.", by=by)
    one.refresh_from_db()
    assert one.state == "asked"


def test_whoever_takes_part_is_refused_as_a_reviewer(researcher, referent, desk, stranger):
    project = making.draft(researcher)
    making.partner(project, "partner@elsewhere.example", organisation=None, body="Elsewhere")
    mountain = stranger.affiliations.get().organisation
    making.partner(project, "other@mountain.example", organisation=mountain, body="")
    projects.submit(project, by=Actor.of(researcher))
    domain = mountain.domains.create(domain="mountain.example")
    for email in (
        researcher.email,
        referent.email,
        stranger.email,
        "partner@elsewhere.example",
        f"nobody@lab.{domain.domain}",
    ):
        with pytest.raises(Invalid, match="conflict_of_interest"):
            making.reviewer(project, desk, email)
    project.refresh_from_db()
    assert (project.state, ProjectReview.objects.count()) == ("submitted", 0)


def test_silence_ends_a_review_after_one_reminder(researcher, desk):
    project = making.submitted(researcher)
    review = making.reviewer(project, desk)
    ProjectReview.objects.update(due_at=timezone.now() + timedelta(days=3))
    assert (tick()["reviews_reminded"], tick()["reviews_reminded"]) == (1, 0)
    people.keep_promises()
    assert mail.outbox[-1].subject.startswith("Reminder: Your turn: your review")
    ProjectReview.objects.update(due_at=timezone.now() - timedelta(hours=1))
    assert (tick()["reviews_silent"], tick()["reviews_silent"]) == (1, 0)
    project.refresh_from_db()
    review.refresh_from_db()
    assert (project.state, review.state) == ("reviewed", "silent")


def test_approved_in_full_it_has_its_allotment_in_the_same_transaction(researcher, desk, years):
    project = making.submitted(researcher)
    project_decisions.approve(project, by=Actor.of(desk))
    project.refresh_from_db()
    assert (project.state, project.is_running(timezone.localdate())) == ("approved", True)
    assert allotted(project) == {"pleiades": 300, "spot67": 4}
    budgets = Account.objects.filter(kind="budget").order_by("period__sensor")
    assert [one.balance for one in budgets] == [700, 6]
    assert check.faults() == []


def test_a_budget_too_small_changes_nothing_at_all(researcher, desk, years):
    project = making.submitted(
        researcher,
        wishes=(making.wish(km2=1001), making.wish("spot67", "tasking", images=4, km2=9)),
    )
    before = Movement.objects.count()
    with pytest.raises(QuotaTooSmall):
        project_decisions.approve(project, by=Actor.of(desk))
    project.refresh_from_db()
    assert (project.state, Movement.objects.count()) == ("submitted", before)
    assert set(project.wishes.values_list("offered", flat=True)) == {None}


def test_without_an_open_period_nothing_is_approved(researcher, desk):
    project = making.submitted(researcher)
    with pytest.raises(NotNow, match="no_period_open"):
        project_decisions.approve(project, by=Actor.of(desk))
    project.refresh_from_db()
    assert project.state == "submitted"


def test_a_cofunded_project_needs_a_review_first(researcher, desk, years):
    project = making.submitted(researcher, track="cofunded")
    with pytest.raises(NotNow, match="reviews_missing"):
        project_decisions.approve(project, by=Actor.of(desk))
    making.given(making.reviewer(project, desk))
    project_decisions.approve(project, by=Actor.of(desk))
    assert allotted(project)["pleiades"] == 300


def test_a_part_is_offered_with_its_reason_and_allotted_once_accepted(researcher, desk, years):
    project = making.submitted(researcher)
    archive, tasking = project.wishes.order_by("pk")
    amounts = {archive.pk: Decimal(120), tasking.pk: Decimal(0)}
    project_decisions.offer(project, amounts, reason="The budget is small.", by=Actor.of(desk))
    project.refresh_from_db()
    assert (project.state, project.turn, allotted(project)) == ("offered", "lead", {})
    with pytest.raises(NotAllowed):
        project_decisions.take_offer(project, by=Actor.of(desk))
    project_decisions.take_offer(project, by=Actor.of(researcher))
    assert allotted(project) == {"pleiades": 120}
    project.refresh_from_db()
    assert project.state == "approved"


@pytest.mark.parametrize(
    ("amounts", "code"),
    [
        ((300, 4), "offer_is_all"),
        ((0, 0), "offer_is_nothing"),
        ((301, 0), "offer_more_than_asked"),
        ((100, Decimal("1.5")), "attempts_are_whole"),
    ],
)
def test_an_offer_is_a_part(researcher, desk, years, amounts, code):
    project = making.submitted(researcher)
    wishes = project.wishes.order_by("pk")
    given = {wish.pk: Decimal(amount) for wish, amount in zip(wishes, amounts, strict=True)}
    with pytest.raises(Invalid) as refused:
        project_decisions.offer(project, given, reason="Less.", by=Actor.of(desk))
    project.refresh_from_db()
    assert (refused.value.code, project.state) == (code, "submitted")


def test_an_offer_that_is_not_accepted_goes_back_to_the_desk(researcher, desk, years):
    project = making.submitted(researcher)
    first = project.wishes.order_by("pk").first()
    part = {first.pk: Decimal(50)}
    project_decisions.offer(project, part, reason="Less.", by=Actor.of(desk))
    with pytest.raises(Invalid):
        project_decisions.leave_offer(project, reason=" ", by=Actor.of(researcher))
    project_decisions.leave_offer(project, reason="Too little.", by=Actor.of(researcher))
    project.refresh_from_db()
    assert (project.state, allotted(project)) == ("reviewed", {})
    assert words_of(project) == ("Why the offer was not accepted:", "Too little.")
    project_decisions.offer(project, part, reason="Less.", by=Actor.of(desk))
    Project.objects.update(due_at=timezone.now() - timedelta(hours=1))
    assert tick()["projects_lapsed"] == 1
    project.refresh_from_db()
    assert project.state == "reviewed"


def test_a_refusal_is_appealed_once_and_another_officer_decides(researcher, desk):
    project = making.submitted(researcher)
    project_decisions.refuse(project, reason="No need shown.", by=Actor.of(desk))
    assert words_of(project) == ("Why it was refused:", "No need shown.")
    project_decisions.appeal(project, reason="It is in annex.", by=Actor.of(researcher))
    with pytest.raises(NotAllowed, match="another_officer_decides"):
        project_decisions.decide_appeal(project, "dismiss", reason="No.", by=Actor.of(desk))
    project.refresh_from_db()
    assert not shown(project, desk)["steps"]
    other = people.officer("desk")
    assert set(shown(project, other)["steps"]) == {"grant", "dismiss"}
    project_decisions.decide_appeal(project, "grant", reason="True.", by=Actor.of(other))
    project_decisions.refuse(project, reason="Still no.", by=Actor.of(other))
    with pytest.raises(NotNow, match="appealed_already"):
        project_decisions.appeal(project, reason="Again.", by=Actor.of(researcher))
    project.refresh_from_db()
    assert project.state == "refused"


def test_the_lead_reads_what_is_offered_and_why_beside_the_answer(offered, researcher):
    client = Client(headers={"accept-language": "en"})
    client.force_login(researcher)
    page = client.get(offered.get_absolute_url()).content.decode()
    said = page[page.index("offered of") - 100 : page.index("Accept the offer")]
    assert "offered of 300" in said
    assert "<b>50\N{NO-BREAK SPACE}km²</b>" in said
    assert "Less." in said
    titles = [event["title"] for event in timeline(offered)]
    assert titles[-1].startswith("A part is offered: Pléiades 50")
    assert titles[-1].endswith("Less.")


def test_the_history_names_whom_it_was_about(researcher):
    project = making.draft(researcher)
    making.partner(project, name="Ada Reef")
    assert "Partner invited: Ada Reef" in [event["title"] for event in timeline(project)]


def test_the_desk_sees_what_the_budget_has_free_before_it_approves(researcher, desk, years):
    project = making.submitted(researcher)
    found = {one.sensor.code: one for one in project_decisions.free_for(project)}
    assert found["pleiades"].asked == 300
    assert (found["pleiades"].free, found["spot67"].free) == (1000, 10)
    assert found["pleiades"].is_enough
    project.starts_on = date(2090, 1, 1)
    assert [one.period for one in project_decisions.free_for(project)] == [None, None]
    assert not any(one.is_enough for one in project_decisions.free_for(project))


def test_withdrawing_asks_before_and_needs_no_words(researcher, client):
    project = making.submitted(researcher)
    client.force_login(researcher)
    page = client.get(project.get_absolute_url()).content.decode()
    assert 'popovertarget="step-withdraw"' in page
    assert (
        client.post(reverse("project_step", args=[project.reference, "withdraw"])).status_code
        == 302
    )
    project.refresh_from_db()
    assert project.state == "withdrawn"


def test_an_officer_decides_nothing_of_their_own_project(laboratory, desk, years):
    make.attached(desk, laboratory)
    project = making.submitted(desk)
    with pytest.raises(NotAllowed):
        project_decisions.approve(project, by=Actor.of(desk))
    with pytest.raises(NotAllowed):
        project_decisions.refuse(project, reason="No.", by=Actor.of(desk))


def test_closed_what_is_free_goes_back_and_what_returns_later_too(researcher, desk, years):
    project = making.approved(researcher, desk)
    project_decisions.close(project, reason="Done.", by=Actor.of(researcher))
    assert allotted(project) == {"pleiades": 0, "spot67": 0}
    account = Account.objects.get(kind="allotment", period__sensor="pleiades")
    budget = Account.objects.get(kind="budget", period__sensor="pleiades")
    assert budget.balance == 1000
    project_decisions.ledger.transfer(
        budget, Decimal(5), to_account=account, key="late", by=make.BY, reason="as if released"
    )
    assert (tick()["projects_given_back"], tick()["projects_given_back"]) == (1, 0)
    budget.refresh_from_db()
    assert budget.balance == 1000
    assert check.faults() == []


def test_more_is_allotted_once_however_often_it_is_sent(researcher, desk, stranger, years):
    project = making.approved(researcher, desk)
    sensor = Sensor.objects.get(code="pleiades")
    for _again in range(2):
        project_decisions.allot_more(
            project, sensor, Decimal(10), reason="A flood.", key="f1", by=Actor.of(desk)
        )
    assert allotted(project)["pleiades"] == 310
    with pytest.raises(NotAllowed):
        project_decisions.allot_more(
            project, sensor, Decimal(10), reason="Me.", key="f2", by=Actor.of(researcher)
        )


@pytest.fixture
def offered(researcher, desk, years) -> Project:
    project = making.submitted(researcher)
    first = project.wishes.order_by("pk").first()
    return project_decisions.offer(
        project, {first.pk: Decimal(50)}, reason="Less.", by=Actor.of(desk)
    )


@pytest.mark.django_db(transaction=True)
def test_an_offer_accepted_twice_at_once_is_allotted_once(offered, researcher):
    by = Actor.of(researcher)
    answers = at_once([lambda: project_decisions.take_offer(offered, by=by)] * 2)
    assert sorted(type(one).__name__ for one in answers) == ["NotNow", "Project"]
    assert allotted(offered) == {"pleiades": 50}


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_an_offer_is_allotted_twice(offered, researcher, monkeypatch):
    """Both read “offered” before either writes: what `locked` prevents."""
    by = Actor.of(researcher)
    read = [Project.objects.select_related("organisation", "lead").get(pk=offered.pk) for _ in "ab"]
    monkeypatch.setattr(project_decisions, "locked", lambda project: project)
    for one in read:
        project_decisions.take_offer(one, by=by)
    assert allotted(offered) == {"pleiades": 100}


def test_the_pages_of_desk_reviewer_and_lead(researcher, desk, years):
    project = making.submitted(researcher)
    here = project.get_absolute_url()
    at_desk, lead, outside = (Client(headers={"accept-language": "en"}) for _ in range(3))
    at_desk.force_login(desk)
    lead.force_login(researcher)
    queue = at_desk.get(reverse("desk_projects")).content.decode()
    assert "Coast lines of Guiana" in queue
    named = {"name": "Critic", "email": researcher.email, "body": "Far", "language": "en"}
    ask = reverse("project_reviewers", args=[project.reference])
    assert at_desk.post(ask, named).status_code == 422
    assert at_desk.post(ask, named | {"email": "critic@far.example"}).url == here
    review = ProjectReview.objects.get()
    token = people.token(MailedLink.objects.get(purpose="project_review"))
    address = reverse("project_review", args=[token])
    page = outside.get(address).content.decode()
    assert "Feasibility: places, dates, method" in page
    assert "Interest for the programme of CNES" not in page
    scores = dict.fromkeys(("quality", "need", "feasible", "means", "use"), "3")
    said = scores | {"advice": "part", "for_desk": "Half.", "for_lead": "Fewer images."}
    assert outside.post(address, said | {"need": "6"}).status_code == 422
    assert outside.post(address, said).status_code == 200
    assert outside.get(address).status_code == 410
    assert "Fewer images." not in lead.get(here).content.decode()
    page = at_desk.get(here).content.decode()
    assert "<q>Half.</q>" in page
    assert "3.0 of 5" in page
    first, second = project.wishes.order_by("pk")
    part = {f"wish-{first.pk}": "100", f"wish-{second.pk}": "2", "reason": "Half of it."}
    offer = reverse("project_offer", args=[project.reference])
    assert at_desk.post(offer, part | {f"wish-{first.pk}": "900"}).status_code == 422
    assert at_desk.post(offer, part).url == here
    page = lead.get(here).content.decode()
    assert "Yours: a part is offered." in page
    assert "Fewer images." in page
    assert "<q>Half.</q>" not in page
    assert "Critic" not in page
    took = lead.post(reverse("project_step", args=[project.reference, "take_offer"]))
    assert took.url == here
    assert allotted(project) == {"pleiades": 100, "spot67": 2}
    review.refresh_from_db()
    with pytest.raises(Gone):
        project_reviews.links.find(token, "project_review")


def test_a_draft_left_alone_is_withdrawn_and_the_desk_hears_nothing(researcher):
    project = making.draft(researcher)
    people.keep_promises()
    mail.outbox.clear()
    Project.objects.update(due_at=timezone.now() - timedelta(days=1))
    assert tick()["projects_lapsed"] == 1
    project.refresh_from_db()
    people.keep_promises()
    assert (project.state, [m.to[0] for m in mail.outbox]) == ("withdrawn", [researcher.email])
