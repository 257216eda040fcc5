"""Every rule an area must keep, named in words; what is put right is said."""

import math
import time
from decimal import Decimal

import pytest
import shapely
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from dinamis import geo
from dinamis.errors import Invalid, Refused, TooLarge
from tests.dinamis.outlines import comb, star, tangle

SQUARE = [[2.0, 48.0], [2.1, 48.0], [2.1, 48.1], [2.0, 48.1], [2.0, 48.0]]
LAMBERT_93 = [[652000, 6862000], [662000, 6862000], [662000, 6872000], [652000, 6872000]]


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


def refusal_of(geometry, **options):
    with pytest.raises(Refused) as refusal:
        geo.check_area(geometry, **options)
    return refusal.value


def test_a_plain_square_passes_with_nothing_to_say():
    checked = geo.check_area(polygon(SQUARE))
    assert checked.area_km2 == Decimal("82.90")
    assert checked.vertices == 4
    assert checked.notes == ()
    assert checked.geometry.equals(shapely.box(2, 48, 2.1, 48.1))


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        ({"type": "Polygon", "coordinates": []}, "area_empty"),
        ({"type": "FeatureCollection", "features": []}, "area_empty"),
        ({"type": "Feature", "geometry": None, "properties": {}}, "area_empty"),
        ({"type": "Point", "coordinates": [2, 48]}, "area_not_a_polygon"),
        ({"type": "LineString", "coordinates": SQUARE}, "area_not_a_polygon"),
        (
            {"type": "GeometryCollection", "geometries": [
                polygon(SQUARE), {"type": "Point", "coordinates": [2, 48]}]},
            "area_mixed",
        ),
        (polygon([[math.nan, 48], [2.1, 48], [2.1, 48.1], [math.nan, 48]]), "area_not_finite"),
        (polygon([[2, 48], [math.inf, 48], [2.1, 48.1], [2, 48]]), "area_not_finite"),
        (polygon(LAMBERT_93), "area_in_metres"),
        (polygon([[2, 400], [3, 400], [3, 401], [2, 400]]), "area_out_of_range"),
        (polygon([[48, 120], [49, 120], [49, 121], [48, 120]]), "area_axes_swapped"),
        (polygon([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]), "area_crosses_itself"),
        (polygon(SQUARE, [[5, 5], [5.1, 5], [5.1, 5.1], [5, 5]]), "hole_outside"),
        (polygon([[2, 48], [2.1, 48.1], [2.2, 48.2], [2, 48]]), "area_flat"),
        (polygon([[2, 48], [2, 48], [2, 48], [2, 48]]), "area_flat"),
        (polygon([[2, 48], [2.1, 48]]), "area_flat"),
        (polygon([[2, 48], [2.0001, 48], [2.0001, 48.0001], [2, 48]]), "area_too_small"),
        (polygon([[-180, 40], [180, 40], [180, 50], [-180, 50], [-180, 40]]), "area_too_wide"),
        (polygon([[-100, 0], [0, 0], [100, 0], [100, 9], [0, 9], [-100, 9]]), "area_too_wide"),
        (polygon([[45, 40], [135, 40], [-135, 40], [-45, 40], [45, 40]]), "area_around_a_pole"),
        ({"type": "Circle", "coordinates": SQUARE}, "geometry_unreadable"),
        (polygon([["2", "48"], ["3", "48"], ["3", "49"]]), "geometry_unreadable"),
        (polygon([[2], [3], [4]]), "geometry_unreadable"),
        ({"type": "Polygon"}, "geometry_unreadable"),
        ({"type": "Polygon", "coordinates": 7}, "geometry_unreadable"),
        ("POLYGON EMPTY", "geometry_unreadable"),
        (None, "geometry_unreadable"),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_refused_by_its_name(geometry, code):
    refusal = refusal_of(geometry)
    assert (refusal.code, refusal.status) == (code, 422)
    assert len(str(refusal.sentence)) > 20


def test_a_crossing_is_shown():
    refusal = refusal_of(polygon([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]))
    assert refusal.details["crossing"] == [0.5, 0.5]
    assert "longitude 0.5, latitude 0.5" in refusal.sentence


