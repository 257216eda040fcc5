"""The metadata files of a made delivery, shaped and named as Airbus's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from xml.sax.saxutils import escape

from catalogue.dimap.facts import Level
from catalogue.platforms import PLATFORMS
from catalogue.samples.scene import Fault, Form, Grid, SampleScene, spread

SHORT = {Level.PRIMARY: "SEN", Level.PROJECTED: "PRJ", Level.ORTHO: "ORT"}
_BANDS = {1: ("P",), 4: ("B2", "B1", "B0", "B3")}
_PROFILE = {
    "PHR1A": "PHR",
    "PHR1B": "PHR",
    "SPOT6": "S6",
    "SPOT7": "S7",
    "PNEO3": "PNEO",
    "PNEO4": "PNEO",
}
_MISSION = {
    "PHR1A": ("PHR", "1A"),
    "PHR1B": ("PHR", "1B"),
    "SPOT6": ("SPOT", "6"),
    "SPOT7": ("SPOT", "7"),
    "PNEO3": ("PNEO", "3"),
    "PNEO4": ("PNEO", "4"),
}
_LEVEL_WORD = {Level.PRIMARY: "SENSOR", Level.PROJECTED: "PROJECTED", Level.ORTHO: "ORTHO"}
_RANGE = (
    "<Radiometric_Data><Dynamic_Range><ACQUISITION_RANGE>12</ACQUISITION_RANGE>"
    "<PRODUCT_RANGE>12</PRODUCT_RANGE></Dynamic_Range></Radiometric_Data>"
)
_MASKS = (
    ("Area_Of_Interest", "ROI"),
    ("Detector_Quality", "DET"),
    ("Saturation_Cotation", "SLT"),
    ("Visibility_Cotation", "VIS"),
    ("Snow_Cotation", "SNW"),
    ("Cloud_Cotation", "CLD"),
    ("Technical_Index", "QTE"),
)


@dataclass(frozen=True, slots=True)
class Order:
    """The references a delivery carries, Airbus's and the customer's."""

    job: str = "5897098101"
    customer: str = "DINAMIS"
    internal: str = ""
    commercial: str = "SO26054557"
    item: str = "1"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One product as its metadata describes it: what the writers below need."""

    scene: SampleScene
    form: Form
    order: Order
    grid: Grid
    spectral: str
    number: int
    tiles: tuple[tuple[int, int, str], ...]  # row, column, file name
    tile_size: tuple[int, int]  # rows, columns
    area_km2: float
    cloud: float | None
    faults: frozenset[Fault]

    @property
    def stem(self) -> str:
        """PHR1A_PMS_202108271549303_ORT_5897098101-1, the middle of every file's name."""
        level = SHORT[self.form.level]
        suffix = f"-{self.number}" if self.scene.family == "pleiades" else ""
        return f"{self.scene.platform}_{self.spectral}_{self.scene.stamp}_{level}_{self.order.job}{suffix}"

    @property
    def bands(self) -> tuple[str, ...]:
        return _BANDS[1 if self.spectral == "P" else 4]

    @property
    def dataset_name(self) -> str:
        if self.scene.family == "pleiades":
            return self.scene.read.text
        at = self.scene.at
        return (
            f"{SHORT[self.form.level]}_{self.scene.platform}_{at:%Y%m%d}_{at:%H%M%S}"
            f"{at.microsecond // 1000:03d}_000"
        )

    @property
    def spacing(self) -> float:
        platform = PLATFORMS[self.scene.platform]
        return platform.colour_resolution_m if self.spectral == "MS" else platform.resolution_m


def _component(title: str, content: str, href: str, type_: str = "DIMAP") -> str:
    return (
        f"<Component><COMPONENT_TITLE>{title}</COMPONENT_TITLE>"
        f"<COMPONENT_CONTENT>{content}</COMPONENT_CONTENT>"
        f"<COMPONENT_TYPE>{type_}</COMPONENT_TYPE><COMPONENT_PATH href={_quoted(href)}/></Component>"
    )


