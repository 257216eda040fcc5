"""One scene of a list as files have it: names that programs read, whatever the language of the page."""

from dataclasses import dataclass
from typing import Any

# Column to its Arrow type.
COLUMNS = {
    "identifier": "string",
    "datetime": "timestamp",
    "satellite": "string",
    "sensor": "string",
    "way": "string",
    "area_covered_percent": "double",
    "area_cloud_min_percent": "double",
    "area_cloud_max_percent": "double",
    "area_cloud_measured": "bool",
    "scene_cloud_percent": "double",
    "area_snow_min_percent": "double",
    "area_snow_max_percent": "double",
    "area_snow_measured": "bool",
    "scene_snow_percent": "double",
    "incidence_deg": "double",
    "resolution_m": "double",
    "stereo": "string",
    "footprint_source": "string",
    "demonstration": "bool",
}


@dataclass(frozen=True, slots=True)
class Row:
    """`facts` by column, None where nothing is known; `shape` is the footprint, shapely's, in degrees."""

    facts: dict[str, Any]
    shape: Any
