"""Scenes: the deck's two exactly, names found however written, the unknown added and completed."""

import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from PIL import Image
from shapely.geometry import box

from accounts.models import Event
from catalogue import demo, reference
from catalogue.demo import loading
from catalogue.models import Identifier, Platform, Scene, SceneEvent, Sensor
from catalogue.services import quicklooks, scenes
from catalogue.services.scenes import Figures
from dinamis import events, geo
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from tests.catalogue import make

FIRST = "DS_PHR1A_201910281410119_FR1_PX_W053N04_0922_01426"
SECOND = "DS_PHR1B_201312011402555_FR1_PX_W053N04_0922_01804"
UNKNOWN = "DS_PHR1B_202003151405123_FR1_PX_W053N04_0922_01111"
VISITOR = AnonymousUser()


def picture(size=(40, 40), mode="RGB") -> bytes:
    data = io.BytesIO()
    Image.new(mode, size, (90, 120, 60, 255)[: len(mode)]).save(data, "WEBP")
    return data.getvalue()


@pytest.fixture
def known(db):
    """The satellites, which are among the reference rows."""


@pytest.fixture
def deck(known, monkeypatch):
    """The demonstration with pictures that cost nothing to paint, and a small archive."""
    some = list(loading.archive.scenes())[:4]
    monkeypatch.setattr(loading.archive, "scenes", lambda: iter(some))
    monkeypatch.setattr(
        loading,
        "painted",
        lambda sketches: ((one, (picture(), one.footprint.bounds)) for one in sketches),
    )
    demo.load()


def test_reference_rows_are_loaded_once_and_an_administrators_change_stays(known):
    Platform.objects.filter(code="SPOT6").update(name="SPOT six")
    reference.load()
    assert Sensor.objects.get(code="spot67").scene_equivalent_km2 == Decimal("3600.00")
    assert Sensor.objects.get(code="pleiades").unit == "km2"
    assert Platform.objects.get(code="SPOT6").name == "SPOT six"
    assert str(Platform.objects.get(code="SPOT7").in_service_to) == "2023-03-17"
    assert Platform.objects.filter(sensor__isnull=False).count() == 4
    assert Platform.objects.get(code="SPOT5").collection.licence_id == "open"
    assert Platform.objects.get(code="TSX1").collection.licence is None


def test_the_first_scene_of_the_deck_has_every_figure_it_gives(deck):
    scene = Scene.objects.get(item_id=FIRST)
    assert scene.datetime == datetime(2019, 10, 28, 14, 10, 11, 900_000, tzinfo=UTC)
    assert scene.platform.name == "Pléiades 1A"
    told = {
        "cloud_cover": "4.161692",
        "snow_cover": "0.0",
        "incidence": "17.19367394801767",
        "incidence_across": "-16.8079401811563",
        "incidence_along": "-3.838481690020273",
        "orientation": "179.9704153472904",
        "sun_azimuth": "139.243370338304",
        "sun_elevation": "66.18729682080073",
        "viewing": "15.45470597682735",
        "viewing_across": "15.41465088864424",
        "viewing_along": "1.167692584352411",
        "resolution_m": "0.5",
    }
    assert {name: repr(getattr(scene, name)) for name in told} == told
    assert scene.footprint_source == Scene.FootprintSource.DRAWN_BY_US


def test_the_second_scene_of_the_deck_has_its_centre_to_the_last_digit(deck):
    scene = Scene.objects.get(item_id=SECOND)
    assert str(scene.centre_lon.normalize()) == "-52.294848738901337"
    assert str(scene.centre_lat.normalize()) == "4.8920860973005116"
    told = [scene.cloud_cover, scene.incidence, scene.orientation, scene.sun_azimuth]
    assert [repr(value) for value in told] == [
        "6.63",
        "10.80417",
        "180.0467126398",
        "145.76224803757",
    ]
    assert repr(scene.sun_elevation) == "57.380766080337"
    assert scene.snow_cover is None
    assert scene.viewing is None


