"""Search: the windows answer what the plain query answers, pages neither skip nor repeat, limits hold."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.contrib.auth.models import AnonymousUser
from shapely.geometry import Polygon, box

from catalogue.models import Platform, Scene
from catalogue.search import sql, windows
from catalogue.search.question import Sort
from catalogue.services import search, stac
from catalogue.stac import asked as stac_asked
from catalogue.stac import of_question
from dinamis import geo
from dinamis.errors import NotNow
from tests.catalogue import make

VISITOR = AnonymousUser()
EVERY = ["PHR1A", "PHR1B", "SPOT6", "SPOT7"]


@pytest.fixture
def archive(db) -> None:
    """Two hundred scenes over twelve years, some at the same instant."""
    draw = random.Random(4)
    Scene.objects.bulk_create(invented(draw, number) for number in range(200))


def invented(draw: random.Random, number: int) -> Scene:
    platform = draw.choice(EVERY)
    year = draw.randint(2014, 2022) if platform == "SPOT7" else draw.randint(2013, 2025)
    at = datetime(year, draw.randint(1, 12), draw.randint(1, 28), 14, tzinfo=UTC)
    lon, lat = -52 + draw.uniform(-2, 2), 5 + draw.uniform(-2, 2)
    half = draw.uniform(0.05, 0.4)
    return Scene(
        item_id=f"SCENE_{number}",
        platform_id=platform,
        collection_id="pleiades",
        datetime=at + timedelta(minutes=draw.choice((0, 0, 7))),
        footprint=geo.to_geos(box(lon - half, lat - half, lon + half, lat + half)),
        footprint_source="supplier",
        cloud_cover=None if number % 17 == 0 else draw.uniform(0, 100),
        incidence=draw.uniform(-30, 30),
        resolution_m=0.5,
        stereo=draw.choice(("mono", "mono", "stereo")),
    )


def asked(draw: random.Random):
    """A question nobody thought of."""
    parts = [
        draw.choice(("", f"from={draw.randint(2012, 2020)}-03-01")),
        draw.choice(("", f"to={draw.randint(2018, 2026)}-06-30")),
        draw.choice(("", f"cloud={draw.randint(0, 60)}")),
        draw.choice(("", f"incidence={draw.randint(2, 30)}")),
        draw.choice(("", "stereo=1")),
        draw.choice(("", "have=produce")),
    ]
    lon, lat = draw.uniform(-54, -50), draw.uniform(3, 7)
    size = draw.choice((0.05, 0.5, 2))
    shape = draw.choice((None, box(lon - size, lat - size, lon + size, lat + size)))
    platforms = sorted(draw.sample(EVERY, draw.randint(1, 4)))
    return make.question("&".join(filter(None, parts)), shape), platforms


def test_the_year_windows_answer_exactly_what_the_plain_query_answers(archive):
    draw = random.Random(11)
    found = 0
    for _round in range(120):
        question, platforms = asked(draw)
        windows = sql.newest(question, platforms, 20).ids
        assert windows == sql.plain(question, platforms, 20)
        found += len(windows)
    assert found > 500  # the questions do find scenes


def test_pages_by_date_show_every_scene_once_in_the_order_of_the_whole(archive):
    whole = sql.plain(make.question(), EVERY, 1000)
    question, seen = make.question(), []
    while True:
        page = search.ask(question, user=VISITOR, size=30)
        seen += [result.scene.pk for result in page.results]
        if page.next is None:
            break
        question = make.question(question.query_string(after=page.next))
    assert seen == whole
    assert len(seen) == 200


def test_the_order_by_date_over_an_area_is_the_plain_querys_page_after_page(archive):
    shape = box(-53, 4, -51, 6)
    question, seen = make.question("sort=newest", shape), []
    for _page in range(30):
        page = search.ask(question, user=VISITOR, size=7)
        seen += [result.scene.pk for result in page.results]
        if page.next is None:
            break
        question = make.question(question.query_string(after=page.next), shape)
    assert seen == sql.plain(make.question("sort=newest", shape), EVERY, 1000)


def test_two_scenes_of_one_instant_are_told_apart_by_their_number(db):
    at = datetime(2020, 5, 5, 10, tzinfo=UTC)
    pks = [make.scene(at=at).pk for _number in range(3)]
    first = search.ask(make.question(), user=VISITOR, size=2)
    second = search.ask(
        make.question(first.question.query_string(after=first.next)), user=VISITOR, size=2
    )
    assert [result.scene.pk for result in first.results] == [pks[2], pks[1]]
    assert [result.scene.pk for result in second.results] == [pks[0]]
    assert second.next is None


def test_a_scene_that_only_touches_the_area_is_not_left_out(db):
    inside = make.scene(lon=-52.3, lat=4.9, half=0.1)
    make.scene(lon=-50, lat=4.9, half=0.1)
    page = search.ask(make.question("", box(-52.2, 4.8, -52.1, 5.0)), user=VISITOR)
    assert [result.scene.pk for result in page.results] == [inside.pk]
    assert page.results[0].coverage == Decimal("0.0")


def test_coverage_is_the_share_of_the_area_and_not_of_the_scene(db):
    make.scene(footprint=box(-52.4, 4.8, -52.2, 5.0))
    page = search.ask(make.question("", box(-52.4, 4.8, -52.0, 5.0)), user=VISITOR)
    assert page.results[0].coverage == Decimal("50.0")


def test_cloud_over_an_area_is_bounded_by_the_scenes_cloud(db):
    make.scene(footprint=box(-52.5, 4.7, -52.1, 5.1), cloud_cover=5.0)
    page = search.ask(make.question("", box(-52.35, 4.85, -52.25, 4.95)), user=VISITOR)
    cloud = page.results[0].cloud
    # The area is a sixteenth of the scene: all its cloud there would be 5 % × 16.
    assert not cloud.measured
    assert cloud.low == 0
    assert cloud.high == pytest.approx(80, abs=0.1)


def test_a_scene_almost_all_cloud_is_surely_cloudy_over_most_of_it(db):
    make.scene(footprint=box(-52.4, 4.8, -52.2, 5.0), cloud_cover=90.0)
    page = search.ask(make.question("", box(-52.4, 4.8, -52.2, 5.0)), user=VISITOR)
    assert page.results[0].cloud.low == pytest.approx(90, abs=0.1)
    assert page.results[0].cloud.high == pytest.approx(90, abs=0.1)


def test_a_published_product_over_the_area_makes_the_way_download(licences):
    near = make.scene(half=0.1, at=datetime(2020, 1, 1, tzinfo=UTC))
    make.product(near, footprint=box(-52.4, 4.8, -52.3, 5.0))
    over = search.ask(make.question("", box(-52.4, 4.8, -52.2, 5.0)), user=VISITOR).results[0]
    beside = search.ask(make.question("", box(-52.25, 4.8, -52.2, 5.0)), user=VISITOR).results[0]
    assert (over.way, over.coverage) == ("download", Decimal("50.0"))
    assert (beside.way, beside.product) == ("produce", None)


def test_cloud_over_a_product_with_a_mask_is_measured(licences):
    scene = make.scene(half=0.1)
    clouds = Polygon([(-52.4, 4.8), (-52.35, 4.8), (-52.35, 5.0), (-52.4, 5.0)])
    make.product(scene, clouds=geo.to_geos(clouds, multi=True))
    cloud = (
        search.ask(make.question("", box(-52.4, 4.8, -52.2, 5.0)), user=VISITOR).results[0].cloud
    )
    assert cloud.measured
    assert cloud.low == cloud.high == pytest.approx(25, abs=0.1)


@pytest.mark.parametrize(("have", "ways"), [("download", ["download"]), ("produce", ["produce"])])
def test_the_way_can_be_asked_for(licences, have, ways):
    make.product(make.scene(at=datetime(2020, 1, 1, tzinfo=UTC)))
    make.scene(at=datetime(2021, 1, 1, tzinfo=UTC))
    page = search.ask(make.question(f"have={have}"), user=VISITOR)
    assert [str(result.way) for result in page.results] == ways


def test_only_what_somebody_orders_from_can_be_produced(db):
    make.scene(platform="PHR1B", at=datetime(2021, 1, 1, tzinfo=UTC))
    Platform.objects.filter(code="PHR1B").update(sensor=None)
    wanted = make.scene(at=datetime(2020, 1, 1, tzinfo=UTC))
    page = search.ask(make.question("have=produce"), user=VISITOR)
    assert [result.scene for result in page.results] == [wanted]
    assert [year.total for year in page.years] == [1]


def test_a_withdrawn_product_is_not_offered(licences):
    make.product(make.scene(), state="withdrawn")
    page = search.ask(make.question(), user=VISITOR)
    assert [str(result.way) for result in page.results] == ["produce"]


def test_usefulness_puts_the_clear_scene_before_the_newer_cloudy_one(db):
    clear = make.scene(at=datetime(2015, 1, 1, tzinfo=UTC), cloud_cover=0.0)
    cloudy = make.scene(at=datetime(2025, 1, 1, tzinfo=UTC), cloud_cover=95.0)
    page = search.ask(make.question("", box(-52.35, 4.85, -52.25, 4.95)), user=VISITOR)
    assert page.question.order is Sort.USEFUL
    assert [result.scene.pk for result in page.results] == [clear.pk, cloudy.pk]


def test_the_count_stops_at_a_thousand(db, monkeypatch):
    monkeypatch.setattr(windows, "COUNT_CAP", 3)
    for _number in range(5):
        make.scene()
    page = search.ask(make.question(), user=VISITOR, size=2)
    assert (page.total, page.is_capped, page.is_over) == (3, True, True)


def test_a_count_that_would_take_long_says_at_least(archive, monkeypatch):
    question = make.question()
    assert sql.count(question, EVERY) == sql.Count(200, is_exact=True)
    monkeypatch.setattr(windows, "COUNT_MS", 0)
    assert sql.count(question, EVERY) == sql.Count(0, is_exact=False)


@pytest.fixture
def figures(db):
    """Sixty scenes of which every figure is told, and one of which none is."""
    draw = random.Random(11)
    made = [invented(draw, number) for number in range(60)]
    for scene in made:
        scene.incidence_along, scene.incidence_across = draw.uniform(-40, 40), draw.uniform(-40, 40)
        scene.viewing, scene.snow_cover = draw.uniform(-40, 40), draw.uniform(0, 100)
        scene.sun_elevation, scene.sun_azimuth = draw.uniform(5, 80), draw.uniform(0, 360)
        scene.resolution_m = draw.choice((0.3, 0.5, 1.5))
        scene.collection_id = draw.choice(("pleiades", "spot67"))
    silent = invented(draw, 60)
    silent.incidence, silent.resolution_m = None, 30
    Scene.objects.bulk_create([*made, silent])


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("incidence=15", lambda scene: abs(scene.incidence) <= 15),
        ("along=12.5", lambda scene: abs(scene.incidence_along) <= 12.5),
        ("across=20", lambda scene: abs(scene.incidence_across) <= 20),
        ("viewing=20", lambda scene: abs(scene.viewing) <= 20),
        ("sun=30", lambda scene: scene.sun_elevation >= 30),
        ("azimuth_from=90&azimuth_to=200", lambda scene: 90 <= scene.sun_azimuth <= 200),
        ("resolution=0.5", lambda scene: scene.resolution_m <= 0.5),
        ("snow=40", lambda scene: scene.snow_cover <= 40),
        ("collection=spot67", lambda scene: scene.collection_id == "spot67"),
    ],
)
def test_a_bound_leaves_out_what_it_says_and_is_saved_as_what_it_means(figures, query, holds):
    """A figure that nobody tells keeps to no bound."""
    told = [one for one in Scene.objects.all() if one.incidence is not None]
    expected = [one.pk for one in told if holds(one)]
    question = make.question(query)
    assert question.problems == {}
    assert [
        one.scene.pk for one in search.ask(question, user=VISITOR, size=100).results
    ] == expected
    body = {**of_question.body(question), "limit": 100}
    assert stac.search(stac_asked.of_body(body)).ids == expected
    assert 5 < len(expected) < 55


def test_a_collection_that_does_not_exist_is_told(db):
    assert "x" in search.ask(make.question("collection=x"), user=VISITOR).problems["collection"]


@pytest.mark.parametrize("oldest_first", [False, True])
@pytest.mark.parametrize(
    ("shape", "months"), [(None, 0), (box(-53, 4, -51, 6), 0), (box(-53, 4, -51, 6), 1)]
)
def test_a_search_that_is_stopped_goes_on_where_it_was(
    archive, monkeypatch, oldest_first, shape, months
):
    question = make.question("cloud=60", shape)
    whole = sql.plain(question, EVERY, 1000)
    if oldest_first:
        whole.reverse()
    monkeypatch.setattr(windows, "EAGER", 1)
    monkeypatch.setattr(windows, "DEADLINE_MS", -1)  # every year is the last
    way = windows.Walk(EVERY, over_area=shape is not None, oldest_first=oldest_first, months=months)
    seen, stops = [], 0
    while True:
        found = windows.walk(sql.clauses(question), way, 7)
        seen += found.ids
        if found.resumes is None and len(found.ids) < 7:
            break
        stops += found.resumes is not None
        last = Scene.objects.get(pk=seen[-1]) if seen else None
        after = found.resumes or windows.Cursor(at=last.datetime, pk=last.pk)
        way = replace(way, after=after)
    assert seen == whole
    assert len(whole) > 20
    assert stops > 5


@pytest.mark.parametrize("matching", [0, 1, 5, 60, 1000])
@pytest.mark.parametrize("oldest_first", [False, True])
def test_how_many_match_changes_how_years_are_asked_and_nothing_of_the_answer(
    archive, matching, oldest_first
):
    """Whether it is right or not: what was counted may have grown since."""
    question = make.question("cloud=60", box(-53, 4, -51, 6))
    way = windows.Walk(EVERY, over_area=True, oldest_first=oldest_first)
    plainly = windows.walk(sql.clauses(question), way, 30).ids
    assert windows.walk(sql.clauses(question), way, 30, matching=matching).ids == plainly
    assert len(plainly) == 30


def test_a_page_that_was_stopped_says_so_and_how_to_go_on(archive, monkeypatch):
    monkeypatch.setattr(windows, "EAGER", 1)
    monkeypatch.setattr(windows, "DEADLINE_MS", -1)
    page = search.ask(make.question(), user=VISITOR)
    assert page.is_partial
    assert "2025" in page.problems["time"]
    following = search.ask(replace(make.question(), after=page.next), user=VISITOR)
    seen = [[result.scene.datetime for result in one.results] for one in (page, following)]
    assert min(seen[0]) >= page.next.at > max(seen[1])
    useful = search.ask(make.question("", box(-53, 4, -51, 6)), user=VISITOR)
    assert useful.is_partial
    assert "2025" in useful.problems["time"]


def test_several_windows_asked_at_once_are_given_up_for_a_single_one(archive, monkeypatch):
    """A fifth of a second for each scene but the newest: one window is all that comes in time."""
    monkeypatch.setattr(windows, "DEADLINE_MS", -1)
    question = make.question()
    whole = sql.plain(question, EVERY, 1000)
    way = windows.Walk(EVERY, over_area=False)
    together = windows.walk(sql.clauses(question), way, 1000)
    made = sql.clauses(question)
    newest = Scene.objects.first().datetime
    made.add(
        "(s.datetime >= %(newest)s OR (SELECT true FROM pg_sleep(0.2 + 0 * s.id)))", newest=newest
    )
    singly = windows.walk(made, way, 1000)
    assert singly.ids == whole[: len(singly.ids)]
    assert together.ids == whole[: len(together.ids)]
    assert 0 < len(singly.ids) < len(together.ids)


@pytest.mark.parametrize("oldest_first", [False, True])
def test_a_year_that_is_slow_is_looked_through_by_months(archive, monkeypatch, oldest_first):
    """Twenty milliseconds a scene, some dozen scenes a year: a year takes too long, a month does not."""
    question = make.question("", box(-54, 3, -50, 7))
    whole = sql.plain(question, EVERY, 1000)
    monkeypatch.setattr(windows, "YEAR_MS", 50)
    monkeypatch.setattr(windows, "DEADLINE_MS", -1)  # each page is one window
    made = sql.clauses(question)
    made.add("(SELECT true FROM pg_sleep(0.02 + 0 * s.id))")
    found = windows.walk(made, windows.Walk(EVERY, over_area=True, oldest_first=oldest_first), 100)
    assert found.ids == (whole[::-1] if oldest_first else whole)[: len(found.ids)]
    assert 0 < len(found.ids) < 7
    assert found.resumes is not None


def test_a_month_that_cannot_be_looked_through_is_refused(archive, monkeypatch):
    monkeypatch.setattr(windows, "PATIENCE_MS", 20)
    made = sql.clauses(make.question())
    made.add("(SELECT true FROM pg_sleep(0.1 + 0 * s.id))")
    with pytest.raises(NotNow, match="too many scenes"):
        windows.walk(made, windows.Walk(EVERY, over_area=False), 7)


def test_the_histogram_counts_every_year_whatever_the_dates_asked(db):
    for year, cloud in ((2015, 5), (2015, 80), (2017, 50)):
        make.scene(at=datetime(year, 6, 1, tzinfo=UTC), cloud_cover=cloud)
    page = search.ask(make.question("from=2017-01-01&cloud=50"), user=VISITOR)
    told = [(year.year, year.total, year.clear) for year in page.years]
    assert told == [(2015, 2, 1), (2016, 0, 0), (2017, 1, 1)]
    assert page.total == 1


def test_the_last_second_of_a_year_falls_in_its_window(db):
    late = make.scene(at=datetime(2019, 12, 31, 23, 59, 59, 900_000, tzinfo=UTC))
    early = make.scene(at=datetime(2020, 1, 1, tzinfo=UTC))
    found = sql.newest(make.question("to=2019-12-31", box(-53, 4, -52, 6)), EVERY, 10).ids
    assert found == [late.pk]
    found = sql.newest(make.question("from=2020-01-01", box(-53, 4, -52, 6)), EVERY, 10).ids
    assert found == [early.pk]


def test_a_search_without_end_is_given_up_with_a_sentence(db, monkeypatch):
    monkeypatch.setattr(windows, "PATIENCE_MS", 30)
    with pytest.raises(NotNow) as refused, sql.patience() as cursor:
        cursor.execute("SELECT pg_sleep(1)")
    assert refused.value.code == "search_too_slow"


def test_a_scene_known_by_its_name_alone_is_not_found_by_place(db):
    unknown = "DS_PHR1A_201910281410119_FR1_PX_W053N04_0922_01426"
    scene = to_complete(unknown)
    page = search.ask(make.question("", box(-53, 4, -52, 5)), user=VISITOR)
    assert scene.pk not in [result.scene.pk for result in page.results]
    assert page.total == 0


def to_complete(identifier):
    return make.scenes.from_identifier(identifier, by=make.BY)


@pytest.mark.parametrize("order", ["cloud", "coverage", "angle", "useful"])
def test_pages_of_an_order_without_an_index_are_those_of_the_whole(archive, order):
    shape = box(-53, 4, -51, 6)
    whole = search.ask(make.question(f"sort={order}", shape), user=VISITOR, size=1000)
    question, seen = make.question(f"sort={order}", shape), []
    while True:
        page = search.ask(question, user=VISITOR, size=13)
        seen += [result.scene.pk for result in page.results]
        if page.next is None:
            break
        question = make.question(question.query_string(after=page.next), shape)
    assert seen == [result.scene.pk for result in whole.results]
    assert len(seen) == len(set(seen)) == page.total > 13
    assert whole.ranked_among is None


@pytest.mark.parametrize("with_files", [False, True])
def test_each_order_goes_by_what_its_results_say(archive, licences, with_files):
    shape = box(-53, 4, -51, 6)
    if with_files:
        for scene in Scene.objects.order_by("pk")[:60]:
            make.product(scene, cloud_cover=scene.cloud_cover)

    def told(order):
        return search.ask(make.question(f"sort={order}", shape), user=VISITOR, size=1000).results

    def falls(values):
        return all(one >= other for one, other in pairwise(values))

    shares = [one.coverage for one in told("coverage")]
    assert falls(shares)
    assert len(set(shares)) > 20
    clouds = [one.cloud for one in told("cloud")]
    known = [one for one in clouds if one is not None]
    assert clouds[: len(known)] == known  # what is not said comes last
    assert 10 < len(known) < len(clouds)
    assert all(one.high <= other.high * 1.003 + 0.02 for one, other in pairwise(known))
    assert falls([-abs(one.scene.incidence) for one in told("angle")])
    assert all(
        one.useful + 2000 >= other.useful for one, other in pairwise(told("useful"))
    )  # planes and ellipsoid agree to a thousandth


def test_an_order_by_cloud_or_angle_needs_no_area_and_by_coverage_does(archive):
    clouds = [
        one.scene.cloud_cover
        for one in search.ask(make.question("sort=cloud"), user=VISITOR, size=1000).results
    ]
    known = [one for one in clouds if one is not None]
    assert clouds == known + [None] * 12  # what is not said comes last
    assert len(clouds) == 200
    assert all(one <= other + 0.01 for one, other in pairwise(known))  # ranks are of hundredths
    assert make.question("sort=coverage").order is Sort.NEWEST
    assert make.question("sort=angle").order is Sort.ANGLE


def test_of_more_scenes_than_are_ranked_the_newest_are_and_it_is_said(archive, settings):
    settings.SEARCH_RANKED = 40
    page = search.ask(make.question("sort=cloud"), user=VISITOR, size=100)
    assert page.ranked_among == 40
    newest = sql.plain(make.question(), EVERY, 40)
    assert {one.scene.pk for one in page.results} == set(newest)


def test_the_next_page_of_an_order_finds_it_kept(archive, django_assert_max_num_queries):
    shape = box(-53, 4, -51, 6)
    first = search.ask(make.question("sort=cloud", shape), user=VISITOR, size=13)
    late = make.scene(lon=-52, lat=5, half=0.4, cloud_cover=0.0)  # would be among the first
    following = first.question.query_string(after=first.next)
    again = make.question(following, shape)
    # The key is the question's, not the object's: the address alone leads to what was kept.
    assert again.area == first.question.area
    with django_assert_max_num_queries(30):
        second = search.ask(again, user=VISITOR, size=1000)
    assert late.pk not in {one.scene.pk for one in second.results}
    assert len(second.results) == first.total - 13


def test_snow_is_measured_from_its_mask_else_bounded_else_not_said(licences):
    over = box(-52.4, 4.8, -52.2, 5.0)
    whole = {"footprint": box(-52.4, 4.8, -52.2, 5.0)}
    masked = make.scene(**whole, at=datetime(2022, 1, 1, tzinfo=UTC))
    snow = Polygon([(-52.4, 4.8), (-52.35, 4.8), (-52.35, 5.0), (-52.4, 5.0)])
    make.product(masked, snow=geo.to_geos(snow, multi=True))
    make.scene(**whole, at=datetime(2021, 1, 1, tzinfo=UTC), snow_cover=40.0)
    make.scene(**whole, at=datetime(2020, 1, 1, tzinfo=UTC))
    told = search.ask(make.question("sort=newest", over), user=VISITOR).results
    assert [one.snow and one.snow.measured for one in told] == [True, False, None]
    assert told[0].snow.low == pytest.approx(25, abs=0.1)
    assert told[1].snow.high == pytest.approx(40, abs=0.1)
    limited = search.ask(make.question("snow=50", over), user=VISITOR).results
    assert [one.scene.snow_cover for one in limited] == [40.0]
