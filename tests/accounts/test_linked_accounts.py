"""A person's accounts with partners: wanted with the change that wants them, made by a worker, once."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import tasks
from accounts.models import LinkedAccount, Partner
from accounts.partners import Away, Declined, NotLetIn, Taken
from accounts.partners.fake import FakePartner
from accounts.services.membership import memberships
from accounts.services.people import affiliations, people
from accounts.services.programs import linked_accounts, linking
from accounts.states.linked_account import BACK_OFF, LIFE, State
from dinamis.actors import Actor
from dinamis.errors import NotAllowed, NotNow
from dinamis.outbox import Promise
from tests import make
from tests.accounts import scim_peer

pytestmark = pytest.mark.django_db


@pytest.fixture
def fake(monkeypatch):
    """The partner's list; every connection leads to it."""
    fake = FakePartner()
    monkeypatch.setattr("accounts.services.programs.linking.connect", lambda partner: fake)
    return fake


@pytest.fixture
def theia(db):
    return Partner.objects.create(
        code="theia", name="THEIA", base_url="https://theia.example/scim", trusted=True
    )


@pytest.fixture
def account(laboratory, referent, theia, fake):
    """A researcher who came after the partner: wanted, not yet made."""
    ada = make.attached("ada@laboratory.example", laboratory)
    return LinkedAccount.objects.get(user=ada)


def work(hours: float = 0) -> None:
    """What the workers do by then."""
    with time_machine.travel(timezone.now() + timedelta(hours=hours), tick=False):
        for promise in Promise.objects.claimable().filter(task="accounts.tasks.link_account"):
            # Taken before it is worked on, as a worker does.
            Promise.objects.filter(pk=promise.pk).update(done_at=timezone.now())
            linking.perform(*promise.arguments)


def settled() -> None:
    """What a worker does of the promises to look at all the people of a member."""
    for promise in Promise.objects.claimable().filter(task="accounts.tasks.settle_people"):
        tasks.settle_people(*promise.arguments)
        Promise.objects.filter(pk=promise.pk).update(done_at=timezone.now())


def steps(account) -> list[str]:
    return list(account.events.values_list("step", flat=True))


def end(account, referent) -> None:
    affiliations.end(account.user.affiliations.get(), reason="Gone.", by=Actor.of(referent))


def test_the_first_affiliation_opens_an_account(account, fake):
    assert (account.state, fake.accounts) == (State.WANTED, {})
    work()
    account.refresh_from_db()
    made = fake.accounts[account.remote_id]
    assert (account.state, steps(account)) == (State.ACTIVE, ["want", "opened"])
    assert (made.external_id, made.email) == (str(account.user.public_id), account.user.email)


def test_what_is_wanted_is_undone_with_the_change_that_wanted_it(theia, fake, laboratory, referent):
    asked = make.request(make.person("eve@laboratory.example"), laboratory)
    before = transaction.savepoint()
    affiliations.accept(asked, by=Actor.of(referent))
    assert LinkedAccount.objects.filter(user=asked.user).exists()
    transaction.savepoint_rollback(before)
    assert not LinkedAccount.objects.filter(user=asked.user).exists()


def test_the_last_affiliation_closes_it_and_a_new_one_opens_it_again(
    account, fake, referent, laboratory
):
    work()
    end(account, referent)
    work()
    account.refresh_from_db()
    assert (account.state, fake.accounts[account.remote_id].active) == (State.INACTIVE, False)
    again = make.request(account.user, laboratory)
    affiliations.accept(again, by=Actor.of(referent))
    work()
    account.refresh_from_db()
    assert (account.state, fake.accounts[account.remote_id].active) == (State.ACTIVE, True)
    assert len(fake.accounts) == 1


def test_of_two_affiliations_the_first_to_end_closes_nothing(
    account, referent, park, other_referent
):
    second = make.request(account.user, park)
    affiliations.accept(second, by=Actor.of(other_referent))
    first = account.user.affiliations.exclude(pk=second.pk).get()
    affiliations.end(first, reason="Moved.", by=Actor.of(referent))
    account.refresh_from_db()
    assert account.state == State.WANTED


def test_a_pause_closes_and_its_end_opens(account, fake, referent):
    work()
    row = account.user.affiliations.get()
    affiliations.suspend(row, reason="Away.", by=Actor.of(referent))
    work()
    assert fake.accounts["1"].active is False
    affiliations.resume(row, by=Actor.of(referent))
    work()
    assert fake.accounts["1"].active is True


def test_a_membership_that_rests_closes_its_peoples_accounts_and_its_return_opens_them(
    account, fake, laboratory, desk
):
    work()
    row = laboratory.memberships.get()
    memberships.take(row, "suspend", reason="Not paid.", by=Actor.of(desk))
    settled()
    work()
    assert fake.accounts["1"].active is False
    memberships.take(row, "resume", by=Actor.of(desk))
    settled()
    work()
    account.refresh_from_db()
    assert (account.state, fake.accounts["1"].active) == (State.ACTIVE, True)