def test_the_footprints_we_draw_are_twenty_kilometres_around_the_centre(deck):
    scene = Scene.objects.get(item_id=SECOND)
    centre = geo.to_shapely(scene.footprint).centroid
    assert (centre.x, centre.y) == (
        pytest.approx(-52.29485, abs=1e-4),
        pytest.approx(4.89209, abs=1e-4),
    )
    assert geo.area_km2(scene.footprint) == pytest.approx(Decimal(400), abs=Decimal(1))


def test_loading_the_demonstration_again_adds_nothing(deck):
    before = (Scene.objects.count(), Identifier.objects.count(), SceneEvent.objects.count())
    demo.load()
    assert (Scene.objects.count(), Identifier.objects.count(), SceneEvent.objects.count()) == before
    assert before[0] == 6


def test_the_invented_archive_is_the_same_at_every_run_and_well_formed():
    first = [one.item_id for one in loading.archive.scenes()]
    assert first == [one.item_id for one in loading.archive.scenes()]
    assert len(first) == len(set(first)) > 60
    assert all(loading.identifiers.parse(item_id).cell for item_id in first)


@pytest.mark.parametrize(
    "written", [FIRST, FIRST.removeprefix("DS_"), FIRST.lower(), f"  {FIRST}\n"]
)
def test_a_scene_is_found_however_its_name_is_written(deck, written):
    assert scenes.find(written).item_id == FIRST


def test_a_product_name_leads_to_its_scene(licences):
    product = make.product(make.scene())
    Identifier.objects.create(value="IMG_PHR1A_PMS_001", product=product)
    assert scenes.find("img_phr1a_pms_001") == product.scene


def test_many_names_come_to_scenes_unknown_ones_and_wrong_ones(deck):
    found = scenes.find_many((SECOND, "what", UNKNOWN, FIRST.removeprefix("DS_")), user=VISITOR)
    assert [scene.item_id for scene in found.scenes] == [SECOND, FIRST]
    assert [one.text for one in found.unknown] == [UNKNOWN]
    assert [name for name, _sentence in found.malformed] == ["what"]


def test_a_well_formed_name_that_is_unknown_becomes_a_scene_to_complete(known, researcher):
    scene = scenes.from_identifier(UNKNOWN.lower(), by=Actor.of(researcher))
    assert scene.item_id == UNKNOWN
    assert scene.platform_id == "PHR1B"
    assert scene.datetime == datetime(2020, 3, 15, 14, 5, 12, 300_000, tzinfo=UTC)
    assert geo.to_shapely(scene.footprint).bounds == (-53, 4, -52, 5)
    assert scene.footprint_source == Scene.FootprintSource.CELL
    assert not scene.is_complete
    assert scene.cloud_cover is None
    event = scene.events.get()
    assert (event.kind, event.by_user) == (SceneEvent.Kind.ADDED, researcher)


def test_asking_twice_for_an_unknown_name_makes_one_scene(known):
    first = scenes.from_identifier(UNKNOWN, by=make.BY)
    assert scenes.from_identifier(UNKNOWN.removeprefix("DS_"), by=make.BY) == first
    assert Scene.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("DS_PHR1A_2019_FR1_PX_W053N04_0922_01426", "identifier_malformed"),
        ("DS_PHR1A_201913281410119_FR1_PX_W053N04_0922_01426", "identifier_malformed"),
        ("rubbish", "identifier_malformed"),
        ("DS_SPOT7_202406021012345_FR1_FR1_FR1_FR1_E003N43_01234", "satellite_not_in_service"),
        ("DS_PHR1A_201001011410119_FR1_PX_W053N04_0922_01426", "satellite_not_in_service"),
        ("DS_PNEO3_202206021012345_PAR1_PX_E003N43_0101_01234", "satellite_not_offered"),
    ],
)
def test_a_name_that_cannot_be_ordered_says_why_and_adds_nothing(known, name, code):
    with pytest.raises(Invalid) as refused:
        scenes.from_identifier(name, by=make.BY)
    assert refused.value.code == code
    assert Scene.objects.count() == 0


