"""What a delivery becomes: one product however often it is published, found by its names, told to all."""

from dataclasses import replace

import pytest
from django.urls import reverse

from catalogue.dimap.reader import read_tree
from catalogue.models import Identifier, Product, ProductFile, Scene, SceneEvent
from catalogue.policies import may_download
from catalogue.samples.scene import Fault
from catalogue.services import products, scenes
from catalogue.services.products import Picture, Stored
from dinamis.actors import Actor
from dinamis.errors import Invalid
from tests.catalogue import deliveries, make, shelf

pytestmark = pytest.mark.django_db
BY = Actor.system("test")
FILE = Stored("IMG/A.TIF", "image", 3, "ab" * 32, "somewhere/a.tif")


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    """A Pléiades delivery and a SPOT one, as their metadata say."""
    folder = tmp_path_factory.mktemp("made")
    spot = deliveries.make(folder / "s", identifier=deliveries.SPOT, centre=(-52.5, 4.5))
    return {
        "pleiades": read_tree(deliveries.make(folder / "p")).products[0],
        "spot67": read_tree(spot).products[0],
    }


pytestmark = pytest.mark.django_db


def publish(facts, key="a", files=(FILE,), **how):
    return products.publish(facts, key=key, files=files, picture=Picture(), by=BY, **how)


def test_publishing_twice_is_one_product(facts):
    first, second = publish(facts["pleiades"]), publish(facts["pleiades"])
    assert first == second
    assert ProductFile.objects.count() == 1
    assert SceneEvent.objects.filter(kind="published").count() == 1


@pytest.mark.parametrize("sensor", ["pleiades", "spot67"])
def test_the_licence_is_the_sensors_unless_another_is_said(sensor, facts):
    assert publish(facts[sensor]).licence_id == sensor
    assert publish(facts[sensor], key="b", files=(), licence="open").licence_id == "open"


def test_two_processings_of_one_scene_are_two_products_of_it(facts):
    first, second = publish(facts["pleiades"]), publish(facts["pleiades"], key="b", files=())
    assert first.scene == second.scene
    assert Scene.objects.count() == 1


def test_a_scene_is_found_by_every_name_its_product_bears(facts):
    product = publish(facts["pleiades"])
    for name in facts["pleiades"].identifiers:
        assert scenes.find(name) == product.scene
    assert scenes.find(deliveries.PLEIADES.removeprefix("DS_").lower()) == product.scene


def test_a_scene_that_was_known_keeps_its_name_and_the_product_takes_the_others(facts):
    known = make.scene()
    Identifier.objects.create(value=deliveries.SPOT.removeprefix("DS_"), scene=known)
    product = publish(facts["spot67"])
    assert product.scene == known
    assert Identifier.objects.filter(product=product).exists()
    assert not Identifier.objects.filter(product=product, value=known.item_id).exists()


def test_what_is_not_said_is_not_invented(facts, tmp_path):
    root = deliveries.make(tmp_path, Fault.NO_CLOUD_FIGURE, cloud=None)
    product = publish(read_tree(root).products[0])
    assert product.cloud_cover is None


def test_a_satellite_outside_the_scheme_is_refused_and_nothing_is_left(facts):
    foreign = replace(
        facts["pleiades"], platform="WV3", dataset_name="X", source_ids=("X",), names=()
    )
    with pytest.raises(Invalid, match="satellite_not_offered"):
        publish(foreign)
    assert Product.objects.count() == 0
    assert Scene.objects.count() == 0


def test_it_is_told_to_the_rooms_above(facts, monkeypatch):
    told = []
    monkeypatch.setattr(products, "emit", lambda event, **said: told.append((event, said)))
    product = publish(facts["pleiades"])
    assert publish(facts["pleiades"]) == product
    assert told == [("product.published", {"product": product, "by": BY})]


def test_everybody_reads_the_page_and_nobody_outside_gets_a_file(client, stranger):
    image = shelf.product()
    page = client.get(image.get_absolute_url()).content.decode()
    file = image.files.get()
    assert file.sha256 in page
    assert f"© CNES {image.scene.datetime.year}, distribution Airbus DS" in page
    assert reverse("product_file", args=[image.pk, file.pk]) not in page
    assert reverse("account_login") in page
    assert not may_download(stranger, image)


def test_the_one_button_signs_then_downloads(as_, other_researcher):
    image = shelf.product()
    there = reverse("product_archive", args=[image.pk])
    before = as_(other_researcher).get(image.get_absolute_url()).content.decode()
    assert "Sign and download" in before
    assert there not in before
    shelf.signed(other_researcher, image)
    after = as_(other_researcher).get(image.get_absolute_url()).content.decode()
    assert "Sign and download" not in after
    assert there in after


def test_who_may_not_download_is_told_why(as_, stranger):
    page = as_(stranger).get(shelf.product().get_absolute_url()).content.decode()
    assert "attached to a member organisation" in page


def test_only_the_desk_sees_the_form_that_withdraws(as_, desk, stranger):
    image = shelf.product()
    there = reverse("product_withdraw", args=[image.pk])
    assert there in as_(desk).get(image.get_absolute_url()).content.decode()
    assert there not in as_(stranger).get(image.get_absolute_url()).content.decode()
