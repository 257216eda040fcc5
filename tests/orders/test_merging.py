"""Two organisations become one: what moves, what stays, what is refused, and two things at once."""

from decimal import Decimal

import pytest
from django.apps import apps
from django.core import mail
from django.core.management import call_command

from accounts.models import (
    Affiliation,
    AffiliationEvent,
    ApiKey,
    MailedLink,
    Merger,
    Organisation,
    Signature,
    Supervision,
    User,
)
from accounts.policies import check_is_member
from accounts.services.membership import changes, mergers
from accounts.services.people import affiliations, invitations, reviews
from accounts.services.programs import api_keys
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from orders.ledger import check
from orders.ledger.models import Account, Movement
from orders.models import Line, Order
from orders.services.lines import lines, merging, orders
from tests import make as people
from tests.orders import make
from trials._races import at_once


@pytest.fixture
def desk(reference) -> User:
    return people.officer("desk")


@pytest.fixture
def laboratory(desk) -> Organisation:
    return people.member("laboratory", desk=desk)


@pytest.fixture
def park(desk) -> Organisation:
    return people.member("park", desk=desk, category="public_body")


@pytest.fixture
def researcher(laboratory) -> User:
    user = people.attached("researcher@laboratory.example", laboratory)
    make.signed(user)
    return user


@pytest.fixture
def year(laboratory):
    year = make.period()
    make.allotment(laboratory, 1000, in_period=year)
    return year


def merge(absorbed: Organisation, into: Organisation, desk: User) -> Merger:
    return mergers.merge(absorbed, into=into, reason="Decree of June.", by=Actor.of(desk))


def free(organisation: Organisation) -> Decimal:
    return sum(
        (a.balance for a in Account.objects.filter(kind="allotment", owner_key=organisation.pk)),
        Decimal(0),
    )


def test_every_table_that_points_at_an_organisation_has_its_fate():
    pointing = {
        f"{field.model._meta.app_label}.{field.model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model is Organisation
    }
    assert pointing == set(mergers.FATE)


def test_people_domains_keys_orders_and_quota_go_over_and_nothing_is_lost(
    laboratory, park, researcher, desk, year
):
    line = make.placed(researcher, make.quote(researcher, km2=150))
    key, _secret = api_keys.create(
        researcher, name="notebook", scopes=[ApiKey.Scope.READ], by=Actor.of(researcher)
    )
    waiting = people.request(people.person("waiting@laboratory.example"), laboratory)
    Supervision.objects.create(organisation=park, body=laboratory, name=laboratory.name)
    unit = people.member("unit", desk=desk)
    Supervision.objects.create(organisation=unit, body=laboratory, name=laboratory.name)
    before, signed = free(laboratory), Signature.objects.filter(organisation=laboratory).count()
    seen = mergers.preview(laboratory, park)
    merger = merge(laboratory, park, desk)
    assert seen == merger.moved
    assert merger.moved == {
        "people": 3, "collapsed": 0, "referents": 1, "domains": 1, "keys": 1, "laboratories": 2,
        "signatures": signed,
    }  # fmt: skip
    waiting.refresh_from_db()
    key.refresh_from_db()
    line.order.refresh_from_db()
    assert {waiting.organisation, key.organisation, line.order.organisation} == {park}
    assert Affiliation.objects.get(user=researcher).is_current
    assert sorted(d.domain for d in park.domains.all()) == ["laboratory.example", "park.example"]
    assert (free(laboratory), free(park)) == (0, before)
    assert Supervision.objects.get(organisation=unit).body == park
    assert Signature.objects.filter(organisation=laboratory).count() == signed
    counted = Organisation.objects.filter(pk=park.pk).with_absorbed()
    assert set(counted) == {park, laboratory}
    assert (laboratory.is_member, laboratory.memberships.get().state) == (False, "left")
    call_command("check_signatures", verbosity=0)
    assert check.faults() == []


def test_a_line_under_way_goes_on_and_what_it_gives_back_reaches_the_successor(
    laboratory, park, researcher, desk, year
):
    line = make.placed(researcher, make.quote(researcher, km2=150))
    merge(laboratory, park, desk)
    assert merging.pass_on_returns() == 0
    lines.withdraw(line, by=Actor.of(researcher), reason="No longer needed.")
    assert (merging.pass_on_returns(), merging.pass_on_returns()) == (1, 0)
    assert (free(laboratory), free(park)) == (0, 1000)
    assert check.faults() == []
    new = make.placed(researcher, make.quote(researcher, km2=150))
    assert new.order.organisation == park
    assert free(park) == 1000 - new.quote.units


