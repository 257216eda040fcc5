"""A dossier's life through the services: drafts, particulars, opinions, appeals, renewals, reminders."""

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from accounts import policies
from accounts.models import (
    Affiliation,
    MailedLink,
    Membership,
    MembershipEvent,
    Opinion,
    OpinionRule,
    Organisation,
    Reminder,
)
from accounts.services.membership import (
    appeals,
    dossier_reminders,
    drafts,
    memberships,
    opinions,
    renewals,
)
from accounts.states import opinion as advice
from accounts.states.membership import State
from accounts.tasks import clock
from dinamis.actors import Actor
from dinamis.errors import Gone, Invalid, NotAllowed, NotNow
from tests import make

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def _licences(licences):
    pass


def order(park, **facts):
    """What a contractor of the park says."""
    usual = {
        "category": "contractor",
        "order_reference": "2026-114",
        "order_ends_on": TODAY() + timedelta(days=40),
        "order_body": park,
    }
    return usual | facts


def abroad(**facts):
    return {"category": "foreign_scientist", "country": "SN"} | facts


def refused_field(**facts) -> str:
    with pytest.raises(Invalid) as refused:
        make.propose_as("bureau", **facts)
    assert not Membership.objects.filter(organisation__name="The bureau").exists()
    return refused.value.details["field"]


# Who may join, by what they say.


def test_a_portuguese_university_joins_by_a_french_member_and_both_opinions(desk, advisers, park):
    portugal = {"category": "european_scientist", "country": "PT"}
    assert refused_field(**portugal) == "french_member"
    made = make.membership("university", **portugal, french_member=park)
    with pytest.raises(NotNow, match="opinion_missing") as refused:
        memberships.approve(made, by=Actor.of(desk))
    assert refused.value.details["opinions"] == ["airbus", "cnes"]
    made = make.answer_all(opinions.ask(made, by=Actor.of(desk)))
    assert memberships.approve(made, by=Actor.of(desk)).state == State.ACTIVE


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "french_member"),
        ({"partner_name": "Universidade", "partner_country": "PT"}, "french_member"),
        ({"partner_name": "Institute", "partner_country": "ML", "french": True}, "partner_country"),
        ({"partner_name": "Institute", "french": True}, "partner_country"),
        ({"partner_name": "Universidade", "partner_country": "PT", "french": True}, ""),
        ({"french": True}, ""),  # the French member counts as the European partner
    ],
)
def test_a_senegalese_laboratory_with_and_without_its_partners(park, said, field):
    said = dict(said)
    if said.pop("french", False):
        said["french_member"] = park
    if field:
        assert refused_field(**abroad(**said)) == field
    else:
        assert make.membership("bureau", **abroad(**said)).state == State.UNDER_REVIEW


def test_a_french_member_is_established_in_france(desk, advisers, park):
    university = make.membership(
        "university", category="european_scientist", country="PT", french_member=park
    )
    university = make.answer_all(opinions.ask(university, by=Actor.of(desk)))
    portuguese = memberships.approve(university, by=Actor.of(desk)).organisation
    assert refused_field(**abroad(french_member=portuguese)) == "french_member"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"order_reference": " "}, "order_reference"),
        ({"order_ends_on": None}, "order_ends_on"),
        ({"order_ends_on": "yesterday"}, "order_ends_on"),
        ({"order_body": None}, "order_body"),
        ({"order_body": "not a member"}, "order_body"),
    ],
)
def test_a_contractor_says_whose_order_it_is_and_until_when(park, said, field):
    said = dict(said)
    if said.get("order_ends_on") == "yesterday":
        said["order_ends_on"] = TODAY() - timedelta(days=1)
    if said.get("order_body") == "not a member":
        said["order_body"] = make.membership("candidate").organisation
    assert refused_field(**order(park, **said)) == field


def test_an_association_says_its_mission():
    assert refused_field(category="association") == "mission"
    made = make.membership("bureau", category="association", mission="To protect the coast.")
    assert made.mission == "To protect the coast."


