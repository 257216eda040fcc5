"""The odds of a tasking: passes, clouds and attempts as figures, then read from the scheme's own record."""

import json
import math
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from catalogue.models import Sensor
from catalogue.services import areas
from dinamis import geo
from dinamis.actors import Actor
from dinamis.errors import Invalid
from orders.forms.wishes import TaskingForm
from orders.models import Attempt, CloudClimate, Quote
from orders.odds.chances import Run, believed, first, known, likely_attempts, of_all, one_of
from orders.odds.clouds import beta_cdf, clear_enough
from orders.odds.passes import Orbit, attempts_a_day, passes_a_day, reach_km
from orders.services.asking.wishes import Tasking
from orders.services.rules.rules import version_in_force
from orders.services.tasking import odds
from tests.orders import make

TENTHS = np.array([0.1, 0.9])
ORBIT = Orbit(height_km=694.0, turns_a_day=14.577, tried_share=0.25)


@pytest.mark.parametrize("x", [0.05, 0.3, 0.5, 0.9])
def test_the_beta_function_is_the_arcsine_law_and_powers_where_these_are_known(x):
    assert beta_cdf(x, 0.5, 0.5) == pytest.approx(2 / math.pi * math.asin(math.sqrt(x)))
    assert beta_cdf(x, 3, 1) == pytest.approx(x**3)
    assert beta_cdf(x, 1, 2) == pytest.approx(1 - (1 - x) ** 2)


def test_a_clearer_month_and_a_looser_ceiling_are_likelier_and_all_clouds_are_certain():
    assert clear_enough(0.3, 0.1, sum_ab=0.8) > clear_enough(0.7, 0.1, sum_ab=0.8)
    assert clear_enough(0.5, 0.3, sum_ab=0.8) > clear_enough(0.5, 0.1, sum_ab=0.8)
    assert clear_enough(0.9, 1.0, sum_ab=0.8) == 1.0


def test_a_wider_angle_reaches_further_and_higher_latitudes_are_seen_more_often():
    assert reach_km(694, 30) == pytest.approx(355, abs=5)
    assert reach_km(694, 45) > reach_km(694, 30)
    at_equator, at_sixty = (passes_a_day(ORBIT, latitude=lat, incidence=30) for lat in (0, 60))
    assert at_equator == pytest.approx(0.258, abs=0.005)
    assert at_sixty == pytest.approx(2 * at_equator)
    assert attempts_a_day(ORBIT, latitude=0, incidence=30) == pytest.approx(at_equator * 0.25)


def test_a_belief_starts_from_the_climate_and_follows_the_record():
    prior = believed(0.3, weight=6)
    assert prior.mean == pytest.approx(0.3)
    assert believed(0.3, weight=6, made=20, clear=0).mean == pytest.approx(1.8 / 26)
    sure = believed(0.3, weight=600)
    low, high = prior.quantiles(TENTHS)
    surely_low, surely_high = sure.quantiles(TENTHS)
    assert low < surely_low < 0.3 < surely_high < high
    assert beta_cdf(low, 1.8, 4.2) == pytest.approx(0.1, abs=1e-3)


def test_one_attempt_has_the_mean_and_doubt_lowers_the_chance_of_many():
    belief = believed(0.3, weight=6)
    assert of_all([Run(1, belief)], 1) == pytest.approx(0.3, abs=1e-3)
    assert of_all([], 1) == 0.0
    # 1 − Γ-quotient by hand: (4.2/6)(5.2/7)(6.2/8) is the chance that three fail.
    exactly = 1 - (4.2 / 6) * (5.2 / 7) * (6.2 / 8)
    assert of_all([Run(3, belief)], 1) == pytest.approx(exactly, abs=1e-3)
    assert of_all([Run(3, believed(0.3, weight=6000))], 1) == pytest.approx(1 - 0.7**3, abs=1e-3)
    assert exactly < 1 - 0.7**3


@pytest.mark.parametrize("prior", [0.02, 0.3, 0.8])
def test_attempts_that_share_a_belief_are_one_run_however_they_are_cut(prior):
    belief = believed(prior, weight=6)
    cut = [Run(1.5, belief), Run(0.5, belief), Run(2, belief)]
    assert of_all(cut, 1) == pytest.approx(of_all([Run(4, belief)], 1))
    assert [run.attempts for run in first(cut, 1.75)] == [1.5, 0.25]