def test_the_desk_completes_a_scene_and_the_room_above_is_told(known, desk, monkeypatch):
    told = []
    monkeypatch.setitem(events._handlers, "scene.completed", [lambda **facts: told.append(facts)])
    scene = scenes.from_identifier(UNKNOWN, by=make.BY)
    done = scenes.complete(
        scene,
        footprint=box(-52.4, 4.8, -52.2, 5.0),
        footprint_source="supplier",
        figures=Figures(cloud_cover=3.5, incidence=12.25),
        by=Actor.of(desk),
    )
    assert done.is_complete
    assert (done.cloud_cover, done.incidence, done.snow_cover) == (3.5, 12.25, None)
    assert told == [{"scene": done, "by": Actor.of(desk)}]
    event = SceneEvent.objects.filter(scene=scene).last()
    assert (event.kind, event.by_user, event.facts["cloud_cover"]) == ("completed", desk, 3.5)


def test_only_the_desk_completes_and_a_complete_scene_is_left_alone(known, desk, researcher):
    scene = scenes.from_identifier(UNKNOWN, by=make.BY)
    given = {
        "footprint": box(-52.4, 4.8, -52.2, 5.0),
        "footprint_source": "supplier",
        "figures": Figures(),
    }
    with pytest.raises(NotAllowed):
        scenes.complete(scene, **given, by=Actor.of(researcher))
    scene.refresh_from_db()
    assert not scene.is_complete
    scenes.complete(scene, **given, by=Actor.of(desk))
    with pytest.raises(NotNow):
        scenes.complete(scene, **given, by=Actor.of(desk))
    assert scene.events.count() == 2


def test_a_crossed_footprint_is_refused_and_the_scene_waits_on(known, desk):
    scene = scenes.from_identifier(UNKNOWN, by=make.BY)
    bow_tie = make.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    with pytest.raises(Invalid):
        scenes.complete(
            scene,
            footprint=bow_tie,
            footprint_source="supplier",
            figures=Figures(),
            by=Actor.of(desk),
        )
    scene.refresh_from_db()
    assert not scene.is_complete


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"cloud_cover": 101.0}, "scene_cloud_is_a_share"),
        ({"snow_cover": -1.0}, "scene_snow_is_a_share"),
        ({"centre_lon": Decimal(3)}, "scene_centre_is_a_pair"),
    ],
)
def test_the_database_refuses_figures_that_cannot_be(db, facts, rule):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        make.scene(**facts)
    assert Scene.objects.count() == 0


def test_history_is_only_added_to(known):
    scene = scenes.from_identifier(UNKNOWN, by=make.BY)
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        SceneEvent.objects.filter(scene=scene).update(kind="completed")
    assert scene.events.get().kind == "added"


def test_stereo_mates_and_scenes_of_the_day_stand_beside_a_scene(db):
    at = datetime(2020, 5, 5, 14, tzinfo=UTC)
    one = make.scene(at=at, stereo="stereo", stereo_key="PHR1A_202005051400")
    mate = make.scene(at=at, stereo="stereo", stereo_key="PHR1A_202005051400")
    same_day = make.scene(at=at, platform="SPOT6")
    make.scene(at=at, platform="SPOT6", lon=3.0, lat=43.0)
    make.scene(at=datetime(2020, 5, 7, 14, tzinfo=UTC))
    beside = scenes.neighbours(one, user=VISITOR)
    assert beside.mates == (mate,)
    assert beside.same_day == (same_day,)


def test_a_quicklook_is_stored_once_with_its_thumbnail(db):
    scene = make.scene()
    corners = quicklooks.box_corners(-52.4, 4.8, -52.2, 5.0)
    first = quicklooks.attach(scene, picture=picture(), corners=corners, by=make.BY)
    again = quicklooks.attach(scene, picture=picture(), corners=corners, by=make.BY)
    assert first.quicklook == again.quicklook
    assert first.quicklook_corners[0] == [-52.4, 5.0]
    with default_storage.open(quicklooks.thumbnail_name(first.quicklook)) as file:
        assert Image.open(file).size == (144, 144)


@pytest.mark.parametrize("wrong", [b"<svg/>", b"\x89PNG but not really", b""])
def test_what_is_no_picture_is_refused(db, wrong):
    scene = make.scene()
    with pytest.raises(Invalid):
        quicklooks.attach(scene, picture=wrong, corners=[(0, 0)] * 4, by=make.BY)
    scene.refresh_from_db()
    assert scene.quicklook == ""
    assert Event.objects.count() == 0
