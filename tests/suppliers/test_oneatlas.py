"""OneAtlas' connector against the make-believe one: each fault ends in the one right state."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from orders.suppliers.oneatlas import OneAtlas, words
from orders.suppliers.oneatlas.session import Pace
from orders.suppliers.protocol import (
    OVER,
    Ask,
    Banned,
    Connector,
    Refused,
    Report,
    Stage,
    Temporary,
    Unable,
    Unknown,
    everything,
)
from tests.suppliers.oneatlas.server import (
    AUTH,
    BANNED,
    BROKEN,
    CLOSED,
    GARBLED,
    LOST,
    SLOW,
    TWICE,
    UNHEARD,
    Scenario,
    Simulator,
)
from tests.suppliers.oneatlas.world import CONTRACT, KEY, World

SQUARE = [[2.0, 48.0], [2.15, 48.0], [2.15, 48.1], [2.0, 48.1], [2.0, 48.0]]
START = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def ask(reference: str = "C-2026-0001-1", **more: Any) -> Ask:
    usual: dict[str, Any] = {
        "kind": "tasking",
        "sensor": "pleiades",
        "area": {"type": "Polygon", "coordinates": [SQUARE]},
        "area_km2": Decimal("123.5"),
        "end_user": "Coast Laboratory",
        "starts_at": START + DAY,
        "ends_at": START + 31 * DAY,
        "max_cloud": 10,
        "max_incidence": 30,
        "options": {"level": "ortho", "bits": "12"},
    }
    return Ask(reference, **usual | more)


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(slowness=0.6).running() as running:
        yield running


def connector(simulator: Simulator, **more: Any) -> OneAtlas:
    usual = {
        "api_key": KEY,
        "contract": CONTRACT,
        "auth_url": simulator.url + AUTH,
        "order_url": simulator.url,
        "pace": lambda: None,
        "clock": lambda: simulator.world.now,
        "timeout": (2, 2),
    }
    return OneAtlas(**usual | more)


@pytest.fixture
def oneatlas(simulator: Simulator) -> OneAtlas:
    return connector(simulator)


def posts(simulator: Simulator) -> int:
    """How many orders were sent, heard or not."""
    return sum(path == "/api/v1/orders" for _at, _method, path in simulator.asked)


def test_it_keeps_the_protocol(oneatlas):
    assert isinstance(oneatlas, Connector)
    assert [one.code for one in oneatlas.products()] == [
        "PleiadesTaskingOnePlan",
        "SpotTaskingOnePlan",
    ]


def test_an_order_says_what_the_line_says(oneatlas, simulator):
    placed = oneatlas.place(ask(mode="stereo", sensor="spot67"))
    assert (placed.stage, placed.reference, placed.ours) == (
        Stage.PLACED, "SAL21000001", "C-2026-0001-1",
    )  # fmt: skip
    assert placed.price == pytest.approx(Decimal("6963"), abs=200)
    (tasking,) = simulator.world.orders_of("C-2026-0001-1")
    item = tasking.body["items"][0]
    said = {row["key"]: row["value"] for row in item["properties"]}
    assert said == {
        "acquisitionMode": "STEREO",
        "acqPeriod": "2026-03-02T00:00:00.000Z 2026-04-01T00:00:00.000Z",
        "maxCloudCover": 10,
        "notificationThreshold": 0,
        "maxIncidenceAngle": 30,
        "acquisitionModeMinBH": 0.2,
        "acquisitionModeMaxBH": 0.8,
        "feasibilityAutomation": "AUTOMATIC",
        "classification": "EASY",
    }
    options = tasking.body["optionsPerProductType"][0]["options"]
    assert {row["key"]: row["value"] for row in options} == {
        "spectral_processing": "bundle",
        "radiometric_processing": "reflectance",
        "image_format": "dimap_jpeg2000_regular",
        "pixel_coding": "12bits",
        "processing_level": "ortho",
        "priority": "standard",
        "licence": "standard",
        "delivery_method": "at_the_end",
        "projection_1": "32622",
        "dem_1": "best_available",
    }
    assert tasking.body["endUsers"] == [{"endUserName": "Coast Laboratory", "country": "FR"}]


def test_the_study_reads_manual_however_it_is_spelt(oneatlas, simulator):
    (found,) = oneatlas.feasibility(ask(max_cloud=5))
    assert (found.ease, found.answered_by_hand) == ("challenging", False)
    simulator.world.by_hand = 1.0  # they then write MAUAL
    (found,) = oneatlas.feasibility(ask())
    assert (found.ease, found.answered_by_hand) == ("easy", True)
    with pytest.raises(Refused) as refused:
        oneatlas.place(ask())
    assert refused.value.code == "study_by_hand"
    assert posts(simulator) == 0


def test_a_price_is_told_and_nothing_ordered(oneatlas, simulator):
    price = oneatlas.quote(ask())
    assert price.currency == "EUR"
    assert price.amount == pytest.approx(price.area_km2 * 56, abs=Decimal("0.01"))
    assert simulator.world.taskings == {}


def test_a_season_from_pass_to_production(oneatlas, simulator):
    simulator.world.cloudy = 0.0
    reference = oneatlas.place(ask()).reference
    assert oneatlas.status(reference).stage == Stage.PLACED
    simulator.world.advance(2 * DAY)
    proposed = oneatlas.status(reference)
    (seen,) = proposed.acquisitions
    assert (proposed.stage, proposed.attempts, seen.answer) == (Stage.PROPOSED, 1, "")
    assert (seen.platform, seen.incidence) == ("PHR1B", 12.5)
    (segment,) = simulator.world.taskings["ICR_FC_000001"].segments.values()
    assert seen.cloud_cover == pytest.approx(100 - segment.clear_sky, abs=1e-3)
    refused = oneatlas.decide(reference, seen.identifier, accept=False)
    assert (refused.stage, refused.acquisitions[0].answer) == (Stage.TASKING, "refused")
    simulator.world.advance(3 * DAY)
    later = oneatlas.status(reference)
    assert [one.answer for one in later.acquisitions] == ["refused", ""]
    accepted = oneatlas.decide(reference, later.acquisitions[1].identifier, accept=True)
    assert (accepted.stage, accepted.attempts) == (Stage.PRODUCING, 2)
    assert accepted.at >= later.at > proposed.at


def test_a_window_that_closes_with_clouds_only_has_expired(oneatlas, simulator):
    simulator.world.cloudy = 1.0
    reference = oneatlas.place(ask()).reference
    simulator.world.advance(10 * DAY)
    assert oneatlas.status(reference).stage == Stage.TASKING
    simulator.world.advance(40 * DAY)
    closed = oneatlas.status(reference)
    assert (closed.stage, closed.attempts, closed.acquisitions) == (Stage.EXPIRED, 10, ())


def test_an_answer_given_again_is_harmless_and_the_other_one_is_refused(oneatlas, simulator):
    simulator.world.cloudy = 0.0
    reference = oneatlas.place(ask()).reference
    simulator.world.advance(2 * DAY)
    key = oneatlas.status(reference).acquisitions[0].identifier
    oneatlas.decide(reference, key, accept=True)
    before = len(simulator.asked)
    assert oneatlas.decide(reference, key, accept=True).stage == Stage.PRODUCING
    assert not [path for _a, _m, path in simulator.asked[before:] if path.endswith("accept")]
    with pytest.raises(Refused) as refused:
        oneatlas.decide(reference, key, accept=False)
    assert refused.value.code == "answered_otherwise"
    with pytest.raises(Refused) as refused:
        oneatlas.decide(reference, "AS_OTHER", accept=True)
    assert refused.value.code == "acquisition_unknown"


def test_cancelling_twice_is_cancelling_once(oneatlas, simulator):
    reference = oneatlas.place(ask()).reference
    assert oneatlas.cancel(reference).stage == Stage.CANCELLED
    assert oneatlas.cancel(reference).stage == Stage.CANCELLED
    assert sum(path.endswith("/cancel") for _at, _method, path in simulator.asked) == 1


@pytest.mark.parametrize("fault", [LOST, BROKEN])
def test_a_lost_reply_is_looked_up_and_nothing_ordered_twice(oneatlas, simulator, fault):
    simulator.scenario.push("/api/v1/orders", fault)
    with pytest.raises(Unknown):
        oneatlas.place(ask())
    found = oneatlas.look_up(ask())
    assert (found.reference, found.stage) == ("SAL21000001", Stage.PLACED)
    assert len(simulator.world.orders_of("C-2026-0001-1")) == 1


def test_an_order_that_was_never_heard_looks_the_same_and_is_not_found(oneatlas, simulator):
    simulator.scenario.push("/api/v1/orders", UNHEARD)
    with pytest.raises(Unknown):
        oneatlas.place(ask())
    assert oneatlas.look_up(ask()) is None


@pytest.mark.parametrize("fault", [CLOSED, BANNED])
def test_what_was_not_taken_for_sure_may_be_sent_again(oneatlas, simulator, fault):
    simulator.scenario.push("/api/v1/orders", fault)
    with pytest.raises(Temporary):
        oneatlas.place(ask())
    assert simulator.world.taskings == {}


def test_a_ban_says_until_when(oneatlas, simulator):
    simulator.scenario.push("/api/v1/feasibility", BANNED)
    with pytest.raises(Banned) as banned:
        oneatlas.feasibility(ask())
    assert banned.value.until == simulator.world.now + timedelta(minutes=10)
    with pytest.raises(Banned):
        oneatlas.status("SAL21000001")


def test_nobody_there_is_temporary(simulator):
    away = connector(simulator, auth_url="http://127.0.0.1:9/", order_url="http://127.0.0.1:9")
    with pytest.raises(Temporary) as error:
        away.place(ask())
    assert error.value.code == "unreachable"


def test_a_reference_that_begins_alike_is_not_ours(oneatlas):
    oneatlas.place(ask("C-2026-0001-12"))
    assert oneatlas.look_up(ask("C-2026-0001-1")) is None


def test_two_orders_under_one_reference_are_never_taken_for_one(oneatlas):
    oneatlas.place(ask())
    oneatlas.place(ask())
    with pytest.raises(Refused) as refused:
        oneatlas.look_up(ask())
    assert refused.value.code == "ordered_twice"


@pytest.mark.parametrize("fault", [GARBLED, SLOW])
def test_an_answer_that_is_none_changes_nothing(simulator, fault):
    reference = connector(simulator).place(ask()).reference
    oneatlas = connector(simulator, timeout=(2, 0.3))
    simulator.scenario.push("/taskings", fault)
    with pytest.raises(Temporary):
        oneatlas.status(reference)
    assert connector(simulator).status(reference).stage == Stage.PLACED


def test_what_is_told_twice_counts_once(oneatlas, simulator):
    simulator.world.cloudy = 0.0
    oneatlas.place(ask("C-2026-0001-1"))
    oneatlas.place(ask("C-2026-0002-1"))
    simulator.world.advance(2 * DAY)
    simulator.scenario.push("/taskings", TWICE, TWICE, TWICE)
    reports = list(everything(oneatlas))
    assert sorted(one.ours for one in reports) == ["C-2026-0001-1", "C-2026-0002-1"]
    assert [len(one.acquisitions) for one in reports] == [1, 1]


def test_an_older_answer_is_seen_to_be_older(oneatlas, simulator):
    simulator.world.cloudy = 0.0
    reference = oneatlas.place(ask()).reference
    simulator.world.advance(2 * DAY)
    first = oneatlas.status(reference)
    oneatlas.decide(reference, first.acquisitions[0].identifier, accept=False)
    simulator.world.advance(3 * DAY)
    newer = oneatlas.status(reference)
    assert newer.at > first.at
    oneatlas.decide(reference, newer.acquisitions[1].identifier, accept=True)
    over = oneatlas.status(reference)
    assert (over.stage, over.at) == (Stage.PRODUCING, simulator.world.now)
    # An older self of the same tasking comes late.
    simulator.world.taskings["ICR_FC_000001"].status = "In Progress"
    late = oneatlas.status(reference)
    assert late.at == newer.at < over.at


def test_segments_that_do_not_come_cost_no_page(oneatlas, simulator):
    simulator.world.cloudy = 0.0
    oneatlas.place(ask())
    simulator.world.advance(2 * DAY)
    simulator.scenario.push("/segments", CLOSED)
    (report,) = list(everything(oneatlas))
    assert (report.stage, report.acquisitions) == (Stage.PROPOSED, ())
    (again,) = list(everything(oneatlas))
    assert len(again.acquisitions) == 1
    assert again.at > report.at
    simulator.scenario.push("/segments", BANNED)
    with pytest.raises(Banned):
        list(everything(oneatlas))


def test_a_tasking_that_shows_up_late_is_not_yet_there(oneatlas, simulator):
    simulator.world.shown_after = timedelta(minutes=5)
    placed = oneatlas.place(ask())
    assert oneatlas.look_up(ask()) is None
    with pytest.raises(Refused) as gone:
        oneatlas.status(placed.reference)
    assert gone.value.code == "gone"
    simulator.world.advance(timedelta(minutes=6))
    assert oneatlas.look_up(ask()).reference == placed.reference


def test_every_page_is_read(oneatlas, simulator):
    body = {}
    oneatlas.place(ask("C-2026-0001-1"))
    body = simulator.world.taskings["ICR_FC_000001"].body
    for number in range(2, 231):
        simulator.world.order(body | {"customerReference": f"C-2026-{number:04}-1"})
    assert len({one.ours for one in everything(oneatlas)}) == 230
    assert oneatlas.status("SAL21000230").ours == "C-2026-0230-1"


def test_a_token_is_renewed_before_its_end_and_after_a_surprise(oneatlas, simulator):
    oneatlas.feasibility(ask())
    assert len(simulator.world.tokens) == 1
    simulator.world.advance(timedelta(minutes=57))
    oneatlas.feasibility(ask())
    assert len(simulator.world.tokens) == 1
    simulator.world.advance(timedelta(minutes=2))  # it would hold for another minute
    oneatlas.feasibility(ask())
    assert len(simulator.world.tokens) == 2
    simulator.world.tokens.clear()
    assert oneatlas.feasibility(ask())


def test_a_key_that_is_not_theirs_is_refused_and_never_told(simulator):
    stranger = connector(simulator, api_key="a-secret-that-is-wrong")
    with pytest.raises(Refused) as refused:
        stranger.feasibility(ask())
    assert refused.value.code == "key_refused"
    assert "a-secret" not in repr(refused.value) + str(refused.value.__cause__)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"kind": "production", "scene": "DS_X"}, "only_tasking"),
        ({"sensor": "co3d"}, "sensor_unknown"),
        ({"area": {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}}, "area_in_parts"),
        ({"area": {"type": "Polygon", "coordinates": [SQUARE, SQUARE]}}, "area_with_holes"),
        ({"area": {"type": "Polygon", "coordinates": [SQUARE * 200]}}, "area_too_long"),
    ],
)
def test_what_they_never_take_is_not_sent(oneatlas, simulator, more, code):
    with pytest.raises(Refused) as refused:
        oneatlas.place(ask(**more))
    assert refused.value.code == code
    assert simulator.asked == []


def test_production_is_something_it_is_unable_to_do(oneatlas):
    with pytest.raises(Unable):
        oneatlas.place(ask(kind="production"))
    with pytest.raises(Unable):
        oneatlas.deliveries("SAL21000001")


def test_their_refusal_is_told_in_their_words(oneatlas, simulator):
    simulator.world.refuses = 1.0
    with pytest.raises(Refused) as refused:
        oneatlas.place(ask())
    assert (refused.value.code, refused.value.sentence) == (
        "E2203", "The acquisition period is not available",
    )  # fmt: skip


def test_calls_keep_their_distance(simulator):
    """The simulator bans whoever comes sooner; the same without the pace is banned."""
    simulator.least_interval = 0.1
    with pytest.raises(Banned):
        connector(simulator).place(ask())
    simulator.world.advance(timedelta(minutes=11))
    simulator.asked.clear()
    paced = connector(simulator, pace=Pace(0.11))
    assert paced.place(ask()).stage == Stage.PLACED
    assert paced.look_up(ask()) is not None


@pytest.mark.parametrize(
    ("status", "proposed", "tried", "valid", "stage"),
    [
        ("Feasibility study in progress", 0, False, 0, Stage.STUDIED),
        ("In Progress", 0, False, 0, Stage.PLACED),
        ("In Progress", 0, True, 0, Stage.TASKING),
        ("IN PROGRESS", 1, True, 0, Stage.PROPOSED),
        ("Paused", 0, True, 0, Stage.TASKING),
        ("Canceled", 1, True, 5, Stage.CANCELLED),
        ("Completed", 0, True, 5, Stage.PRODUCING),
        ("Completed", 0, True, 0, Stage.EXPIRED),
    ],
)
def test_their_words_come_to_ours(status, proposed, tried, valid, stage):
    found = words.stage_of(status, proposed=proposed, tried=tried, validated_m2=valid)
    assert found == stage


def test_a_word_never_seen_is_told_and_not_guessed():
    with pytest.raises(Refused) as refused:
        words.stage_of("Hibernating", proposed=0, tried=False, validated_m2=0)
    assert refused.value.code == "status_unknown"


def test_half_a_part_of_the_area_is_said_to_be_partial(oneatlas, simulator):
    reference = oneatlas.place(ask()).reference
    tasking = simulator.world.taskings["ICR_FC_000001"]
    tasking.status, tasking.validated_m2 = "Completed", tasking.ordered_m2 * 0.4
    report = oneatlas.status(reference)
    assert (report.stage, report.code, report.reason) == (
        Stage.PRODUCING, "partial", "40 % of the area is valid.",
    )  # fmt: skip


def patiently(act: Callable[[], Report | None], simulator: Simulator) -> Report | None:
    """As a worker does with what is only a question: later again, and silent during a ban."""
    for _try in range(40):
        try:
            return act()
        except Banned as banned:
            simulator.world.advance(banned.until - simulator.world.now + timedelta(seconds=1))
        except Temporary:
            simulator.world.advance(timedelta(minutes=1))
    raise AssertionError("never answered")


def carefully(
    act: Callable[[], Report], look: Callable[[], Report | None], simulator: Simulator
) -> Report | None:
    """As a worker does with what acts: after a lost reply it looks before it acts again."""
    for _try in range(40):
        try:
            return patiently(act, simulator)
        except Unknown:
            found = patiently(look, simulator)
            if found is not None:
                return found
    raise AssertionError("never answered")


def test_a_season_of_faults_leaves_one_order_each_in_the_one_right_state():
    """Bans, lost replies, closed doors, old and doubled answers: the twin counts what was ordered."""
    scenario = Scenario(seed=7, often=0.12, bans=0.005)
    world = World(seed=11, start=START, cloudy=0.75, refuses=0.05)
    wanted: dict[str, Stage] = {}
    with Simulator(world, scenario).running() as simulator:
        oneatlas = connector(simulator)
        for number in range(40):
            one = ask(f"C-2026-{number:04}-1", sensor=("pleiades", "spot67")[number % 2])
            one = replace(one, starts_at=world.now + DAY, ends_at=world.now + 21 * DAY)
            try:
                report = carefully(
                    lambda one=one: oneatlas.place(one),
                    lambda one=one: oneatlas.look_up(one),
                    simulator,
                )
                wanted[one.reference] = report.stage
            except Refused:
                assert world.orders_of(one.reference) == []
        assert 33 <= len(wanted) < 40
        latest: dict[str, datetime] = {}
        for _day in range(30):
            world.advance(DAY)
            for report in patiently(lambda: list(everything(oneatlas)), simulator):
                if wanted[report.ours] in OVER or report.at < latest.get(report.ours, START):
                    continue
                latest[report.ours] = report.at
                wanted[report.ours] = report.stage
                waiting = [seen for seen in report.acquisitions if not seen.answer]
                if waiting and world.dice.random() < 0.5:
                    _answer(oneatlas, simulator, report, waiting[0].identifier)
        for reference, stage in wanted.items():
            (tasking,) = world.orders_of(reference)
            right = Stage.PRODUCING if tasking.validated_m2 else Stage.EXPIRED
            assert (tasking.status, stage) == ("Completed", right), reference
        assert {Stage.PRODUCING, Stage.EXPIRED} == set(wanted.values())


def _answer(oneatlas: OneAtlas, simulator: Simulator, report: Report, seen: str) -> None:
    """Answer, unless the question was an older one: closed there, or answered meanwhile."""
    accept = simulator.world.dice.random() < 0.7
    try:
        carefully(
            lambda: oneatlas.decide(report.reference, seen, accept=accept), lambda: None, simulator
        )
    except Refused as refused:
        if refused.code not in {"answered_otherwise", "acquisition_unknown", "E2210"}:
            raise
