"""Images asked under a project: whose quota, whose price, between which days."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Identifier, Sensor
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotFound, NotNow
from orders.ledger import check
from orders.ledger.errors import QuotaTooSmall
from orders.models import Order, Project, Quote
from orders.options import DEFAULTS
from orders.services.asking import quotes
from orders.services.asking.wishes import Production, Tasking
from orders.services.lines import lines, orders
from orders.services.projects import project_decisions, project_parts
from tests.orders import make
from tests.orders import project_making as making
from tests.orders.journeys import held
from tests.orders.test_api import client, order, post, wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(researcher, desk, year) -> Project:
    """300 km² of Pléiades, beside the laboratory's own 1,000."""
    return making.approved(researcher, desk, wishes=(making.wish(km2=300),))


def quoted(user, project: Project | None, *, km2: float = 150, beyond: bool = False) -> Quote:
    production = Production(make.scene(km2=2000), make.square(km2))
    return quotes.make(production, by=Actor.of(user), project=project, beyond=beyond)


def free(project: Project) -> Decimal:
    (account,) = project_decisions.allotments_of(project)
    return account.balance


def test_the_project_s_allotment_carries_it_and_the_sum_says_so(project, researcher, laboratory):
    quote = quoted(researcher, project)
    carried = next(one for one in quote.explained if one["id"].startswith("carried_by"))
    assert (carried["id"], carried["values"]["owner"]) == (
        "carried_by_project",
        project.reference,
    )
    assert (quote.purse, quote.purse_before) == ("project", 300)
    line = make.placed(researcher, quote)
    assert line.order.project == project
    assert (held(line), free(project)) == (quote.units, 300 - quote.units)
    own = make.placed(researcher, quoted(researcher, None))
    assert own.order.project is None
    assert free(project) == 300 - quote.units
    lines.withdraw(line, by=Actor.of(researcher))
    assert free(project) == 300
    assert check.faults() == []


def test_its_partner_orders_under_it_for_their_own_organisation(project, stranger):
    partner = making.partner(project, stranger.email, body="Mountain")
    by = Actor.through(making.link_of(partner, "project_partner"))
    with pytest.raises(NotFound, match="project_unknown"):
        quoted(stranger, project)
    project_parts.answer(partner, "accept", by=by)
    line = make.placed(stranger, quoted(stranger, project))
    assert line.order.organisation == stranger.affiliations.get().organisation
    assert free(project) == 300 - line.quote.units


def test_an_allotment_too_small_does_not_fall_on_the_organisation(project, researcher):
    quote = quoted(researcher, project, km2=400)
    assert quote.is_short
    with pytest.raises(QuotaTooSmall):
        make.placed(researcher, quote)
    assert (free(project), Order.objects.filter(lines__money="held").count()) == (300, 0)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"state": "closed"}, "project_not_approved"),
        ({"ends_on": timezone.localdate() - timedelta(days=1)}, "project_not_running"),
        ({"starts_on": timezone.localdate() + timedelta(days=1)}, "project_not_running"),
    ],
)
def test_nothing_is_asked_under_a_project_that_does_not_run(project, researcher, facts, code):
    before = quoted(researcher, project)
    usual = {"starts_on": timezone.localdate() - timedelta(days=30)}
    Project.objects.filter(pk=project.pk).update(**usual | facts)
    project.refresh_from_db()
    with pytest.raises(NotNow, match=code):
        quoted(researcher, project)
    with pytest.raises(NotNow, match=code):
        make.placed(researcher, before)
    assert not Order.objects.filter(lines__money="held").exists()


def test_a_window_ends_with_the_project_at_the_latest(project, researcher, spot_year):
    tasking = Tasking(
        sensor=Sensor.objects.get(code="spot67"),
        area=make.square(900),
        starts_on=project.ends_on - timedelta(days=60),
        ends_on=project.ends_on + timedelta(days=1),
    )
    with pytest.raises(Invalid, match="window_after_project"):
        quotes.make(tasking, by=Actor.of(researcher), project=project)


