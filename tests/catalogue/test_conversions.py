"""Optimised copies: one image a step, resumed after a death, and what cannot be made says why."""

import numpy as np
import pytest
import rasterio
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from rio_cogeo.cogeo import cog_validate

from catalogue.models import Conversion, ProductFile
from catalogue.services import conversions
from catalogue.states import CONVERSION
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from tests.catalogue import holdings, make, shelf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.STAGING_DIR = tmp_path / "staging"


def product(tmp_path, *names):
    made = make.product(make.scene())
    for name in names:
        data = holdings.image(tmp_path / "image.tif", bands=4).read_bytes()
        shelf.file(made, name, data)
    return made


def done(conversion):
    while conversions.work(conversion):
        conversion.refresh_from_db()
    conversion.refresh_from_db()
    return conversion


def test_every_image_gets_a_copy_with_the_same_numbers(tmp_path, desk):
    of = product(tmp_path, "IMG/A_R1C1.TIF", "IMG/A_R1C2.TIF")
    conversion = done(conversions.ask(of, by=Actor.of(desk)))
    assert (conversion.state, conversion.done, conversion.total) == ("done", 2, 2)
    copies = of.files.filter(role="cog").order_by("name")
    assert [one.name for one in copies] == ["COG/IMG/A_R1C1.tif", "COG/IMG/A_R1C2.tif"]
    path = shelf.stored_path(copies[0])
    assert cog_validate(path, quiet=True)[0]
    with rasterio.open(path) as copy, rasterio.open(shelf.stored_path(of.files.first())) as image:
        assert np.array_equal(copy.read(), image.read())
        assert (copy.crs, copy.profile["tiled"]) == (image.crs, True)
    assert of.scene.events.last().kind == "converted"


def test_a_death_between_two_images_costs_nothing_that_was_made(tmp_path, desk, monkeypatch):
    of = product(tmp_path, "A.TIF", "B.TIF")
    conversion = conversions.ask(of, by=Actor.of(desk))
    for _step in range(2):
        assert conversions.work(conversion)
        conversion.refresh_from_db()
    assert (conversion.state, conversion.done, conversion.share) == ("running", 1, 50)
    made = []
    real = conversions.optimise.optimise
    monkeypatch.setattr(
        conversions.optimise, "optimise",
        lambda source, into, shown: made.append(shown) or real(source, into, shown=shown),
    )  # fmt: skip
    assert done(conversion).state == "done"
    assert made == ["B.TIF"]


@pytest.mark.parametrize(
    "data", [b"no image at all, but long enough", b'<VRTDataset rasterXSize="1"/>']
)
def test_what_cannot_be_converted_says_so_and_may_be_tried_again(tmp_path, desk, data):
    of = make.product(make.scene())
    bad = shelf.file(of, "A.TIF", data)
    conversion = done(conversions.ask(of, by=Actor.of(desk)))
    assert conversion.state == "failed"
    assert "A.TIF" in conversion.error
    assert not of.files.filter(role="cog").exists()
    good = holdings.image(tmp_path / "image.tif").read_bytes()
    name = default_storage.save("shelf/again.bin", ContentFile(good))
    ProductFile.objects.filter(pk=bad.pk).update(storage_name=name)
    assert done(conversions.ask(of, by=Actor.of(desk))).state == "done"


def test_it_is_asked_once_by_the_desk_for_a_product_that_has_images(tmp_path, desk, researcher):
    of, by = product(tmp_path, "A.TIF"), Actor.of(desk)
    with pytest.raises(NotAllowed):
        conversions.ask(of, by=Actor.of(researcher))
    with pytest.raises(Invalid, match="nothing_to_convert"):
        conversions.ask(product(tmp_path, "DIM.XML"), by=by)
    conversion = conversions.ask(of, by=by)
    with pytest.raises(NotNow):
        conversions.ask(of, by=by)
    assert Conversion.objects.get() == conversion


def test_every_step_is_the_tables():
    assert set(CONVERSION.steps) == {"start", "finish", "fail", "retry"}
    assert list(CONVERSION.walks())


def test_an_image_that_is_gone_from_the_store_ends_it_with_the_sentence(tmp_path, desk):
    of = product(tmp_path, "A.TIF")
    default_storage.delete(of.files.get().storage_name)
    conversion = done(conversions.ask(of, by=Actor.of(desk)))
    assert (conversion.state, "missing" in conversion.error) == ("failed", True)
