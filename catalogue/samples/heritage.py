"""The maker of small DIMAP V1 deliveries: SPOT 1 to 5, named and laid out as the CNES sends them."""

import io
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import rasterio
from PIL import Image
from rasterio.errors import NotGeoreferencedWarning
from rasterio.transform import Affine

from catalogue.samples.paint import paint

Ring = list[tuple[float, float]]
_STYLE = (
    '<?xml version="1.0"?>\n<xsl:stylesheet version="1.0" '
    'xmlns:xsl="http://www.w3.org/1999/XSL/Transform"/>\n'
)


@dataclass(frozen=True, slots=True)
class HeritageScene:
    """One scene. `half` is half its side in degrees, `code` the SENSOR_CODE (P, X, M, I, A, J, T)."""

    satellite: int = 4
    at: datetime = datetime(2001, 11, 29, 10, 30, 43, tzinfo=UTC)
    centre: tuple[float, float] = (4.70, 43.89)
    half: float = 0.3
    code: str = "M"
    level: str = "1A"
    pixels: int = 96
    grid: str = "048-261"
    seed: int = 1

    @property
    def bands(self) -> int:
        return 1 if self.code in "PMABT" else 4

    @property
    def named_at(self) -> datetime:
        """The second in the names is the beginning's, some before the middle of the scene."""
        return self.at - timedelta(seconds=5)

    @property
    def source_id(self) -> str:
        digits = self.grid.replace("-", "")
        return f"{self.satellite}{digits}{self.named_at:%y%m%d%H%M%S}1{self.code}"

    @property
    def ring(self) -> Ring:
        """Upper left, then clockwise; a raw scene is turned by the orbit."""
        lon, lat = self.centre
        turn = 0.0 if self.level in ("2A", "2B", "3") else 0.2 * self.half
        half = self.half
        return [
            (lon - half + turn, lat + half), (lon + half, lat + half - turn),
            (lon + half - turn, lat - half), (lon - half, lat - half + turn),
        ]  # fmt: skip


def make_heritage(
    folder: Path,
    *scenes: HeritageScene,
    volume: bool = True,
    preview: bool = True,
    edit: tuple[str, str] = ("", ""),
) -> Path:
    """Make a delivery of these scenes in `folder`/SWH; return its root. One scene lies in SCENE01.

    `edit` replaces a text of the first scene's metadata by another: how faults are made.
    """
    scenes = scenes or (HeritageScene(),)
    root = folder / "SWH"
    names = [f"SCENE{number:02d}" for number in range(1, len(scenes) + 1)]
    for number, (name, scene) in enumerate(zip(names, scenes, strict=True)):
        where = root / name
        where.mkdir(parents=True)
        _image(where, scene, preview=preview)
        text = _metadata(scene)
        if number == 0 and edit[0]:
            if edit[0] not in text:
                raise ValueError(f"nothing to replace: {edit[0]}")
            text = text.replace(*edit)
        (where / "METADATA.DIM").write_text(text)
        (where / "STYLE.XSL").write_text(_STYLE)
    if volume:
        (root / "VOL_LIST.DIM").write_text(_volume(names))
    return root


def _image(folder: Path, scene: HeritageScene, *, preview: bool) -> None:
    ring, side = scene.ring, scene.pixels
    west, south = min(p[0] for p in ring), min(p[1] for p in ring)
    east, north = max(p[0] for p in ring), max(p[1] for p in ring)
    lon, lat = np.meshgrid(np.linspace(west, east, side), np.linspace(north, south, side))
    painted = paint(lon, lat, seed=scene.seed, cloud=0.0)
    colours = np.concatenate([np.moveaxis(painted.rgb, -1, 0), painted.nir[None]])
    numbers = np.clip(colours * 254, 1, 255).astype(np.uint8)
    if scene.bands == 1:
        numbers = numbers[:1]
    place = {}
    if scene.level in ("2A", "2B", "3"):
        at = Affine((east - west) / side, 0, west, 0, (south - north) / side, north)
        place = {"crs": "EPSG:4326", "transform": at}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        shape = {"width": side, "height": side, "count": scene.bands, "dtype": "uint8"}
        with rasterio.open(folder / "IMAGERY.TIF", "w", driver="GTiff", **shape, **place) as out:
            out.write(numbers)
    shown = Image.fromarray(np.clip(painted.rgb * 255, 0, 255).astype(np.uint8))
    for name, size in (("PREVIEW.JPG", side), ("ICON.JPG", 32)) if preview else ():
        data = io.BytesIO()
        shown.resize((size, size)).save(data, "JPEG", quality=80)
        (folder / name).write_bytes(data.getvalue())


