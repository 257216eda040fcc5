"""Pools: pledged, reached or given back, drawn on by each rule; and contributions that are bought."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, User
from dinamis.actors import Actor
from dinamis.errors import NotAllowed, NotFound, NotNow
from orders.ledger import check
from orders.ledger.models import Account, Movement
from orders.models import Contribution, Pledge, Pool, PoolDraw, PoolEvent, Quote
from orders.services.asking import quotes
from orders.services.lines import clock, lines, orders
from orders.services.pools import contributions, draws, pool_notices, pools
from orders.services.purse import quota, yearly
from orders.states import DRAW, PLEDGE, POOL
from tests.orders import make
from tests.orders.journeys import at_once, held


@pytest.fixture
def others(year) -> tuple[Organisation, User]:
    """Another member with 600 km² of its own, and its referent."""
    there = make.organisation("Mountain Laboratory")
    make.allotment(there, 600, in_period=year)
    leader = make.person("mara")
    make.attached(leader, there, is_referent=True)
    return there, leader


def propose(leader: User, period, *, threshold: int = 300, rule: str = "share", name="p") -> Pool:
    return pools.propose(
        period,
        title="Storms",
        aim="The winter storms over a common site.",
        threshold=Decimal(threshold),
        ends_on=min(timezone.localdate() + timedelta(days=20), period.ends_on),
        rule=rule,
        submission=name,
        by=Actor.of(leader),
    )


def give(pool: Pool, of: Organisation, leader: User, amount: int, name: str = "x") -> Pledge:
    submission = f"{name}-{of.pk}"
    by = Actor.of(leader)
    return pools.pledge(pool, of, Decimal(amount), submission=submission, by=by)


def free(of: Organisation) -> Decimal:
    return Account.objects.get(kind="allotment", owner_key=str(of.pk)).balance


@pytest.fixture
def reached(request, referent, laboratory, others, year) -> Pool:
    """200 km² of the laboratory and 200 of the mountains."""
    pool = propose(referent, year, threshold=400, rule=getattr(request, "param", "share"))
    give(pool, laboratory, referent, 200)
    give(pool, *others, 200)
    pool.refresh_from_db()
    return pool


def test_a_pledge_is_held_on_the_allotment_and_may_be_taken_back(referent, laboratory, year):
    pool = propose(referent, year)
    pledge = give(pool, laboratory, referent, 120)
    assert (free(laboratory), pools.pledged(pool), pools.free(pool)) == (880, 120, 0)
    assert quota.owner_name(Account.objects.get(owner_key=pledge.holder)) == "pledge to “Storms”"
    pools.withdraw(pledge, by=Actor.of(referent))
    assert (free(laboratory), pools.pledged(pool)) == (1000, 0)
    pledge.refresh_from_db()
    assert pledge.state == "withdrawn"
    with pytest.raises(NotNow):
        pools.withdraw(pledge, by=Actor.of(referent))


def test_at_the_threshold_every_pledge_becomes_a_transfer(reached, laboratory, others):
    assert reached.state == "reached"
    assert {one.state for one in reached.pledges.all()} == {"paid_in"}
    assert (free(laboratory), free(others[0]), pools.free(reached)) == (800, 400, 400)
    kinds = [m.kind for m in Movement.objects.filter(deed__startswith="pledge:").order_by("pk")]
    assert kinds.count("transfer") == 2
    assert kinds.count("hold") == kinds.count("release") == 2
    assert check.faults() == []


def test_below_the_threshold_at_the_deadline_everything_goes_back_by_itself(
    referent, laboratory, others, year
):
    pool = propose(referent, year)
    give(pool, laboratory, referent, 100)
    give(pool, *others, 50)
    assert clock.tick()["pools"] == 0
    with time_machine.travel(pool.due_at + timedelta(seconds=1)):
        assert [clock.tick()["pools"], clock.tick()["pools"]] == [1, 0]
        with pytest.raises(NotNow):
            give(pool, *others, 500, name="late")
    pool.refresh_from_db()
    assert (pool.state, free(laboratory), free(others[0])) == ("fallen_short", 1000, 600)


def test_the_keeper_may_cancel_before_it_is_reached(referent, laboratory, others, year):
    pool = propose(referent, year)
    give(pool, *others, 50)
    with pytest.raises(NotAllowed):
        pools.cancel(pool, reason="No.", by=Actor.of(others[1]))
    assert pools.cancel(pool, reason="No need.", by=Actor.of(referent)).state == "cancelled"
    assert free(others[0]) == 600


def test_more_than_the_allotment_has_is_not_pledged(referent, laboratory, others, year):
    pool = propose(referent, year)
    with pytest.raises(NotNow) as refused:
        give(pool, *others, 601)
    assert refused.value.code == "quota_too_small"
    with pytest.raises(NotAllowed):
        give(pool, laboratory, others[1], 10)
    assert not Pledge.objects.exists()


def test_the_same_form_is_one_pledge_and_one_pool(referent, laboratory, year):
    pool = propose(referent, year)
    assert propose(referent, year) == pool
    assert give(pool, laboratory, referent, 10) == give(pool, laboratory, referent, 10)
    assert free(laboratory) == 990


def ask(researcher, pool: Pool, km2: float = 150):
    line = make.draft(researcher, make.quote(researcher, km2=km2)).lines.get()
    return draws.ask(pool, line, by=Actor.of(researcher))


def test_within_its_share_a_member_draws_at_once_and_the_pool_carries_the_line(
    researcher, reached, laboratory
):
    draw = ask(researcher, reached)
    assert draw.state == "granted"
    line = orders.submit(draw.line.order, by=Actor.of(researcher)).lines.get()
    assert (held(line), pools.free(reached), free(laboratory)) == (line.quote.units, 250, 800)
    with pytest.raises(NotNow) as refused:
        ask(researcher, reached, km2=60)
    assert refused.value.code == "pool_too_small"
    assert (refused.value.details["available"], refused.value.details["required"]) == (
        str(200 - line.quote.units),
        "100.00",
    )
    lines.withdraw(line, by=Actor.of(researcher))
    assert (pools.free(reached), draws.share_left(reached, laboratory)) == (400, 200)


def test_whoever_put_nothing_in_draws_nothing(stranger, reached):
    with pytest.raises(NotFound):
        ask(stranger, reached)


@pytest.mark.parametrize("reached", ["vote"], indirect=True)
def test_by_vote_more_than_half_of_the_members_decide(
    researcher, referent, laboratory, others, reached
):
    draw = ask(researcher, reached, km2=300)
    assert draw.state == "asked"
    yes = {"agrees": True, "by": Actor.of(referent)}
    assert draws.vote(draw, laboratory, **yes).state == "asked"
    with pytest.raises(NotNow):
        draws.vote(draw, laboratory, **yes)
    draw = draws.vote(draw, others[0], agrees=True, by=Actor.of(others[1]))
    assert draw.state == "granted"
    line = lines.submit(draw.line, by=Actor.of(researcher))
    assert (held(line), pools.free(reached)) == (line.quote.units, 400 - line.quote.units)


@pytest.mark.parametrize("reached", ["vote"], indirect=True)
def test_the_pages_tell_the_requester_where_the_vote_stands_and_the_members_what_is_drawn(
    as_, researcher, referent, laboratory, others, reached
):
    draw = ask(researcher, reached, km2=300)
    there = reverse("order", args=[draw.line.order.reference])

    def told() -> str:
        return as_(researcher).get(there).content.decode()

    assert "Its members vote until" in told()
    answer = reverse("pool_answer", args=[draw.pk, "grant"])
    assert as_(referent).post(answer).status_code == 302
    page = as_(referent).get(reached.get_absolute_url()).content.decode()
    assert "Your organisation has answered." in page
    waiting = [
        PoolDraw.objects.to_answer(user).count() for user in (referent, others[1], researcher)
    ]
    assert waiting == [0, 1, 0]
    assert "Yours: a draw to answer" in as_(others[1]).get(reverse("pools")).content.decode()
    assert "1 thing waits for you" in as_(others[1]).get(reverse("home")).content.decode()
    assert answer not in page
    assert answer in as_(others[1]).get(reached.get_absolute_url()).content.decode()
    draws.vote(draw, others[0], agrees=True, by=Actor.of(others[1]))
    assert "It agrees: send the request now" in told()
    lines.submit(draw.line, by=Actor.of(researcher))
    assert "The pool carries this request." in told()
    assert "What is drawn" in as_(referent).get(reached.get_absolute_url()).content.decode()


@pytest.mark.parametrize("reached", ["vote"], indirect=True)
def test_a_vote_without_a_majority_ends_with_its_days(researcher, referent, laboratory, reached):
    draw = ask(researcher, reached, km2=300)
    draws.vote(draw, laboratory, agrees=True, by=Actor.of(referent))
    with time_machine.travel(draw.due_at + timedelta(seconds=1)):
        assert draws.tick() == 1
    draw.refresh_from_db()
    assert draw.state == "refused"


@pytest.mark.parametrize("reached", ["keeper"], indirect=True)
def test_the_keeper_grants_or_refuses(researcher, referent, others, reached):
    draw = ask(researcher, reached, km2=300)
    with pytest.raises(NotAllowed):
        draws.decide(draw, agrees=True, by=Actor.of(others[1]))
    waiting = [PoolDraw.objects.to_answer(user).count() for user in (referent, others[1])]
    assert waiting == [1, 0]
    refused = draws.decide(draw, agrees=False, reason="Not here.", by=Actor.of(referent))
    assert refused.state == "refused"
    again = draws.ask(reached, draw.line, by=Actor.of(researcher))
    assert draws.decide(again, agrees=True, by=Actor.of(referent)).state == "granted"


def test_an_offer_that_is_bought_enters_a_pool_and_gives_a_share(
    referent, researcher, laboratory, spot_year
):
    admin = Actor.of(make.person("queen", "quota_administrator"))
    offer = contributions.offers(spot_year)[0]
    pool = propose(referent, spot_year, threshold=1)
    give(pool, laboratory, referent, 1)
    said = {"order_number": "4500", "pool": pool, "by": admin}
    made = contributions.record(spot_year, laboratory, offer, **said)
    assert (made.eur, made.attempts) == (20_000, 20)
    assert pools.free(pool) == 21 == draws.share_left(pool, laboratory)
    with pytest.raises(NotNow) as refused:
        contributions.record(spot_year, laboratory, offer, **said)
    assert refused.value.code == "order_number_used"
    with pytest.raises(NotAllowed):
        contributions.record(
            spot_year, laboratory, offer, order_number="2", by=Actor.of(researcher)
        )
    into = contributions.record(spot_year, laboratory, offer, order_number="3", by=admin)
    assert (into.pool, free(laboratory)) == (None, 39)
    assert Contribution.objects.count() == 2
    report = yearly.of_year(timezone.localdate().year)
    shown = [(one.into, one.units, one.eur) for one in report.bought]
    spot = {"spot67": Decimal(20)}
    assert sorted(shown) == sorted([(pool.title, spot, 20_000), ("its own quota", spot, 20_000)])
    assert yearly.of_year(report.year, [pool.pk + 999]).bought == ()
    assert list(yearly.table(report))[-1][-1] == 20_000
    assert check.faults() == []


def test_members_are_told_that_it_is_reached(reached, mailoutbox):
    event = PoolEvent.objects.get(step="reach")
    assert pool_notices.tell(event) == 2
    assert {sent.subject for sent in mailoutbox} == {"Reached: the pool Storms"}


def test_every_life_of_a_pool_walks_to_an_end():
    assert POOL.final == {"reached", "fallen_short", "cancelled"}
    assert PLEDGE.final == {"paid_in", "released", "withdrawn"}
    assert DRAW.final == {"granted", "refused", "withdrawn"}
    assert [*POOL.pairs(), *PLEDGE.pairs(), *DRAW.pairs()] == []


def test_a_pool_is_proposed_pledged_to_and_drawn_on_in_the_browser(
    as_, referent, researcher, laboratory, year
):
    client = as_(referent)
    words = {
        "title": "Storms",
        "aim": "Winter.",
        "period": year.pk,
        "threshold": "150",
        "ends_on": year.ends_on.isoformat(),
        "rule": "share",
        "submission": "f",
    }
    assert client.post(reverse("pools"), words).status_code == 302
    pool = Pool.objects.get()
    there = reverse("pool_pledge", args=[pool.pk])
    assert client.post(there, {"amount": "160", "submission": "g"}).status_code == 302
    page = client.get(reverse("pool", args=[pool.pk])).content.decode()
    assert "160\xa0km²" in page
    assert "In the pool" in page
    quote = make.quote(researcher, km2=150)
    mine = as_(researcher)
    offered = mine.get(reverse("quote", args=[quote.key])).content.decode()
    assert "Draw on the pool Storms" in offered
    assert "160\xa0km² to draw · each draws up to what it put in" in offered
    assert f"Sending holds {quote.units:.0f}" in offered
    sent = {"title": "t", "purpose": "p", "submission": "h", "pool": pool.pk}
    assert mine.post(reverse("quote", args=[quote.key]), sent).status_code == 302
    line = quotes.line_of(quote)
    assert (line.approval, pools.free(pool)) == ("submitted", 160 - quote.units)


@pytest.mark.django_db(transaction=True)
def test_two_pledges_at_once_reach_the_threshold_once(referent, laboratory, others, year):
    pool = propose(referent, year, threshold=300)
    results = at_once(
        lambda: give(pool, laboratory, referent, 300), lambda: give(pool, *others, 300)
    )
    assert sorted(type(one).__name__ for one in results) == ["NotNow", "Pledge"]
    assert PoolEvent.objects.filter(step="reach").count() == 1
    assert pools.free(pool) == 300
    assert free(laboratory) + free(others[0]) == 1300


@pytest.mark.django_db(transaction=True)
def test_two_draws_at_once_do_not_pass_the_share(researcher, referent, laboratory, year):
    pool = propose(referent, year, threshold=400)
    give(pool, laboratory, referent, 400)
    drafts = [make.draft(user, make.quote(user, km2=300)) for user in (researcher, referent)]
    results = at_once(
        *[
            lambda one=one, user=user: draws.ask(pool, one.lines.get(), by=Actor.of(user))
            for one, user in zip(drafts, (researcher, referent), strict=True)
        ]
    )
    assert sorted(type(one).__name__ for one in results) == ["NotNow", "PoolDraw"]


def unguarded(monkeypatch, module, check: str) -> None:
    """Without the pool's lock, and with both past the check before either writes."""
    rows = Pool.objects.select_related("period__sensor", "keeper")
    monkeypatch.setattr(pools, "locked", lambda pool: rows.get(pk=pool.pk))
    judge, both = getattr(module, check), threading.Barrier(2)

    def judged_together(*given, **named):
        judge(*given, **named)
        both.wait(timeout=10)

    monkeypatch.setattr(module, check, judged_together)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_two_pledges_reach_it_twice(
    monkeypatch, referent, laboratory, others, year
):
    pool = propose(referent, year, threshold=300)
    unguarded(monkeypatch, pools, "_check_open")
    results = at_once(
        lambda: give(pool, laboratory, referent, 300), lambda: give(pool, *others, 300)
    )
    assert [type(one).__name__ for one in results] == ["Pledge", "Pledge"]
    assert PoolEvent.objects.filter(step="reach").count() == 2
    assert pools.free(pool) == 600


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_two_draws_pass_the_share(
    monkeypatch, researcher, referent, laboratory, year
):
    pool = propose(referent, year, threshold=400)
    give(pool, laboratory, referent, 400)
    drafts = [make.draft(user, make.quote(user, km2=300)) for user in (researcher, referent)]
    unguarded(monkeypatch, draws, "_check")
    results = at_once(
        *[
            lambda one=one, user=user: draws.ask(pool, one.lines.get(), by=Actor.of(user))
            for one, user in zip(drafts, (researcher, referent), strict=True)
        ]
    )
    assert [type(one).__name__ for one in results] == ["PoolDraw", "PoolDraw"]
    assert draws.share_left(pool, laboratory) < 0


