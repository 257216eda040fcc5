"""What a supplier takes of an area: one outline without holes and of few points; each repair, with its km²."""

from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
import shapely
from django.utils import timezone
from shapely.geometry import MultiPolygon, Polygon, box

from catalogue.models import Sensor
from catalogue.services import areas
from dinamis import geo
from dinamis.actors import Actor
from dinamis.errors import Invalid
from dinamis.geo.convert import polygons_of
from dinamis.geo.pieces import pieces, without_holes
from orders.models import Order, Quote
from orders.services.asking import outlines, quotes
from orders.services.asking.wishes import Tasking
from tests.orders import make

SQUARE = box(-52.5, 4.7, -52.2, 5.0)
HOLED = Polygon(SQUARE.exterior, [box(-52.4, 4.8, -52.3, 4.9).exterior])
TWO = MultiPolygon([SQUARE, box(-52.1, 4.7, -51.9, 4.9)])
ROUND = Polygon(
    [(-52.3 + 0.2 * np.cos(t), 4.9 + 0.2 * np.sin(t)) for t in np.linspace(0, 2 * np.pi, 1500)]
)


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (TWO, "area_several_outlines"),
        (HOLED, "area_has_holes"),
        (ROUND, "area_too_detailed"),
    ],
)
def test_each_trouble_has_its_words_and_every_repair_is_an_area_that_is_taken(shape, code):
    assert outlines.trouble(shape).code == code
    offered = outlines.repairs(shape)
    assert offered
    for repair in offered:
        assert all(outlines.trouble(one) is None for one in repair.shapes)
        together = sum((geo.area_km2(one) for one in repair.shapes), Decimal(0))
        assert repair.km2 == together
        assert repair.difference_km2 == together - geo.area_km2(shape)


def test_filling_adds_the_hole_and_cutting_changes_nothing():
    filled, cut = outlines.repairs(HOLED)
    hole = geo.area_km2(Polygon(HOLED.interiors[0]))
    assert filled.difference_km2 == pytest.approx(hole, abs=Decimal("0.02"))
    assert abs(cut.difference_km2) <= Decimal("0.05")
    assert (filled.lines, cut.lines) == (1, 2)


def test_splitting_makes_one_line_of_each_outline_and_simplifying_keeps_the_place():
    (split,) = outlines.repairs(TWO)
    assert (split.how, split.lines, split.difference_km2) == ("split", 2, 0)
    (simple,) = outlines.repairs(ROUND)
    assert abs(simple.difference_km2) < geo.area_km2(ROUND) / 100


def test_pieces_cover_the_same_ground_and_have_no_hole():
    found = pieces(HOLED)
    assert not any(one.interiors for one in found)
    assert shapely.union_all(found).symmetric_difference(HOLED).area < 1e-9
    assert not any(one.interiors for one in polygons_of(without_holes(HOLED)))


def test_an_outline_cut_at_the_date_line_is_one():
    assert outlines.trouble(MultiPolygon([box(179, 0, 180, 1), box(-180, 0, -179, 1)])) is None


def wish(area, **more) -> Tasking:
    starts_on = timezone.localdate() + timedelta(days=2)
    return Tasking(
        sensor=Sensor.objects.get(code="spot67"),
        area=area,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=60),
        **more,
    )


def test_a_tasking_refuses_what_a_supplier_would_and_quotes_nothing(researcher, spot_year):
    with pytest.raises(Invalid):
        quotes.make(wish(TWO), by=Actor.of(researcher))
    assert not Quote.objects.exists()


def test_two_outlines_become_two_lines_of_one_order(as_, researcher, spot_year):
    area = areas.save(geo.check_area(TWO), by=Actor.of(researcher))
    client = as_(researcher)
    page = client.get("/orders/tasking", {"area": area.key})
    assert b"One line for each outline" in page.content
    address = f"/orders/tasking?area={area.key}&repair=split"
    form = client.get(address).context["form"]
    sent = {k: v for k, v in form.first_values().items() if v is not None}
    after = client.post(address, sent)
    assert after.status_code == 302
    assert Quote.objects.count() == 2
    words = {"title": "Two coasts", "purpose": "Both.", "submission": "form-two"}
    assert client.post(after.url, words).status_code == 302
    order = Order.objects.get()
    assert [line.approval for line in order.lines.all()] == ["submitted", "submitted"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"accept_cloud": 30, "max_cloud": 20}, "accept_cloud_out_of_range"),
        ({"min_bh": Decimal("0.3")}, "bh_of_one_image"),
        ({"mode": "stereo", "min_bh": Decimal("0.6"), "max_bh": Decimal("0.5")}, "bh_out_of_range"),
        ({"mode": "stereo", "max_bh": Decimal("0.9")}, "bh_out_of_range"),
    ],
)
def test_thresholds_and_base_to_height_keep_their_order(researcher, spot_year, more, code):
    with pytest.raises(Invalid) as refused:
        quotes.make(wish(make.square(900), **more), by=Actor.of(researcher))
    assert refused.value.code == code


def test_a_pair_has_its_usual_base_to_height_and_keeps_its_own(researcher, spot_year):
    usual = quotes.make(wish(make.square(900), mode="stereo"), by=Actor.of(researcher))
    assert (usual.min_bh, usual.max_bh) == (Decimal("0.40"), Decimal("0.70"))
    own = {"mode": "tri_stereo", "min_bh": Decimal("0.25"), "max_bh": Decimal("0.30")}
    made = quotes.make(wish(make.square(900), **own), by=Actor.of(researcher))
    assert (made.min_bh, made.max_bh) == (Decimal("0.25"), Decimal("0.30"))