def test_a_partner_that_keeps_only_its_own_identifier_is_closed_too(account, fake, referent):
    work()
    fake.accounts["1"] = replace(fake.accounts["1"], external_id="")
    end(account, referent)
    work()
    assert fake.accounts["1"].active is False


def test_a_fault_of_our_own_waits_and_is_shown_like_any_other(account, fake):
    fake.faults = [KeyError("id")]
    work()
    account.refresh_from_db()
    assert (account.state, account.last_error) == (State.WANTED, "KeyError: 'id'")
    assert account.busy_until is None


def test_a_worker_that_died_half_way_leaves_its_work_to_the_next_after_the_lease(account, fake):
    account.partner.accounts.update(busy_until=timezone.now() + linking.LEASE)
    work()
    assert fake.accounts == {}
    work(hours=1)
    account.refresh_from_db()
    assert account.state == State.ACTIVE


def test_the_history_keeps_no_words_of_the_partner_that_may_name_a_person(account, fake):
    fake.faults = [Declined("HTTP 400: ada@laboratory.example is odd")]
    work()
    assert account.events.last().reason == "HTTP 400"


def test_the_person_does_not_press_a_partner_that_failed(account, fake, theia):
    fake.faults = [Declined("no")]
    work()
    with pytest.raises(NotNow, match="failed"):
        linked_accounts.ask(account.user, theia, by=Actor.of(account.user))
    account.refresh_from_db()
    assert (account.state, steps(account)) == (State.FAILED, ["want", "fail"])


def test_a_new_name_is_told(account, fake):
    work()
    people.change_profile(
        account.user, full_name="Ada King", language="en", by=Actor.of(account.user)
    )
    work()
    assert fake.accounts["1"].full_name == "Ada King"
    account.refresh_from_db()
    assert steps(account) == ["want", "opened", "change", "opened"]


def test_a_lost_reply_never_makes_a_second_account(account, fake):
    fake.loses_replies = 1
    work()
    account.refresh_from_db()
    assert (account.state, account.remote_id, account.attempts) == (State.WANTED, "", 1)
    assert account.last_error == "the reply was lost"
    work(hours=1)
    account.refresh_from_db()
    assert (account.state, account.remote_id, len(fake.accounts)) == (State.ACTIVE, "1", 1)


def test_the_task_may_run_twice_and_acts_once(account, fake):
    work()
    linking.perform(account.pk)
    linking.perform(account.pk)
    assert (len(fake.accounts), steps(account)) == (1, ["want", "opened"])


def test_two_workers_do_not_ask_for_the_same_account_at_once(account, fake, monkeypatch):
    seen = []
    plain = fake.find

    def find(person, remote_id=""):
        linking.perform(account.pk)  # another worker comes in the middle
        seen.append(len(fake.accounts))
        return plain(person, remote_id)

    monkeypatch.setattr(fake, "find", find)
    work()
    assert (seen, len(fake.accounts)) == ([0], 1)


def test_what_is_wanted_meanwhile_is_done_after(account, fake, referent, monkeypatch):
    plain = fake.create

    def create(person):
        made = plain(person)
        end(account, referent)
        return made

    monkeypatch.setattr(fake, "create", create)
    work()
    account.refresh_from_db()
    assert (account.state, account.remote_id) == (State.ENDING, "1")
    work()
    assert fake.accounts["1"].active is False


def test_a_partner_that_is_down_is_asked_again_ever_later_then_the_desk_is_told(account, fake):
    fake.faults = [Away("down") for _ in range(len(BACK_OFF) + 1)]
    for wait in BACK_OFF:
        work(hours=100)
        account.refresh_from_db()
        assert account.state == State.WANTED
        assert account.due_at > timezone.now() + timedelta(hours=99) + wait
        Promise.objects.filter(done_at=None).update(due_at=timezone.now())
        account.busy_until = None
    work(hours=100)
    account.refresh_from_db()
    assert (account.state, account.last_error) == (State.FAILED, "down")
    assert not Promise.objects.claimable().filter(task="accounts.tasks.link_account").exists()


def test_the_patience_a_partner_asks_for_is_kept_up_to_a_day(account, fake):
    fake.faults = [Away("slowly", retry_after=7200)]
    work()
    account.refresh_from_db()
    assert account.due_at - timezone.now() > timedelta(seconds=7100)
    fake.faults = [Away("slowly", retry_after=10**9)]
    work(hours=3)
    account.refresh_from_db()
    assert account.due_at - timezone.now() < timedelta(hours=28)


@pytest.mark.parametrize("fault", [NotLetIn("HTTP 401"), Declined("HTTP 400"), Taken("HTTP 409")])
def test_what_asking_again_would_not_mend_waits_for_the_desk(account, fake, fault, desk):
    fake.faults = [fault]
    work()
    account.refresh_from_db()
    assert account.state == State.FAILED
    linked_accounts.replay(account, by=Actor.of(desk))
    work()
    account.refresh_from_db()
    assert (account.state, steps(account)) == (State.ACTIVE, ["want", "fail", "want", "opened"])
    with pytest.raises(NotNow, match="nothing_failed"):
        linked_accounts.replay(account, by=Actor.of(desk))


