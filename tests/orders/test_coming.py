"""What is still to come on the page of an order: muted, in order, with the days that are known."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from dinamis import formats
from orders.models import Line, OrderPreference
from orders.services.lines import coming
from orders.services.lines.reading import sentence
from orders.services.rules.rules import rules_in_force
from orders.services.tasking import tasking
from orders.views.history import timeline
from tests.orders.journeys import Cast, propose, start, take
from tests.orders.test_order_page import page_of
from tests.orders.test_telling import every_state

pytestmark = pytest.mark.django_db

OVER = {"lapsed", "refused", "withdrawn", "converted", "delivered", "failed", "closed"}
DELIVERY = "Delivery, then free for every member"


@pytest.fixture
def cast(researcher, referent, desk, year, spot_year) -> Cast:
    return Cast(researcher, referent, desk)


def told(line: Line) -> list[tuple[str, str]]:
    """The steps to come and when, in English."""
    line = Line.objects.get(pk=line.pk)
    with translation.override("en"):
        found = coming.steps(line, line.events.all(), rules_in_force())
    return [(one.title, one.when) for one in found]


def titles(line: Line) -> list[str]:
    return [title for title, _when in told(line)]


@pytest.mark.parametrize(("kind", "path", "state"), every_state())
def test_every_state_tells_what_comes_and_one_that_is_over_nothing(cast, kind, path, state):
    line = take(start(cast, kind), cast, *path)
    found = titles(line)
    assert (found == []) == (state in OVER)
    page = page_of(cast.owner, line)
    own = sentence(line, cast.owner).is_yours
    assert page.count("To come:") == max(0, len(found) - own)
    assert page.count('aria-current="step"') == own
    if found:
        assert found[-1] == DELIVERY
        assert page.index("To come:") > page.index("Quote accepted")


def test_a_production_goes_through_decision_placing_production_and_delivery(cast):
    line = take(start(cast, "production"), cast, "submit")
    way = ["Decision of the DINAMIS desk", "Placing with the supplier", "Production of the image"]
    assert titles(line) == [*way, DELIVERY]
    assert titles(take(line, cast, "accept")) == [*way[1:], DELIVERY]
    assert titles(take(line, cast, "place")) == [*way[2:], DELIVERY]
    assert titles(take(line, cast, "start_production")) == [DELIVERY]


def test_a_tasking_has_its_attempts_and_an_answer_to_give(cast):
    line = take(start(cast, "tasking"), cast, "submit", "accept", "place")
    way = ["Attempts of the satellite", "Answer to the image proposed", "Production of the image"]
    assert titles(line) == [*way, DELIVERY]
    assert told(line)[0][1] == f"until {formats.day(line.window_ends_on)}"
    at = timezone.now() + timedelta(days=3)
    tasking.plan(line, planned_at=at, by=cast.by_desk)
    with translation.override("en"):
        assert told(line)[0][1].startswith(f"next pass on {formats.instant(at)}, until ")
    image = propose(Line.objects.get(pk=line.pk), cast)
    with translation.override("en"):
        assert told(line)[0] == (way[1], f"before {formats.instant(image.due_at)}")


def test_days_are_those_of_the_targets_one_stage_after_the_other(cast, year):
    targets = rules_in_force().targets
    decide, place = (
        coming.lateness.days_of(targets, stage, "production") for stage in ("decide", "place")
    )
    now, today = timezone.now(), timezone.localdate()
    with time_machine.travel(now, tick=False):
        line = take(start(cast, "production"), cast, "submit")
        first = coming.workdays.after(today, decide)
        second = coming.workdays.after(first, place)
        least, most = rules_in_force().delays["pleiades", "production"]
        usual = [today + timedelta(days=days) for days in (least, most)]
        with translation.override("en"):
            assert [when for _title, when in told(line)] == [
                f"on {formats.day(first)} at the latest",
                f"on {formats.day(second)} at the latest",
                "",
                f"usually {least} to {most} days after the request",
            ]
            between = f"usually between {formats.day(usual[0])} and {formats.day(usual[1])}"
            line = take(line, cast, "accept", "place")
            assert told(line)[-1] == (DELIVERY, between)
    with time_machine.travel(now + timedelta(days=least), tick=False), translation.override("en"):
        assert told(line)[-1] == (DELIVERY, f"usually by {formats.day(usual[1])}")
    with time_machine.travel(now + timedelta(days=90), tick=False), translation.override("en"):
        assert told(line)[-1] == (DELIVERY, f"usually {least} to {most} days after the request")


def test_what_is_late_says_so_and_what_follows_is_counted_from_today(cast):
    line = take(start(cast, "production"), cast, "submit")
    targets, sent = rules_in_force().targets, timezone.localdate()
    due = coming.workdays.after(sent, targets["decide", ""])
    with time_machine.travel(timezone.now() + timedelta(days=60), tick=False):
        then = coming.workdays.after(timezone.localdate(), targets["place", ""])
        with translation.override("en"):
            assert [when for _title, when in told(line)][:2] == [
                f"late: it was due on {formats.day(due)}",
                f"on {formats.day(then)} at the latest",
            ]


def test_the_referent_and_the_payer_s_number_come_where_they_are_asked(cast):
    OrderPreference.objects.create(
        organisation=cast.owner.affiliations.get().organisation, referent_approves=True
    )
    line = start(cast, "production")
    assert titles(line)[:3] == [
        "The request is sent",
        "Agreement of the referent",
        "Decision of the DINAMIS desk",
    ]
    assert told(line)[0][1].startswith("before ")
    assert [when for _title, when in told(line)[1:4]] == ["", "", ""]


def test_the_readers_turn_stands_in_the_place_of_the_step_under_way(cast):
    line = take(start(cast, "production"), cast, "submit")
    with translation.override("en"):
        to_come = coming.steps(line, [], None)
        for user, first in ((cast.owner, "next"), (cast.desk, "you")):
            turn = sentence(line, user)
            shown = timeline([], turn, to_come)
            assert [one["kind"] for one in shown] == [first, "next", "next", "next"]
    assert [one.when for one in to_come] == ["", "", "", ""]


def test_without_targets_no_day_is_told(cast):
    line = take(start(cast, "tasking"), cast, "submit")
    with translation.override("en"):
        found = coming.steps(line, line.events.all(), None)
    assert [one.when for one in found] == [
        "",
        "",
        f"until {formats.day(line.window_ends_on)}",
        "",
        "",
        "",
    ]
