"""More quota: asked by a referent, decided at the desk, and given in the same transaction."""

from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import Affiliation
from accounts.services.membership import mergers
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from orders.ledger import check
from orders.ledger.models import Account, Movement
from orders.models import QuotaRequest, QuotaRequestEvent
from orders.services.lines import orders
from orders.services.purse import budgets, quota_request_notices, quota_requests, serving
from orders.states import QUOTA_REQUEST
from tests import make as people
from tests.orders import make
from tests.orders.journeys import at_once


def ask(referent, laboratory, period, amount="200", submission="form"):
    return quota_requests.ask(
        period,
        laboratory,
        Decimal(amount),
        reason="The winter storms.",
        submission=submission,
        by=Actor.of(referent),
    )


def balance(kind: str) -> Decimal:
    return Account.objects.get(kind=kind).balance


def test_what_is_granted_goes_from_the_budget_to_the_allotment_with_the_decision(
    referent, laboratory, desk, year
):
    asked = ask(referent, laboratory, year)
    before = balance("budget")
    granted = quota_requests.grant(asked, Decimal(200), by=Actor.of(desk))
    assert (granted.state, granted.granted) == ("granted", 200)
    assert (balance("allotment"), balance("budget")) == (1200, before - 200)
    moved = Movement.objects.get(deed=f"quota-request:{asked.pk}")
    assert (moved.kind, moved.by_user, moved.reason) == ("transfer", desk, "The winter storms.")
    assert [event.step for event in asked.events.all()] == ["ask", "grant"]
    assert check.faults() == []


def test_a_part_needs_its_reason_and_may_come_from_the_reserve(referent, laboratory, desk, year):
    admin = make.person("queen", "quota_administrator")
    budgets.set_reserve(year, Decimal(500), reason="Kept.", key="r", by=Actor.of(admin))
    asked = ask(referent, laboratory, year)
    with pytest.raises(Invalid):
        quota_requests.grant(asked, Decimal(50), by=Actor.of(desk))
    assert balance("allotment") == 1000
    said = {"source": "reserve", "reason": "Half of the coast.", "by": Actor.of(desk)}
    assert quota_requests.grant(asked, Decimal(50), **said).state == "granted_in_part"
    assert (balance("allotment"), balance("reserve")) == (1050, 450)


def test_more_than_the_budget_has_is_refused_and_nothing_changes(referent, laboratory, desk, year):
    asked = ask(referent, laboratory, year, "50000")
    with pytest.raises(NotNow) as refused:
        quota_requests.grant(asked, Decimal(50_000), by=Actor.of(desk))
    assert (refused.value.code, refused.value.details["available"]) == (
        "quota_too_small",
        "9000.00",
    )
    asked.refresh_from_db()
    assert (asked.state, asked.granted, balance("allotment")) == ("asked", None, 1000)


def test_a_refusal_says_why_and_moves_nothing(referent, laboratory, desk, year):
    asked = ask(referent, laboratory, year)
    with pytest.raises(Invalid):
        quota_requests.refuse(asked, reason=" ", by=Actor.of(desk))
    refused = quota_requests.refuse(asked, reason="None is left.", by=Actor.of(desk))
    assert (refused.state, balance("allotment")) == ("refused", 1000)
    with pytest.raises(NotNow):
        quota_requests.grant(asked, Decimal(200), by=Actor.of(desk))
    assert ask(referent, laboratory, year, submission="again").state == "asked"


def test_who_may_ask_and_who_may_decide(researcher, referent, laboratory, stranger, desk, year):
    for user in (researcher, stranger, desk):
        with pytest.raises(NotAllowed):
            ask(user, laboratory, year)
    asked = ask(referent, laboratory, year)
    for user in (researcher, referent, stranger):
        with pytest.raises(NotAllowed):
            quota_requests.grant(asked, Decimal(200), by=Actor.of(user))
    home = make.attached(desk, laboratory)
    type(home).objects.filter(pk=home.pk).update(is_referent=True)
    with pytest.raises(NotAllowed):
        quota_requests.grant(asked, Decimal(200), by=Actor.of(desk))
    assert balance("allotment") == 1000
    assert quota_requests.withdraw(asked, by=Actor.of(referent)).state == "withdrawn"


