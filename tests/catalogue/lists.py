"""Lists of archive scenes for the tests, as search pages export them."""

import json
from typing import Any

ONE = "DS_PHR1A_202106141057372_FR1_PX_E005N43_0904_01426"
TWO = "DS_SPOT6_202106151030123_FR1_FR1_SV1_SV1_E005N43_03414"
BOX = [[5.3, 43.2], [5.5, 43.2], [5.5, 43.4], [5.3, 43.4], [5.3, 43.2]]
WKT = "POLYGON((5.3 43.2,5.5 43.2,5.5 43.4,5.3 43.4,5.3 43.2))"


def feature(identifier: str = ONE, ring: Any = BOX, **properties: Any) -> dict[str, Any]:
    """A feature as OneAtlas writes it."""
    said = {
        "sourceIdentifier": identifier,
        "acquisitionDate": "2021-06-14T10:57:37.2Z"
        if identifier == ONE
        else "2021-06-15T10:30:12Z",
        "cloudCover": 4.2,
        "incidenceAngle": 12.5,
        "illuminationElevationAngle": 64.0,
        "platform": "PHR1A",
    }
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "geometry": geometry, "properties": {**said, **properties}}


def geojson(*features: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def csv(*rows: str, header: str = "Identifier;Acquisition date;Cloud cover;WKT") -> bytes:
    return "\n".join([header, *rows]).encode()


def kml(identifier: str = ONE, coordinates: str = "") -> bytes:
    points = coordinates or " ".join(f"{lon},{lat},0" for lon, lat in BOX)
    return (
        '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark>'
        f"<name>{identifier}</name><ExtendedData><Data name='cloudCover'><value>4.2</value></Data>"
        "<SchemaData><SimpleData name='Incidence angle'>12.5</SimpleData></SchemaData></ExtendedData>"
        "<Polygon><outerBoundaryIs><LinearRing><coordinates>"
        f"{points}</coordinates></LinearRing></outerBoundaryIs></Polygon>"
        "</Placemark></Document></kml>"
    ).encode()
