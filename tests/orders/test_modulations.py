"""The quota modulated: seen before it is written, by two people when it is much, never below what is held."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from orders.ledger import services as ledger
from orders.ledger.check import faults
from orders.ledger.errors import CutTooDeep, QuotaTooSmall
from orders.ledger.models import Movement
from orders.ledger.sums import allotted, budgeted
from orders.models import Modulation, ModulationEvent
from orders.services.purse import modulations
from orders.services.purse.modulation_figures import Wish, written
from orders.services.purse.modulations import FiguresMoved
from tests import make as people
from tests.orders import make
from tests.orders.ledger.conftest import balance
from trials._races import at_once

WHY = "More images than planned."


@pytest.fixture
def scheme(reference):
    """This year's Pléiades: 10,000 km² given, allotments of 1,000, 2,000 and 3,000."""
    period = make.period()
    names = ("Alpine", "Bay", "Coast")
    bodies = [make.organisation(f"{name} Laboratory") for name in names]
    for body in bodies:  # opened before the purses, so that deliveries lock them first
        ledger.account_of(period, "consumed", body.pk)
    accounts = [
        make.allotment(body, size, in_period=period)
        for body, size in zip(bodies, (1000, 2000, 3000), strict=True)
    ]
    return period, bodies, accounts


@pytest.fixture
def one(reference):
    return make.person("queen", "quota_administrator")


@pytest.fixture
def two(reference):
    return make.person("king", "quota_administrator")


