"""Areas pasted as GeoJSON, WKT or the corners of a box."""

import json
from decimal import Decimal

import pytest
import shapely

from dinamis import geo
from dinamis.errors import Refused, TooLarge

SQUARE = shapely.box(2, 48, 2.1, 48.1)
FEATURE = {"type": "Feature", "properties": {}, "geometry": geo.to_mapping(SQUARE)}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(geo.to_mapping(SQUARE)),
        json.dumps(FEATURE),
        json.dumps({"type": "FeatureCollection", "features": [FEATURE]}),
        "\ufeff" + json.dumps(FEATURE),
        "  \n" + SQUARE.wkt,
        SQUARE.wkt.lower(),
        "SRID=4326;" + SQUARE.wkt,
        "2,48,2.1,48.1",
        "2 48 2.1 48.1",
        "[2.0, 48.0, 2.1, 48.1]",
        "2; 48; 2.1; 48.1",
        "2.1,48.1,2,48",
    ],
)
def test_one_square_is_read_however_it_is_written(text):
    checked = geo.check_text(text)
    assert checked.geometry.equals(SQUARE)
    assert checked.area_km2 == Decimal("82.90")
    assert checked.notes == ()


def test_a_text_in_another_declared_system_is_converted():
    wkt = "SRID=2154;POLYGON((652000 6862000,662000 6862000,662000 6872000,652000 6872000,652000 6862000))"
    mapping = geo.to_mapping(shapely.from_wkt(wkt.partition(";")[2]))
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
    for text in (wkt, json.dumps(mapping | {"crs": crs})):
        checked = geo.check_text(text)
        assert checked.area_km2 == pytest.approx(Decimal("100.1"), abs=Decimal("0.1"))
        assert checked.geometry.bounds == pytest.approx(
            (2.3447, 48.8562, 2.4820, 48.9468), abs=0.001
        )


@pytest.mark.parametrize(
    "text",
    [
        "POLYGON((2 48, 2.1 48, 2.1 48.1, 2 48.1))",
        '{"type":"Polygon","coordinates":[[[2,48],[2.1,48],[2.1,48.1],[2,48.1]]]}',
    ],
)
def test_an_open_ring_is_closed_and_said(text):
    checked = geo.check_text(text)
    assert checked.area_km2 == Decimal("82.90")
    assert checked.notes == ("A ring that was left open was closed.",)


def test_corners_whose_west_is_beyond_their_east_cross_the_antimeridian():
    checked = geo.check_text("179.5,-17,-179.5,-16")
    assert [part.bounds for part in checked.geometry.geoms] == [
        (179.5, -17, 180, -16),
        (-180, -17, -179.5, -16),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "text_unknown"),
        ("?!", "text_unknown"),
        ("1,2,3", "text_unknown"),
        ("Montpellier", "text_unknown"),
        ("POLYGON((2 48, 2.1", "wkt_unreadable"),
        ("POLYGON((2 48))", "wkt_unreadable"),
        ("GEOMETRYCOLLECTION(" * 100_000, "wkt_unreadable"),
        ("POLYGON EMPTY", "area_empty"),
        ("POINT(2 48)", "area_not_a_polygon"),
        ("POLYGON((2 48, nan 48, 2 49, 2 48))", "area_not_finite"),
        ("POLYGON((nan 48, 2 48, 2 49, nan 48))", "area_not_finite"),
        ("POLYGON((0 0, 1 1, 1 0, 0 1, 0 0))", "area_crosses_itself"),
        ("SRID=999999;POLYGON((0 0, 1 1, 1 0, 0 0))", "crs_unknown"),
        ("2,48,2,48", "area_flat"),
        ("2e308,48,3e308,49", "area_not_finite"),
        ("{", "json_unreadable"),
        ('{"type": "Polygon", "coordinates": [[[NaN, 1], [2, 1], [2, 2]]]}', "area_not_finite"),
        ('{"type": "Polygon", "coordinates": [[[1e999, 1], [2, 1], [2, 2]]]}', "area_not_finite"),
        ('{"a":' * 100_000, "json_unreadable"),
        ('{"type": "Topology"}', "geometry_unreadable"),
        ('{"type": "FeatureCollection", "features": []}', "area_empty"),
        (
            ('{"type": "Polygon", "coordinates": [[[1, 1], [2, 1], [2, 2]]],'
            ' "crs": {"properties": {"name": "Atlantis"}}}'),
            "crs_unknown",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_its_name(text, code):
    with pytest.raises(Refused) as refusal:
        geo.check_text(text)
    assert (refusal.value.code, refusal.value.status) == (code, 422)


def test_a_text_over_five_megabytes_is_not_read():
    with pytest.raises(TooLarge) as refusal:
        geo.read_text(" " * (5 * 1024 * 1024 + 1))
    assert refusal.value.code == "text_too_long"
