"""Vector masks, in each of the ways Airbus writes their coordinates."""

import pytest

from catalogue.dimap import masks, shapes
from catalogue.dimap.facts import Corner
from dinamis.errors import Invalid
from dinamis.geo import area_km2

# 10 × 10 km near the equator, in zone 22: from 500 000 to 510 000 m east, 500 000 to 510 000 north.
ROUND = "500000 500000 510000 500000 510000 510000 500000 510000 500000 500000"
CORNERS = (
    Corner(-51.0, 4.6147, 1, 1),
    Corner(-50.9098, 4.6147, 1000, 1),
    Corner(-50.9098, 4.5242, 1000, 1000),
    Corner(-51.0, 4.5242, 1, 1000),
)


def write(path, positions, crs, more=""):
    path.write_text(
        '<m xmlns:gml="http://www.opengis.net/gml"><gml:Polygon'
        + (f' srsName="{crs}"' if crs else "")
        + f"><gml:exterior><gml:LinearRing><gml:posList>{positions}</gml:posList>"
        f"</gml:LinearRing></gml:exterior>{more}</gml:Polygon></m>"
    )
    return path


@pytest.mark.parametrize(
    "crs",
    [
        "urn:ogc:def:crs:EPSG:6.3:32622",  # Pléiades
        "urn:ogc:def:crs:epsg::32622",  # Pléiades Neo
        "32622 WGS84/UTM 22N (N. hemisphere - 54W to 48W)",  # SPOT 6-7
        "GDLIB:32622",
        "",
    ],
)
def test_a_mask_is_placed_whatever_its_system_is_called(tmp_path, crs):
    path = write(tmp_path / "ROI.GML", ROUND, crs)
    found = masks.read(path, "ROI.GML", corners=CORNERS, epsg=32622)
    assert float(area_km2(found)) == pytest.approx(100.08, abs=0.1)


def test_pixels_are_placed_by_the_frame(tmp_path):
    crs = "urn:ogc:def:derivedCRSType:OGC:1.0:image"
    path = write(tmp_path / "CLD.GML", "1 1 1000 1 1000 1000 1 1000", crs)
    found = masks.read(path, "CLD.GML", corners=CORNERS, epsg=None)
    assert found.bounds == pytest.approx((-51.0, 4.5242, -50.9098, 4.6147))


def test_degrees_are_taken_in_the_order_that_lies_on_the_product(tmp_path):
    lat_lon = "4.53 -50.99 4.53 -50.92 4.60 -50.92 4.60 -50.99"
    path = write(tmp_path / "ROI.GML", lat_lon, "urn:ogc:def:crs:EPSG::4326")
    found = masks.read(path, "ROI.GML", corners=CORNERS, epsg=None)
    assert found.bounds == pytest.approx((-50.99, 4.53, -50.92, 4.60))


def test_a_hole_is_left_out(tmp_path):
    hole = (
        "<gml:interior><gml:LinearRing><gml:posList>502000 502000 504000 502000 504000 504000 "
        "502000 504000 502000 502000</gml:posList></gml:LinearRing></gml:interior>"
    )
    path = write(tmp_path / "CLD.GML", ROUND, "EPSG:32622", hole)
    found = masks.read(path, "CLD.GML", corners=CORNERS, epsg=None)
    assert float(area_km2(found)) == pytest.approx(96.08, abs=0.1)


def test_an_empty_mask_masks_nothing(tmp_path):
    path = tmp_path / "SNW.GML"
    path.write_text("<m/>")
    assert masks.read(path, "SNW.GML", corners=CORNERS, epsg=32622).is_empty


@pytest.mark.parametrize(
    ("positions", "crs", "epsg"),
    [
        (ROUND, "", None),  # nowhere
        (ROUND, "EPSG:999999", None),
        (ROUND, "urn:ogc:def:crs:EPSG::32630", None),  # another place on the Earth
        ("1 2 3", "EPSG:32622", None),
        ("a b c d e f", "EPSG:32622", None),
        ("nan 1 2 3 4 5", "EPSG:32622", None),
    ],
)
def test_a_mask_that_cannot_be_placed_is_unusable(tmp_path, positions, crs, epsg):
    path = write(tmp_path / "ROI.GML", positions, crs)
    with pytest.raises(masks.Unusable):
        masks.read(path, "ROI.GML", corners=CORNERS, epsg=epsg)


def test_an_entity_in_a_mask_refuses(tmp_path):
    path = tmp_path / "CLD.GML"
    path.write_text('<!DOCTYPE m [<!ENTITY a "b">]><m>&a;</m>')
    with pytest.raises(Invalid) as refused:
        masks.read(path, "CLD.GML", corners=CORNERS, epsg=None)
    assert refused.value.code == "xml_forbidden"


def test_a_short_ring_that_crosses_itself_is_repaired_and_a_long_one_left_out(tmp_path):
    bow_tie = "500000 500000 510000 510000 510000 500000 500000 510000 500000 500000"
    path = write(tmp_path / "CLD.GML", bow_tie, "EPSG:32622")
    found = masks.read(path, "CLD.GML", corners=CORNERS, epsg=None)
    assert float(area_km2(found)) == pytest.approx(50.0, abs=0.2)
    tangle = " ".join(
        f"{500000 + (i * 7919) % 10000} {500000 + (i * 104729) % 10000}" for i in range(400)
    )
    path = write(tmp_path / "CLD.GML", tangle, "EPSG:32622")
    assert masks.read(path, "CLD.GML", corners=CORNERS, epsg=None).is_empty


def test_a_footprint_over_the_antimeridian_is_cut_there():
    shape = shapes.polygon([(179.9, 10), (-179.9, 10), (-179.9, 9.8), (179.9, 9.8)])
    assert shape.geom_type == "MultiPolygon"
    assert float(area_km2(shape)) == pytest.approx(485, abs=3)


@pytest.mark.parametrize(
    "ring",
    [
        [(0, 0), (1, 1)],
        [(0, 0), (1, 1), (1, 0), (0, 1)],
        [(0, 0), (0, 0), (0, 0)],
        [(0, 0), (200, 0), (0, 1)],
        [(0, 0), (1, 1), (2, 2)],
    ],
)
def test_what_is_no_footprint_is_none(ring):
    assert shapes.polygon(ring) is None
