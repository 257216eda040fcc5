"""Areas in km² are geodesic, whatever the outline and wherever it lies."""

import time
from decimal import Decimal

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Proj

from dinamis import geo
from dinamis.errors import Invalid, TooLarge
from tests.dinamis.outlines import comb, star

# West, south, east, north of boxes at most 3° wide, some across the 180th meridian.
REFERENCE = [
    (lon, lat, lon + width, lat + height)
    for lon, lat in [
        (2, 48), (-53, 4), (55.2, -21.4), (166, -22), (-61.5, 16), (179, -17), (178.5, 65),
        (-180, 10), (100, 70), (-70, -54), (0, -0.5), (30, 80), (179.9, 0), (-1, 51), (12, 41),
    ]
    for width, height in [(0.2, 0.1), (3, 1.5)]
]  # fmt: skip


def test_a_square_of_twenty_kilometres_measures_four_hundred():
    square = geo.swath_footprint(-52.5, 4.5, width_km=20, length_km=20, orientation_deg=180)
    assert abs(geo.area_km2(square) - 400) <= Decimal("0.02")


def test_the_area_has_two_decimals():
    assert geo.area_km2(shapely.box(2, 48, 2.1, 48.1)) == Decimal("82.90")


def test_a_hole_is_taken_off_whichever_way_its_ring_turns():
    shell, hole = shapely.box(2, 48, 2.4, 48.4), shapely.box(2.1, 48.1, 2.2, 48.2)
    for ring in (hole.exterior.coords, hole.exterior.coords[::-1]):
        with_hole = shapely.Polygon(shell.exterior.coords, [ring])
        expected = geo.area_km2(shell) - geo.area_km2(hole)
        assert abs(geo.area_km2(with_hole) - expected) <= Decimal("0.01")


def test_the_same_area_comes_from_shapely_geos_and_geojson():
    box = shapely.box(2, 48, 2.1, 48.1)
    assert geo.area_km2(GEOSGeometry(box.wkt, srid=4326)) == Decimal("82.90")
    assert geo.area_km2(geo.to_mapping(box)) == Decimal("82.90")


def test_a_bow_tie_is_never_measured():
    with pytest.raises(Invalid) as refusal:
        geo.area_km2(shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]))
    assert refusal.value.code == "area_crosses_itself"
    assert refusal.value.details["crossing"] == [0.5, 0.5]


@pytest.mark.django_db
def test_reference_areas_are_those_of_postgis_within_a_thousandth():
    with connection.cursor() as cursor:
        for west, south, east, north in REFERENCE:
            checked = geo.check_area(shapely.box(west, south, east, north))
            wkt = checked.geometry.wkt
            cursor.execute("SELECT ST_Area(ST_GeogFromText(%s)) / 1e6", [wkt])
            independent = cursor.fetchone()[0]
            assert float(checked.area_km2) == pytest.approx(independent, rel=0.001, abs=0.01)


@given(
    lon=st.floats(-180, 180),
    lat=st.floats(-80, 80),
    width=st.floats(0.02, 0.8),
    height=st.floats(0.02, 0.8),
)
def test_any_box_measures_what_an_equal_area_map_of_it_measures(lon, lat, width, height):
    box = shapely.box(lon, lat, lon + width, lat + height)
    plane = Proj(proj="laea", lon_0=lon + width / 2, lat_0=lat + height / 2, ellps="WGS84")
    flat = shapely.Polygon([plane(*point) for point in box.exterior.coords])
    assert float(geo.check_area(box).area_km2) == pytest.approx(
        flat.area / 1e6, rel=0.001, abs=0.02
    )


