"""Deliveries that no order asked for, taken in by the command: heritage, radar, RapidEye."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from catalogue.dimap.facts import Angles
from catalogue.models import Collection, Identifier, Product, Scene
from catalogue.samples.delivery import make_volume
from catalogue.samples.heritage import HeritageScene, make_heritage
from catalogue.samples.scene import SampleScene
from catalogue.services import scenes as scenes_service
from dinamis.actors import Actor
from dinamis.errors import Invalid
from orders.models import Delivery
from orders.services.delivering import deliveries
from tests.catalogue import holdings
from tests.catalogue.deliveries import CENTRE, NEO, PLEIADES, make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.STAGING_DIR = tmp_path / "staging"


def ingest(path, **options):
    out = StringIO()
    call_command("ingest", path, json=True, stdout=out, **options)
    return json.loads(out.getvalue())


def test_a_heritage_scene_is_published_under_the_open_licence(tmp_path):
    told = ingest(make_heritage(tmp_path / "in"), licence="open")
    assert told["state"] == "published"
    product = Product.objects.get()
    assert (product.licence_id, product.level, product.cloud_cover) == ("open", "primary", None)
    scene = product.scene
    assert (scene.item_id, scene.platform_id) == ("40482610111291030381M", "SPOT4")
    assert (scene.collection_id, scene.cloud_cover) == ("swh", None)
    assert product.quicklook.endswith(".webp")
    assert product.quicklook_corners[0] == pytest.approx([4.4, 44.19], abs=0.01)
    again = ingest(make_heritage(tmp_path / "again"), licence="open")
    assert [one["id"] for one in again["products"]] == [product.pk]


def test_the_licence_of_its_collection_holds_where_an_officer_names_none(tmp_path, desk):
    told = ingest(make_heritage(tmp_path / "in"))
    assert told["state"] == "waiting"
    deliveries.publish(Delivery.objects.get(), by=Actor.of(desk))
    assert Product.objects.get().licence_id == "open"


def test_a_volume_of_several_scenes_becomes_as_many_products(tmp_path):
    scenes = [HeritageScene(), HeritageScene(satellite=5, code="T", grid="050-260", seed=2)]
    told = ingest(make_heritage(tmp_path / "in", *scenes), licence="open")
    assert len(told["products"]) == 2
    assert set(Scene.objects.values_list("platform_id", flat=True)) == {"SPOT4", "SPOT5"}


def test_three_views_of_one_pass_become_a_triplet_with_their_snow_masks(tmp_path):
    views = [
        PLEIADES.replace("201910281410119", stamp).replace("_01426", f"_0142{number}")
        for number, stamp in enumerate(("201910281410119", "201910281410419", "201910281411119"))
    ]
    scenes = [
        SampleScene(
            view, CENTRE, seed=seed, angles=Angles(incidence_along=along, incidence_across=2.0)
        )
        for seed, (view, along) in enumerate(zip(views, (-15.0, 0.0, 15.0), strict=True))
    ]
    root = make_volume(tmp_path / "in", scenes, pixels=64)
    for cloud in root.glob("IMG_*/MASKS/CLD_*.GML"):
        cloud.with_name(cloud.name.replace("CLD_", "SNW_")).write_text(cloud.read_text())
    ingest(root, licence="pleiades")
    groups = set(Scene.objects.values_list("stereo", "stereo_key", "base_height"))
    assert groups == {("tri_stereo", "PASS-PHR1A-20191028T141011", 0.536)}
    assert all(product.snow.equals(product.clouds) for product in Product.objects.all())


def test_pleiades_neo_is_kept_under_a_licence_and_never_ordered(tmp_path):
    ingest(make(tmp_path / "in", identifier=NEO), licence="pleiades")
    scene = Scene.objects.get()
    assert (scene.platform_id, scene.collection_id, scene.platform.sensor) == (
        "PNEO4",
        "pneo",
        None,
    )
    with pytest.raises(Invalid, match="satellite_not_offered"):
        scenes_service.named(NEO.replace("004192", "004193"))


def test_radar_and_rapideye_are_published_under_the_licence_that_is_named(tmp_path):
    ingest(holdings.item(tmp_path / "radar"), licence="pleiades")
    ingest(holdings.table(tmp_path / "table", {}, {"identifier": "RE-2"}), licence="pleiades")
    radar = Product.objects.get(scene__platform="TSX1")
    assert (radar.spectral, radar.cloud_cover, radar.resolution_m) == ("SM", None, 3.0)
    assert radar.scene.collection_id == "terrasar-x"
    assert Scene.objects.filter(platform="RE3", collection="rapideye").count() == 2
    found = Identifier.objects.written("tsx1_sar__eec_se___sm_s_sra_20110715t172413").get()
    assert found.scene == radar.scene


def test_nothing_is_published_under_a_licence_that_nobody_named(tmp_path, desk):
    ingest(holdings.item(tmp_path / "radar"))
    with pytest.raises(Invalid, match="no_licence"):
        deliveries.publish(Delivery.objects.get(), by=Actor.of(desk))
    assert not Product.objects.exists()
    Collection.objects.filter(code="terrasar-x").update(licence="open")
    deliveries.publish(Delivery.objects.get(), by=Actor.of(desk))
    assert Product.objects.get().licence_id == "open"


def test_a_holding_goes_into_the_collection_it_names(tmp_path):
    ingest(holdings.item(tmp_path / "in", collection="Kalideos"), licence="open")
    assert Scene.objects.get().collection_id == "kalideos"


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"platform": "Sputnik"}, "Sputnik"), ({"collection": "nobody-s"}, "nobody-s")],
)
def test_what_has_no_row_is_refused_and_nothing_is_left(tmp_path, changes, words):
    with pytest.raises(CommandError, match=words):
        ingest(holdings.item(tmp_path / "in", **changes), licence="open")
    assert not Scene.objects.exists()
    assert Delivery.objects.get().state == "refused"
