"""Tasking: windows and ceilings, attempts that count, images proposed, and what goes back."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from catalogue.models import Platform, Sensor
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from orders.ledger.errors import HeldTooSmall
from orders.ledger.models import Account
from orders.models import Acquisition, Line, TaskingDefault
from orders.services.asking import quotes
from orders.services.asking.wishes import Tasking
from orders.services.lines import clock, lines
from orders.services.tasking import acquisitions, tasking, windows
from tests.orders import make
from tests.orders.journeys import Cast, attempt, consumed, held, proposal, propose, take

MINUTE = timedelta(minutes=1)


@pytest.fixture
def cast(researcher, referent, desk, year, spot_year) -> Cast:
    return Cast(researcher, referent, desk)


@pytest.fixture
def line(cast) -> Line:
    """A SPOT tasking of three tries, with the supplier; three attempts are held."""
    return make.with_supplier(cast.owner, cast.desk, make.tasking_quote(cast.owner))


def left() -> Decimal:
    return Account.objects.get(kind="allotment", period__sensor="spot67").balance


def wish(**more) -> Tasking:
    starts_on = more.pop("starts_on", timezone.localdate() + timedelta(days=1))
    facts = {
        "sensor": Sensor.objects.get(code="spot67"),
        "area": make.square(900),
        "starts_on": starts_on,
        "ends_on": starts_on + timedelta(days=60),
    }
    return Tasking(**(facts | more))


def refusal(user, **more) -> str:
    with pytest.raises(Invalid) as refused:
        quotes.make(wish(**more), by=Actor.of(user))
    assert str(refused.value.sentence)
    return refused.value.code


def test_defaults_are_those_of_the_rules(researcher, spot_year):
    make.rewrite(TaskingDefault, {"sensor": "spot67"}, tries=5, cloud=20, incidence=25)
    quote = quotes.make(wish(), by=Actor.of(researcher))
    assert (quote.tries, quote.max_cloud, quote.max_incidence) == (5, 20, 25)
    assert (quote.units, quote.units_per_try, quote.unit) == (5, 1, "attempt")


def test_what_cannot_be_tasked_is_refused_each_in_its_own_words(researcher):
    today = timezone.localdate()
    day = timedelta(days=1)
    assert refusal(researcher, ends_on=today + day) == "window_too_short"
    assert refusal(researcher, ends_on=today + 5 * day) == "window_too_short"
    assert refusal(researcher, ends_on=today + 500 * day) == "window_too_long"
    assert refusal(researcher, starts_on=today - 90 * day) == "window_past"
    assert refusal(researcher, starts_on=today - day) == "window_begun"
    reversed_window = {"starts_on": today + 9 * day, "ends_on": today + 5 * day}
    assert refusal(researcher, **reversed_window) == "window_reversed"
    assert refusal(researcher, max_cloud=101) == "cloud_ceiling_out_of_range"
    assert refusal(researcher, max_incidence=60) == "incidence_ceiling_out_of_range"
    assert refusal(researcher, tries=0) == "tries_out_of_range"
    assert refusal(researcher, mode="quadruple") == "mode_unknown"
    Platform.objects.filter(code="SPOT6").update(in_service_to=date(2023, 3, 17))
    assert refusal(researcher) == "no_satellite_in_window"


def test_an_emergency_is_pointed_elsewhere(researcher):
    with pytest.raises(Invalid) as refused:
        quotes.make(wish(ends_on=timezone.localdate() + timedelta(days=2)), by=Actor.of(researcher))
    assert "Charter" in str(refused.value.sentence)


def test_an_attempt_counts_once_made_and_not_before(cast, line):
    planned = tasking.plan(line, planned_at=timezone.now(), by=cast.by_desk)
    line.refresh_from_db()
    assert (line.supply, held(line), consumed(line)) == ("attempting", 3, 0)
    tasking.attempted(planned, by=cast.by_desk)
    assert (held(line), consumed(line)) == (2, 1)


def test_a_cloudy_attempt_still_counts(cast, line):
    made = attempt(line, cast)
    tasking.cloudy(made, by=cast.by_desk, cloud_cover=71.0)
    made.refresh_from_db()
    assert (made.state, made.cloud_cover) == ("cloudy", 71.0)
    assert (held(line), consumed(line)) == (2, 1)


def test_a_missed_attempt_counts_nothing_and_needs_a_reason(cast, line):
    planned = tasking.plan(line, planned_at=timezone.now(), by=cast.by_desk)
    with pytest.raises(Invalid):
        tasking.missed(planned, by=cast.by_desk, reason=" ")
    tasking.missed(planned, by=cast.by_desk, reason="Another request went first.")
    assert (held(line), consumed(line)) == (3, 0)
    with pytest.raises(NotNow):
        tasking.attempted(planned, by=cast.by_desk)


def test_no_more_attempts_count_than_were_allowed(cast, line):
    for _ in range(3):
        tasking.cloudy(attempt(line, cast), by=cast.by_desk, cloud_cover=90.0)
    planned = tasking.plan(line, planned_at=timezone.now(), by=cast.by_desk)
    with pytest.raises(HeldTooSmall):
        tasking.attempted(planned, by=cast.by_desk)
    planned.refresh_from_db()
    assert (planned.state, held(line), consumed(line)) == ("planned", 0, 3)


def test_one_try_over_a_large_stereo_area_counts_all_its_scenes(cast):
    quote = make.tasking_quote(cast.owner, km2=5000, mode="stereo", tries=2)
    line = make.with_supplier(cast.owner, cast.desk, quote)
    assert (quote.units, quote.units_per_try) == (8, 4)
    attempt(line, cast)
    assert (held(line), consumed(line)) == (4, 4)
    with pytest.raises(Invalid):
        tasking.plan(line, planned_at=timezone.now(), by=cast.by_desk, units=Decimal(5))
    part = tasking.plan(line, planned_at=timezone.now(), by=cast.by_desk, units=Decimal(1))
    tasking.attempted(part, by=cast.by_desk)
    assert (held(line), consumed(line)) == (3, 5)


def test_a_satellite_of_another_sensor_cannot_try(cast, line):
    platform = Platform.objects.get(code="PHR1A")
    with pytest.raises(Invalid):
        tasking.plan(line, planned_at=timezone.now(), by=cast.by_desk, platform=platform)
    assert not line.attempts.exists()


def test_only_the_desk_records_attempts(cast, line):
    with pytest.raises(NotAllowed):
        tasking.plan(line, planned_at=timezone.now(), by=cast.by_owner)
    assert not line.attempts.exists()


def test_a_pass_outside_the_window_is_refused_with_its_days_and_nothing_is_written(cast, line):
    first, last = windows.ends(line)
    for at in (first - MINUTE, last + MINUTE):
        with pytest.raises(Invalid) as refused:
            tasking.plan(line, planned_at=at, by=cast.by_desk)
        assert refused.value.code == "pass_outside_the_window"
        assert windows.days_of(line)["last"] in str(refused.value.sentence)
        assert refused.value.details["starts_on"] == line.window_starts_on.isoformat()
    line.refresh_from_db()
    assert (line.supply, line.attempts.count()) == ("placed", 0)
    for at in (first, last):
        tasking.plan(line, planned_at=at, by=cast.by_desk)
    assert line.attempts.count() == 2


def test_a_window_is_whole_days_in_utc_and_in_the_time_of_the_site(cast, line):
    Line.objects.filter(pk=line.pk).update(
        window_starts_on=date(2027, 6, 1), window_ends_on=date(2027, 8, 31)
    )
    line.refresh_from_db()
    opens_at, closes_at = windows.bounds(line)
    assert opens_at == datetime(2027, 5, 31, 22, tzinfo=UTC)  # midnight in Paris
    assert closes_at == datetime(2027, 9, 1, tzinfo=UTC)


def test_an_image_taken_outside_the_window_or_tomorrow_is_not_proposed(cast, line):
    made = attempt(line, cast)
    first, _last = windows.ends(line)
    for at, code in (
        (first - MINUTE, "image_outside_the_window"),
        (timezone.now() + timedelta(hours=1), "image_of_the_future"),
    ):
        with pytest.raises(Invalid) as refused:
            acquisitions.propose(made, proposal(acquired_at=at), by=cast.by_desk)
        assert refused.value.code == code
    made.refresh_from_db()
    assert (made.state, Acquisition.objects.count()) == ("attempted", 0)


def test_a_proposed_image_waits_for_the_requester_with_a_deadline(cast, line):
    image = propose(line, cast)
    line.refresh_from_db()
    assert (line.supply, line.due_at) == ("proposed", image.due_at)
    assert image.silence == "refuse"
    assert image.covered_km2 == line.area_km2
    assert image.covered_share == 1.0
    assert (held(line), consumed(line)) == (2, 1)


def test_accepting_gives_the_unused_attempts_back(cast, line):
    before = left()
    image = acquisitions.accept(propose(line, cast), by=cast.by_owner)
    line.refresh_from_db()
    assert (image.state, line.supply, line.money) == ("accepted", "in_production", "captured")
    assert (held(line), consumed(line), left()) == (0, 1, before + 2)


def test_refusing_goes_on_trying_and_gives_nothing_back(cast, line):
    acquisitions.refuse(propose(line, cast), by=cast.by_owner, reason="Smoke.")
    line.refresh_from_db()
    assert (line.supply, held(line), consumed(line)) == ("attempting", 2, 1)
    propose(line, cast)
    assert (held(line), consumed(line)) == (1, 2)


def test_the_desk_may_take_a_proposal_back(cast, line):
    image = acquisitions.take_back(propose(line, cast), by=cast.by_desk, reason="Wrong footprint.")
    line.refresh_from_db()
    assert (image.state, line.supply) == ("taken_back", "attempting")


def test_only_the_requester_answers(cast, line, stranger):
    image = propose(line, cast)
    for user in (cast.desk, cast.referent, stranger):
        with pytest.raises(NotAllowed):
            acquisitions.accept(image, by=Actor.of(user))
    image.refresh_from_db()
    assert (image.state, held(line)) == ("proposed", 2)


def test_an_image_is_answered_once(cast, line):
    image = propose(line, cast)
    acquisitions.refuse(image, by=cast.by_owner)
    with pytest.raises(NotNow):
        acquisitions.accept(image, by=cast.by_owner)
    line.refresh_from_db()
    assert (line.supply, held(line)) == ("attempting", 2)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"cloud_cover": 130.0}, "cloud_not_a_share"),
        ({"footprint": "far"}, "image_beside_the_area"),
    ],
)
def test_what_is_proposed_must_make_sense(cast, line, facts, code):
    if facts.get("footprint") == "far":
        facts = {"footprint": make.square(3600, at=(2.3, 48.8))}
    made = attempt(line, cast)
    with pytest.raises(Invalid) as refused:
        acquisitions.propose(made, proposal(**facts), by=cast.by_desk)
    assert refused.value.code == code
    assert not Acquisition.objects.exists()


def test_a_deadline_lies_in_the_future(cast, line):
    made = attempt(line, cast)
    with pytest.raises(Invalid):
        acquisitions.propose(made, proposal(), by=cast.by_desk, due_at=timezone.now())


def test_delivery_of_a_spot_tasking_counts_nothing_more(cast, line):
    propose(line, cast)
    line = take(line, cast, "take_image", "deliver")
    assert (line.supply, line.money, held(line), consumed(line)) == ("delivered", "captured", 0, 1)


def test_pleiades_tasking_counts_valid_km2_and_not_its_attempts(cast):
    quote = make.tasking_quote(cast.owner, sensor="pleiades", km2=250)
    line = make.with_supplier(cast.owner, cast.desk, quote)
    propose(line, cast)
    assert (held(line), consumed(line)) == (quote.units, 0)
    line = take(line, cast, "take_image")
    assert (line.money, held(line)) == ("held", quote.units)
    lines.deliver(
        line,
        product=make.product(make.scene()),
        delivered_overlap_km2=Decimal("180.00"),
        by=cast.by_desk,
    )
    assert (held(line), consumed(line)) == (0, Decimal("180.00"))


def test_a_tasking_is_not_delivered_before_an_image_was_accepted(cast, line):
    with pytest.raises(NotNow) as refused:
        take(line, cast, "deliver")
    assert refused.value.code == "no_image_accepted"


def test_a_window_that_closes_gives_back_what_was_not_used_once(cast, line):
    tasking.cloudy(attempt(line, cast), by=cast.by_desk, cloud_cover=80.0)
    before = left()
    with time_machine.travel(timezone.now() + timedelta(days=90)):
        assert clock.tick()["closed"] == 1
        assert clock.tick()["closed"] == 0
    line.refresh_from_db()
    assert (line.supply, line.money) == ("closed", "captured")
    assert (held(line), consumed(line), left()) == (0, 1, before + 2)
    assert line.events.filter(step="close").count() == 1


def test_a_window_that_closes_before_any_attempt_gives_everything_back(cast, line):
    with time_machine.travel(timezone.now() + timedelta(days=90)):
        clock.tick()
    line.refresh_from_db()
    assert (line.supply, line.money, held(line), left()) == ("closed", "released", 0, 20)


def test_a_window_that_closes_before_the_decision_lets_the_line_lapse(cast):
    line = make.placed(cast.owner, make.tasking_quote(cast.owner))
    with time_machine.travel(timezone.now() + timedelta(days=90)):
        assert clock.tick()["closed"] == 1
    line.refresh_from_db()
    assert (line.approval, line.money, held(line)) == ("lapsed", "released", 0)


def test_the_window_lasts_to_the_end_of_its_last_day(cast, line):
    last = line.window_ends_on
    with time_machine.travel(timezone.now() + (last - timezone.localdate())):
        assert timezone.localdate() == last
        assert clock.tick()["closed"] == 0


@pytest.mark.parametrize(
    ("silence", "state", "supply", "kept"),
    [("refuse", "refused", "attempting", 2), ("accept", "accepted", "in_production", 0)],
)
def test_silence_does_what_the_rules_say_once(cast, line, silence, state, supply, kept):
    make.rewrite(TaskingDefault, {"sensor": "spot67"}, silence=silence)
    image = propose(line, cast)
    assert clock.tick()["answered"] == 0
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert clock.tick()["answered"] == 1
        assert clock.tick()["answered"] == 0
    image.refresh_from_db()
    line.refresh_from_db()
    assert (image.state, line.supply, held(line), consumed(line)) == (state, supply, kept, 1)


def test_silence_accepts_even_when_the_requester_has_left(cast, line):
    make.rewrite(TaskingDefault, {"sensor": "spot67"}, silence="accept")
    image = propose(line, cast)
    cast.owner.affiliations.update(state="ended", is_current=False)
    with pytest.raises(NotAllowed):
        acquisitions.accept(image, by=cast.by_owner)
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert clock.tick()["answered"] == 1


def test_drafts_lapse_with_their_quotes_and_can_be_quoted_again(cast):
    line = make.draft(cast.owner).lines.get()
    this_year = timezone.localdate().year
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        if timezone.localdate().year > this_year:  # in December
            make.allotment(line.order.organisation, 1000, in_period=make.period())
        assert clock.tick()["lapsed"] == 1
        assert clock.tick()["lapsed"] == 0
        line.refresh_from_db()
        old = line.quote_id
        assert line.approval == "lapsed"
        again = lines.quote_again(line, by=cast.by_owner)
        assert (again.approval, again.quote_id != old) == ("draft", True)
        assert lines.submit(again, by=cast.by_owner).approval == "submitted"
        assert held(again) == again.quote.units
