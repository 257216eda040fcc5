"""One question, four ways: each with its price, delay, licence and quality, or why it is not open."""

import re
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from shapely.geometry import box

from catalogue.search.question import Question
from catalogue.services import areas
from dinamis import geo
from orders.models import Quote
from orders.services.asking.ways import SENTINEL_2_URL, ways
from tests.orders import make


def question(km2: float = 150, **more) -> Question:
    return Question(area=geo.to_shapely(make.square(km2)), **more)


def by_kind(asked: Question, reader) -> dict:
    found = ways(asked, reader)
    assert [way.kind for way in found] == ["download", "produce", "task", "free"]
    return {way.kind: way for way in found}


def test_without_an_area_every_way_says_what_it_needs(researcher):
    found = by_kind(Question(), researcher)
    assert not any(way.is_open for way in found.values())
    assert all(way.why_not for way in found.values())


def test_what_members_have_is_downloaded_now_at_no_price(researcher):
    product = make.product(make.scene())
    way = by_kind(question(), researcher)["download"]
    assert way.is_open
    assert (way.url, way.units, way.price_eur) == (
        f"/catalogue/products/{product.pk}/",
        0,
        Decimal("0.00"),
    )
    assert (way.least_days, way.most_days) == (0, 0)
    assert way.coverage == Decimal("100.0")


def test_what_is_in_the_archive_is_produced_for_what_it_covers(researcher):
    scene = make.scene()
    found = by_kind(question(50), researcher)
    way = found["produce"]
    assert not found["download"].is_open
    assert (way.title, way.units, way.unit) == (scene.item_id, Decimal("100.00"), "km2")
    assert way.url.startswith("/orders/new?scene=DS_PHR1A_TEST_")
    assert (way.least_days, way.most_days) == (5, 15)


def test_a_new_image_holds_attempts_for_the_tries_by_default(researcher):
    way = by_kind(question(), researcher)["task"]
    assert (way.units, way.unit, way.price_eur) == (3, "attempt", Decimal("0.00"))
    assert way.url.startswith("/orders/tasking?sensor=spot67")


def test_the_sensor_asked_is_the_one_tasked(researcher):
    way = by_kind(question(sensors=("pleiades",)), researcher)["task"]
    assert (way.units, way.unit) == (pytest.approx(Decimal(150), abs=1), "km2")


def test_a_category_that_pays_sees_its_price(reference):
    abroad = make.person("frida")
    make.attached(abroad, make.organisation("Istituto", "european_scientist"))
    make.scene()
    found = by_kind(question(50), abroad)
    assert found["produce"].price_eur == Decimal("406.00")
    assert not found["task"].is_open
    assert found["task"].why_not


def test_an_openly_licensed_product_is_the_free_way_else_sentinel_2(researcher):
    assert by_kind(question(), researcher)["free"].url == SENTINEL_2_URL
    product = make.product(make.scene(), licence="open")
    way = by_kind(question(), researcher)["free"]
    assert way.url == f"/catalogue/products/{product.pk}/"


def test_a_visitor_sees_the_ways_too_and_nothing_is_booked(reference):
    make.scene()
    found = by_kind(question(), AnonymousUser())
    assert found["produce"].is_open
    assert not Quote.objects.exists()


def test_a_country_is_tasked_in_thousands_of_attempts(client, researcher):
    area = areas.save(geo.check_area(box(0, 15, 18, 33)), name="", by=make.BY)
    client.force_login(researcher)
    page = client.get(f"/ways?area={area.key}", HTTP_ACCEPT_LANGUAGE="fr")
    assert page.status_code == 200
    assert re.search(r'[1-9]\s\d{3}<span class="unit">tentatives', page.content.decode())


def test_cloud_that_is_known_to_be_none_is_one_figure(client, researcher):
    scene = make.scene()
    scene.cloud_cover = 0.0
    scene.save()
    area = areas.save(geo.check_area(geo.to_shapely(make.square(50))), name="", by=make.BY)
    client.force_login(researcher)
    page = client.get(f"/ways?area={area.key}", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Cloud, bounded" in page
    assert "0 to 0" not in page