def _quoted(href: str) -> str:
    return '"' + escape(href, {'"': "&quot;"}) + '"'


def document(
    profile: str, subprofile: str, body: Iterable[str], *, style: str, entity: bool = False
) -> str:
    """A DIMAP V2 document around its parts."""
    doctype = '<!DOCTYPE Dimap_Document [<!ENTITY a "aaaaaaaaaa">]>\n' if entity else ""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<?xml-stylesheet href="{style}" type="text/xsl"?>\n{doctype}<Dimap_Document>\n'
        "<Metadata_Identification>"
        '<METADATA_FORMAT version="2.15">DIMAP</METADATA_FORMAT>'
        f"<METADATA_PROFILE>{profile}</METADATA_PROFILE>"
        f"<METADATA_SUBPROFILE>{subprofile}</METADATA_SUBPROFILE>"
        "<METADATA_LANGUAGE>en</METADATA_LANGUAGE></Metadata_Identification>\n"
        + "\n".join(body)
        + "\n</Dimap_Document>\n"
    )


def product(sheet: Sheet) -> str:
    """The DIM_*.XML."""
    profile = f"{_PROFILE[sheet.scene.platform]}_{_LEVEL_WORD[sheet.form.level]}"
    return document(
        profile,
        "PRODUCT",
        (
            _identification(sheet),
            _content(sheet),
            _delivery(sheet.scene, sheet.order, sheet.number),
            _crs(sheet),
            _geoposition(sheet),
            _processing(sheet),
            _raster(sheet),
            _RANGE,
            _use_area(sheet),
            _quality(sheet),
            _sources(sheet),
        ),
        style="LIBRARY/STYLE.XSL",
        entity=Fault.ENTITY in sheet.faults,
    )


def _identification(sheet: Sheet) -> str:
    kind = "RASTER_SENSOR" if sheet.form.level == Level.PRIMARY else "RASTER_ORTHO"
    return (
        f"<Dataset_Identification><DATASET_TYPE>{kind}</DATASET_TYPE>"
        f'<DATASET_NAME version="1.0">{sheet.dataset_name}</DATASET_NAME>'
        f'<DATASET_TN_PATH href="ICON_{sheet.stem}.JPG"/>'
        "<DATASET_TN_FORMAT>image/jpeg</DATASET_TN_FORMAT>"
        f'<DATASET_QL_PATH href="PREVIEW_{sheet.stem}.JPG"/>'
        "<DATASET_QL_FORMAT>image/jpeg</DATASET_QL_FORMAT>"
        "<Legal_Constraints><COPYRIGHT>Made by DINAMIS for trials: no real image"
        "</COPYRIGHT></Legal_Constraints></Dataset_Identification>"
    )


def _content(sheet: Sheet) -> str:
    figures = f'<SURFACE_AREA unit="square km">{sheet.area_km2:.3f}</SURFACE_AREA>'
    if sheet.cloud is not None and Fault.NO_CLOUD_FIGURE not in sheet.faults:
        figures += f'<CLOUD_COVERAGE unit="percent">{sheet.cloud:.9g}</CLOUD_COVERAGE>'
    if sheet.scene.snow is not None:
        figures += f'<SNOW_COVERAGE unit="percent">{sheet.scene.snow:g}</SNOW_COVERAGE>'
    parts = [
        _component("Processing", "Lineage Information", f"LINEAGE/PROCESSING_{sheet.stem}_DIM.XML"),
        _component("Strip Source", "Lineage Information", f"LINEAGE/STRIP_{sheet.scene.strip}_DIM.XML"),
    ]  # fmt: skip
    if sheet.form.level == Level.PRIMARY:
        parts.append(_component("RPC Model", "Geoposition Model", f"RPC_{sheet.stem}.XML"))
    return (
        f"<Dataset_Content>{figures}<Dataset_Components>{''.join(parts)}</Dataset_Components>"
        f"{_extent(sheet)}</Dataset_Content>"
    )


