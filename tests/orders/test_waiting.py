"""Waiting lists: who waits, in which order they are served, what ends a place, and races."""

import threading
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from unittest import mock

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from dinamis.actors import Actor
from dinamis.errors import NotNow
from dinamis.outbox import Promise
from orders.ledger import services as ledger
from orders.models import Line, MinimumArea, PurseOrder, RuleVersion
from orders.services.lines import clock, lines, notices, orders
from orders.services.lines.reading import sentence
from orders.services.purse import serving, waiting
from orders.services.rules import rulebook
from orders.services.rules.rules import version_in_force
from tests.orders import make
from tests.orders.journeys import at_once, held


@pytest.fixture
def purse(laboratory):
    """An allotment of 150 km² for this year, of which one order of 100 holds most."""
    return make.allotment(laboratory, 150, in_period=make.period())


@pytest.fixture
def first(researcher, purse) -> Line:
    """The order that holds 100 of the 150 km²."""
    return make.placed(researcher, make.quote(researcher, km2=60))


def waits(user, km2: float = 60) -> Line:
    """A request that the quota cannot hold now: it waits (60 km² count 100, the minimum)."""
    order = make.draft(user, make.quote(user, km2=km2))
    return orders.submit(order, by=Actor.of(user), wait=True).lines.get()


def again(line: Line) -> Line:
    return Line.objects.select_related("order__organisation", "quote", "sensor").get(pk=line.pk)


def free(account) -> Decimal:
    account.refresh_from_db()
    return account.balance


def test_what_the_quota_cannot_hold_waits_and_holds_nothing(researcher, first, purse):
    line = waits(researcher)
    assert (line.approval, line.money, held(line)) == ("waiting_quota", "none", 0)
    assert (line.waits_on, line.due_at) == (purse, line.quote.expires_at)
    assert free(purse) == 50


def test_with_enough_quota_nothing_waits(researcher, purse):
    line = waits(researcher)
    assert (line.approval, held(line), line.queued_at) == ("submitted", 100, None)


def test_a_waiting_line_says_its_rank_and_why(researcher, referent, first):
    waits(referent)
    line = waits(researcher)
    told = sentence(again(line), researcher)
    assert told.text == "Waiting for quota: number 2 of 2 in the list."
    assert told.detail.startswith("100\xa0km² are needed, 50\xa0km² are left.")


def test_quota_that_comes_back_serves_the_list_in_its_order_as_far_as_it_goes(
    researcher, referent, first, purse
):
    one, two = waits(referent), waits(researcher)
    Promise.objects.all().delete()
    lines.withdraw(first, by=Actor.of(researcher))
    promised = Promise.objects.get(task="orders.tasks.serve")
    assert promised.arguments == [purse.pk]
    assert serving.serve(purse.pk) == 1
    assert [again(one).approval, again(two).approval] == ["submitted", "waiting_quota"]
    assert (held(one), held(two), free(purse)) == (100, 0, 50)
    assert sentence(again(two), researcher).text == "Waiting for quota: number 1 of 1 in the list."


@pytest.mark.parametrize(
    "give",
    [
        lambda purse: ledger.set_allotment(
            purse, Decimal(250), key="more", by=make.BY, reason="More for the coast."
        ),
        lambda purse: ledger.contribute(
            purse, Decimal(100), key="paid", by=make.BY, reason="A contribution."
        ),
        lambda purse: ledger.transfer(
            ledger.account_of(purse.period, "budget"),
            Decimal(100),
            to_account=purse,
            key="share",
            by=make.BY,
            reason="Shared.",
        ),
    ],
    ids=["modulated", "contributed", "transferred"],
)
def test_whatever_gives_to_the_purse_promises_to_serve_its_list(researcher, first, purse, give):
    line = waits(researcher)
    Promise.objects.all().delete()
    give(purse)
    assert Promise.objects.get(task="orders.tasks.serve").arguments == [purse.pk]
    serving.serve(purse.pk)
    assert again(line).approval == "submitted"


def test_where_nobody_waits_nothing_is_promised(researcher, first):
    Promise.objects.all().delete()
    lines.withdraw(first, by=Actor.of(researcher))
    assert not Promise.objects.filter(task="orders.tasks.serve").exists()


def test_a_small_request_does_not_go_before_a_large_one_that_waits(
    researcher, referent, laboratory
):
    purse = make.allotment(laboratory, 150, in_period=make.period())
    large = waits(referent, km2=300)
    order = make.draft(researcher, make.quote(researcher, km2=60))
    with pytest.raises(NotNow) as refused:
        orders.submit(order, by=Actor.of(researcher))
    assert (refused.value.code, refused.value.details["waiting"]) == ("others_wait", 1)
    assert held(order.lines.get()) == 0
    small = orders.submit(order, by=Actor.of(researcher), wait=True).lines.get()
    assert serving.serve(purse.pk) == 0
    assert [again(large).approval, again(small).approval] == ["waiting_quota"] * 2
    assert free(purse) == 150