def test_a_contractor_whose_order_ended_yesterday_has_no_right_today(desk, park):
    bureau = make.member("bureau", desk=desk, **order(park))
    worker = make.attached("worker@bureau.example", bureau)
    made = Membership.objects.get(organisation=bureau)
    assert made.ends_on == made.order_ends_on
    assert policies.is_member(worker)
    Membership.objects.filter(pk=made.pk).update(ends_on=TODAY() - timedelta(days=1))
    assert (policies.is_member(worker), bureau.is_member) == (False, False)
    assert not Organisation.objects.members().filter(pk=bureau.pk).exists()
    assert memberships.expire_ended() == 1
    made.refresh_from_db()
    assert (made.state, memberships.expire_ended()) == (State.EXPIRED, 0)


def test_an_order_that_ended_while_the_file_waited_is_not_approved(desk, park):
    made = make.membership("bureau", **order(park))
    Membership.objects.filter(pk=made.pk).update(order_ends_on=TODAY() - timedelta(days=1))
    with pytest.raises(NotNow, match="particulars_not_right") as refused:
        memberships.approve(made, by=Actor.of(desk))
    made.refresh_from_db()
    assert (refused.value.details["field"], made.state) == ("order_ends_on", State.UNDER_REVIEW)


# A form that is not sent yet.


def test_a_draft_is_kept_and_sent_from_its_link_which_proves_the_address():
    made = make.draft()
    make.keep_promises()
    assert [m.to for m in mail.outbox] == [["referent@laboratory.example"]]
    by = make.through(made, "draft")
    drafts.keep(made, made.answers | {"sector": "coast"}, by=by)
    made.refresh_from_db()
    assert (made.state, made.answers["sector"]) == (State.DRAFT, "coast")
    made = drafts.submit(made, make.proposal(), by=by)
    assert (made.state, made.answers) == (State.AWAITING_LEGAL, {})
    assert made.referent_proved_at is not None
    assert [event.step for event in made.events.all()] == ["begin", "submit", "prove"]
    with pytest.raises(NotNow):
        drafts.keep(made, {"name": "again"}, by=by)


def test_a_draft_sent_for_another_referent_proves_that_address_first():
    made = make.submit(make.draft())
    assert (made.state, made.referent_proved_at) == (State.AWAITING_REFERENT, None)
    assert make.through(made, "prove").link.email == "other@laboratory.example"


def test_a_draft_stands_in_nobodys_way_and_is_forgotten():
    made = make.draft()
    make.membership()
    Membership.objects.filter(pk=made.pk).update(due_at=timezone.now() - timedelta(days=1))
    assert memberships.lapse_overdue() == 1
    made.refresh_from_db()
    assert (made.state, made.answers) == (State.EXPIRED, {})


def test_a_draft_of_another_dossier_is_not_kept_by_this_link():
    made, other = make.draft(), make.draft("park")
    with pytest.raises(Gone):
        drafts.keep(made, {"name": "taken"}, by=make.through(other, "draft"))


# Outside opinions.


@pytest.fixture
def asked(desk, advisers, park):
    """A file about which both advisers are asked."""
    made = make.membership("bureau", **abroad(french_member=park))
    make.keep_promises()
    mail.outbox.clear()
    return opinions.ask(made, by=Actor.of(desk))


def test_each_adviser_is_asked_by_mail_and_the_review_goes_on_after_the_last(asked):
    make.keep_promises()
    assert sorted(m.to[0] for m in mail.outbox) == [
        "opinions@airbus.example",
        "opinions@cnes.example",
    ]
    cnes, airbus = asked.opinions.order_by("-adviser")
    opinions.answer(cnes, "favour", words="", by=make.advising(cnes))
    asked.refresh_from_db()
    assert asked.state == State.AWAITING_OPINIONS
    opinions.answer(airbus, "oppose", words="Not theirs.", by=make.advising(airbus))
    asked.refresh_from_db()
    airbus.refresh_from_db()
    assert (asked.state, airbus.state, airbus.words) == (
        State.UNDER_REVIEW, "unfavourable", "Not theirs."
    )  # fmt: skip