def _extent(sheet: Sheet) -> str:
    grid = sheet.grid
    pixels = ((1, 1), (grid.cols, 1), (grid.cols, grid.rows), (1, grid.rows))
    corners = list(zip(grid.degrees(grid.frame), pixels, strict=True))
    middle = (sheet.scene.centre, ((grid.cols + 1) // 2, (grid.rows + 1) // 2))
    if Fault.EXTRA_VERTEX in sheet.faults:
        corners.append(middle)
    if Fault.CLOSED_RING in sheet.faults:
        corners.append(corners[0])
    kind = "Bounding_Polygon" if sheet.scene.family == "pleiades" else "Bounding_Box"
    written = "".join(f"<Vertex>{_point(*corner)}</Vertex>" for corner in corners)
    return (
        f"<Dataset_Extent><EXTENT_TYPE>{kind}</EXTENT_TYPE>{written}"
        f"<Center>{_point(*middle)}</Center></Dataset_Extent>"
    )


def _point(degrees: tuple[float, float], pixel: tuple[int, int]) -> str:
    return (
        f"<LON>{degrees[0]:.14g}</LON><LAT>{degrees[1]:.14g}</LAT>"
        f"<COL>{pixel[0]}</COL><ROW>{pixel[1]}</ROW>"
    )


def _delivery(scene: SampleScene, order: Order, number: int | None) -> str:
    made = (scene.at + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M:%S.000")
    job = f"<JOB_ID>{order.job}-{number}</JOB_ID>" if number else ""
    return (
        "<Product_Information><Producer_Information><PRODUCER_NAME>DINAMIS (trial)</PRODUCER_NAME>"
        "</Producer_Information><Delivery_Identification>"
        f"<PRODUCTION_DATE>{made}</PRODUCTION_DATE>{job}<PRODUCT_CODE>PLEIADES</PRODUCT_CODE>"
        "<DELIVERY_TYPE>NETWORK</DELIVERY_TYPE><Order_Identification>"
        f"<CUSTOMER_REFERENCE>{escape(order.customer)}</CUSTOMER_REFERENCE>"
        f"<INTERNAL_REFERENCE>{escape(order.internal)}</INTERNAL_REFERENCE>"
        f"<COMMERCIAL_REFERENCE>{escape(order.commercial)}</COMMERCIAL_REFERENCE>"
        f"<COMMERCIAL_ITEM>{escape(order.item)}</COMMERCIAL_ITEM>"
        "</Order_Identification></Delivery_Identification></Product_Information>"
    )


def _crs(sheet: Sheet) -> str:
    time = (
        '<Temporal_CRS><CRS_TABLES version="0.0">ITU</CRS_TABLES>'
        "<TEMPORAL_CRS_NAME>UTC</TEMPORAL_CRS_NAME></Temporal_CRS>"
    )
    if sheet.form.level == Level.PRIMARY:
        place = (
            "<Geodetic_CRS><GEODETIC_CRS_TYPE>GEOGRAPHIC2D</GEODETIC_CRS_TYPE>"
            "<GEODETIC_CRS_NAME>WGS84</GEODETIC_CRS_NAME>"
            "<GEODETIC_CRS_CODE>urn:ogc:def:crs:EPSG::4326</GEODETIC_CRS_CODE></Geodetic_CRS>"
        )
    else:
        place = (
            f"<Projected_CRS><PROJECTED_CRS_NAME>{sheet.grid.epsg}</PROJECTED_CRS_NAME>"
            f"<PROJECTED_CRS_CODE>urn:ogc:def:crs:EPSG::{sheet.grid.epsg}</PROJECTED_CRS_CODE>"
            "</Projected_CRS>"
        )
    return f"<Coordinate_Reference_System>{place}{time}</Coordinate_Reference_System>"


def _geoposition(sheet: Sheet) -> str:
    if sheet.form.level == Level.PRIMARY:
        model = _component("RPC Model", "Geoposition Model", f"RPC_{sheet.stem}.XML")
        return (
            "<Geoposition><Raster_CRS><RASTER_GEOMETRY>SENSOR</RASTER_GEOMETRY>"
            "<PIXEL_ORIGIN>1</PIXEL_ORIGIN></Raster_CRS><Geoposition_Models>"
            f"<Rational_Function_Model>{model}</Rational_Function_Model>"
            "</Geoposition_Models></Geoposition>"
        )
    grid = sheet.grid
    return (
        "<Geoposition><Raster_CRS><RASTER_GEOMETRY>GROUND</RASTER_GEOMETRY>"
        "<PIXEL_ORIENTATION>UL</PIXEL_ORIENTATION><PIXEL_ORIGIN>1</PIXEL_ORIGIN></Raster_CRS>"
        f"<Geoposition_Insert><ULXMAP>{grid.left:.2f}</ULXMAP><ULYMAP>{grid.top:.2f}</ULYMAP>"
        f"<XDIM>{grid.step}</XDIM><YDIM>{grid.step}</YDIM></Geoposition_Insert></Geoposition>"
    )


def _processing(sheet: Sheet) -> str:
    return (
        "<Processing_Information><Production_Facility>"
        '<SOFTWARE version="1">DINAMIS samples</SOFTWARE></Production_Facility>'
        f"<Product_Settings><PROCESSING_LEVEL>{_LEVEL_WORD[sheet.form.level]}</PROCESSING_LEVEL>"
        f"<SPECTRAL_PROCESSING>{sheet.spectral}</SPECTRAL_PROCESSING>"
        "<Radiometric_Settings><RADIOMETRIC_PROCESSING>BASIC</RADIOMETRIC_PROCESSING>"
        "</Radiometric_Settings><Sampling_Settings>"
        f'<RESAMPLING_SPACING unit="m">{sheet.spacing:g}</RESAMPLING_SPACING>'
        "</Sampling_Settings></Product_Settings></Processing_Information>"
    )


def _raster(sheet: Sheet) -> str:
    mime = "image/jp2" if sheet.form.image_format == "JP2" else "image/tiff"
    tiled = len(sheet.tiles) > 1
    files = "".join(
        f'<Data_File tile_R="{row}" tile_C="{col}"><DATA_FILE_PATH href={_quoted(name)}/></Data_File>'
        for row, col, name in sheet.tiles
    )
    rows, cols = sheet.form.tiles
    tiling = (
        f"<Tile_Set><NTILES>{rows * cols}</NTILES><Regular_Tiling>"
        f'<NTILES_SIZE nrows="{sheet.tile_size[0]}" ncols="{sheet.tile_size[1]}"/>'
        f'<NTILES_COUNT ntiles_R="{rows}" ntiles_C="{cols}"/>'
        "<OVERLAP_ROW>0</OVERLAP_ROW><OVERLAP_COL>0</OVERLAP_COL></Regular_Tiling></Tile_Set>"
    )
    colours = sheet.bands if len(sheet.bands) == 4 else sheet.bands * 3
    names = ("RED_CHANNEL", "GREEN_CHANNEL", "BLUE_CHANNEL", "ALPHA_CHANNEL")
    display = "".join(f"<{n}>{b}</{n}>" for n, b in zip(names, colours, strict=False))
    return (
        "<Raster_Data><Data_Access><DATA_FILE_ORGANISATION>BAND_COMPOSITE</DATA_FILE_ORGANISATION>"
        f"<DATA_FILE_FORMAT>{mime}</DATA_FILE_FORMAT>"
        f"<DATA_FILE_TILES>{str(tiled).lower()}</DATA_FILE_TILES>"
        f"<Data_Files>{files}</Data_Files></Data_Access>"
        f"<Raster_Dimensions><NROWS>{sheet.grid.rows}</NROWS><NCOLS>{sheet.grid.cols}</NCOLS>"
        f"<NBANDS>{len(sheet.bands)}</NBANDS>{tiling if tiled else ''}</Raster_Dimensions>"
        "<Raster_Encoding><DATA_TYPE>INTEGER</DATA_TYPE><NBITS>16</NBITS><SIGN>UNSIGNED</SIGN>"
        "<COMPRESSION_TYPE>LOSSLESS</COMPRESSION_TYPE></Raster_Encoding>"
        f"<Raster_Display><Band_Display_Order>{display}</Band_Display_Order>"
        "<Special_Value><SPECIAL_VALUE_TEXT>NODATA</SPECIAL_VALUE_TEXT>"
        "<SPECIAL_VALUE_COUNT>0</SPECIAL_VALUE_COUNT></Special_Value>"
        "<Special_Value><SPECIAL_VALUE_TEXT>SATURATED</SPECIAL_VALUE_TEXT>"
        "<SPECIAL_VALUE_COUNT>4095</SPECIAL_VALUE_COUNT></Special_Value></Raster_Display>"
        "</Raster_Data>"
    )


def _use_area(sheet: Sheet) -> str:
    """Angles at 3 places (Pléiades) or 9 (SPOT), the centre among them, never first."""
    if sheet.scene.family == "pleiades":
        places = (("Top Center", -1), ("Center", 0), ("Bottom Center", 1))
    else:
        names = [
            f"{v}{h}" for v in ("Top", "Center", "Bottom") for h in ("Left", "Center", "Right")
        ]
        names[4] = "Center"
        places = tuple((name, (i - 4) / 4) for i, name in enumerate(names))
    values = "".join(_located(sheet, name, share) for name, share in places)
    return f"<Geometric_Data><Use_Area>{values}</Use_Area></Geometric_Data>"


def _located(sheet: Sheet, name: str, share: float) -> str:
    scene = sheet.scene
    at = scene.at + timedelta(seconds=1 + share)
    dated = "" if Fault.NO_DATE in sheet.faults else f"<TIME>{at:%Y-%m-%dT%H:%M:%S}.031Z</TIME>"

    def element(tag: str, angle: str) -> str:
        value = spread(scene.angles, angle, share)
        return "" if value is None else f"<{tag}>{value:.16g}</{tag}>"

    looks = (
        element("AZIMUTH_ANGLE", "azimuth"),
        element("VIEWING_ANGLE_ACROSS_TRACK", "viewing_across"),
        element("VIEWING_ANGLE_ALONG_TRACK", "viewing_along"),
        element("VIEWING_ANGLE", "viewing"),
        element("INCIDENCE_ANGLE_ALONG_TRACK", "incidence_along"),
        element("INCIDENCE_ANGLE_ACROSS_TRACK", "incidence_across"),
        element("INCIDENCE_ANGLE", "incidence"),
    )
    sun = element("SUN_AZIMUTH", "sun_azimuth") + element("SUN_ELEVATION", "sun_elevation")
    gsd = element("GSD_ACROSS_TRACK", "gsd_across_m") + element("GSD_ALONG_TRACK", "gsd_along_m")
    return (
        f"<Located_Geometric_Values><LOCATION_TYPE>{name}</LOCATION_TYPE>{dated}"
        f"<Acquisition_Angles>{''.join(looks)}</Acquisition_Angles>"
        f"<Solar_Incidences>{sun}</Solar_Incidences>"
        f"<Ground_Sample_Distance>{gsd}</Ground_Sample_Distance></Located_Geometric_Values>"
    )


def _quality(sheet: Sheet) -> str:
    tables = "PHR" if sheet.scene.family == "pleiades" else "SPOT"
    written = "".join(
        f"<Imaging_Quality_Measurement><QUALITY_TABLES>{tables}</QUALITY_TABLES>"
        f"<MEASURE_NAME>{name} ({code})</MEASURE_NAME><MEASURE_TYPE>AUTOMATIC</MEASURE_TYPE>"
        "<Quality_Mask>"
        + _component(f"{name} Mask", "GML MASK", f"MASKS/{mask_name(sheet, code)}", "ENCAPSULATED")
        + "</Quality_Mask></Imaging_Quality_Measurement>"
        for name, code in _MASKS
    )
    return f"<Quality_Assessment>{written}</Quality_Assessment>"


def mask_name(sheet: Sheet, code: str) -> str:
    return f"{code}_{sheet.stem}_MSK.GML"


def mask_codes() -> list[str]:
    return [code for _name, code in _MASKS]


def _sources(sheet: Sheet) -> str:
    scene = sheet.scene
    mission, index = _MISSION[scene.platform]
    tenth = scene.at.microsecond // 100_000
    zone = "Z" if scene.family == "pleiades" else ""
    dated = (
        ""
        if Fault.NO_DATE in sheet.faults
        else f"<IMAGING_DATE>{scene.at:%Y-%m-%d}</IMAGING_DATE>"
        f"<IMAGING_TIME>{scene.at:%H:%M:%S}.{tenth}{zone}</IMAGING_TIME>"
    )
    relief = "<SOURCE_TYPE>Height_Source</SOURCE_TYPE><SOURCE_DESCRIPTION>SRTM</SOURCE_DESCRIPTION>"
    return (
        "<Dataset_Sources><Source_Identification>"
        f"<SOURCE_ID>{scene.strip}</SOURCE_ID><SOURCE_TYPE>Strip_Source</SOURCE_TYPE>"
        f"<SOURCE_DESCRIPTION>{scene.platform} Data Strip</SOURCE_DESCRIPTION><Strip_Source>"
        f"<MISSION>{mission}</MISSION><MISSION_INDEX>{index}</MISSION_INDEX>"
        f"<INSTRUMENT>{mission}</INSTRUMENT><INSTRUMENT_INDEX>{index}</INSTRUMENT_INDEX>{dated}"
        f"<BAND_MODE>PX</BAND_MODE></Strip_Source></Source_Identification>"
        f"<Source_Identification><SOURCE_ID>SRTM_DT1</SOURCE_ID>{relief}</Source_Identification>"
        "</Dataset_Sources>"
    )


def volume(
    name: str,
    components: Sequence[tuple[str, str]],
    scene: SampleScene,
    order: Order,
    *,
    profile: str = "VOLUME",
    identifier: str = "",
) -> str:
    """A document that lists others: (title, href) each; and the format's documentation."""
    listed = "".join(
        f"<Component><COMPONENT_TITLE>{title}</COMPONENT_TITLE><COMPONENT_TYPE>DIMAP</COMPONENT_TYPE>"
        f"<COMPONENT_PATH href={_quoted(href)}/></Component>"
        for title, href in components
    )
    listed += (
        "<Component><COMPONENT_TITLE>Digital Documentation about DIMAP Format</COMPONENT_TITLE>"
        "<COMPONENT_TYPE>ENCAPSULATED</COMPONENT_TYPE>"
        '<COMPONENT_PATH href="http://www.geo-airbusds.com/dimapv2"/>'
        '<COMPONENT_TN_PATH href="LIBRARY/LOGO.JPG"/></Component>'
    )
    named = f"<DATASET_NAME>{name}</DATASET_NAME><DATASET_ID>{identifier or order.job}</DATASET_ID>"
    body = (
        f"<Dataset_Identification>{named}</Dataset_Identification>",
        _delivery(scene, order, None),
        f"<Dataset_Content><Dataset_Components>{listed}</Dataset_Components></Dataset_Content>",
    )
    single = "SINGLE_" + profile
    return document(profile, single, body, style="LIBRARY/VOL_STYL.XSL")


def lineage(sheet: Sheet, subprofile: str) -> str:
    """A LINEAGE document: who processed what."""
    named = f"<DATASET_NAME>{sheet.scene.strip}</DATASET_NAME>"
    body = (f"<Dataset_Identification>{named}</Dataset_Identification>",)
    profile = f"{_PROFILE[sheet.scene.platform]}_{_LEVEL_WORD[sheet.form.level]}"
    return document(profile, subprofile, body, style="LIBRARY/STYLE.XSL")
