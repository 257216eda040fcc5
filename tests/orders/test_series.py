"""Programmes: made at once, each time announced, asked in its turn like any order, or given up in words."""

import json
from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from icalendar import Calendar

from accounts.models import Notice
from catalogue.services import areas
from dinamis import geo
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from orders.models import Line, Occurrence, Order, Series, SeriesEvent
from orders.services.calendar import feed
from orders.services.lines import clock, erasure
from orders.services.tasking import series as programmes
from orders.services.tasking import series_clock, series_notices, series_reading
from orders.services.tasking.rhythms import Rhythm
from tests.orders import make
from tests.orders.journeys import held

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def february():
    """All windows of these tests lie in a year whose quota is open."""
    with time_machine.travel("2027-02-01T12:00:00Z"):
        yield


@pytest.fixture
def series(researcher, spot_year) -> Series:
    """Three autumns; the first window begins in sixty days."""
    return make.series(researcher)


def after(days: int):
    """The world so many days from now, at noon."""
    noon = timezone.localtime().replace(hour=12, minute=0)
    return time_machine.travel(noon + timedelta(days=days), tick=False)


def states(series: Series) -> list[str]:
    return list(series.occurrences.order_by("number").values_list("state", flat=True))


def told(series: Series) -> list[str]:
    return list(SeriesEvent.objects.filter(series=series).values_list("step", flat=True))


def test_a_programme_holds_nothing_and_keeps_the_days_of_its_first_window(series):
    windows = list(series.occurrences.values_list("starts_on", "ends_on"))
    first, last = windows[0]
    assert windows[1] == (first.replace(year=first.year + 1), last.replace(year=last.year + 1))
    assert series.reference.startswith("S-")
    assert (states(series), Line.objects.count(), told(series)) == (["planned"] * 3, 0, ["make"])


@pytest.mark.parametrize(
    ("unit", "every", "second"),
    [
        ("weeks", 6, date(2027, 4, 12)),
        ("months", 2, date(2027, 5, 1)),
        ("years", 1, date(2028, 3, 1)),
    ],
)
@time_machine.travel("2027-01-10T12:00:00Z", tick=False)
def test_windows_come_back_by_interval_or_by_season(unit, every, second):
    windows = Rhythm(date(2027, 3, 1), date(2027, 3, 31), every, unit, 3).windows()
    assert windows[1][0] == second
    assert len(windows) == 3


@pytest.mark.parametrize(
    ("rhythm", "code"),
    [
        ({"unit": "days"}, "rhythm_unknown"),
        ({"every": 0}, "rhythm_unknown"),
        ({"times": 1}, "times_out_of_range"),
        ({"times": 41}, "times_out_of_range"),
        ({"unit": "weeks", "every": 4}, "windows_overlap"),
        ({"times": 12}, "series_too_long"),
        ({"starts_on": date(9000, 1, 1), "ends_on": date(9000, 2, 1)}, "series_too_long"),
        ({"starts_on": date(2027, 1, 10)}, "window_past"),
    ],
)
@time_machine.travel("2027-01-10T12:00:00Z", tick=False)
def test_a_rhythm_that_cannot_be_kept_is_refused(rhythm, code):
    usual = {"starts_on": date(2027, 3, 1), "ends_on": date(2027, 3, 31), "every": 1,
             "unit": "years", "times": 3}  # fmt: skip
    with pytest.raises(Invalid) as refused:
        Rhythm(**usual | rhythm).windows()
    assert refused.value.code == code


def test_what_the_rules_forbid_is_refused_when_it_is_made(researcher, spot_year):
    with pytest.raises(Invalid):
        make.series(researcher, in_days=60, unit="years", every=1, title=" ")
    assert Series.objects.count() == 0


def test_the_same_form_twice_is_one_programme(researcher, spot_year):
    made = [make.series(researcher, submission="once") for _ in range(2)]
    assert made[0] == made[1]
    assert Occurrence.objects.count() == 3


