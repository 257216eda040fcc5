"""The one place with the coordinate system, areas in km², and every rule a geometry must keep."""

from dinamis.geo.antimeridian import within_the_world
from dinamis.geo.area import area_km2, coverage, coverages, lay_over, overlap_km2
from dinamis.geo.convert import WGS84, to_ewkb, to_geos, to_mapping, to_multi, to_shapely
from dinamis.geo.footprints import cell_centre, cell_polygon, swath_footprint
from dinamis.geo.repair import grow_to, simplify_to
from dinamis.geo.rules import FRANCE, CheckedArea, check_area
from dinamis.geo.systems import converted_note, to_degrees
from dinamis.geo.text import check_text, read_text

__all__ = [
    "FRANCE",
    "WGS84",
    "CheckedArea",
    "area_km2",
    "cell_centre",
    "cell_polygon",
    "check_area",
    "check_text",
    "converted_note",
    "coverage",
    "coverages",
    "grow_to",
    "lay_over",
    "overlap_km2",
    "read_text",
    "simplify_to",
    "swath_footprint",
    "to_degrees",
    "to_ewkb",
    "to_geos",
    "to_mapping",
    "to_multi",
    "to_shapely",
    "within_the_world",
]