def test_the_quote_of_a_line_that_a_pool_carries_names_the_pool_its_before_and_after(
    as_, researcher, reached, laboratory
):
    asked = make.quote(researcher, km2=150)
    assert (asked.purse, asked.purse_before) == ("organisation", 800)
    sent = {"title": "t", "purpose": "p", "submission": "h", "by": Actor.of(researcher)}
    line = draws.order([asked], reached, **sent).lines.get()
    quote = line.quote
    assert (quote.purse, quote.purse_before, quote.purse_after) == ("pool", 400, 400 - quote.units)
    assert (quote.units, quote.expires_at) == (asked.units, asked.expires_at)
    told = {row.label for row in quote.rows}
    assert "Carried by the pool Storms" in told
    granted = PoolEvent.objects.get(life="draw", step="grant")
    assert pool_notices.tell(granted) == 0  # nobody waited for it
    assert not any("allotment" in label for label in told)
    was = Quote.objects.get(pk=asked.pk)
    assert was.has_expired(timezone.now())
    assert "Carried by the allotment of" in " ".join(row.label for row in was.rows)
    with pytest.raises(NotNow) as refused:
        orders.draft([was], **{**sent, "submission": "again"})
    assert refused.value.code == "quote_used"
    page = as_(researcher).get(reverse("quote", args=[was.key]))
    assert page.url == line.order.get_absolute_url()