def test_places_and_counts_are_written_as_the_reader_writes_numbers():
    with translation.override("fr"):
        crossed = refusal_of(polygon([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]))
        assert "longitude 0,5" in str(crossed.sentence)
        swapped = refusal_of(polygon([[48.25, -150], [49, -150], [49, -149], [48.25, -150]]))
        assert "48,25" in str(swapped.sentence)
        assert "-150° " in str(swapped.sentence)


@pytest.mark.parametrize("points", [200, 400, 800, 1600, 9_999])
def test_a_tangle_is_refused_at_once_never_repaired(points):
    start = time.process_time()
    refusal = refusal_of(polygon(tangle(points)))
    assert refusal.code == "area_crosses_itself"
    assert time.process_time() - start < 2


def test_metres_are_named_by_the_system_that_they_fit():
    refusal = refusal_of(polygon(LAMBERT_93))
    assert refusal.details["candidates"][0]["code"] == "EPSG:2154"
    assert "RGF93 v1 / Lambert-93 (EPSG:2154)" in refusal.sentence


def test_swapped_axes_are_offered_the_other_way_round_and_never_applied():
    refusal = refusal_of(polygon([[48, 120], [49, 120], [49, 121], [48, 121]]))
    assert geo.to_shapely(refusal.details["swapped"]).bounds == (120, 48, 121, 49)


def test_a_place_far_from_the_usual_that_would_fit_swapped_is_asked_about():
    paris_swapped = polygon([[y, x] for x, y in SQUARE])
    assert geo.check_area(paris_swapped).area_km2 > 0
    refusal = refusal_of(paris_swapped, usual=geo.FRANCE)
    assert refusal.code == "area_axes_swapped"
    assert geo.to_shapely(refusal.details["swapped"]).equals(shapely.box(2, 48, 2.1, 48.1))


@pytest.mark.parametrize("usual", [geo.FRANCE, (-5.5, 41.2, 10.0, 51.3)])
def test_a_usual_place_or_one_that_fits_neither_way_is_not_asked_about(usual):
    assert geo.check_area(polygon(SQUARE), usual=usual).notes == ()
    assert geo.check_area(shapely.box(-100, 20, -99, 21), usual=usual).notes == ()


def test_heights_are_dropped_and_said():
    checked = geo.check_area(polygon([[*point, 130.0] for point in SQUARE]))
    assert not checked.geometry.has_z
    assert checked.notes == ("The height of each point was dropped.",)
    assert checked.area_km2 == Decimal("82.90")


def test_heights_given_to_some_points_only_are_no_trouble():
    checked = geo.check_area(polygon([[2.0, 48.0, 5.0], *SQUARE[1:]]))
    assert checked.area_km2 == Decimal("82.90")


def test_an_open_ring_is_closed_and_said():
    checked = geo.check_area(polygon(SQUARE[:-1]))
    assert checked.notes == ("A ring that was left open was closed.",)
    assert checked.geometry.exterior.is_ring
    assert checked.area_km2 == Decimal("82.90")


def test_points_given_twice_are_dropped_and_said():
    checked = geo.check_area(polygon([SQUARE[0], *SQUARE]))
    assert checked.vertices == 4
    assert checked.notes == ("Points given twice in a row were dropped.",)


def test_a_collection_of_areas_is_taken_as_one_and_said():
    other = polygon([[x + 1, y] for x, y in SQUARE])
    features = [{"type": "Feature", "geometry": one} for one in (polygon(SQUARE), other)]
    checked = geo.check_area({"type": "FeatureCollection", "features": features})
    assert checked.geometry.geom_type == "MultiPolygon"
    assert checked.notes == ("The 2 areas were taken together as one.",)
    assert checked.area_km2 == Decimal("165.79")


def test_parts_that_overlap_are_joined_so_that_nothing_counts_twice():
    other = [[x + 0.05, y] for x, y in SQUARE]
    checked = geo.check_area({"type": "MultiPolygon", "coordinates": [[SQUARE], [other]]})
    assert checked.geometry.geom_type == "Polygon"
    joined = geo.area_km2(shapely.box(2, 48, 2.15, 48.1))
    assert checked.area_km2 == pytest.approx(joined, abs=Decimal("0.05"))
    assert checked.notes == ("Parts that overlapped or touched were joined: nothing counts twice.",)