@pytest.fixture
def client(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def hold(account, amount, line="L-1"):
    ledger.hold([account], Decimal(amount), line=line, key=f"hold:{line}", by=make.BY, reason="x")


def use(account, amount, line="L-1"):
    """Hold and consume an amount."""
    hold(account, amount, line)
    ledger.capture(
        line,
        Decimal(amount),
        consumer=account.owner_key,
        key=f"take:{line}",
        by=make.BY,
        reason="x",
    )


def wish(period, rule="pro_rata", **more):
    return Wish(period, "allotments", rule, **more)


def look(asked, by):
    return modulations.preview(asked, by=Actor.of(by))


def write(asked, by, *, seen="", submission="form-1"):
    return modulations.propose(asked, reason=WHY, seen=seen, submission=submission, by=Actor.of(by))


def after(found):
    return [one.after for one in found.changes]


class TestPreview:
    def test_pro_rata_takes_by_size_and_changes_nothing(self, scheme, one):
        period, _bodies, accounts = scheme
        found = look(wish(period, amount=Decimal(-600)), one)
        assert [change.before for change in found.changes] == [1000, 2000, 3000]
        assert after(found) == [900, 1800, 2700]
        assert (found.budget.before, found.budget.after) == (4000, 4600)
        assert [balance(account) for account in accounts] == [1000, 2000, 3000]
        assert not Modulation.objects.exists()

    def test_a_share_is_one_of_the_sum_of_the_allotments(self, scheme, one):
        assert after(look(wish(scheme[0], share=Decimal(-10)), one)) == [900, 1800, 2700]
        assert after(look(wish(scheme[0], share=Decimal("0.5")), one)) == [1005, 2010, 3015]

    def test_who_has_little_free_gives_that_and_the_others_give_the_rest(self, scheme, one):
        period, _bodies, accounts = scheme
        hold(accounts[0], 950)
        found = look(wish(period, amount=Decimal(-1050)), one)
        assert after(found) == [950, 1600, 2400]
        assert [change.is_stopped for change in found.changes] == [True, False, False]
        assert (found.changes[0].held, found.changes[0].free_after) == (950, 0)

    def test_by_use_cuts_what_is_free_and_gives_to_who_uses(self, scheme, one):
        period, _bodies, accounts = scheme
        use(accounts[0], 800)
        use(accounts[1], 400, "L-2")
        assert after(look(wish(period, "by_use", amount=Decimal(-480)), one)) == [980, 1840, 2700]
        assert after(look(wish(period, "by_use", amount=Decimal(120)), one)) == [1080, 2040, 3000]

    def test_a_floor_keeps_the_small_ones_and_lifts_them(self, scheme, one):
        period = scheme[0]
        cut = wish(period, "floor", floor=Decimal(1500), amount=Decimal(-1000))
        assert after(look(cut, one)) == [1000, 1600, 2400]
        rise = wish(period, "floor", floor=Decimal(2200), amount=Decimal(700))
        assert after(look(rise, one)) == [1600, 2100, 3000]

    def test_the_reserve_gives_and_takes_where_it_is_asked_to(self, scheme, one):
        found = look(wish(scheme[0], amount=Decimal(-600), towards="reserve"), one)
        assert (found.reserve.before, found.reserve.after) == (0, 600)
        assert (found.budget.before, found.budget.after) == (4000, 4000)

    def test_it_counts_the_drafts_that_would_no_longer_fit(
        self, laboratory, researcher, desk, year, one
    ):
        make.placed(researcher, make.quote(researcher, km2=300))
        make.draft(researcher, make.quote(researcher, km2=400))
        make.quote(researcher, km2=200)
        [change] = look(wish(year, amount=Decimal(-400)), one).changes
        assert (change.under_way, change.touched) == (1, 1)
        assert (change.free, change.held, change.after) == (700, 300, 600)

    def test_only_the_quota_administrator_looks(self, scheme, desk):
        with pytest.raises(NotAllowed):
            look(wish(scheme[0], amount=Decimal(-600)), desk)


class TestRefusals:
    @pytest.mark.parametrize(
        ("rule", "floor", "most"),
        [("pro_rata", None, "4500.00"), ("by_use", None, "4500.00"), ("floor", 1400, "2100.00")],
    )
    def test_a_cut_larger_than_what_is_free_answers_the_largest_possible(
        self, scheme, one, rule, floor, most
    ):
        period, _bodies, accounts = scheme
        hold(accounts[2], 1500)
        asked = wish(period, rule, amount=Decimal(-5000), floor=floor and Decimal(floor))
        with pytest.raises(CutTooDeep) as refusal:
            write(asked, one)
        assert refusal.value.details == {"available": most, "required": "5000.00", "unit": "km2"}
        assert not Modulation.objects.exists()
        # The figure is exact: that much goes, and a hundredth more does not.
        largest = Decimal(most)
        look(wish(period, rule, amount=-largest, floor=floor and Decimal(floor)), one)
        over = -largest - Decimal("0.01")
        with pytest.raises(CutTooDeep):
            look(wish(period, rule, amount=over, floor=floor and Decimal(floor)), one)

    def test_a_rise_larger_than_the_budget_answers_what_is_free_in_it(self, scheme, one):
        with pytest.raises(QuotaTooSmall) as refusal:
            look(wish(scheme[0], amount=Decimal(4001)), one)
        assert refusal.value.details["available"] == "4000.00"

    def test_the_budget_is_not_lowered_below_what_was_given_on(self, scheme, one):
        period = scheme[0]
        with pytest.raises(CutTooDeep) as refusal:
            write(Wish(period, "budget", amount=Decimal("-4000.01")), one)
        assert refusal.value.details["available"] == "4000.00"
        assert budgeted(period) == 10_000

    def test_what_comes_to_nothing_is_refused(self, scheme, one):
        with pytest.raises(Invalid) as refusal:
            look(wish(scheme[0], share=Decimal("0.0001")), one)
        assert refusal.value.code == "nothing_moves"

    def test_a_reason_is_needed(self, scheme, one):
        with pytest.raises(Invalid):
            modulations.propose(
                wish(scheme[0], amount=Decimal(-6)),
                reason=" ",
                seen="",
                submission="a",
                by=Actor.of(one),
            )
        assert not Modulation.objects.exists()

    def test_a_period_that_is_over_is_not_modulated(self, scheme, one):
        period = scheme[0]
        midnight = datetime(period.ends_on.year, 12, 31, 23, 0, tzinfo=UTC)  # in Paris, 1 January
        with time_machine.travel(midnight, tick=False), pytest.raises(NotNow) as refusal:
            look(wish(period, amount=Decimal(-6)), one)
        assert refusal.value.code == "period_is_over"


class TestWriting:
    def test_a_small_one_is_written_at_once_as_one_deed(self, scheme, one):
        period, _bodies, accounts = scheme
        asked = wish(period, amount=Decimal(-600))
        row = write(asked, one, seen=look(asked, one).digest)
        assert (row.state, row.moved, row.count) == ("applied", 600, 3)
        assert [balance(account) for account in accounts] == [900, 1800, 2700]
        moved = Movement.objects.filter(deed=row.deed)
        assert {(m.kind, m.reason, m.by_user_id) for m in moved} == {("adjust", WHY, one.pk)}
        assert [change.change for change in written(row)] == [-100, -200, -300]
        assert faults() == []

    def test_a_form_sent_twice_acts_once(self, scheme, one):
        asked = wish(scheme[0], amount=Decimal(-600))
        first = write(asked, one)
        assert write(asked, one) == first
        assert (Modulation.objects.count(), balance(scheme[2][0])) == (1, 900)

    def test_attempts_move_whole(self, reference, one):
        period = make.period("spot67", budget=100)
        accounts = [
            make.allotment(make.organisation(name), 10, in_period=period)
            for name in ("A", "B", "C")
        ]
        write(wish(period, amount=Decimal(-5)), one)
        assert [balance(account) for account in accounts] == [8, 8, 9]
        with pytest.raises(Invalid):
            write(wish(period, amount=Decimal("-0.5")), one, submission="form-2")

    def test_above_the_threshold_a_second_person_applies_it(self, scheme, one, two):
        period, _bodies, accounts = scheme
        row = write(Wish(period, "budget", amount=Decimal(5000)), one)
        assert (row.state, budgeted(period)) == ("proposed", 10_000)
        seen = modulations.now(row)[0].digest
        with pytest.raises(NotAllowed) as refusal:
            modulations.apply(row, seen=seen, by=Actor.of(one))
        assert refusal.value.code == "second_person_needed"
        assert budgeted(period) == 10_000
        row = modulations.apply(row, seen=seen, by=Actor.of(two))
        assert (row.state, budgeted(period), allotted(accounts[0])) == ("applied", 15_000, 1000)
        steps = ModulationEvent.objects.values_list("step", "by_user")
        assert list(steps) == [("propose", one.pk), ("apply", two.pk)]
        with pytest.raises(NotNow):
            modulations.apply(row, seen=seen, by=Actor.of(two))

    def test_figures_that_moved_since_are_shown_again_and_nothing_is_written(
        self, scheme, one, two
    ):
        period, _bodies, accounts = scheme
        row = write(wish(period, amount=Decimal(-1200)), one)
        seen = modulations.now(row)[0].digest
        hold(accounts[0], 900)
        with pytest.raises(FiguresMoved) as refusal:
            modulations.apply(row, seen=seen, by=Actor.of(two))
        assert [balance(account) for account in accounts] == [100, 2000, 3000]
        new = refusal.value.details["figures"]
        assert new == modulations.now(row)[0].digest != seen
        modulations.apply(row, seen=new, by=Actor.of(two))
        assert [balance(account) for account in accounts] == [0, 1560, 2340]

    def test_it_is_given_up_with_a_reason(self, scheme, one, two):
        row = write(wish(scheme[0], amount=Decimal(-1200)), one)
        with pytest.raises(Invalid):
            modulations.drop(row, reason="", by=Actor.of(two))
        row = modulations.drop(row, reason="Not now.", by=Actor.of(two))
        assert row.state == "dropped"
        with pytest.raises(NotNow):
            modulations.apply(row, seen="", by=Actor.of(two))
        assert balance(scheme[2][0]) == 1000


class TestTelling:
    def test_the_second_person_hears_then_the_referents(
        self, laboratory, referent, year, one, two, mailoutbox, django_capture_on_commit_callbacks
    ):
        row = write(Wish(year, "budget", amount=Decimal(5000)), one)
        people.keep_promises()
        assert [(m.to, m.subject) for m in mailoutbox] == [
            (["king@example.org"], f"A modulation of {year} waits for your decision")
        ]
        modulations.apply(row, seen="", by=Actor.of(two))
        people.keep_promises()
        assert [m.to for m in mailoutbox[1:]] == [["queen@example.org"]]
        write(wish(year, amount=Decimal(-300)), one, submission="form-2")
        people.keep_promises()
        assert mailoutbox[-1].to == ["bob@example.org"]
        assert "from 1,000 km² to 700 km²" in mailoutbox[-1].body


class TestPages:
    def sent(self, period, **more):
        usual = {
            "period": period.pk,
            "aim": "allotments",
            "rule": "pro_rata",
            "amount": "-600",
            "share": "",
            "floor": "",
            "towards": "budget",
        }
        return usual | more

    def test_it_is_looked_at_then_written(self, client, scheme, one):
        client.force_login(one)
        page = client.post(reverse("modulate"), self.sent(scheme[0], act="look"))
        text = page.content.decode()
        assert page.status_code == 200
        assert "Write 3 movements" in text
        assert not Modulation.objects.exists()
        seen = re.search(r'name="seen" value="(\w+)"', text)[1]
        more = {"act": "write", "seen": seen, "reason": WHY, "submission": "a"}
        answer = client.post(reverse("modulate"), self.sent(scheme[0], **more))
        row = Modulation.objects.get()
        assert (answer.status_code, answer.url, row.state) == (
            302,
            row.get_absolute_url(),
            "applied",
        )
        assert "What was written" in client.get(answer.url).content.decode()

    def test_a_cut_too_deep_says_the_largest_possible_in_the_form(self, client, scheme, one):
        client.force_login(one)
        page = client.post(reverse("modulate"), self.sent(scheme[0], amount="-6000.01"))
        assert page.status_code == 409
        assert "6,000 km² at most can be taken" in page.content.decode()

    def test_the_largest_possible_cut_is_one_button_away(self, client, scheme, one):
        client.force_login(one)
        address = reverse("modulate")
        asked = self.sent(scheme[0], amount="-7000")
        page = client.post(address, asked | {"act": "look"})
        assert (page.status_code, page.context["largest"]) == (409, Decimal(-6000))
        page = client.post(address, asked | {"act": "largest", "largest": "-6000.00"})
        assert page.status_code == 200
        assert page.context["figures"].total == -6000
        assert not Modulation.objects.exists()

    def test_figures_that_moved_are_shown_again_on_the_page(self, client, scheme, one):
        client.force_login(one)
        more = {"act": "write", "seen": "0" * 64, "reason": WHY, "submission": "a"}
        page = client.post(reverse("modulate"), self.sent(scheme[0], **more))
        assert page.status_code == 409
        assert "Nothing was written: look again." in page.content.decode()
        assert not Modulation.objects.exists()

    def test_the_second_person_applies_it_on_its_page(self, client, scheme, one, two):
        row = write(wish(scheme[0], amount=Decimal(-1200)), one)
        client.force_login(one)
        page = client.get(row.get_absolute_url()).content.decode()
        assert "A second quota administrator has it." in page
        assert f"{row.pk}/apply" not in page
        assert client.post(reverse("modulation_step", args=[row.pk, "apply"])).status_code == 403
        client.force_login(two)
        seen = re.search(
            r'name="seen" value="(\w+)"', client.get(row.get_absolute_url()).content.decode()
        )[1]
        client.post(reverse("modulation_step", args=[row.pk, "apply"]), {"seen": seen})
        row.refresh_from_db()
        assert row.state == "applied"


class TestPrograms:
    def test_a_dry_run_writes_nothing_and_its_figures_are_what_is_written(
        self, client, scheme, one
    ):
        client.force_login(one)
        asked = {"period": scheme[0].pk, "aim": "allotments", "rule": "pro_rata", "amount": "-600"}
        dry = client.post(
            "/api/v1/quota/modulations", asked | {"dry_run": True}, content_type="application/json"
        )
        assert dry.status_code == 200
        assert [change["after"] for change in dry.json()["changes"]] == [
            "900.00",
            "1800.00",
            "2700.00",
        ]
        assert not Modulation.objects.exists()
        sent = asked | {"reason": WHY, "seen": dry.json()["figures"]}
        made = client.post("/api/v1/quota/modulations", sent, content_type="application/json")
        assert (made.status_code, made.json()["state"]) == (201, "applied")

    def test_a_cut_too_deep_answers_the_largest_possible(self, client, scheme, one):
        client.force_login(one)
        asked = {"period": scheme[0].pk, "aim": "allotments", "rule": "by_use", "amount": "-7000"}
        answer = client.post(
            "/api/v1/quota/modulations", asked | {"dry_run": True}, content_type="application/json"
        )
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (409, "cut_too_deep")
        assert (problem["available"], problem["unit"]) == ("6000.00", "km2")

    def test_the_second_person_applies_by_program(self, client, scheme, one, two):
        row = write(wish(scheme[0], share=Decimal(-50)), one)
        client.force_login(two)
        there = f"/api/v1/quota/modulations/{row.pk}"
        seen = client.get(there).json()["preview"]["figures"]
        done = client.post(f"{there}/steps/apply", {"seen": seen}, content_type="application/json")
        assert (done.status_code, done.json()["state"]) == (200, "applied")


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_orders_and_deliveries_race_with_modulations_and_nothing_deadlocks_or_oversells(
        self, scheme, one
    ):
        results, accounts = self.race(scheme, one)
        assert [type(result) for result in results] == [list] * 24 + [Modulation] * 6
        assert sum(allotted(account) for account in accounts) == 5400
        assert faults() == []

    def test_of_four_who_write_what_they_saw_at_once_one_writes_and_the_others_look_again(
        self, scheme, one
    ):
        results = self.four_at_once(scheme, one)
        kinds = sorted(type(result).__name__ for result in results)
        assert kinds == ["FiguresMoved", "FiguresMoved", "FiguresMoved", "Modulation"]
        assert sum(balance(account) for account in scheme[2]) == 5900
        assert faults() == []

    def test_control_without_the_lock_all_four_write(self, scheme, one, monkeypatch):
        monkeypatch.setattr(modulations, "_lock", lambda period: None)
        assert [type(result) for result in self.four_at_once(scheme, one)] == [Modulation] * 4
        assert sum(balance(account) for account in scheme[2]) == 5600

    def four_at_once(self, scheme, one):
        """All saw the same figures; none may write before all have begun."""
        asked = wish(scheme[0], amount=Decimal(-100))
        seen = look(asked, one).digest
        calls = [
            lambda n=number: write(asked, one, seen=seen, submission=f"four-{n}")
            for number in range(4)
        ]
        return at_once(calls, looking_at=scheme[2][0])

    def race(self, scheme, one):
        period, _bodies, accounts = scheme
        for number in range(24):
            hold(accounts[number % 3], 40, f"L-{number}")
        calls = [
            lambda n=number: ledger.settle(
                f"L-{n}",
                captured=Decimal(30),
                consumer=accounts[n % 3].owner_key,
                key=f"settle:{n}",
                by=make.BY,
                reason="x",
            )
            for number in range(24)
        ]
        calls += [
            lambda n=number: write(wish(period, amount=Decimal(-100)), one, submission=f"race-{n}")
            for number in range(6)
        ]
        return at_once(calls), accounts

    def test_two_who_cut_all_that_is_free_at_once_cut_it_once(self, scheme, one):
        period = scheme[0]
        asked = wish(period, amount=Decimal(-800))
        for account in scheme[2]:
            hold(account, {1000: 700, 2000: 1700, 3000: 2600}[int(account.balance)], str(account))
        seen = look(asked, one).digest
        results = at_once(
            [lambda n=n: write(asked, one, seen=seen, submission=f"cut-{n}") for n in range(4)]
        )
        kinds = sorted(type(result).__name__ for result in results)
        assert kinds == ["CutTooDeep", "CutTooDeep", "CutTooDeep", "Modulation"]
        assert sum(balance(account) for account in scheme[2]) == 200
        assert faults() == []
