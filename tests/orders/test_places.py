"""Where an area lies: the circle of the station, French territory, elsewhere, and areas on a border."""

from decimal import Decimal

import pytest
import shapely
from shapely.geometry import box

from dinamis import geo
from dinamis.geo.area import GEOD
from orders.models import PlaceRow
from orders.outlines import french_territory
from orders.pricing.rules import Zone
from orders.services.asking.places import circle, locate
from orders.services.rules.rules import rules_in_force

STATION = (3.87, 43.65)


def zone(place: str, shape, *, approximate: bool = False) -> Zone:
    return Zone(place, shapely.to_wkb(shape), approximate)


@pytest.mark.parametrize(
    ("lon", "lat", "place"),
    [
        (2.35, 48.85, "station"),  # Paris: French too, but the circle comes first
        (10.18, 36.8, "station"),  # Tunis
        (-52.65, 4.5, "france"),  # Guiana
        (55.53, -21.13, "france"),  # Réunion
        (165.5, -21.5, "france"),  # New Caledonia
        (-45.0, -10.0, "elsewhere"),  # Brazil
        (139.7, 35.7, "elsewhere"),  # Tokyo
    ],
)
def test_each_place_is_where_one_expects_it(reference, lon, lat, place):
    found = locate(make_box(lon, lat), rules_in_force().zones)
    assert (found.place, found.shares) == (place, {place: Decimal("100.0")})
    assert not found.is_approximate


def make_box(lon: float, lat: float, half: float = 0.03):
    return box(lon - half, lat - half, lon + half, lat + half)


@pytest.mark.parametrize(
    ("east_of_border", "place", "shares"),
    [
        (-0.02, "france", {"france": "60.0", "elsewhere": "40.0"}),
        (0.02, "elsewhere", {"france": "40.0", "elsewhere": "60.0"}),
        (0.0, "france", {"france": "50.0", "elsewhere": "50.0"}),  # the lower rank decides a tie
    ],
)
def test_an_area_on_a_border_goes_where_most_of_it_lies(east_of_border, place, shares):
    zones = (zone("france", box(-60, -5, 10, 5), approximate=True),)
    area = box(10 + east_of_border - 0.1, 0, 10 + east_of_border + 0.1, 0.2)
    found = locate(area, zones)
    assert (found.place, found.shares) == (place, {k: Decimal(v) for k, v in shares.items()})
    assert found.is_approximate


def test_a_point_lies_in_the_first_zone_that_holds_it():
    zones = (zone("station", box(0, 0, 5, 5)), zone("france", box(3, 0, 9, 5)))
    assert locate(box(3.5, 1, 4, 2), zones).shares == {"station": Decimal("100.0")}
    assert locate(box(4, 1, 8, 2), zones).place == "france"
    assert set(locate(box(4, 1, 10, 2), zones).shares) == {"station", "france", "elsewhere"}
    assert sum(locate(box(4, 1, 10.3, 2), zones).shares.values()) == 100


def test_without_zones_everything_is_elsewhere():
    assert locate(box(2, 48, 3, 49), ()).shares == {"elsewhere": Decimal("100.0")}


def test_the_circle_is_geodesic():
    shape = circle(*STATION, 2340)
    for lon, lat in shape.exterior.coords:
        assert GEOD.inv(*STATION, lon, lat)[2] == pytest.approx(2_340_000, abs=1)


def test_a_circle_over_the_antimeridian_is_cut_there():
    shape = circle(179.5, -17, 200)
    assert shape.geom_type == "MultiPolygon"
    assert shape.is_valid
    assert float(geo.area_km2(shape)) == pytest.approx(3.14159 * 200**2, rel=0.002)


def test_french_territory_is_valid_and_about_as_large_as_it_is(reference):
    """Metropolitan and overseas land, without Adélie Land: about 640,000 km² (INSEE) at this scale."""
    shape = french_territory()
    assert shape.is_valid
    assert 620_000 < geo.area_km2(shape) < 680_000
    row = PlaceRow.objects.get(version__code="2026-01", place="france")
    assert row.is_approximate
    assert "Natural Earth" in row.source
    assert geo.area_km2(row.geometry) == geo.area_km2(shape)