def test_an_order_is_asked_under_one_project(project, researcher):
    two = [quoted(researcher, project), quoted(researcher, None)]
    words = {"title": "Coast", "purpose": "It.", "submission": "1", "by": Actor.of(researcher)}
    with pytest.raises(Invalid, match="quotes_of_several_projects"):
        orders.place(two, **words)
    assert not Order.objects.exists()


@pytest.fixture
def harbour(reference):
    """A public body, which pays the preferential rate beyond the quota."""
    user = make.person("hanna")
    make.attached(user, make.organisation("Harbour", category="public_body"))
    return user


def test_a_cofunded_project_gives_its_share_whatever_the_category(harbour, desk):
    make.period()
    project = making.submitted(harbour, track="cofunded", wishes=(making.wish(km2=300),))
    making.given(making.reviewer(project, desk))
    project_decisions.approve(project, by=Actor.of(desk))
    project.refresh_from_db()
    plain = quoted(harbour, None, km2=400, beyond=True)
    assert (plain.terms, plain.price_eur) == (
        "preferential",
        (plain.paid_units * Decimal("1.40")).quantize(Decimal("0.01")),
    )
    under = quoted(harbour, project, km2=400, beyond=True)
    assert (under.terms, under.quota_units) == ("cofunded", 300)
    assert under.price_eur == under.paid_units * Decimal("1.00")
    ids = [step["id"] for step in under.explained]
    assert ids[-5:] == [
        "carried_by_project", "share_beyond", "price_cofunded", "cofunded_by_project", "to_pay",
    ]  # fmt: skip
    short = quoted(harbour, project, km2=400)
    assert quotes.beyond_the_quota(short).terms == "cofunded"


def test_a_dinamis_project_changes_no_price(harbour, desk):
    make.period()
    project = making.approved(harbour, desk, wishes=(making.wish(km2=300),))
    quote = quoted(harbour, project, km2=400, beyond=True)
    assert (quote.terms, quote.quota_units) == ("preferential", 300)


def test_the_form_offers_the_projects_one_may_order_under(project, researcher, stranger):
    scene = make.scene()
    address = f"{reverse('order_new')}?scene={scene.item_id}&project={project.reference}"
    for user, offered in ((researcher, True), (stranger, False)):
        browser = Client(headers={"accept-language": "en"})
        browser.force_login(user)
        page = browser.get(address).content.decode()
        assert (f'value="{project.reference}" selected' in page) is offered
        assert ("Under a project" in page) is offered
    browser.force_login(researcher)
    sent = browser.post(address, {**DEFAULTS, "mode": "mono", "project": project.reference})
    assert sent.status_code == 302
    quote = Quote.objects.get()
    assert quote.project == project
    assert "Under the project" in browser.get(sent.url).content.decode()
    browser.force_login(stranger)
    sent = browser.post(address, {**DEFAULTS, "mode": "mono", "project": project.reference})
    assert (sent.status_code, Quote.objects.exclude(pk=quote.pk).get().project) == (302, None)


def test_programs_order_under_a_project_by_its_reference(project, researcher, stranger):
    scene = make.scene(item_id="DS_PHR1A_201910281410119_FR1_PX_W053N04_0922_01426")
    Identifier.objects.create(value=scene.item_id.removeprefix("DS_"), scene=scene)
    asked = wish(scene, project=project.reference)
    body = post(client(researcher), "quotes", asked).json()
    assert (body["project"], body["purse_before"]) == (project.reference, "300.00")
    placed = post(client(researcher), "orders", order(scene, lines=[asked]))
    assert (placed.status_code, placed.json()["project"]) == (201, project.reference)
    tried = post(client(researcher), "quotes/dry-run", {"options": [asked]}).json()
    assert [one["purse"] for one in tried["options"][0]["purses"]] == ["project", "organisation"]
    assert post(client(stranger), "quotes", asked).status_code == 404
    mixed = {"options": [asked, wish(scene)]}
    assert post(client(researcher), "quotes/dry-run", mixed).status_code == 400
