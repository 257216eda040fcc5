"""Approved at once, and why: every condition of a row, each alone in the way, and what is kept of it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import product

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from accounts.eligibility import Category
from dinamis.actors import Actor
from dinamis.errors import NotNow, Refused
from orders.models import ApprovalRow, Judgement, LineEvent, OrderPreference, Project, Quote
from orders.pricing import approving
from orders.pricing.approving import ApprovalRule, Case, judge, rule_for
from orders.pricing.words import Kind
from orders.services.lines import lines, notices, orders
from orders.services.rules import rulebook
from orders.services.rules.rules import version_in_force
from tests.orders import make
from tests.orders.journeys import held

GOOD = Case(
    category="research",
    sensor="pleiades",
    kind="production",
    unit="km2",
    units=Decimal(150),
    paid_units=Decimal(0),
    similar=Decimal(0),
    is_member=True,
    is_attached=True,
    is_firm=True,
    is_signed=True,
    has_project=True,
    was_asked=False,
)
ROW = ApprovalRule("", "", "", Decimal(200), Decimal(5), needs_project=True)
# What breaks each condition, alone.
BROKEN = {
    "amount": {"units": Decimal("200.01")},
    "quota": {"paid_units": Decimal(1)},
    "similar": {"similar": Decimal("5.1")},
    "member": {"is_member": False},
    "attached": {"is_attached": False},
    "firm": {"is_firm": False},
    "licence": {"is_signed": False},
    "project": {"has_project": False},
    "asked": {"was_asked": True},
}


@pytest.fixture
def rule(reference) -> None:
    make.approval(version_in_force(), most_units=200)


def failed(judged) -> list[str]:
    return [answer.id for answer in judged.answers if not answer.holds]


def test_what_keeps_every_condition_of_its_row_is_approved():
    assert judge([ROW], GOOD).is_approved
    assert judge([ROW], replace(GOOD, units=Decimal(200), similar=Decimal(5))).is_approved
    assert judge([ROW], replace(GOOD, is_signed=None)).is_approved


@pytest.mark.parametrize("name", BROKEN)
def test_each_condition_alone_sends_it_to_the_desk_and_is_named(name):
    judged = judge([ROW], replace(GOOD, **BROKEN[name]))
    assert not judged.is_approved
    assert failed(judged) == [name]


def test_without_a_row_nothing_is_approved_at_once():
    assert failed(judge([], GOOD)) == ["rule"]
    assert failed(judge([replace(ROW, sensor="spot67")], GOOD)) == ["rule"]


def test_every_condition_can_be_read_kept_and_broken_in_both_languages():
    for language in ("en", "fr"):
        with translation.override(language):
            for case in (GOOD, *(replace(GOOD, **broken) for broken in BROKEN.values())):
                for rows in ([ROW], []):
                    stored = [answer.stored() for answer in judge(rows, case).answers]
                    said = approving.read(stored)
                    assert all(one.text and "%(" not in one.text for one in said)
                    assert approving.suggestion(stored) in {"accept", "look", "complete", "refuse"}


def test_of_the_rows_that_match_the_most_specific_holds_in_every_case():
    words = list(product(["", "research"], ["", "pleiades"], ["", "production"]))
    rows = [ApprovalRule(*match, Decimal(rank + 1)) for rank, match in enumerate(words)]
    for category, sensor, kind in product(Category.values, ["pleiades", "spot67"], Kind.values):
        case = replace(GOOD, category=category, sensor=sensor, kind=kind)
        found = rule_for(rows, case)
        best = tuple(
            word if word == asked else ""
            for word, asked in zip(
                ("research", "pleiades", "production"), (category, sensor, kind), strict=True
            )
        )
        assert (found.category, found.sensor, found.kind) == best


def test_a_small_request_is_approved_at_once_ready_to_be_placed_and_says_why(
    researcher, year, rule
):
    line = make.placed(researcher, make.quote(researcher, km2=150))
    assert (line.approval, line.supply, line.money) == ("accepted", "to_place", "held")
    assert held(line) == line.quote.units
    kept = line.judgements.get()
    assert (kept.is_approved, kept.rule_version) == (True, version_in_force())
    with translation.override("en"):
        texts = [one.text for one in kept.said]
    assert "No member has an image of this area" in texts
    assert any("150" in text and "need nobody's look" in text for text in texts)
    event = LineEvent.objects.get(line=line, step="accept_by_rule")
    assert (event.by_part, event.facts) == ("rules", {"rules": "2026-01"})


def test_a_larger_one_waits_at_the_desk_and_its_judgement_says_what_stands_in_the_way(
    researcher, year, rule
):
    line = make.placed(researcher, make.quote(researcher, km2=250))
    assert (line.approval, line.supply, line.money) == ("submitted", "none", "held")
    kept = line.judgements.get()
    assert not kept.is_approved
    assert [one.id for one in kept.why] == ["amount"]
    assert kept.suggestion == "accept"


def test_where_a_member_has_the_image_already_the_desk_looks(researcher, year, rule):
    scene = make.scene()
    make.product(scene)
    line = make.placed(researcher, make.quote(researcher, of=scene, km2=150))
    assert line.approval == "submitted"
    assert [one.id for one in line.judgements.get().why] == ["similar"]
    assert line.judgements.get().suggestion == "look"


def test_where_a_row_asks_for_a_project_only_a_running_one_counts(researcher, laboratory, year):
    make.approval(version_in_force(), most_units=500, needs_project=True)
    line = make.placed(researcher)
    assert [one.id for one in line.judgements.get().why] == ["project"]
    order = make.draft(researcher)
    order.project = make.project(researcher, of=laboratory, state="closed")
    order.save(update_fields=["project"])
    with pytest.raises(NotNow) as refused:
        orders.submit(order, by=Actor.of(researcher))
    assert refused.value.code == "project_not_approved"
    assert order.lines.get().approval == "draft"
    Project.objects.update(state="approved")
    order.project.refresh_from_db()
    line = orders.submit(order, by=Actor.of(researcher)).lines.get()
    assert line.approval == "accepted"


def test_the_referent_agrees_first_and_then_the_rules_answer(
    researcher, referent, laboratory, year, rule
):
    OrderPreference.objects.create(organisation=laboratory, referent_approves=True)
    line = make.placed(researcher)
    assert line.approval == "awaiting_referent"
    assert not line.judgements.exists()
    line = lines.approve(line, by=Actor.of(referent))
    assert line.approval == "accepted"


def test_what_the_desk_asked_about_comes_back_to_the_desk(researcher, desk, year):
    line = make.placed(researcher)
    line = lines.ask_to_complete(line, by=Actor.of(desk), reason="Which year?")
    make.approval(version_in_force(), most_units=500)
    line = lines.complete(line, by=Actor.of(researcher), reason="This one.")
    assert line.approval == "submitted"
    assert [one.id for one in line.judgements.first().why] == ["asked"]
    assert line.judgements.count() == 2


def test_the_acceptance_is_told_once_and_the_desk_is_left_alone(researcher, year, rule):
    line = make.placed(researcher)
    mail.outbox.clear()
    for event in line.events.order_by("pk"):
        notices.tell(event)
    assert [one.to for one in mail.outbox] == [[researcher.email]]


def test_a_refused_submission_keeps_no_judgement(researcher, year, rule):
    quote = make.quote(researcher, km2=150)
    order = make.draft(researcher, quote)
    Quote.objects.filter(pk=quote.pk).update(
        made_at=timezone.now() - timedelta(days=9), expires_at=timezone.now() - timedelta(days=1)
    )
    with pytest.raises(Refused):
        orders.submit(order, by=Actor.of(researcher))
    assert not Judgement.objects.exists()


def test_a_judgement_is_never_changed_not_even_by_sql(researcher, year):
    made = make.placed(researcher).judgements.get()
    for act in (
        lambda: Judgement.objects.filter(pk=made.pk).update(is_approved=True),
        lambda: Judgement.objects.filter(pk=made.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_the_rows_are_edited_like_every_rule_with_a_day_and_a_second_person(
    client, researcher, year
):
    adele, basile = (make.person(name, "administrator") for name in ("adele", "basile"))
    today = timezone.localdate()
    with make.rules_opened():
        ApprovalRow.objects.all().delete()
    draft = rulebook.copy(version_in_force(), code="next", effective_from=today, by=Actor.of(adele))
    client.force_login(adele)
    sent = {
        "row-TOTAL_FORMS": "1",
        "row-INITIAL_FORMS": "0",
        "row-0-most_units": "160",
        "row-0-most_similar": "0",
        "row-0-sensor": "pleiades",
    }
    answer = client.post(reverse("rules_rows", args=["next", "approvalrow"]), sent)
    assert answer.status_code == 302
    assert ApprovalRow.objects.get(version=draft).most_units == 160
    assert make.placed(researcher).approval == "submitted"
    rulebook.propose(draft, by=Actor.of(adele), reason="Small requests.")
    draft.refresh_from_db()
    rulebook.approve(draft, by=Actor.of(basile))
    line = make.placed(researcher, make.quote(researcher, km2=150))
    assert line.approval == "accepted"
    assert line.judgements.get().rule_version.code == "next"


def test_the_requester_reads_why_on_the_order_page(client, researcher, year, rule):
    line = make.placed(researcher)
    client.force_login(researcher)
    page = client.get(line.get_absolute_url(), headers={"accept-language": "en"})
    page = page.content.decode()
    assert "Why it was approved at once" in page
    assert "Active member" in page