@pytest.mark.parametrize("reached", ["vote"], indirect=True)
def test_a_vote_that_agrees_names_the_pool_before_the_line_is_sent(
    researcher, referent, laboratory, others, reached
):
    draw = ask(researcher, reached, km2=150)
    assert draw.line.quote.purse == "organisation"
    draws.vote(draw, laboratory, agrees=True, by=Actor.of(referent))
    draw = draws.vote(draw, others[0], agrees=True, by=Actor.of(others[1]))
    assert (draw.line.quote.purse, draw.line.quote.purse_before) == ("pool", 400)
    line = lines.submit(draw.line, by=Actor.of(researcher))
    assert line.quote == draw.line.quote
    renewed = quotes.renew(line, by=Actor.of(researcher))
    assert (renewed.purse, renewed.purse_before) == ("pool", 400)


@pytest.mark.parametrize("reached", ["vote"], indirect=True)
def test_a_line_sent_on_its_own_quota_is_not_voted_on_any_more(
    as_, researcher, referent, laboratory, stranger, reached
):
    draw = ask(researcher, reached, km2=150)
    there = reached.get_absolute_url()
    assert draw.line.order.title in as_(referent).get(there).content.decode()
    assert draw.line.order.title not in as_(stranger).get(there).content.decode()
    line = lines.submit(draw.line, by=Actor.of(researcher))
    assert line.quote.purse == "organisation"
    assert reverse("pool_answer", args=[draw.pk, "grant"]) not in (
        as_(referent).get(there).content.decode()
    )
    with pytest.raises(NotNow) as refused:
        draws.vote(draw, laboratory, agrees=True, by=Actor.of(referent))
    assert refused.value.code == "line_sent"
    assert [draws.tick(), draws.tick()] == [1, 0]
    draw.refresh_from_db()
    assert (draw.state, draw.votes.count()) == ("withdrawn", 0)


def test_a_pool_tells_a_member_what_it_may_draw_and_what_has_happened(
    as_, referent, researcher, stranger, others, reached, year
):
    propose(referent, year, name="later")
    newest = propose(others[1], year, name="open")
    reached.made_at = timezone.now() + timedelta(hours=1)
    reached.save(update_fields=["made_at"])
    listed = as_(referent).get(reverse("pools")).context["page"]
    assert (listed[0], listed[-1]) == (newest, reached)
    asked = make.quote(researcher, km2=150)
    words = {"title": "Secret cove", "purpose": "p", "submission": "h", "by": Actor.of(researcher)}
    draws.order([asked], reached, **words)
    there = reached.get_absolute_url()
    page = as_(researcher).get(there).content.decode()
    assert f"Left of what your organisation put in: {200 - asked.units:.0f}\xa0km²" in page
    assert "The threshold is reached · 400\xa0km²" in page
    assert f"Draw granted · {asked.units:.0f}\xa0km²" in page
    assert "Secret cove" in page
    alien = as_(stranger).get(there).content.decode()
    for word in ("Draw on it", "Secret cove", "History"):
        assert word not in alien