@given(lon=st.floats(-350, 350))
def test_a_shape_measures_the_same_at_every_longitude(lon):
    shape = shapely.Polygon([(0, 40), (0.5, 40.1), (0.25, 40.5), (0, 40.25)])
    elsewhere = geo.check_area(shapely.affinity.translate(shape, lon))
    # An edge is cut at the antimeridian as RFC 7946 draws it, straight in degrees, and measured as a geodesic:
    # that moves it by tens of metres here, and a shape two degrees wide is a quarter of a per cent larger.
    expected = float(geo.area_km2(shape))
    assert float(elsewhere.area_km2) == pytest.approx(expected, rel=0.001)


@pytest.mark.parametrize(
    ("footprint", "share"),
    [
        (shapely.box(0, 0, 1, 1), "100.0"),
        (shapely.box(0, 0, 0.5, 1), "50.0"),
        (shapely.box(-1, -1, 2, 0.25), "25.0"),
        (shapely.box(5, 5, 6, 6), "0.0"),
        (shapely.box(179, -1, 180, 0), "0.0"),
        (shapely.Polygon(), "0.0"),
    ],
)
def test_coverage_is_the_share_of_the_area_under_the_footprint(footprint, share):
    assert geo.coverage(shapely.box(0, 0, 1, 1), footprint) == Decimal(share)


def test_coverage_holds_across_the_antimeridian():
    area = geo.check_text("179.5, -17.5, -179.5, -16.5").geometry
    east = geo.check_text("180, -18, 181, -16").geometry
    assert geo.coverage(area, east) == Decimal("50.0")
    assert geo.coverage(area, area) == Decimal("100.0")


def test_footprints_that_overlap_are_not_counted_twice():
    twice = shapely.MultiPolygon([shapely.box(0, 0, 0.5, 1), shapely.box(0.25, 0, 0.5, 1)])
    assert geo.coverage(shapely.box(0, 0, 1, 1), twice) == Decimal("50.0")


def test_many_footprints_are_told_in_their_order():
    area = shapely.box(0, 0, 1, 1)
    footprints = [shapely.box(0, 0, width, 1) for width in (0.1, 0.9, 0.4)]
    assert geo.coverages(area, footprints) == [Decimal("10.0"), Decimal("90.0"), Decimal("40.0")]


def test_the_overlap_is_the_area_in_common():
    first, second = shapely.box(2, 48, 2.2, 48.1), shapely.box(2.1, 48, 2.3, 48.1)
    assert geo.overlap_km2(first, second) == geo.area_km2(shapely.box(2.1, 48, 2.2, 48.1))
    assert geo.overlap_km2(first, shapely.box(10, 10, 11, 11)) == 0


def test_the_overlap_holds_across_the_antimeridian_however_longitudes_are_written():
    whole = geo.area_km2(shapely.box(180, 0, 181, 1))
    split = geo.check_text("179, 0, -178, 1").geometry
    assert geo.overlap_km2(split, shapely.box(180, 0, 181, 1)) == whole
    assert geo.overlap_km2(split, shapely.box(-180, 0, -179, 1)) == whole


def test_two_combs_that_cross_a_million_times_are_refused_at_once():
    with pytest.raises(TooLarge) as refusal:
        geo.overlap_km2(comb(1000), comb(1000, turned=True))
    assert refusal.value.code == "areas_too_intricate"


def test_detailed_outlines_that_are_nearly_the_same_are_compared():
    outline = star(10_000, roughness=0.01)
    moved = shapely.affinity.translate(outline, 1e-5, 1e-5)
    share = geo.overlap_km2(outline, moved) / geo.area_km2(outline)
    assert share > Decimal("0.99")


def test_the_thousands_of_parts_of_a_cloud_mask_are_measured_quickly():
    puffs = [
        shapely.box(x / 100, y / 100, x / 100 + 0.005, y / 100 + 0.005)
        for x in range(70)
        for y in range(70)
    ]
    start = time.process_time()
    share = geo.overlap_km2(shapely.box(0, 0, 1, 1), shapely.MultiPolygon(puffs))
    assert time.process_time() - start < 3
    assert float(share) == pytest.approx(4900 * 0.25 * 1.23, rel=0.01)