def test_it_may_where_the_row_of_the_purse_says_so(researcher, referent, laboratory):
    make.rewrite(PurseOrder, {"purse": "organisation"}, may_overtake=True)
    purse = make.allotment(laboratory, 150, in_period=make.period())
    large = waits(referent, km2=300)
    assert make.placed(researcher, make.quote(researcher, km2=60)).approval == "submitted"
    small = waits(researcher, km2=60)
    assert small.approval == "waiting_quota"
    ledger.set_allotment(purse, Decimal(250), key="m", by=make.BY, reason="More.")
    assert serving.serve(purse.pk) == 1
    assert [again(large).approval, again(small).approval] == ["waiting_quota", "submitted"]


def test_the_common_share_of_a_category_has_one_list_for_all_who_draw_on_it(
    researcher, stranger, laboratory
):
    shared = make.common("research", 50, in_period=make.period())
    theirs, ours = waits(stranger), waits(researcher)
    assert {theirs.waits_on, ours.waits_on} == {shared}
    assert waiting.place(again(ours)).rank == 2
    seen = waiting.queue(shared, researcher)
    assert (seen.count, seen.units) == (2, 200)
    assert [(rank, line.pk) for rank, line in seen.places] == [(2, ours.pk)]


def test_leaving_the_list_makes_a_draft_without_a_place(researcher, referent, first):
    line, other = waits(researcher), waits(referent)
    lines.leave_list(line, by=Actor.of(researcher))
    assert (again(line).approval, again(line).queued_at) == ("draft", None)
    assert waiting.place(again(other)).rank == 1
    lines.wait(line, by=Actor.of(researcher))
    assert waiting.place(again(line)).rank == 2


def test_a_place_ends_with_its_quote(researcher, first, purse):
    line = waits(researcher)
    with time_machine.travel(line.quote.expires_at + timedelta(seconds=1)):
        assert clock.tick()["lapsed"] == 1
    found = again(line)
    assert (found.approval, found.queued_at, found.waits_on) == ("lapsed", None, None)


def test_whoever_asks_keeps_the_place_with_a_new_quote(researcher, referent, first):
    line, other = waits(researcher), waits(referent)
    old = line.quote
    with time_machine.travel(old.expires_at - timedelta(days=1)):
        line = lines.stay(line, by=Actor.of(researcher))
        assert line.quote.expires_at > old.expires_at
        assert again(other).quote == other.quote
        assert (line.due_at, waiting.place(again(line)).rank) == (line.quote.expires_at, 1)


def test_whoever_is_about_to_lose_the_place_is_told_once(researcher, first):
    line = waits(researcher)
    with time_machine.travel(line.quote.expires_at - timedelta(days=4)):
        assert [serving.remind(), serving.remind()] == [1, 0]
        event = line.events.get(step="expiring")
        assert notices.tell(event) == 1
    [sent] = mail.outbox
    assert "Waiting for quota: number 1 of 1" in sent.subject


def rules_change(administrator_of, **facts) -> RuleVersion:
    """Other rules, in force from today on."""
    version = rulebook.copy(
        version_in_force(),
        code="later",
        effective_from=timezone.localdate(),
        by=Actor.of(administrator_of),
    )
    MinimumArea.objects.filter(version=version, sensor="pleiades").update(**facts)
    RuleVersion.objects.filter(pk=version.pk).update(state="proposed")
    version.refresh_from_db()
    return rulebook.approve(version, by=Actor.system("test"))


def test_rules_that_changed_meanwhile_price_the_line_anew_and_it_is_sent_if_it_counts_no_more(
    researcher, first, purse
):
    line = waits(researcher)
    version = rules_change(make.person("ada", "administrator"), km2=Decimal(80))
    lines.withdraw(first, by=Actor.of(researcher))
    serving.serve(purse.pk)
    found = again(line)
    assert (found.approval, found.quote.rule_version, held(line)) == ("submitted", version, 80)


def test_a_line_that_grew_under_new_rules_is_set_aside_and_keeps_its_place(
    researcher, referent, first, purse
):
    line, other = waits(researcher), waits(referent)
    queued_at = line.queued_at
    rules_change(make.person("ada", "administrator"), km2=Decimal(120))
    lines.withdraw(first, by=Actor.of(researcher))
    serving.serve(purse.pk)
    found = again(line)
    assert (found.approval, found.quote.units, held(line)) == ("draft", 120, 0)
    assert found.queued_at == queued_at
    assert found.events.get(step="set_aside").reason.startswith("The rules later hold now")
    assert again(other).approval == "draft"
    lines.wait(found, by=Actor.of(researcher))
    assert waiting.place(again(line)).rank == 1


def test_whoever_was_sent_is_told_by_mail(researcher, first, purse):
    line = waits(researcher)
    lines.withdraw(first, by=Actor.of(researcher))
    serving.serve(purse.pk)
    mail.outbox.clear()
    assert notices.tell(line.events.get(step="serve")) == 2
    assert researcher.email in {address for sent in mail.outbox for address in sent.to}