def test_an_adviser_answers_once_and_only_for_themselves(asked):
    cnes, airbus = asked.opinions.order_by("-adviser")
    with pytest.raises(NotAllowed):
        opinions.answer(cnes, "favour", words="", by=make.advising(airbus))
    with pytest.raises(Invalid, match="words_missing"):
        opinions.answer(cnes, "reserve", words=" ", by=make.advising(cnes))
    assert make.advising(cnes).link.used_at is None
    by = make.advising(cnes)
    opinions.answer(cnes, "favour", words="", by=by)
    with pytest.raises(NotNow):
        opinions.answer(cnes, "oppose", words="No.", by=by)
    cnes.refresh_from_db()
    assert cnes.state == "favourable"


def test_silence_is_a_state_with_which_the_desk_may_go_on(asked, desk):
    with pytest.raises(NotNow, match="not_in_this_state"):
        memberships.approve(asked, by=Actor.of(desk))
    made = make.no_answer(asked)
    assert {o.state for o in made.opinions.all()} == {"silent"}
    assert opinions.fall_silent_overdue() == 0
    assert memberships.approve(made, by=Actor.of(desk)).state == State.ACTIVE


def test_a_late_answer_is_still_heard_and_a_silent_adviser_can_be_asked_again(asked, desk):
    made = make.no_answer(asked)
    late, silent = made.opinions.order_by("-adviser")
    opinions.answer(late, "favour", words="By telephone.", by=Actor.of(desk))
    made = opinions.ask(made, by=Actor.of(desk))
    again = made.opinions.counted().open().get()
    assert (again.adviser_id, again.pk != silent.pk) == (silent.adviser_id, True)


def test_a_file_sent_back_asks_no_more_and_forgets_the_answers(asked, desk):
    cnes, airbus = asked.opinions.order_by("-adviser")
    opinions.answer(cnes, "favour", words="", by=make.advising(cnes))
    made = memberships.send_back(asked, reason="Another partner?", by=Actor.of(desk))
    airbus.refresh_from_db()
    assert (airbus.state, made.opinions.counted().count()) == ("withdrawn", 0)
    assert opinions.missing(made) == ["airbus", "cnes"]


def test_nobody_is_asked_without_an_address(desk, park):
    made = make.membership("bureau", **abroad(french_member=park))
    with pytest.raises(NotNow, match="adviser_without_address"):
        opinions.ask(made, by=Actor.of(desk))
    made.refresh_from_db()
    assert (made.state, Opinion.objects.count()) == (State.UNDER_REVIEW, 0)


def test_whether_a_company_needs_an_opinion_is_a_dated_row(desk):
    made = make.membership(category="private_rd")
    assert opinions.missing(made) == ["airbus"]
    OpinionRule.objects.create(
        category="private_rd", adviser="airbus", is_needed=False, effective_on=TODAY(),
        source="DINAMIS, 2021",
    )  # fmt: skip
    assert opinions.missing(made) == []
    assert OpinionRule.objects.needed_of("private_rd", on=TODAY() - timedelta(days=1)) == {"airbus"}
    assert memberships.approve(made, by=Actor.of(desk)).state == State.ACTIVE


@pytest.mark.parametrize("step", list(advice.ANSWERS))
@pytest.mark.parametrize("state", list(advice.State.values))
def test_every_answer_in_every_state_of_an_opinion(asked, step, state):
    opinion = asked.opinions.first()
    answered = timezone.now() if state in ("favourable", "reserved", "unfavourable") else None
    Opinion.objects.filter(pk=opinion.pk).update(state=state, answered_at=answered)
    if state in advice.STEPS[step].sources:
        found = opinions.answer(opinion, step, words="So.", by=make.advising(opinion))
        assert (found.state, found.events.last().step) == (advice.ANSWERS[step], step)
    else:
        with pytest.raises(NotNow):
            opinions.answer(opinion, step, words="So.", by=make.advising(opinion))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_locked", [True, False])
