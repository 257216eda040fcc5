"""What a worker noted of a delivery, and why it refused one, in the language of whoever reads it."""

import pytest
from django.utils import translation

from catalogue.samples.scene import Fault
from orders.models import Delivery
from tests.catalogue.deliveries import make as make_files
from tests.orders.test_deliveries import store, worked  # noqa: F401 a fixture

pytestmark = pytest.mark.django_db


def test_what_was_noted_is_told_in_the_language_of_the_reader(tmp_path, as_, desk):
    """Workers speak French: their notes stood in French on pages in English."""
    with translation.override("fr"):
        delivery = worked(make_files(tmp_path, Fault.MISSING_PREVIEW), licence="pleiades")
    product = delivery.products.get()
    (note,) = [one for one in delivery.notes if one["code"] == "missing_preview"]
    assert "manque" in note["sentence"]
    pages = ("/desk/deliveries/", product.get_absolute_url())
    for language, words in (("en", "and missing."), ("fr", "et manque.")):
        reader = as_(desk)
        reader.cookies["django_language"] = language
        for page in pages:
            assert words in reader.get(page).content.decode(), (language, page)
    told = as_(desk).get(f"/api/v1/products/{product.pk}", headers={"accept-language": "en"})
    assert any("and missing." in one["sentence"] for one in told.json()["notes"])


def test_the_reason_of_a_refusal_is_told_in_the_language_of_the_reader(tmp_path, as_, desk):
    with translation.override("fr"):
        delivery = worked(make_files(tmp_path, Fault.MISSING_TILE))
    assert (delivery.state, "manque." in delivery.reason) == ("refused", True)
    reader = as_(desk)
    reader.cookies["django_language"] = "en"
    assert "is missing." in reader.get("/desk/deliveries/").content.decode()
    Delivery.objects.update(reason_said={})  # a row of before
    assert delivery.reason[:20] in reader.get("/desk/deliveries/").content.decode()