def test_lines_follow_their_purse_into_the_next_period(researcher, laboratory):
    old = make.allotment(laboratory, 50, in_period=make.period())
    line = waits(researcher)
    new_year = timezone.now().replace(year=timezone.now().year + 1, month=1, day=1, hour=12)
    with time_machine.travel(new_year, tick=False):
        new = make.allotment(laboratory, 500, in_period=make.period())
        type(line.quote).objects.filter(pk=line.quote_id).update(
            expires_at=new_year + timedelta(days=9)
        )
        clock.tick()
        assert (free(old), free(new)) == (50, 400)
        assert again(line).approval == "submitted"


def test_an_image_that_appears_is_offered_to_who_waits_and_taken_instead(researcher, first):
    line = waits(researcher)
    product = make.product(line.scene)
    lines.offer(line, product=product, overlap_km2=Decimal(60), by=make.BY)
    lines.convert(line, by=Actor.of(researcher))
    assert (again(line).approval, again(line).queued_at) == ("converted", None)


def test_the_database_refuses_a_waiting_line_without_a_place(researcher, first):
    line = waits(researcher)
    with pytest.raises(IntegrityError, match="line_waiting_has_its_place"), transaction.atomic():
        Line.objects.filter(pk=line.pk).update(queued_at=None)


def test_the_page_of_a_quote_offers_to_wait_and_the_quota_shows_the_list(as_, researcher, first):
    quote = make.quote(researcher, km2=60)
    client = as_(researcher)
    page = client.get(reverse("quote", args=[quote.key])).content.decode()
    assert 'name="wait" value="1"' in page
    words = {"title": "Coast", "purpose": "To follow it.", "submission": "w", "wait": "1"}
    assert client.post(reverse("quote", args=[quote.key]), words).status_code == 302
    line = Line.objects.get(quote=quote)
    assert line.approval == "waiting_quota"
    page = client.get(reverse("quota")).content.decode()
    assert "1 request waits, for 100\xa0km² in all" in page
    assert line.reference in page
    page = client.get(line.get_absolute_url()).content.decode()
    assert "number 1 of 1 in the list" in page
    assert "Keep my place" in page


def test_another_member_of_the_category_sees_the_count_and_no_order(as_, researcher, stranger):
    make.common("research", 50, in_period=make.period())
    line = waits(researcher)
    page = as_(stranger).get(reverse("quota")).content.decode()
    assert "1 request waits" in page
    assert line.reference not in page
    assert line.order.title not in page


def two_servers(purse) -> list[object]:
    """Two releases at once: both servers have looked at the list before either locks its first line."""
    both, plain = threading.Barrier(2), serving.hold_organisation_of

    def late(order_pk):
        with suppress(threading.BrokenBarrierError):
            both.wait(timeout=2)
        plain(order_pk)

    with mock.patch.object(serving, "hold_organisation_of", late):
        return at_once(lambda: serving.serve(purse.pk), lambda: serving.serve(purse.pk))


@pytest.mark.django_db(transaction=True)
def test_two_releases_at_once_serve_each_line_once_and_in_order(researcher, referent, laboratory):
    purse = make.allotment(laboratory, 50, in_period=make.period())
    four = [waits(user) for user in (researcher, referent) * 2]
    ledger.set_allotment(purse, Decimal(350), key="more", by=make.BY, reason="More.")
    two_servers(purse)
    assert [again(line).approval for line in four] == ["submitted"] * 3 + ["waiting_quota"]
    assert [line.events.filter(step="serve").count() for line in four] == [1, 1, 1, 0]
    assert [held(line) for line in four] == [100, 100, 100, 0]
    assert free(purse) == 50


@pytest.mark.django_db(transaction=True)
def test_the_race_is_real_without_the_lock_a_line_is_served_twice(researcher, laboratory):
    purse = make.allotment(laboratory, 50, in_period=make.period())
    line = waits(researcher)
    ledger.set_allotment(purse, Decimal(350), key="more", by=make.BY, reason="More.")
    together = threading.Barrier(2)

    def unlocked(of: Line) -> Line:
        found = Line.objects.select_related(
            "order__organisation", "order__requester", "quote__rule_version", "sensor"
        ).get(pk=of.pk)
        if found.approval == "waiting_quota":
            together.wait(timeout=5)
        return found

    with mock.patch.object(serving, "locked", unlocked):
        two_servers(purse)
    assert line.events.filter(step="serve").count() == 2


@pytest.mark.django_db(transaction=True)
def test_whoever_leaves_while_being_served_does_one_of_the_two(researcher, laboratory):
    purse = make.allotment(laboratory, 50, in_period=make.period())
    line = waits(researcher)
    ledger.set_allotment(purse, Decimal(350), key="more", by=make.BY, reason="More.")
    at_once(
        lambda: serving.serve(purse.pk),
        lambda: lines.leave_list(line, by=Actor.of(researcher)),
    )
    found = again(line)
    assert (found.approval, held(line)) in {("submitted", 100), ("draft", 0)}