def test_anothers_account_of_the_same_address_is_not_taken_over(account, fake):
    fake.accounts["9"] = fake.create(linked_accounts.person_of(make.person("x@y.example")))
    del fake.accounts["1"]
    foreign = fake.accounts["9"]
    fake.accounts["9"] = replace(foreign, email=account.user.email)
    work()
    account.refresh_from_db()
    assert (account.state, account.last_error) == (
        State.FAILED,
        "another account there has this address",
    )
    assert fake.accounts["9"].external_id == foreign.external_id


def test_only_the_desk_replays(account, fake, referent, theia):
    fake.faults = [Declined("no")]
    work()
    for act in (
        lambda: linked_accounts.replay(account, by=Actor.of(referent)),
        lambda: linked_accounts.replay_all(theia, by=Actor.of(referent)),
    ):
        with pytest.raises(NotAllowed):
            act()
    account.refresh_from_db()
    assert account.state == State.FAILED


def test_a_partner_that_is_not_trusted_gets_only_those_who_ask(laboratory, researcher, fake, as_):
    Partner.objects.create(code="other", name="Other", base_url="https://other.example/")
    linked_accounts.settle(researcher)
    assert not LinkedAccount.objects.exists()
    browser = as_(researcher)
    assert "Open my account" in browser.get("/account/").content.decode()
    assert browser.post("/account/partners/other/").status_code == 302
    work()
    assert LinkedAccount.objects.get().state == State.ACTIVE
    stranger = make.person("nobody@elsewhere.example")
    assert as_(stranger).post("/account/partners/other/").status_code == 403


def test_the_sweep_finds_what_no_event_told_of(researcher, theia, fake):
    assert linked_accounts.mend() >= 1  # the partner came after them
    work()
    account = LinkedAccount.objects.get(user=researcher)
    assert account.state == State.ACTIVE
    assert linked_accounts.mend() == 0
    researcher.affiliations.update(state="ended", is_current=False)
    assert linked_accounts.mend() == 1
    work()
    account.refresh_from_db()
    assert account.state == State.INACTIVE


def test_a_disabled_partner_is_not_called(account, fake, theia):
    Partner.objects.update(enabled=False)
    work()
    account.refresh_from_db()
    assert (account.state, fake.accounts) == (State.WANTED, {})


def test_a_comparison_says_what_differs_and_changes_nothing(account, fake, theia):
    work()
    assert linking.compare(theia) == []
    fake.deactivate("1")
    fake.accounts["7"] = fake.create(linked_accounts.person_of(make.person("x@y.example")))
    del fake.accounts["2"]
    before = dict(fake.accounts)
    found = linking.compare(theia)
    assert [row["kind"] for row in found] == ["closed_there", "unknown_here"]
    assert fake.accounts == before
    account.refresh_from_db()
    assert account.state == State.ACTIVE


def test_without_a_token_nothing_is_sent_and_the_desk_reads_why(account, theia, monkeypatch):
    monkeypatch.undo()
    linking.perform(account.pk)
    account.refresh_from_db()
    assert account.state == State.FAILED
    assert account.last_error == "PARTNER_TOKENS has no token for theia"


def test_the_page_of_the_desk_shows_failures_and_tries_again(account, fake, theia, desk, as_):
    fake.faults = [Declined("HTTP 400: a strange name")]
    work()
    browser = as_(desk)
    page = browser.get("/desk/partners/").content.decode()
    assert "HTTP 400: a strange name" in page
    assert browser.post("/desk/partners/theia/", {"what": "replay"}).status_code == 302
    work()
    account.refresh_from_db()
    assert account.state == State.ACTIVE
    assert browser.post("/desk/partners/theia/", {"what": "compare"}).status_code == 302
    assert make.keep_promises() >= 1
    assert "No difference" in browser.get("/desk/partners/").content.decode()


def test_a_row_with_an_address_we_must_not_call_is_refused():
    row = Partner(code="x", name="X", base_url="http://10.0.0.1/scim")
    with pytest.raises(ValidationError):
        row.full_clean()


def test_the_whole_way_with_a_real_server(laboratory, referent, theia, settings):
    """Down, then a reply lost after the account was made, then found; closed at the end."""
    settings.PARTNER_TOKENS = {"theia": scim_peer.TOKEN}
    with scim_peer.running() as peer:
        Partner.objects.update(base_url=peer.url)
        ada = make.attached("ada@laboratory.example", laboratory)
        account = LinkedAccount.objects.get(user=ada)
        peer.faults = [scim_peer.status("503 Later")]
        work()
        peer.faults = [scim_peer.passed, scim_peer.passed, scim_peer.lost]
        work(hours=1)
        assert len(peer.storage.resources) == 1
        work(hours=3)
        account.refresh_from_db()
        assert (account.state, len(peer.storage.resources)) == (State.ACTIVE, 1)
        end(account, referent)
        work(hours=4)
        account.refresh_from_db()
        assert account.state == State.INACTIVE
        assert peer.storage.resources[0].active is False


def test_every_state_leads_on_or_is_the_end_of_something():
    assert LIFE.final == frozenset()