def test_a_time_is_announced_then_asked_in_the_requester_s_name_and_once(series, researcher):
    with after(38):
        assert series_clock.tick()["series_told"] == 0
    with after(40):
        assert series_clock.tick() == {"series_told": 1, "series_asked": 0, "series_missed": 0}
        assert series_clock.tick() == {"series_told": 0, "series_asked": 0, "series_missed": 0}
    with after(47):
        assert [series_clock.tick()["series_asked"] for _again in range(2)] == [1, 0]
    line = Line.objects.get()
    time = series.occurrences.get(number=1)
    assert (states(series), time.line) == (["asked", "planned", "planned"], line)
    assert (line.approval, line.order.requester) == ("submitted", researcher)
    assert held(line) == line.quote.quota_units > 0
    assert (line.window_starts_on, line.window_ends_on) == (time.starts_on, time.ends_on)
    assert line.events.filter(step="from_series").exists()
    assert told(series) == ["make", "tell", "ask"]


def test_the_clock_does_it(series):
    with after(40):
        assert clock.tick()["series_told"] == 1


def test_what_the_day_refuses_is_told_once_tried_every_day_then_missed(series, laboratory):
    series.requester.affiliations.update(state="ended", is_current=False)
    with after(47):
        assert series_clock.tick()["series_asked"] == 0
        assert series_clock.tick()["series_asked"] == 0  # not before tomorrow
    time = series.occurrences.get(number=1)
    assert time.refusal
    assert time.refusal in series_reading.told(series)
    with after(48):
        series_clock.tick()
    assert told(series) == ["make", "refuse"]
    with after(60):
        assert series_clock.tick()["series_missed"] == 1
    assert states(series) == ["missed", "planned", "planned"]
    assert SeriesEvent.objects.get(step="miss").reason == time.refusal
    assert Order.objects.count() == 0


def test_what_was_refused_is_asked_once_it_may_be(series):
    series.requester.affiliations.update(state="ended", is_current=False)
    with after(47):
        series_clock.tick()
    series.requester.affiliations.update(state="active", is_current=True)
    with after(49):
        assert series_clock.tick()["series_asked"] == 1
    assert series.occurrences.get(number=1).refusal == ""


def test_where_the_quota_is_short_it_waits_in_the_list(researcher, laboratory):
    make.allotment(laboratory, 1, in_period=make.period("spot67", budget=100))
    series = make.series(researcher)
    with after(47):
        assert series_clock.tick()["series_asked"] == 1
    assert Line.objects.get().approval == "waiting_quota"
    assert states(series)[0] == "asked"


def test_a_paused_programme_asks_nothing_and_misses_its_times(researcher, spot_year):
    series = make.series(researcher, unit="months", every=2)
    by = Actor.of(researcher)
    programmes.take_step(series, "pause", by=by)
    with after(47):
        assert series_clock.tick() == {"series_told": 0, "series_asked": 0, "series_missed": 0}
    with after(60):
        assert series_clock.tick()["series_missed"] == 1
    programmes.take_step(series, "resume", by=by)
    with after(60 + 61 - 13):
        assert series_clock.tick()["series_asked"] == 1


def test_an_ended_programme_does_nothing_more(series, researcher):
    programmes.take_step(series, "end", by=Actor.of(researcher))
    with after(60):
        assert series_clock.tick() == {"series_told": 0, "series_asked": 0, "series_missed": 0}
    with pytest.raises(NotNow):
        programmes.take_step(series, "resume", by=Actor.of(researcher))


def test_the_last_time_left_out_ends_it(series, researcher):
    by = Actor.of(researcher)
    for time in series.occurrences.all():
        programmes.skip(time, by=by)
    series.refresh_from_db()
    assert (states(series), series.state) == (["skipped"] * 3, "ended")
    with pytest.raises(NotNow):
        programmes.skip(series.occurrences.get(number=1), by=by)


def test_times_to_come_stand_in_the_calendar_while_it_runs(series, researcher):
    def days() -> list[date]:
        calendar = Calendar.from_ical(feed.written(researcher))
        return [one.decoded("dtstart") for one in calendar.walk("VEVENT")]

    assert days() == list(series.occurrences.values_list("starts_on", flat=True))
    programmes.take_step(series, "pause", by=Actor.of(researcher))
    assert days() == []


def test_it_ends_with_the_account_of_its_maker(series, researcher):
    assert [tie.say for tie in erasure.ending(researcher)] == [
        "Your programme Glacier asks nothing more."
    ]
    erasure.end(researcher, by=Actor.system("erasure"))
    series.refresh_from_db()
    assert (series.state, told(series)) == ("ended", ["make", "end"])
    assert erasure.ending(researcher) == []