def test_parts_that_cross_a_million_times_are_refused_at_once():
    start = time.process_time()
    both = shapely.MultiPolygon([comb(1000), comb(1000, turned=True)])
    assert refusal_of(both).code == "areas_too_intricate"
    assert time.process_time() - start < 5


def test_an_area_across_the_antimeridian_is_split_and_said():
    jump = polygon([[179, -17], [-179, -17], [-179, -16], [179, -16], [179, -17]])
    beyond = polygon([[179, -17], [181, -17], [181, -16], [179, -16], [179, -17]])
    for geometry in (jump, beyond):
        checked = geo.check_area(geometry)
        assert checked.notes == ("It crosses the 180th meridian and was split there.",)
        boxes = [shapely.box(179, -17, 180, -16), shapely.box(-180, -17, -179, -16)]
        assert checked.geometry.equals(shapely.MultiPolygon(boxes))


def test_a_hole_follows_its_area_across_the_antimeridian():
    shell = [[178, 0], [-178, 0], [-178, 4], [178, 4], [178, 0]]
    hole = [[-179.5, 1], [-179, 1], [-179, 2], [-179.5, 2], [-179.5, 1]]
    checked = geo.check_area(polygon(shell, hole))
    east = shapely.Polygon(shapely.box(-180, 0, -178, 4).exterior.coords, [hole])
    assert checked.geometry.equals(shapely.MultiPolygon([shapely.box(178, 0, 180, 4), east]))


def test_longitudes_of_another_turn_are_brought_back_and_said():
    checked = geo.check_area(polygon([[x + 355, y] for x, y in SQUARE]))
    assert checked.geometry.bounds == pytest.approx((-3, 48, -2.9, 48.1))
    assert checked.notes == ("Longitudes beyond 180° were brought back between −180° and 180°.",)


def test_ten_thousand_points_pass_and_one_more_is_refused_with_the_count():
    assert geo.check_area(star(10_000, roughness=0.01)).vertices == 10_000
    refusal = refusal_of(star(10_001, roughness=0.01))
    assert isinstance(refusal, TooLarge)
    assert refusal.code == "area_too_many_vertices"
    assert refusal.details == {"vertices": 10_001, "limit": 10_000}
    assert "10,001" in refusal.sentence


def test_fifty_parts_pass_and_one_more_is_refused_with_the_count():
    boxes = [shapely.box(number, 0, number + 0.5, 0.5) for number in range(51)]
    assert geo.check_area(shapely.MultiPolygon(boxes[:50])).vertices == 200
    refusal = refusal_of(shapely.MultiPolygon(boxes))
    assert refusal.code == "area_too_many_parts"
    assert refusal.details == {"parts": 51, "limit": 50}


def test_collections_nested_like_dolls_are_refused():
    nested = polygon(SQUARE)
    for _doll in range(500):
        nested = {"type": "GeometryCollection", "geometries": [nested]}
    assert refusal_of(nested).code == "geometry_unreadable"


numbers = st.one_of(
    st.floats(-400, 400), st.sampled_from([0.0, 1.0, 180.0, -180.0, 90.0, math.nan, math.inf, 7e6])
)
rings = st.lists(st.lists(numbers, min_size=0, max_size=4), min_size=0, max_size=8)
anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3)),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=12,
)


@given(
    kind=st.sampled_from(["Polygon", "MultiPolygon", "Point", "GeometryCollection", "Feature"]),
    coordinates=st.one_of(
        st.lists(rings, max_size=3), st.lists(st.lists(rings, max_size=2)), anything
    ),
)
def test_whatever_is_sent_is_measured_or_refused_in_words(kind, coordinates):
    mapping = {"type": kind, "coordinates": coordinates, "geometries": coordinates}
    try:
        checked = geo.check_area(mapping)
    except Invalid:
        return
    assert checked.area_km2 > 0
    assert checked.geometry.is_valid
    west, south, east, north = checked.geometry.bounds
    assert west >= -180
    assert east <= 180
    assert south >= -90
    assert north <= 90