def test_two_advisers_who_answer_at_once_let_the_review_go_on_once(asked, monkeypatch, is_locked):
    """Without the lock on the membership, each sees the other's opinion open: the control."""
    pair = list(asked.opinions.all())
    both = threading.Barrier(2, timeout=5)
    locked, concluded = opinions.steps.locked, opinions._conclude

    def together(membership):
        with suppress(threading.BrokenBarrierError):  # with the lock, the other waits outside
            both.wait(timeout=1 if is_locked else 20)
        concluded(membership)
        if not is_locked:  # neither commits before the other has looked
            both.wait(timeout=20)

    if not is_locked:
        plain = Membership.objects.select_related("organisation")
        monkeypatch.setattr(opinions.steps, "locked", lambda m: plain.get(pk=m.pk))
    monkeypatch.setattr(opinions, "_conclude", together)
    by = {opinion.pk: make.advising(opinion) for opinion in pair}

    def answer(opinion):
        opinions.answer(opinion, "favour", words="", by=by[opinion.pk])
        connection.close()

    threads = [threading.Thread(target=answer, args=[opinion]) for opinion in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    monkeypatch.setattr(opinions.steps, "locked", locked)
    asked.refresh_from_db()
    went_on = MembershipEvent.objects.filter(membership=asked, step="note_opinions").count()
    assert (asked.state, went_on) == (
        (State.UNDER_REVIEW, 1) if is_locked else (State.AWAITING_OPINIONS, 0)
    )


# A refusal answered.


@pytest.fixture
def refused(desk):
    made = memberships.take(make.membership(), "refuse", reason="Not public.", by=Actor.of(desk))
    make.keep_promises()
    return made


@pytest.fixture
def second_officer(db):
    officer = make.person("second@dinamis.example")
    make.duties.appoint(officer, kind="desk", by=make.SYSTEM)
    return officer


def test_a_refusal_says_why_to_both_and_lets_the_referent_answer(refused):
    last = {m.to[0]: m for m in mail.outbox[-2:]}
    assert set(last) == {"referent@laboratory.example", "legal@laboratory.example"}
    assert all("Not public." in m.body for m in last.values())
    assert "/join/appeal/" in last["referent@laboratory.example"].body


def test_another_officer_reads_an_appeal(refused, desk, second_officer):
    by = make.through(refused, "appeal")
    made = appeals.appeal(refused, reason="We are.", by=by)
    assert (made.state, made.turn) == (State.APPEALED, "desk")
    with pytest.raises(NotAllowed, match="another_officer"):
        appeals.decide(made, "dismiss", reason="Still not.", by=Actor.of(desk))
    made.refresh_from_db()
    assert made.state == State.APPEALED
    made = appeals.decide(made, "grant", reason="Indeed.", by=Actor.of(second_officer))
    assert made.state == State.UNDER_REVIEW
    again = memberships.take(made, "refuse", reason="No.", by=Actor.of(desk))
    assert MailedLink.objects.filter(membership=made, purpose="appeal").count() == 1
    with pytest.raises(NotNow, match="appealed_already"):
        appeals.appeal(again, reason="Again.", by=by)


def test_an_appeal_that_is_dismissed_ends_there(refused, second_officer):
    made = appeals.appeal(refused, reason="We are.", by=make.through(refused, "appeal"))
    made = appeals.decide(made, "dismiss", reason="No.", by=Actor.of(second_officer))
    assert (made.state, made.turn) == (State.DISMISSED, "")
    make.keep_promises()
    assert {m.to[0] for m in mail.outbox[-2:]} == {
        "referent@laboratory.example", "legal@laboratory.example"
    }  # fmt: skip


def test_an_appeal_comes_in_time(refused):
    Membership.objects.filter(pk=refused.pk).update(due_at=timezone.now() - timedelta(days=1))
    with pytest.raises(NotNow, match="appeal_too_late"):
        appeals.appeal(refused, reason="We are.", by=make.through(refused, "appeal"))


# The end, and a new period.


def test_a_membership_ends_after_the_years_of_the_settings_and_is_renewed(desk, settings):
    settings.MEMBERSHIP_YEARS = 3
    made = memberships.approve(make.membership(), by=Actor.of(desk))
    today = TODAY()
    assert made.ends_on == today.replace(year=today.year + 3)
    assert not renewals.may_renew(made)
    made = make.renew(made)
    soon = today + timedelta(days=30)
    assert (made.state, made.ends_on) == (State.ACTIVE, soon.replace(year=soon.year + 3))
    with pytest.raises(NotNow, match="too_early"):
        renewals.renew(made, by=make.through(made, "renew"))


def test_a_membership_without_an_end_is_not_renewed(desk):
    made = memberships.approve(make.membership(), by=Actor.of(desk))
    assert made.ends_on is None
    with pytest.raises(NotNow, match="no_end"):
        renewals.renew(made, by=Actor.of(desk))


def test_a_contractor_renews_with_an_order_that_lasts_longer(desk, park):
    bureau = make.member("bureau", desk=desk, **order(park))
    made = Membership.objects.get(organisation=bureau)
    referent = Affiliation.objects.get(organisation=bureau, is_referent=True).user
    by = Actor.of(referent)
    for day in (None, made.ends_on):
        with pytest.raises(Invalid, match="order_not_longer"):
            renewals.renew(made, order_ends_on=day, by=by)
    later = made.ends_on + timedelta(days=100)
    made = renewals.renew(made, order_reference="2027-3", order_ends_on=later, by=by)
    assert (made.ends_on, made.order_reference) == (later, "2027-3")


def test_only_a_referent_renews(desk, park, other_researcher):
    bureau = make.member("bureau", desk=desk, **order(park))
    made = Membership.objects.get(organisation=bureau)
    later = made.ends_on + timedelta(days=100)
    for user in (desk, other_researcher):
        with pytest.raises(NotAllowed):
            renewals.renew(made, order_ends_on=later, by=Actor.of(user))


# Reminders.


def passed(made: Membership, days: int) -> None:
    """As if the present state had begun so many days ago."""
    since = timezone.now() - timedelta(days=days, hours=1)
    Membership.objects.filter(pk=made.pk).update(state_since=since)


def test_a_reminder_is_sent_once_however_often_the_clock_ticks():
    made = make.membership(until="awaiting_legal")
    make.keep_promises()
    mail.outbox.clear()
    assert dossier_reminders.send_due() == 0
    passed(made, 8)
    assert [dossier_reminders.send_due() for _tick in range(3)] == [1, 0, 0]
    make.keep_promises()
    assert [(m.to[0], m.subject[:10]) for m in mail.outbox] == [
        ("legal@laboratory.example", "Reminder: ")
    ]
    assert Reminder.objects.get().link.is_usable


def test_after_three_weeks_the_referent_is_told_that_nobody_answers():
    made = make.membership(until="awaiting_legal")
    make.keep_promises()
    mail.outbox.clear()
    passed(made, 22)
    assert dossier_reminders.send_due() == 1
    make.keep_promises()
    assert sorted(m.to[0] for m in mail.outbox) == [
        "legal@laboratory.example", "referent@laboratory.example"
    ]  # fmt: skip


def test_a_file_late_at_the_desk_is_told_every_week(desk):
    made = make.membership()
    make.keep_promises()
    mail.outbox.clear()
    Membership.objects.filter(pk=made.pk).update(due_at=timezone.now() - timedelta(days=1))
    assert (dossier_reminders.send_due(), dossier_reminders.send_due()) == (1, 0)
    Membership.objects.filter(pk=made.pk).update(due_at=timezone.now() - timedelta(days=8))
    assert (dossier_reminders.send_due(), dossier_reminders.send_due()) == (1, 0)
    make.keep_promises()
    assert {m.to[0].partition("@")[0] for m in mail.outbox} == {"desk"}


def test_an_adviser_is_reminded_once(asked):
    make.keep_promises()
    mail.outbox.clear()
    asked.opinions.update(asked_at=timezone.now() - timedelta(days=11))
    assert (dossier_reminders.send_due(), dossier_reminders.send_due()) == (2, 0)
    make.keep_promises()
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(("left", "count"), [(91, 0), (90, 1), (29, 1), (7, 1)])
def test_a_renewal_is_reminded_of_before_the_end(desk, left, count):
    made = memberships.approve(make.membership(), by=Actor.of(desk))
    Membership.objects.filter(pk=made.pk).update(ends_on=TODAY() + timedelta(days=left))
    assert (dossier_reminders.send_due(), dossier_reminders.send_due()) == (count, 0)


def test_the_clock_does_all_of_it(desk):
    made = memberships.approve(make.membership(), by=Actor.of(desk))
    Membership.objects.filter(pk=made.pk).update(ends_on=TODAY() - timedelta(days=1))
    clock()
    made.refresh_from_db()
    assert made.state == State.EXPIRED