@pytest.mark.parametrize("who", ["referent", "desk"])
def test_only_its_maker_changes_it(series, request, who):
    by = Actor.of(request.getfixturevalue(who))
    with pytest.raises(NotAllowed):
        programmes.take_step(series, "pause", by=by)
    with pytest.raises(NotAllowed):
        programmes.skip(series.occurrences.get(number=1), by=by)
    assert told(series) == ["make"]


def test_the_requester_is_told_in_their_language(researcher, spot_year):
    researcher.language = "fr"
    researcher.save(update_fields=["language"])
    series = make.series(researcher)
    with after(40):
        series_clock.tick()
    event = SeriesEvent.objects.get(step="tell")
    assert [series_notices.tell(event) for _again in range(2)] == [1, 0]
    assert len(mail.outbox) == 1
    assert Notice.objects.get().path.endswith(f"/orders/programmes/{series.reference}/")
    assert series_notices.tell(SeriesEvent.objects.get(step="make")) == 0


def test_the_page_shows_the_whole_and_its_buttons_to_its_maker_alone(series, as_, researcher, desk):
    with after(47):
        series_clock.tick()
        page = as_(researcher).get(series.get_absolute_url()).content.decode()
        assert Line.objects.get().reference in page
        assert page.count("/skip") == 2
        assert "/pause" in page
        page = as_(desk).get(series.get_absolute_url()).content.decode()
    assert "/skip" not in page
    assert "/pause" not in page


def test_a_tasking_form_leads_to_a_programme(as_, researcher, spot_year):
    area = areas.save(geo.check_area(make.square(900)), by=Actor.of(researcher))
    client, path = as_(researcher), f"/orders/programmes/new?area={area.key}"
    shown = client.post(path, {"begin": "series", "max_cloud": "7", "tries": "2"})
    assert shown.status_code == 200
    assert 'name="max_cloud" value="7"' in shown.content.decode()
    assert Series.objects.count() == 0
    form = shown.context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    sent |= {"title": "Glacier", "purpose": "Its front."}
    made = client.post(path, sent)
    series = Series.objects.get()
    assert (made.status_code, made["Location"]) == (302, series.get_absolute_url())
    assert (series.max_cloud, series.tries, series.occurrences.count()) == (7, 2, 3)
    assert "Glacier" in client.get("/orders/programmes/").content.decode()


def test_a_rhythm_refused_is_said_on_the_form(as_, researcher, spot_year):
    area = areas.save(geo.check_area(make.square(900)), by=Actor.of(researcher))
    client, path = as_(researcher), f"/orders/programmes/new?area={area.key}"
    form = client.get(path).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    sent |= {"title": "Glacier", "purpose": "Its front.", "unit": "weeks"}
    answer = client.post(path, sent)
    assert answer.status_code == 422
    assert Series.objects.count() == 0


def test_programs_make_read_and_stop_one(as_, researcher, spot_year):
    client, starts_on = as_(researcher), timezone.localdate() + timedelta(days=30)
    window = {"starts_on": str(starts_on), "ends_on": str(starts_on + timedelta(days=20))}
    area = {
        "type": "Polygon",
        "coordinates": json.loads(make.square(900)[0].geojson)["coordinates"],
    }
    sent = {
        "title": "Glacier",
        "purpose": "Its front.",
        "rhythm": {"every": 2, "unit": "months", "times": 4},
        "wish": {"kind": "tasking", "sensor": "spot67", "area": area, "window": window},
    }
    answer = client.post("/api/v1/programmes", sent, content_type="application/json")
    made = answer.json()
    assert answer.status_code == 201, made
    assert [time["state"] for time in made["times"]] == ["planned"] * 4
    assert made["times"][0]["window"] == window
    assert made["steps"] == ["pause", "end"]
    here = f"/api/v1/programmes/{made['reference']}"
    assert client.get(here).json() == made
    assert client.post(f"{here}/times/2/skip").json()["times"][1]["state"] == "skipped"
    ended = client.post(f"{here}/steps/end").json()
    assert (ended["state"], ended["steps"]) == ("ended", [])
    assert client.post(f"{here}/steps/resume").status_code == 409
    assert client.post(f"{here}/steps/begin").status_code == 404
    sent["wish"] = {"kind": "production", "scene": "X"}
    assert client.post("/api/v1/programmes", sent, content_type="application/json").status_code in (
        400,
        422,
    )