def test_a_person_of_both_keeps_one_affiliation_with_the_duties_of_both(laboratory, park, desk):
    led = Affiliation.objects.get(organisation=laboratory, is_referent=True)
    colleague = people.person("double@laboratory.example")
    park_referent = Affiliation.objects.get(organisation=park, is_referent=True).user
    for user, organisation, referent in (
        (led.user, park, park_referent),
        (colleague, laboratory, led.user),
        (colleague, park, park_referent),
    ):
        asked = people.request(user, organisation)
        if organisation != park or user == led.user:
            affiliations.accept(asked, by=Actor.of(referent))
    merger = merge(laboratory, park, desk)
    assert (merger.moved["people"], merger.moved["collapsed"]) == (0, 2)
    for user, is_referent in ((led.user, True), (colleague, False)):
        (kept,) = Affiliation.objects.open().filter(user=user)
        assert (kept.organisation, kept.state, kept.is_referent, kept.is_current) == (
            park, "active", is_referent, True,
        )  # fmt: skip
    assert AffiliationEvent.objects.filter(step="merge").count() == 4


def test_everybody_who_went_over_is_told_with_the_reason(laboratory, park, researcher, desk):
    people.keep_promises()
    mail.outbox.clear()
    merge(laboratory, park, desk)
    people.keep_promises()
    told = [m for m in mail.outbox if m.subject == "The laboratory is now part of The park"]
    assert sorted(m.to[0] for m in told) == [
        "legal@laboratory.example",
        "legal@park.example",
        "referent@laboratory.example",
        "researcher@laboratory.example",
    ]
    assert all("Decree of June." in m.body for m in told)


def test_what_was_under_way_is_taken_back_and_its_link_works_no_longer(laboratory, park, desk):
    person = {"name": "Head", "position": "Director", "email": "head@laboratory.example"}
    asked = changes.ask_legal(laboratory, person, reason="Elected.", by=Actor.of(desk))
    link = MailedLink.objects.get(purpose="new_legal")
    with pytest.raises(NotNow, match="merger_with_itself"):
        merge(laboratory, laboratory, desk)
    asked.refresh_from_db()
    assert asked.state == "awaiting_legal"
    merge(laboratory, park, desk)
    asked.refresh_from_db()
    link.refresh_from_db()
    assert (asked.state, link.is_usable) == ("withdrawn", False)


def test_invitations_and_the_review_of_the_absorbed_organisation_end(laboratory, park, desk):
    leader = Actor.of(Affiliation.objects.get(organisation=laboratory, is_referent=True).user)
    asked = invitations.Asked("new@laboratory.example", "New", "Engineer")
    [invitation] = invitations.send(laboratory, [asked], language="en", by=leader)
    review = reviews.open_for(laboratory)
    merge(laboratory, park, desk)
    invitation.refresh_from_db()
    review.refresh_from_db()
    assert invitation.state == "withdrawn"
    assert review.closed_at


def test_what_cannot_be_merged_is_refused_and_changes_nothing(laboratory, park, researcher, desk):
    candidate = people.membership("school").organisation
    by = Actor.of(desk)
    for absorbed, into, code in (
        (park, park, "merger_with_itself"),
        (candidate, park, "dossier_under_way"),
        (park, candidate, "successor_not_a_member"),
    ):
        with pytest.raises(NotNow, match=code):
            mergers.merge(absorbed, into=into, reason="Decree.", by=by)
    with pytest.raises(Invalid, match="reason_missing"):
        mergers.merge(laboratory, into=park, reason=" ", by=by)
    with pytest.raises(NotAllowed, match="desk_only"):
        mergers.merge(laboratory, into=park, reason="Decree.", by=Actor.of(researcher))
    assert Merger.objects.count() == 0
    merge(laboratory, park, desk)
    with pytest.raises(NotNow, match="merged_already"):
        merge(laboratory, park, desk)
    assert (Merger.objects.count(), Affiliation.objects.filter(organisation=park).count()) == (1, 3)


