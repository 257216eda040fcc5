"""The administrators' pages: a copy as draft, its rows, the diff, the effect, two people, history."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.db.utils import DatabaseError
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from orders.models import Ceiling, MinimumArea, PriceRow, PurseOrder, Quote, RuleVersion
from orders.services.rules import rule_reading, rulebook
from orders.services.rules.rules import version_in_force
from tests.orders import make
from tests.orders.journeys import at_once

REFUSED_BY_SQL = (IntegrityError, InternalError, DatabaseError)


@pytest.fixture
def adele(reference) -> User:
    return make.person("adele", "administrator")


@pytest.fixture
def basile(reference) -> User:
    return make.person("basile", "administrator")


@pytest.fixture
def draft(adele) -> RuleVersion:
    now = version_in_force()
    day = timezone.localdate() + timedelta(days=10)
    return rulebook.copy(now, code="next", effective_from=day, by=Actor.of(adele))


def test_a_copy_has_every_row_and_differs_in_nothing(draft):
    now = RuleVersion.objects.get(code="2026-01")
    same = ("minimums", "factors", "units", "purses", "tasking", "licences", "delays", "zones")
    for name in (*same, "ceilings", "offers"):
        assert getattr(draft.rules, name) == getattr(now.rules, name)
    assert set(draft.rules.terms) == set(now.rules.terms)
    assert (draft.state, draft.copied_from) == ("draft", now)
    assert rule_reading.changes(draft, now) == []


@pytest.mark.parametrize("code", ["", "2026-01"])
def test_a_copy_without_a_code_of_its_own_or_in_the_past_is_refused(adele, code):
    now, today = version_in_force(), timezone.localdate()
    with pytest.raises(Invalid):
        rulebook.copy(now, code=code, effective_from=today, by=Actor.of(adele))
    yesterday = today - timedelta(days=1)
    with pytest.raises(Invalid):
        rulebook.copy(now, code="x", effective_from=yesterday, by=Actor.of(adele))
    assert RuleVersion.objects.count() == 4


def test_a_version_in_force_is_never_changed_not_even_by_sql(reference):
    version = version_in_force()
    row = MinimumArea.objects.filter(version=version).first()
    for act in (
        lambda: MinimumArea.objects.filter(pk=row.pk).update(km2=1),
        lambda: MinimumArea.objects.filter(pk=row.pk).delete(),
        lambda: PriceRow.objects.create(version=version, terms="free"),
        lambda: RuleVersion.objects.filter(pk=version.pk).update(quote_days=1),
        lambda: RuleVersion.objects.filter(pk=version.pk).update(state="draft"),
    ):
        with pytest.raises(REFUSED_BY_SQL), transaction.atomic():
            act()
    row.refresh_from_db()
    assert row.km2 == 100


def test_whoever_had_a_hand_in_a_version_does_not_approve_it(draft, adele, basile):
    third = make.person("carole", "administrator")
    rulebook.change(draft, by=Actor.of(basile), what="Prices", act=lambda: None)
    proposed = rulebook.propose(draft, by=Actor.of(adele), reason="For next year.")
    for hand in (adele, basile):
        assert not rulebook.is_second_for(proposed, hand)
        with pytest.raises(NotAllowed) as refused:
            rulebook.approve(proposed, by=Actor.of(hand))
        assert refused.value.code == "second_person_needed"
    with pytest.raises(NotAllowed):
        rulebook.approve(proposed, by=Actor.of(make.person("dan", "desk")))
    assert RuleVersion.objects.get(pk=draft.pk).state == "proposed"
    assert rulebook.approve(proposed, by=Actor.of(third)).state == "approved"
    steps = list(draft.events.values_list("step", flat=True))
    assert steps == ["copy", "edit", "propose", "approve"]


def test_an_approved_version_holds_from_its_day_on(draft, adele, basile):
    draft.minimumarea_rows.filter(sensor="pleiades").update(km2=25)
    proposed = rulebook.propose(draft, by=Actor.of(adele), reason="Smaller areas.")
    rulebook.approve(proposed, by=Actor.of(basile))
    before = draft.effective_from - timedelta(days=1)
    assert version_in_force(before).rules.minimums["pleiades", "production"] == 100
    assert version_in_force(draft.effective_from).rules.minimums["pleiades", "production"] == 25


def test_a_version_with_a_gap_is_not_proposed_and_says_which(draft, adele):
    PurseOrder.objects.filter(version=draft).delete()
    draft.pricerow_rows.filter(sensor="spot67", kind="tasking").delete()
    with translation.override("en"), pytest.raises(NotNow) as refused:
        rulebook.propose(draft, by=Actor.of(adele), reason="Too early.")
    missing = refused.value.details["missing"]
    assert refused.value.code == "rules_incomplete"
    assert "the order of the purses" in missing
    assert any("spot67, Tasking" in one for one in missing)
    assert RuleVersion.objects.get(pk=draft.pk).state == "draft"


def test_a_version_sent_back_is_a_draft_again_and_one_given_up_is_over(draft, adele, basile):
    proposed = rulebook.propose(draft, by=Actor.of(adele), reason="For next year.")
    with pytest.raises(NotNow):
        rulebook.change(proposed, by=Actor.of(adele), what="Prices", act=lambda: None)
    with pytest.raises(Invalid):
        rulebook.send_back(proposed, by=Actor.of(basile), reason=" ")
    again = rulebook.send_back(proposed, by=Actor.of(basile), reason="Too dear.")
    assert again.state == "draft"
    assert rulebook.drop(again, by=Actor.of(adele), reason="Never mind.").state == "dropped"
    with pytest.raises(NotNow):
        rulebook.propose(draft, by=Actor.of(adele), reason="After all.")


def test_the_difference_is_told_row_by_row(draft):
    draft.pricerow_rows.filter(category="research", reach="beyond").update(eur_per_unit=2)
    draft.purseorder_rows.filter(purse="project").delete()
    Ceiling.objects.create(version=draft, scope="order", sensor_id="pleiades", most=500)
    with translation.override("en"):
        told = {
            (one.table, one.kind): (one.what, one.was, one.now)
            for one in rule_reading.changes(draft, draft.copied_from)
        }
    assert set(told) == {
        ("Prices", "changed"),
        ("Order of the purses", "gone"),
        ("Ceilings", "new"),
    }
    what, was, now = told["Prices", "changed"]
    assert what.startswith("French research or higher-education body, Pléiades")
    assert (was, now) == ("euros per km² or attempt 1", "euros per km² or attempt 2")


def test_what_would_change_is_worked_out_and_stores_nothing(draft, researcher, year):
    make.placed(researcher, make.quote(researcher, km2=63))
    make.quote(researcher, km2=63)
    draft.minimumarea_rows.filter(sensor="pleiades").update(km2=150)
    before = Quote.objects.count()
    (one,) = rule_reading.impact(draft)
    assert (one.count, one.changed, one.refused) == (2, 2, 0)
    assert one.units == [Decimal("200.00"), Decimal("300.00")]
    assert one.euros == [0, 0]
    assert Quote.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_two_who_approve_at_once_approve_once(db):
    people = [make.person(name, "administrator") for name in ("adele", "basile", "carole")]
    day = timezone.localdate() + timedelta(days=10)
    draft = rulebook.copy(version_in_force(), code="x", effective_from=day, by=Actor.of(people[0]))
    draft = rulebook.propose(draft, by=Actor.of(people[0]), reason="For next year.")
    acts = [lambda who=who: rulebook.approve(draft, by=Actor.of(who)) for who in people[1:]]
    results = at_once(*acts)
    refused = [one for one in results if isinstance(one, NotNow)]
    assert len(refused) == 1
    assert draft.events.filter(step="approve").count() == 1


class TestPages:
    @pytest.fixture(autouse=True)
    def signed_in(self, client, adele):
        client.force_login(adele)
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    def test_the_whole_way_from_a_copy_to_rules_in_force(self, client, adele, basile):
        day = (timezone.localdate() + timedelta(days=3)).isoformat()
        answer = client.post(
            reverse("rules_copy", args=["2026-01"]), {"code": "2027-01", "effective_from": day}
        )
        assert answer.url == reverse("rules_version", args=["2027-01"])
        address = reverse("rules_rows", args=["2027-01", "minimumarea"])
        form = client.get(address).context["formset"]
        sent = filled(form)
        changed = next(k for k, v in sent.items() if k.endswith("-km2") and v == Decimal("100.00"))
        assert client.post(address, sent | {changed: "120"}).status_code == 302
        page = client.get(answer.url).content.decode()
        assert "minimum, in km² 120" in page
        reason = {"reason": "Larger minimum."}
        client.post(reverse("rules_step", args=["2027-01", "propose"]), reason)
        denied = client.post(reverse("rules_step", args=["2027-01", "approve"]))
        assert denied.status_code == 403
        client.force_login(basile)
        assert "waits for your approval" in client.get(reverse("rules")).content.decode()
        assert client.post(reverse("rules_step", args=["2027-01", "approve"])).status_code == 302
        assert RuleVersion.objects.get(code="2027-01").state == "approved"

    def test_the_same_case_twice_is_refused_and_nothing_is_kept(self, client, draft):
        address = reverse("rules_rows", args=[draft.code, "multiplier"])
        sent = filled(client.get(address).context["formset"])
        last = int(sent["row-TOTAL_FORMS"]) - 1
        sent |= {f"row-{last}-mode": "mono", f"row-{last}-factor": "4"}
        answer = client.post(address, sent)
        assert answer.status_code == 422
        assert draft.multiplier_rows.count() == 3

    @pytest.mark.parametrize("name", rulebook.TABLES)
    def test_every_table_opens_as_a_form_and_is_kept_as_it_was(self, client, draft, name):
        address = reverse("rules_rows", args=[draft.code, name])
        before = rule_reading.table(draft, name)
        assert client.post(address, filled(client.get(address).context["formset"])).url
        assert rule_reading.table(draft, name) == before

    def test_a_dimension_left_open_reads_any_and_not_dashes(self, client, draft):
        page = client.get(reverse("rules_rows", args=[draft.code, "pricerow"])).content.decode()
        assert page.count('<option value="" selected>any</option>') > 20
        empty = client.get(reverse("rules_rows", args=[draft.code, "pricerow"])).context["formset"]
        assert empty.forms[0].fields["terms"].choices[0] == ("", "---------")

    def test_an_approved_version_has_no_form(self, client):
        address = reverse("rules_rows", args=["2026-01", "multiplier"])
        sent = filled(client.get(address).context["formset"])
        assert client.post(address, sent).status_code == 409


def filled(formset) -> dict[str, object]:
    """What a browser would send of a formset that nobody has touched."""
    sent = {f"row-{k}": v for k, v in formset.management_form.initial.items()}
    for form in formset.forms:
        for name in form.fields:
            value = form[name].value()
            if value is True:
                sent[form.add_prefix(name)] = "on"
            elif value is not None and value is not False and value != "":
                sent[form.add_prefix(name)] = value
    return sent
