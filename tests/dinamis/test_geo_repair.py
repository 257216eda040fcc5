"""Repairs that a reader confirms, and footprints that we draw."""

import time
from decimal import Decimal

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from dinamis import geo
from dinamis.errors import Invalid, Refused, TooLarge
from tests.dinamis.outlines import comb, star


def square(side_km, *, lon=2, lat=48, orientation_deg=10):
    return geo.swath_footprint(
        lon, lat, width_km=side_km, length_km=side_km, orientation_deg=orientation_deg
    )


@pytest.mark.parametrize(
    "small",
    [
        square(5),
        square(0.1),
        square(5, lon=180, lat=-17),
        shapely.MultiPolygon([square(1), square(1, lon=2.5)]),
        star(300, radius=0.01, roughness=0.3),
        square(6).difference(square(2)),
    ],
)
def test_an_area_grows_to_the_minimum_and_hardly_more(small):
    grown = geo.grow_to(small, 100)
    assert 100 <= geo.area_km2(grown) <= Decimal("100.5")
    assert geo.coverage(small, grown) == Decimal("100.0")
    assert geo.check_area(grown).area_km2 == geo.area_km2(grown)


def test_a_square_that_grows_stays_a_square():
    assert shapely.get_num_coordinates(geo.grow_to(square(5), 100)) == 5


def test_an_area_large_enough_comes_back_as_it_is():
    large = square(20)
    assert geo.grow_to(large, 100).equals_exact(large, 0)


def test_growing_an_intricate_outline_is_quick():
    small = shapely.affinity.scale(comb(2000), 0.05, 0.05)
    start = time.process_time()
    assert 100 <= geo.area_km2(geo.grow_to(small, 100)) <= Decimal("100.5")
    assert time.process_time() - start < 5


def test_what_crosses_itself_is_neither_grown_nor_simplified():
    bow_tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    for repair in (geo.grow_to, geo.simplify_to):
        with pytest.raises(Invalid) as refusal:
            repair(bow_tie, 100)
        assert refusal.value.code == "area_crosses_itself"


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        (shapely.Point(2, 48), "area_not_a_polygon"),
        (shapely.GeometryCollection([square(5), shapely.Point(2, 48)]), "area_mixed"),
        (star(20, roughness=0.1, lon=7e5, lat=6.9e6, radius=5000), "area_in_metres"),
        (shapely.MultiPolygon([square(1)] * 101), "area_too_many_parts"),
    ],
)
def test_a_repair_does_not_let_through_what_the_rules_refuse(geometry, code):
    for repair in (geo.grow_to, geo.simplify_to):
        with pytest.raises(Refused) as refusal:
            repair(geometry, 10)
        assert refusal.value.code == code


def test_an_area_across_the_antimeridian_is_simplified_there():
    simple = geo.simplify_to(star(500, roughness=0.05, lon=180), 40)
    assert simple.bounds[0] == -180
    assert simple.bounds[2] == 180
    assert geo.check_area(simple).vertices <= 44


def test_nobody_grows_a_continent():
    with pytest.raises(TooLarge) as refusal:
        geo.grow_to(square(5), 2_000_000)
    assert refusal.value.code == "area_too_large_to_grow"


@pytest.mark.parametrize("vertices", [10_000, 300, 12])
def test_an_outline_is_simplified_to_the_points_allowed(vertices):
    detailed = star(10_001, roughness=0.05)
    simple = geo.simplify_to(detailed, vertices)
    checked = geo.check_area(simple)
    assert checked.vertices <= vertices
    assert float(checked.area_km2) == pytest.approx(float(geo.area_km2(detailed)), rel=0.15)


def test_an_outline_simple_enough_comes_back_as_it_is():
    plain = square(5)
    assert geo.simplify_to(plain, 4).equals_exact(plain, 0)


def test_more_parts_than_points_cannot_be_simplified():
    parts = shapely.MultiPolygon([shapely.box(x, 0, x + 0.5, 1) for x in range(10)])
    with pytest.raises(Invalid) as refusal:
        geo.simplify_to(parts, 20)
    assert refusal.value.code == "area_not_simplified"


@given(
    lon=st.floats(-180, 180), lat=st.floats(-75, 75), orientation=st.floats(0, 360),
    width=st.floats(1, 60), length=st.floats(1, 120),
)  # fmt: skip
def test_a_swath_has_the_area_of_its_sides_wherever_it_lies(lon, lat, orientation, width, length):
    footprint = geo.swath_footprint(
        lon, lat, width_km=width, length_km=length, orientation_deg=orientation
    )
    assert float(geo.area_km2(footprint)) == pytest.approx(width * length, rel=0.001, abs=0.01)


def test_the_length_of_a_swath_lies_along_its_orientation():
    north = geo.swath_footprint(2, 48, width_km=20, length_km=60, orientation_deg=180)
    east = geo.swath_footprint(2, 48, width_km=20, length_km=60, orientation_deg=90)
    _west, south, _east, top = north.bounds
    assert (top - south) * 111.2 == pytest.approx(60, rel=0.01)
    _west, south, _east, top = east.bounds
    assert (top - south) * 111.2 == pytest.approx(20, rel=0.02)


@pytest.mark.parametrize(
    ("cell", "centre"),
    [("W053N04", (-52.5, 4.5)), ("E002N48", (2.5, 48.5)), ("E055S22", (55.5, -21.5))],
)
def test_a_cell_is_named_by_its_lower_left_corner(cell, centre):
    assert geo.cell_centre(cell) == centre
    west, south, east, north = geo.cell_polygon(cell).bounds
    assert (east - west, north - south) == (1, 1)


def test_the_centre_of_the_decks_second_scene_lies_in_its_cell():
    centre = shapely.Point(-52.294848738901337, 4.8920860973005116)
    assert geo.cell_polygon("W053N04").contains(centre)


@pytest.mark.parametrize("cell", ["W53", "W53N4", "X053N04", "E180N00", "W181N00", "E000N90"])
def test_what_is_no_cell_is_an_error(cell):
    with pytest.raises(ValueError, match=cell):
        geo.cell_polygon(cell)