def test_old_links_lead_to_the_successor(laboratory, park, researcher, desk, as_):
    harbour = people.member("harbour", desk=desk)
    number = laboratory.memberships.get().certificate_number
    merge(laboratory, park, desk)
    merge(park, harbour, desk)
    client = as_(researcher)
    answer = client.get(f"/account/attach/{laboratory.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/account/attach/{harbour.pk}/")
    page = client.get(f"/join/certificates/{number}/").content.decode()
    assert "The laboratory is part of The harbour since" in page


def test_the_desk_sees_what_moves_before_it_decides(laboratory, park, researcher, desk, year, as_):
    client, two = as_(desk), {"absorbed": laboratory.pk, "successor": park.pk}
    page = client.get("/desk/mergers/", two)
    assert (page.status_code, page.context["moving"].allotments[0].free) == (200, 1000)
    assert page.context["moving"].allotments[0].words == "1,000\xa0km²"
    refused = client.get("/desk/mergers/", {"absorbed": park.pk, "successor": park.pk})
    assert refused.status_code == 409
    assert client.post("/desk/mergers/", two).status_code == 422
    assert Merger.objects.count() == 0
    done = client.post("/desk/mergers/", two | {"reason": "Decree of June."}, follow=True)
    assert "The laboratory is now part of The park." in done.content.decode()
    assert Merger.objects.get().by_user == desk


@pytest.mark.django_db(transaction=True)
def test_of_two_mergers_at_once_each_into_the_other_one_is_done(reference):
    desk = people.officer("desk")
    one, other = people.member("laboratory", desk=desk), people.member("park", desk=desk)
    results = at_once([lambda: merge(one, other, desk), lambda: merge(other, one, desk)])
    assert sorted(type(result).__name__ for result in results) == ["Merger", "NotNow"]
    merger = Merger.objects.get()
    assert Affiliation.objects.open().filter(organisation=merger.absorbed).count() == 0
    assert Affiliation.objects.active().filter(organisation=merger.successor).count() == 2


def _merged_while_submitting() -> tuple[Merger, Order, Organisation]:
    """A form is sent while the desk merges: both begin before either ends."""
    desk = people.officer("desk")
    laboratory, park = people.member("laboratory", desk=desk), people.member("park", desk=desk)
    user = people.attached("researcher@laboratory.example", laboratory)
    make.signed(user)
    make.allotment(laboratory, 1000, in_period=make.period())
    quote = make.quote(user, km2=150)
    words = {"title": "Coast", "purpose": "The coast.", "submission": "form-1"}
    merger, order = at_once(
        [
            lambda: merge(laboratory, park, desk),
            lambda: orders.place([quote], **words, by=Actor.of(user)),
        ]
    )
    return merger, order, park


@pytest.mark.django_db(transaction=True)
def test_an_order_submitted_during_a_merger_is_the_successors(reference):
    merger, order, park = _merged_while_submitting()
    assert (type(merger), type(order)) == (Merger, Order)
    order.refresh_from_db()
    line = Line.objects.get()
    assert (order.organisation, line.approval, line.money) == (park, "submitted", "held")
    merging.pass_on_returns()
    assert free(park) == 1000 - line.quote.units
    assert Movement.objects.filter(kind="hold").count() == 1
    assert check.faults() == []


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_whoever_submits_during_a_merger_is_turned_away(reference):
    """What `acting_organisation` prevents: the form is judged for an organisation that is gone."""
    desk = people.officer("desk")
    laboratory, park = people.member("laboratory", desk=desk), people.member("park", desk=desk)
    user = people.attached("researcher@laboratory.example", laboratory)
    make.allotment(laboratory, 1000, in_period=make.period())
    quote = make.quote(user, km2=150)

    def careless(person: User) -> Organisation:
        read = check_is_member(person).organisation
        at_once([lambda: merge(laboratory, park, desk)])
        return read

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orders, "acting_organisation", careless)
        with pytest.raises(NotAllowed, match="quote_of_another_organisation"):
            orders.draft([quote], title="Coast", purpose="It.", submission="1", by=Actor.of(user))
    assert (Merger.objects.count(), Order.objects.count()) == (1, 0)