def _metadata(scene: HeritageScene) -> str:
    side = scene.pixels
    corners = [(1, 1), (1, side), (side, side), (side, 1)]
    vertices = "".join(
        f"<Vertex><FRAME_LON>{lon:+.10e}</FRAME_LON><FRAME_LAT>{lat:+.10e}</FRAME_LAT>"
        f"<FRAME_ROW>{row}</FRAME_ROW><FRAME_COL>{col}</FRAME_COL></Vertex>"
        for (lon, lat), (row, col) in zip(scene.ring, corners, strict=True)
    )
    names = ("PAN",) if scene.bands == 1 else ("XS3", "XS2", "XS1", "SWIR")
    bands = "".join(
        f"<Spectral_Band_Info><BAND_INDEX>{index}</BAND_INDEX>"
        f"<BAND_DESCRIPTION>{name}</BAND_DESCRIPTION></Spectral_Band_Info>"
        for index, name in enumerate(names, start=1)
    )
    step = 2 * scene.half / side * 111_320
    spacing = f"<XDIM>{step:.2f}</XDIM><YDIM>{step:.2f}</YDIM>" if scene.level[0] != "1" else ""
    lon, lat = scene.centre
    return (
        "<?xml version='1.0' encoding='ISO-8859-1'?>\n"
        "<?xml-stylesheet href='STYLE.XSL' type='text/xsl'?>\n"
        '<Dimap_Document name="METADATA.DIM">'
        '<Metadata_Id><METADATA_FORMAT version="1.1">DIMAP</METADATA_FORMAT>'
        f"<METADATA_PROFILE>SPOTSCENE_{scene.level}</METADATA_PROFILE></Metadata_Id>"
        f"<Dataset_Id><DATASET_NAME>SCENE {scene.satellite} {scene.grid}/5 "
        f"{scene.named_at:%y/%m/%d %H:%M:%S} 1 {scene.code}</DATASET_NAME>"
        '<DATASET_QL_PATH href="PREVIEW.JPG"/><DATASET_TN_PATH href="ICON.JPG"/></Dataset_Id>'
        f"<Dataset_Frame>{vertices}<Scene_Center><FRAME_LON>{lon}</FRAME_LON>"
        f"<FRAME_LAT>{lat}</FRAME_LAT></Scene_Center>"
        "<SCENE_ORIENTATION>+9.7694940432e+00</SCENE_ORIENTATION></Dataset_Frame>"
        "<Coordinate_Reference_System><Horizontal_CS><HORIZONTAL_CS_CODE>EPSG:4326"
        "</HORIZONTAL_CS_CODE><HORIZONTAL_CS_NAME>WGS 84</HORIZONTAL_CS_NAME></Horizontal_CS>"
        f"</Coordinate_Reference_System><Geoposition>{spacing}</Geoposition>"
        "<Image_Display><Special_Value><SPECIAL_VALUE_INDEX>0</SPECIAL_VALUE_INDEX>"
        "<SPECIAL_VALUE_TEXT>NODATA</SPECIAL_VALUE_TEXT></Special_Value></Image_Display>"
        "<Production><JOB_ID>131299101</JOB_ID><PRODUCT_TYPE>SCENE1A</PRODUCT_TYPE>"
        "<DATASET_PRODUCTION_DATE>2005-05-12T17:24:33.000000</DATASET_PRODUCTION_DATE></Production>"
        "<Dataset_Sources><Source_Information><SOURCE_TYPE>SCENE</SOURCE_TYPE>"
        f"<SOURCE_ID>{scene.source_id}</SOURCE_ID><Scene_Source>"
        f"<IMAGING_DATE>{scene.at:%Y-%m-%d}</IMAGING_DATE>"
        f"<IMAGING_TIME>{scene.at:%H:%M:%S}</IMAGING_TIME><MISSION>SPOT</MISSION>"
        f"<MISSION_INDEX>{scene.satellite}</MISSION_INDEX><SENSOR_CODE>{scene.code}</SENSOR_CODE>"
        "<INCIDENCE_ANGLE>-1.9977978043e+01</INCIDENCE_ANGLE>"
        "<SUN_AZIMUTH>+1.6508350907e+02</SUN_AZIMUTH>"
        "<SUN_ELEVATION>+2.3545636152e+01</SUN_ELEVATION></Scene_Source></Source_Information>"
        "</Dataset_Sources>"
        f"<Raster_Dimensions><NCOLS>{side}</NCOLS><NROWS>{side}</NROWS>"
        f"<NBANDS>{scene.bands}</NBANDS></Raster_Dimensions>"
        "<Raster_Encoding><NBITS>8</NBITS><DATA_TYPE>UNSIGNED</DATA_TYPE></Raster_Encoding>"
        '<Data_Access><DATA_FILE_FORMAT version="1.0">GEOTIFF</DATA_FILE_FORMAT><Data_File>'
        '<DATA_FILE_PATH href="IMAGERY.TIF"/></Data_File></Data_Access>'
        f"<Data_Processing><PROCESSING_LEVEL>{scene.level}</PROCESSING_LEVEL></Data_Processing>"
        f"<Image_Interpretation>{bands}</Image_Interpretation></Dimap_Document>\n"
    )


def _volume(names: list[str]) -> str:
    parts = "".join(
        f"<Dataset_Component><COMPONENT_TITLE>{name}</COMPONENT_TITLE>"
        "<COMPONENT_TYPE>DIMAP</COMPONENT_TYPE>"
        f'<COMPONENT_PATH href="{name}/METADATA.DIM"/>'
        f'<COMPONENT_TN_PATH href="{name}/ICON.JPG"/></Dataset_Component>'
        for name in names
    )
    return (
        '<?xml version="1.0"?>\n<Dimap_Document name="VOL_LIST.DIM"><Metadata_Id>'
        '<METADATA_FORMAT version="1.1">DIMAP</METADATA_FORMAT></Metadata_Id>'
        f"<Dataset_Components>{parts}</Dataset_Components></Dimap_Document>\n"
    )