def test_months_to_come_add_to_the_chance_however_cloudy_they_are():
    clear, cloudy = Run(2, believed(0.4, weight=6)), Run(2, believed(0.01, weight=6))
    assert of_all([clear], 1) < of_all([clear, cloudy], 1) < of_all([clear, clear], 1)
    assert one_of([clear, cloudy]) == pytest.approx((0.4 + 0.01) / 2)
    low, high = known([clear, cloudy], 1, TENTHS)
    assert low < of_all([clear, cloudy], 1) < high


def test_several_strips_are_harder_and_take_more_attempts():
    run = Run(6, believed(0.4, weight=6))
    assert of_all([run], 3) < of_all([run], 2) < of_all([run], 1)
    surely = Run(6, believed(0.4, weight=60_000))
    assert of_all([surely], 3) == pytest.approx((1 - 0.6**2) ** 3, abs=1e-3)
    assert likely_attempts(first([run], 1), 1) == pytest.approx(1)
    assert likely_attempts(first([run], 2), 1) == pytest.approx(1 + 0.6, abs=1e-3)
    assert likely_attempts([run], 2) > likely_attempts([run], 1)


# With the rules and the record.


@pytest.fixture
def asked(researcher, spot_year) -> Tasking:
    return wish()


def wish(**more) -> Tasking:
    starts_on = timezone.localdate() + timedelta(days=2)
    facts = {
        "sensor": Sensor.objects.get(code="spot67"),
        "area": make.square(900),
        "starts_on": starts_on,
        "ends_on": starts_on + timedelta(days=89),
        "max_cloud": 10,
        "max_incidence": 30,
        "tries": 3,
    }
    return Tasking(**(facts | more))


def recorded(user, desk, clouds, **more) -> None:
    """Attempts of a line of somebody, with their clouds, made by the service's own rows."""
    line = make.with_supplier(user, desk, make.tasking_quote(user, **more))
    for number, cloud in enumerate(clouds, start=1):
        Attempt.objects.create(
            line=line, number=number, planned_at=timezone.now() + timedelta(days=5), units=1,
            state="cloudy", cloud_cover=cloud, state_since=timezone.now(),
        )  # fmt: skip


def test_the_odds_rest_on_the_smallest_climate_around_the_place_and_store_nothing(asked):
    found = odds.of(asked)
    assert found.climate.code == "amazon-guianas"
    assert (found.recorded, found.clear, found.strips) == (0, 0, 1)
    assert 0 < found.low <= found.chance <= found.high < 1
    assert 1 <= found.likely_attempts <= found.attempts <= 3
    assert not Quote.objects.exists()


def test_a_drier_table_gives_better_odds(asked):
    before = odds.of(asked).chance
    CloudClimate.objects.filter(code="amazon-guianas").update(months=[10] * 12)
    assert odds.of(asked).chance > before


def test_the_record_of_this_place_and_season_moves_the_odds(asked, researcher, desk):
    soon = replace(asked, ends_on=asked.starts_on + timedelta(days=20))
    before = odds.of(soon).one_attempt
    recorded(researcher, desk, [90.0, 80.0, 4.0])
    found = odds.of(soon)
    assert (found.recorded, found.clear) == (3, 1)
    prior, weight = before, found.setting.prior_weight
    assert found.one_attempt == pytest.approx((prior * weight + 1) / (weight + 3))


def test_fewer_than_three_attempts_and_attempts_elsewhere_are_not_used(asked, researcher, desk):
    before = odds.of(asked)
    recorded(researcher, desk, [90.0, 90.0])
    after = odds.of(asked)
    assert (after.recorded, after.one_attempt) == (0, before.one_attempt)
    recorded(researcher, desk, [90.0])
    assert odds.of(asked).recorded == 3
    assert odds.of(wish(area=make.square(900, at=(2.3, 48.8)))).recorded == 0


def test_what_helps_is_listed_and_the_best_first(asked):
    found = odds.of(asked)
    by = {one.what: one for one in found.relaxations}
    assert (by["cloud"].to, by["tries"].to) == (20, 5)
    chances = [one.chance for one in found.relaxations]
    assert chances == sorted(chances, reverse=True)
    assert chances[-1] >= found.chance + 0.01
    assert found.best == found.relaxations[0]
    assert odds.of(wish(max_cloud=20)).chance == pytest.approx(by["cloud"].chance)
    assert odds.of(wish(tries=5)).chance == pytest.approx(by["tries"].chance)


