"""Areas near the 180th meridian and the poles, against outcomes that others worked out."""

import json
from pathlib import Path

import pytest
import shapely

from dinamis import geo
from dinamis.errors import Refused

# Where present: the cases of the `antimeridian` package with the outcome it expects.
CASES = Path(__file__).parents[3] / "shared/data/aoi/antimeridian/tests/data"
# What that package would complete to the pole, or leave crossing itself, is refused here.
REFUSED = {
    "both-poles": "area_too_wide",
    "extra-crossing": "area_around_a_pole",
    "force-north-pole": "area_around_a_pole",
    "issues-124": "area_around_a_pole",
    "issues-164": "area_around_a_pole",
    "issues-171": "area_around_a_pole",
    "issues-182": "area_crosses_itself",
    "latitude-band": "area_too_wide",
    "line": "area_not_a_polygon",
    "multi-line": "area_not_a_polygon",
    "north-pole": "area_around_a_pole",
    "overlap": "area_around_a_pole",
    "south-pole": "area_around_a_pole",
}


def box(west, south, east, north):
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.mark.parametrize(
    ("drawn", "parts"),
    [
        (box(170, 40, 190, 50), [(170, 40, 180, 50), (-180, 40, -170, 50)]),
        (box(170, 40, -170, 50), [(170, 40, 180, 50), (-180, 40, -170, 50)]),
        (box(-190, 40, -170, 50), [(170, 40, 180, 50), (-180, 40, -170, 50)]),
        (box(-170, 40, 170, 50), [(170, 40, 180, 50), (-180, 40, -170, 50)]),
        (box(170, 40, 180, 50), [(170, 40, 180, 50)]),
        (box(170, 40, -180, 50), [(170, 40, 180, 50)]),
        (box(180, 40, 190, 50), [(-180, 40, -170, 50)]),
        (box(-180, 40, -170, 50), [(-180, 40, -170, 50)]),
        (box(179.99999999999997, 40, -170, 50), [(-180, 40, -170, 50)]),
        (box(10, 80, 20, 90), [(10, 80, 20, 90)]),
    ],
)
def test_a_box_by_the_antimeridian_is_cut_as_rfc_7946_asks(drawn, parts):
    checked = geo.check_area(drawn)
    assert checked.geometry.equals_exact(
        shapely.orient_polygons(shapely.union_all([shapely.box(*part) for part in parts])),
        1e-9,
        normalize=True,
    )
    assert all(part.exterior.is_ccw for part in geo.to_multi(checked.geometry).geoms)


def test_an_area_already_split_stays_as_it_is():
    split = geo.check_area(box(170, 40, 190, 50)).geometry
    again = geo.check_area(split)
    assert again.geometry.equals(split)
    assert again.notes == ()


def test_the_cases_of_others_come_out_as_they_expect_or_are_refused():
    for path in sorted((CASES / "input").glob("*.json")):
        drawn = json.loads(path.read_text())
        if path.stem in REFUSED:
            with pytest.raises(Refused) as refusal:
                geo.check_area(drawn)
            assert refusal.value.code == REFUSED[path.stem], path.stem
            continue
        checked = geo.check_area(drawn)
        assert checked.area_km2 > 0, path.stem
        outcome = CASES / "output/flat" / path.name
        if outcome.exists():
            expected = geo.to_shapely(json.loads(outcome.read_text()))
            assert checked.geometry.symmetric_difference(expected).area < 1e-6, path.stem
