"""Masks, sensor model and globe preview of a made delivery."""

import io
import zipfile
from collections.abc import Sequence

import numpy as np
import rasterio.features
from rasterio.transform import Affine
from shapely.geometry import Polygon, shape

from catalogue.dimap.facts import Level
from catalogue.samples.documents import Sheet

_SIMPLE = 160  # cells across in which cloud outlines are traced


def gml(sheet: Sheet, kind: str, rings: Sequence[Sequence[tuple[float, float]]]) -> str:
    """A mask as Airbus writes it: UTM for an ortho, the image's own pixels for a primary."""
    crs = _crs_name(sheet)
    members = "".join(
        f'<hma:MaskFeature gml:id="{kind.lower()}-{i}"><hma:maskType '
        f'codeSpace="urn:phr:ipu:maskType">{kind}</hma:maskType><gml:extentOf>'
        f'<gml:Polygon srsName="{crs}"><gml:exterior><gml:LinearRing><gml:posList>'
        + " ".join(f"{x:.2f} {y:.2f}" for x, y in ring)
        + "</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:extentOf>"
        "</hma:MaskFeature>"
        for i, ring in enumerate(rings)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
        f'<hma:Mask gml:id="{sheet.scene.strip}_msk" xmlns:gml="http://www.opengis.net/gml" '
        'xmlns:hma="http://earth.esa.int/hma">'
        f"<gml:name>{kind} mask from data-strip {sheet.scene.strip}</gml:name>"
        f"<hma:maskMembers>{members}</hma:maskMembers></hma:Mask>\n"
    )


def _crs_name(sheet: Sheet) -> str:
    if sheet.form.level == Level.PRIMARY:
        return "urn:ogc:def:derivedCRSType:OGC:1.0:image"
    if sheet.scene.family == "pleiades":
        return f"urn:ogc:def:crs:EPSG:6.3:{sheet.grid.epsg}"
    return f"{sheet.grid.epsg} WGS84/UTM"


def _to_mask(sheet: Sheet, x: float, y: float) -> tuple[float, float]:
    """A pixel position from the upper left (0, 0) in the mask's coordinates."""
    if sheet.form.level == Level.PRIMARY:
        return x + 0.5, y + 0.5
    return sheet.grid.left + x * sheet.grid.step, sheet.grid.top - y * sheet.grid.step


def region(sheet: Sheet) -> list[tuple[float, float]]:
    """The ring of the pixels that exist, closed, in the mask's coordinates."""
    if sheet.form.level == Level.PRIMARY:
        cols, rows = sheet.grid.cols, sheet.grid.rows
        ring = [_to_mask(sheet, x, y) for x, y in ((0, 0), (cols, 0), (cols, rows), (0, rows))]
    else:
        ring = list(sheet.grid.strip)
    return [*ring, ring[0]]


def clouds(sheet: Sheet, cloud: np.ndarray) -> list[list[tuple[float, float]]]:
    """Outlines of the clouds, traced on a coarse grid, in the mask's coordinates."""
    step = max(1, max(cloud.shape) // _SIMPLE)
    coarse = np.ascontiguousarray(cloud[::step, ::step].astype(np.uint8))
    rings = []
    found = rasterio.features.shapes(coarse, mask=coarse == 1, transform=Affine.scale(step, step))
    for outline, _value in found:
        polygon = shape(outline).simplify(step * 0.6)
        if isinstance(polygon, Polygon) and polygon.area > 2 * step * step:
            rings.append([_to_mask(sheet, x, y) for x, y in polygon.exterior.coords])
    return rings


def rpc(sheet: Sheet) -> str:
    """A rational model that is in truth affine: right for a made image, which has no relief."""
    grid = sheet.grid
    (lon0, lat0), (lon1, lat1), _c, (lon3, lat3) = grid.degrees(grid.frame)
    lons, lats = [p[0] for p in grid.degrees(grid.frame)], [p[1] for p in grid.degrees(grid.frame)]
    lon_off, lat_off = sum(lons) / 4, sum(lats) / 4
    lon_scale, lat_scale = np.ptp(lons) / 2, np.ptp(lats) / 2
    # Normalised column and row from normalised latitude and longitude, and back.
    forward = (
        np.array(
            [
                [(lon1 - lon0) / lon_scale, (lon3 - lon0) / lon_scale],
                [(lat1 - lat0) / lat_scale, (lat3 - lat0) / lat_scale],
            ]
        )
        / 2
    )
    back = np.linalg.inv(forward)
    direct = _polynomials("SAMP", 0, forward[0][1], forward[0][0]) + _polynomials(
        "LINE", 0, forward[1][1], forward[1][0]
    )
    inverse = _polynomials("SAMP", 0, back[0][0], back[0][1]) + _polynomials(
        "LINE", 0, back[1][0], back[1][1]
    )
    validity = (
        f"<LONG_SCALE>{lon_scale:.14g}</LONG_SCALE><LONG_OFF>{lon_off:.14g}</LONG_OFF>"
        f"<LAT_SCALE>{lat_scale:.14g}</LAT_SCALE><LAT_OFF>{lat_off:.14g}</LAT_OFF>"
        "<HEIGHT_SCALE>500</HEIGHT_SCALE><HEIGHT_OFF>0</HEIGHT_OFF>"
        f"<SAMP_SCALE>{grid.cols / 2}</SAMP_SCALE><SAMP_OFF>{(grid.cols + 1) / 2}</SAMP_OFF>"
        f"<LINE_SCALE>{grid.rows / 2}</LINE_SCALE><LINE_OFF>{(grid.rows + 1) / 2}</LINE_OFF>"
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Dimap_Document>'
        '<Metadata_Identification><METADATA_FORMAT version="2.15">DIMAP</METADATA_FORMAT>'
        "<METADATA_PROFILE>PHR_SENSOR</METADATA_PROFILE><METADATA_SUBPROFILE>RPC"
        "</METADATA_SUBPROFILE></Metadata_Identification><Rational_Function_Model>"
        "<Resource_Reference><RESOURCE_ID>RPC00B</RESOURCE_ID></Resource_Reference><Global_RFM>"
        f"<Direct_Model>{direct}</Direct_Model><Inverse_Model>{inverse}</Inverse_Model>"
        f"<RFM_Validity>{validity}</RFM_Validity>"
        "</Global_RFM></Rational_Function_Model></Dimap_Document>\n"
    )


def _polynomials(name: str, constant: float, second: float, third: float) -> str:
    """Twenty numerator and denominator coefficients; only the linear ones are not zero."""
    top = [constant, second, third] + [0.0] * 17
    bottom = [1.0] + [0.0] * 19
    return "".join(
        f"<{name}_{part}_COEFF_{i + 1}>{value:.15g}</{name}_{part}_COEFF_{i + 1}>"
        for part, values in (("NUM", top), ("DEN", bottom))
        for i, value in enumerate(values)
    )


def kmz(sheet: Sheet, preview: bytes) -> bytes:
    """The globe's preview: like the real ones, its document is DOC.KML in capitals."""
    lons, lats = zip(*sheet.grid.degrees(sheet.grid.frame), strict=True)
    box = (
        f"<north>{max(lats)}</north><south>{min(lats)}</south>"
        f"<east>{max(lons)}</east><west>{min(lons)}</west>"
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">'
        f"<Document><name>{sheet.dataset_name}</name><GroundOverlay><Icon><href>PREVIEW.JPG</href>"
        f"</Icon><LatLonBox>{box}</LatLonBox></GroundOverlay></Document></kml>\n"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (("DOC.KML", text.encode()), ("PREVIEW.JPG", preview)):
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data)
    return packed.getvalue()