def test_a_longer_window_never_lowers_the_chance_and_is_offered_where_it_raises_it(asked):
    """From a clear month into eleven cloudy ones, where each try counts and where none does."""
    opens = asked.starts_on
    cloudy = [95] * 12
    cloudy[opens.month - 1] = 5
    CloudClimate.objects.filter(code="amazon-guianas").update(months=cloudy)
    for more in ({"tries": 1}, {"sensor": Sensor.objects.get(code="pleiades")}):
        chances = [
            odds.of(wish(ends_on=opens + timedelta(days=days), **more)).chance
            for days in (14, 30, 60, 90, 120)
        ]
        assert chances == sorted(chances)
    used_up = odds.of(wish(tries=1))
    assert "window" not in {one.what for one in used_up.relaxations}
    CloudClimate.objects.filter(code="amazon-guianas").update(months=[50] * 12)
    short = odds.of(wish(ends_on=opens + timedelta(days=14)))
    assert "window" in {one.what for one in short.relaxations}


def test_a_relaxation_that_the_rules_do_not_allow_or_that_adds_nothing_is_not_offered(asked):
    rule = version_in_force().rules.tasking["spot67"]
    most = {"max_incidence": rule.most_incidence, "tries": rule.most_tries, "max_cloud": 90}
    assert {one.what for one in odds.of(wish(**most)).relaxations} <= {"window", "cloud"}
    assert odds.of(wish(**most | {"max_cloud": 100})).best is None


def test_pleiades_tries_as_often_as_it_passes(researcher, year):
    found = odds.of(wish(sensor=Sensor.objects.get(code="pleiades")))
    assert found.attempts > 3
    assert "tries" not in {one.what for one in found.relaxations}


def test_an_area_wider_than_the_swath_needs_strips_side_by_side(asked):
    assert odds.of(wish(area=make.square(150 * 150))).strips == 3


def test_others_are_counted_from_three_on_and_oneself_never(asked, researcher, desk):
    for number in range(2):
        other(f"other{number}")
    assert odds.of(asked, requester=researcher).others is None
    other("other2")
    assert odds.of(asked, requester=researcher).others == 3
    make.placed(researcher, make.tasking_quote(researcher))
    assert odds.of(asked, requester=researcher).others == 3
    elsewhere = wish(area=make.square(900, at=(2.3, 48.8)))
    assert odds.of(elsewhere, requester=researcher).others is None


def other(name: str):
    user = make.person(name)
    make.attached(user, make.Organisation.objects.get())
    make.signed(user)
    return make.placed(user, make.tasking_quote(user))


def test_what_cannot_be_asked_has_no_odds(asked):
    with pytest.raises(Invalid):
        odds.of(wish(ends_on=asked.starts_on))


def test_the_page_tells_the_odds_before_and_while_typing(as_, researcher, spot_year):
    area = areas.save(geo.check_area(make.square(900)), by=Actor.of(researcher))
    client = as_(researcher)
    page = client.get("/orders/tasking", {"area": area.key})
    assert b"to get the image within the window" in page.content
    assert b"an assumption of ours" in page.content
    incomplete = client.get("/orders/tasking/odds", {"area": area.key, "sensor": "spot67"})
    assert b"Fill in a window" in incomplete.content
    said = TaskingForm(user=researcher).first_values() | {
        "sensor": "spot67",
        "starts_on": timezone.localdate() + timedelta(days=2),
        "ends_on": timezone.localdate() + timedelta(days=90),
    }
    typed = {name: value for name, value in said.items() if value is not None}
    part = client.get("/orders/tasking/odds", typed | {"area": area.key})
    assert b"to get the image within the window" in part.content
    looked = client.post(f"/orders/tasking?area={area.key}", typed | {"look": "odds"})
    assert b"to get the image within the window" in looked.content
    assert not Quote.objects.exists()


def test_programs_read_the_odds_in_a_dry_run(as_, researcher, spot_year):
    asked = {
        "kind": "tasking",
        "sensor": "spot67",
        "area": json.loads(make.square(900).geojson),
        "window": {
            "starts_on": str(timezone.localdate() + timedelta(days=2)),
            "ends_on": str(timezone.localdate() + timedelta(days=91)),
        },
        "max_cloud": 10,
        "max_incidence": 30,
        "tries": 3,
    }
    answer = as_(researcher).post(
        "/api/v1/quotes/dry-run", {"options": [asked]}, content_type="application/json"
    )
    shown = answer.json()["options"][0]["odds"]
    known = odds.of(wish(), requester=researcher)
    assert shown["chance"] == pytest.approx(known.chance, abs=1e-3)
    assert shown["others"] is None
    assert shown["rests_on"]["climate_is_assumed"] is True
    assert [one["what"] for one in shown["relaxations"]] == [r.what for r in known.relaxations]