def test_the_same_form_is_one_request_and_only_one_waits(referent, laboratory, year):
    first = ask(referent, laboratory, year)
    assert ask(referent, laboratory, year) == first
    with pytest.raises(NotNow) as refused:
        ask(referent, laboratory, year, submission="another")
    assert refused.value.code == "request_open"
    assert QuotaRequest.objects.count() == 1


def test_a_grant_serves_who_waits_for_the_allotment(researcher, referent, laboratory, desk, year):
    order = make.draft(researcher, make.quote(researcher, km2=300))
    make.placed(referent, make.quote(referent, km2=300), make.quote(referent, km2=300))
    make.placed(referent, make.quote(referent, km2=300))
    line = orders.submit(order, by=Actor.of(researcher), wait=True).lines.get()
    assert line.approval == "waiting_quota"
    quota_requests.grant(ask(referent, laboratory, year), Decimal(200), by=Actor.of(desk))
    assert serving.serve(line.waits_on_id) == 1


def test_mails_go_to_the_desk_and_then_to_the_referents(referent, laboratory, desk, year, settings):
    asked = ask(referent, laboratory, year)
    quota_requests.grant(asked, Decimal(50), reason="A part.", by=Actor.of(desk))
    for event in QuotaRequestEvent.objects.order_by("pk"):
        assert quota_request_notices.tell(event) == 1
    first, second = mail.outbox
    assert (first.to, second.to) == ([settings.DESK_EMAIL], [referent.email])
    assert first.subject == "À décider : plus de quota pour Coast Laboratory"
    assert second.subject == "50 km² of 200 km² for Coast Laboratory"
    assert "A part." in second.body


def test_every_step_of_the_table_is_one_of_the_services():
    taken = {"grant": "grant", "grant_part": "grant", "refuse": "refuse", "withdraw": "withdraw"}
    assert set(QUOTA_REQUEST.steps) == set(taken)
    assert all(hasattr(quota_requests, verb) for verb in taken.values())
    assert list(QUOTA_REQUEST.pairs()) == []


def test_both_sides_have_their_page(as_, referent, laboratory, desk, year):
    client = as_(referent)
    words = {"period": year.pk, "amount": "200", "reason": "Winter.", "submission": "f"}
    assert client.post(reverse("quota_requests"), words).status_code == 302
    asked = QuotaRequest.objects.get()
    officer = as_(desk)
    page = officer.get(reverse("desk_quota_requests")).content.decode()
    assert "Winter." in page
    assert "given 1,000, free 1,000" in page
    there = reverse("quota_request_step", args=[asked.pk, "grant"])
    sent = {"amount": "120", "source": "budget", "reason": "What is left."}
    assert officer.post(there, sent, follow=True).status_code == 200
    page = client.get(reverse("quota_requests")).content.decode()
    assert "Granted in part : 120\xa0km²" in page
    assert "What is left." in page


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_grant_at_once_give_it_once(referent, laboratory, desk, year):
    other = make.person("otto", "desk")
    asked = ask(referent, laboratory, year)
    results = at_once(
        *[
            lambda who=who: quota_requests.grant(asked, Decimal(200), by=Actor.of(who))
            for who in (desk, other)
        ]
    )
    assert sorted(type(one).__name__ for one in results) == ["NotNow", "QuotaRequest"]
    assert balance("allotment") == 1200


def test_a_merger_withdraws_what_is_open(desk, reference):
    home, heir = people.member("laboratory", desk=desk), people.member("park", desk=desk)
    leader = Affiliation.objects.get(organisation=home, is_referent=True).user
    asked = ask(leader, home, make.period())
    mergers.merge(home, into=heir, reason="Decree.", by=Actor.of(desk))
    asked.refresh_from_db()
    assert asked.state == "withdrawn"
