"""The maker of small complete deliveries: folders, names and files as Airbus sends them."""

import hashlib
import io
import warnings
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import rasterio
from PIL import Image
from pyproj import Geod
from rasterio.errors import NotGeoreferencedWarning
from rasterio.transform import Affine

from catalogue.dimap.facts import Angles, Level
from catalogue.samples import documents, vectors
from catalogue.samples.documents import Order, Sheet
from catalogue.samples.paint import Scene
from catalogue.samples.scene import Fault, Form, Grid, SampleScene

_DN = 4095 * 0.92  # digital number of a reflectance of 1, below the 12-bit ceiling
_HREFS = {
    Fault.OUTSIDE_REFERENCE: "../outside/IMG.JP2",
    Fault.ABSOLUTE_REFERENCE: "/etc/passwd",
    Fault.NETWORK_REFERENCE: "/vsicurl/http://127.0.0.1:9/IMG.TIF",
}
_VRT = (
    '<VRTDataset rasterXSize="64" rasterYSize="64"><VRTRasterBand dataType="UInt16" band="1">'
    '<SimpleSource><SourceFilename relativeToVRT="0">/etc/passwd</SourceFilename>'
    "<SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>"
)
_STYLE = (
    '<?xml version="1.0"?>\n<xsl:stylesheet version="1.0" '
    'xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/"/></xsl:stylesheet>\n'
)


def make_delivery(
    folder: Path,
    *,
    identifier: str,
    centre: tuple[float, float],
    size_km: tuple[float, float] = (20.0, 20.0),
    heading: float = 11.0,
    acquired_at: datetime | None = None,
    cloud: float | None = 8.0,
    snow: float | None = 0.0,
    angles: Angles | None = None,
    seed: int = 1,
    **how: object,
) -> Path:
    """Make the delivery of one scene in `folder`; return its root. `how` as in make_volume."""
    known = {} if angles is None else {"angles": angles}
    scene = SampleScene(
        identifier=identifier, centre=centre, size_km=size_km, heading=heading,
        acquired_at=acquired_at, cloud=cloud, snow=snow, seed=seed, **known,
    )  # fmt: skip
    return make_volume(folder, [scene], **how)


def make_volume(
    folder: Path,
    scenes: Sequence[SampleScene],
    *,
    products: Sequence[str] = ("PMS",),
    level: Level = Level.ORTHO,
    image_format: str = "JP2",
    tiles: tuple[int, int] = (1, 1),
    pixels: int = 1024,
    order: Order | None = None,
    checksums: bool = False,
    faults: Collection[Fault] = (),
) -> Path:
    """Make one delivery of several scenes, each in the given products (P, MS or PMS).

    `tiles` are rows and columns of the tile grid, `pixels` the longer side of the sharp image
    (a multispectral one has a quarter). Faults are put into the first product. The same
    arguments give the same bytes. Returns the delivery's root, folder/<job number>.
    """
    faults, order = frozenset(faults), order or Order()
    form = Form(level, image_format, tiles, pixels)
    spot = scenes[0].family == "spot67"
    root = folder / order.job
    inner = root / f"PROD_{scenes[0].platform}_001/VOL_{scenes[0].platform}_001_A" if spot else root
    inner.mkdir(parents=True)
    made, number = [], 0
    for scene in scenes:
        for spectral in products:
            number += 1
            put = faults if number == 1 else frozenset()
            made.append(_product(inner, scene, form, order, spectral, number, put))
    _volumes(root, inner, scenes[0], order, made, faults)
    if checksums or Fault.WRONG_CHECKSUM in faults:
        _checksums(root, wrong=Fault.WRONG_CHECKSUM in faults)
    _spoil(inner / made[0][0], faults)
    return root


def _product(
    inner: Path,
    scene: SampleScene,
    form: Form,
    order: Order,
    spectral: str,
    number: int,
    faults: frozenset[Fault],
) -> tuple[str, str, Sheet]:
    """Write one product's folder; its name, its metadata's href and its sheet."""
    grid = Grid(scene, form, colour=spectral == "MS")
    picture, inside = grid.picture()
    high, wide = -(-grid.rows // form.tiles[0]), -(-grid.cols // form.tiles[1])
    sheet = Sheet(
        scene=scene,
        form=form,
        order=order,
        grid=grid,
        spectral=spectral,
        number=number,
        tiles=(),
        tile_size=(high, wide),
        area_km2=_area(grid),
        cloud=_cloud(scene, spectral),
        faults=faults,
    )
    sheet = replace(sheet, tiles=_tile_names(sheet.stem, form, faults))
    suffix = "_A" if scene.family == "spot67" else ""
    name = f"IMG_{scene.platform}_{spectral}_{number:03d}{suffix}"
    folder = inner / name
    folder.mkdir()
    _images(folder, sheet, _numbers(sheet, picture, inside))
    preview = _previews(folder, sheet, picture, inside)
    _write(folder / f"PREVIEW_{sheet.stem}.KMZ", vectors.kmz(sheet, preview))
    _masks(folder / "MASKS", sheet, picture.cloud & inside)
    _beside(folder, sheet)
    _write(folder / f"DIM_{sheet.stem}.XML", documents.product(sheet))
    return name, f"{name}/DIM_{sheet.stem}.XML", sheet


def _area(grid: Grid) -> float:
    lons, lats = zip(*grid.degrees(grid.strip), strict=True)
    return abs(Geod(ellps="WGS84").polygon_area_perimeter(lons, lats)[0]) / 1e6


def _cloud(scene: SampleScene, spectral: str) -> float | None:
    """The colour product of a bundle states a little more cloud than the sharp one, as real ones."""
    if scene.cloud is None or spectral != "MS" or not 0 < scene.cloud < 98:
        return scene.cloud
    return scene.cloud * 1.0212


def _tile_names(
    stem: str, form: Form, faults: frozenset[Fault]
) -> tuple[tuple[int, int, str], ...]:
    rows, cols = form.tiles
    names = [
        (row, col, f"IMG_{stem}_R{row}C{col}.{form.image_format}")
        for row in range(1, rows + 1)
        for col in range(1, cols + 1)
    ]
    for fault, href in _HREFS.items():
        if fault in faults:
            names[0] = (1, 1, href)
    if Fault.WINDOWS_NAMES in faults:
        names = [(row, col, name.lower()) for row, col, name in names]
    return tuple(names)


def _numbers(sheet: Sheet, picture: Scene, inside: np.ndarray) -> np.ndarray:
    """Digital numbers, bands × rows × columns: red, green, blue, near infrared, or one sharp."""
    if sheet.spectral == "P":
        bands = (picture.rgb @ np.array([0.36, 0.38, 0.26], dtype=np.float32))[None]
    else:
        bands = np.concatenate([np.moveaxis(picture.rgb, -1, 0), picture.nir[None]])
    numbers = np.clip(bands * _DN, 1, 4095).astype(np.uint16)
    return np.where(inside[None], numbers, 0).astype(np.uint16)


def _images(folder: Path, sheet: Sheet, numbers: np.ndarray) -> None:
    high, wide = sheet.tile_size
    rows, cols = sheet.form.tiles
    for row in range(rows):
        for col in range(cols):
            cut = numbers[:, row * high : (row + 1) * high, col * wide : (col + 1) * wide]
            name = f"IMG_{sheet.stem}_R{row + 1}C{col + 1}.{sheet.form.image_format}"
            _image(folder / name, sheet, cut, (col * wide, row * high))


def _image(path: Path, sheet: Sheet, cut: np.ndarray, offset: tuple[int, int]) -> None:
    grid = sheet.grid
    place: dict[str, object] = {}
    if sheet.form.level != Level.PRIMARY:
        left, top = grid.left + offset[0] * grid.step, grid.top - offset[1] * grid.step
        at = Affine(grid.step, 0, left, 0, -grid.step, top)
        place = {"crs": f"EPSG:{grid.epsg}", "transform": at}
        world = (grid.step, 0, 0, -grid.step, left + grid.step / 2, top - grid.step / 2)
        suffix = ".J2W" if sheet.form.image_format == "JP2" else ".TFW"
        _write(path.with_suffix(suffix), "\n".join(f"{number:.6f}" for number in world) + "\n")
    if sheet.form.image_format == "JP2":
        how = {"driver": "JP2OpenJPEG", "QUALITY": "25", "REVERSIBLE": "NO", "YCBCR420": "NO"}
    else:
        how = {"driver": "GTiff", "compress": "deflate", "predictor": 2, "tiled": True}
        how |= {"blockxsize": 256, "blockysize": 256}
    bands, rows, cols = cut.shape
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(
            path, "w", width=cols, height=rows, count=bands, dtype="uint16", **place, **how
        ) as out:
            out.write(cut)
    # What GDAL notes beside an image is no part of a delivery.
    path.with_name(path.name + ".aux.xml").unlink(missing_ok=True)


def _previews(folder: Path, sheet: Sheet, picture: Scene, inside: np.ndarray) -> bytes:
    """PREVIEW and ICON in JPEG, black where there is no image; returns the preview's bytes."""
    shown = to_bytes(picture.rgb)
    if sheet.spectral == "P":
        shown = shown.mean(axis=2).astype(np.uint8)
    black = inside if shown.ndim == 2 else inside[..., None]
    image = Image.fromarray(np.where(black, shown, 0).astype(np.uint8))
    for name, side in (("ICON", 128), ("PREVIEW", 1000)):
        small = image.copy()
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        data = io.BytesIO()
        small.save(data, "JPEG", quality=86)
        _write(folder / f"{name}_{sheet.stem}.JPG", data.getvalue())
    return data.getvalue()


def to_bytes(rgb: np.ndarray) -> np.ndarray:
    """Reflectances as an eye would like them: brightened, in 0 to 255."""
    return (np.clip(rgb * 2.0, 0, 1) ** 0.85 * 255).astype(np.uint8)


def _masks(folder: Path, sheet: Sheet, cloud: np.ndarray) -> None:
    rings = {
        "ROI": ("SOURCE_IMAGE_FOOTPRINT", [vectors.region(sheet)]),
        "CLD": ("CLOUD", vectors.clouds(sheet, cloud)),
    }
    for code in documents.mask_codes():
        kind, found = rings.get(code, (code, []))
        _write(folder / documents.mask_name(sheet, code), vectors.gml(sheet, kind, found))


def _beside(folder: Path, sheet: Sheet) -> None:
    """Lineage, style sheet, logo, index and, in sensor geometry, the RPC."""
    for name, subprofile in (
        (f"PROCESSING_{sheet.stem}_DIM.XML", "PROCESSING"),
        (f"STRIP_{sheet.scene.strip}_DIM.XML", "STRIP"),
    ):
        _write(folder / "LINEAGE" / name, documents.lineage(sheet, subprofile))
    _library(folder, "STYLE.XSL", "LOGO.JPG")
    if sheet.form.level == Level.PRIMARY:
        _write(folder / f"RPC_{sheet.stem}.XML", vectors.rpc(sheet))


def _library(folder: Path, style: str, logo: str) -> None:
    _write(folder / "LIBRARY" / style, _STYLE)
    data = io.BytesIO()
    Image.new("RGB", (160, 40), (11, 85, 96)).save(data, "JPEG")
    _write(folder / "LIBRARY" / logo, data.getvalue())
    _write(folder / "INDEX.HTM", "<html><title>Made for trials</title></html>\n")


def _volumes(
    root: Path,
    inner: Path,
    scene: SampleScene,
    order: Order,
    made: Sequence[tuple[str, str, Sheet]],
    faults: frozenset[Fault],
) -> None:
    """The volume file, or SPOT's three of them one inside the other."""
    if faults & {Fault.NO_VOLUME, Fault.UNDESCRIBED_IMAGE}:
        return None
    listed = [
        (f"{_level_title(sheet)} {sheet.spectral} {sheet.dataset_name}", href)
        for _name, href, sheet in made
    ]
    listed = listed[1:] if Fault.UNLISTED_PRODUCT in faults else listed
    if inner == root:
        text = documents.volume("PHR Volume Description", listed, scene, order)
        _write(root / "VOL_PHR.XML", text)
        return _library(root, "VOL_STYL.XSL", "LOGO.JPG")
    prod, vol = inner.parent.name, inner.name
    _write(
        inner / "SPOT_VOL.XML", documents.volume("SPOT Volume Description", listed, scene, order)
    )
    _write(
        inner.parent / "SPOT_PROD.XML",
        documents.volume("SPOT Product Description", [(vol, f"{vol}/SPOT_VOL.XML")], scene, order,
                         profile="PRODUCT", identifier="001"),
    )  # fmt: skip
    _write(
        root / "SPOT_LIST.XML",
        documents.volume("Product Description", [(prod, f"{prod}/SPOT_PROD.XML")], scene, order,
                         profile="DATASET", identifier="1"),
    )  # fmt: skip
    for folder in (root, inner.parent, inner):
        _library(folder, "VOL_STYL.XSL", "LOGO.JPG")
    return None


def _level_title(sheet: Sheet) -> str:
    return "SYSTEM_SENSOR" if sheet.form.level == Level.PRIMARY else "SYSTEM_ORTHO"


def _checksums(root: Path, *, wrong: bool) -> None:
    lines = []
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if wrong and path.name.startswith("IMG_") and not path.name.endswith(("W", "w")):
            digest, wrong = digest[::-1], False
        lines.append(f"{digest}  {path.relative_to(root).as_posix()}")
    _write(root / "SHA256SUMS", "\n".join(lines) + "\n")


def _spoil(folder: Path, faults: frozenset[Fault]) -> None:
    """Take away or damage what the faults name in the first product's folder."""
    images = [*sorted(folder.glob("IMG_*.JP2")), *sorted(folder.glob("IMG_*.TIF"))]
    if not images:
        return
    gone = {
        Fault.MISSING_TILE: images[-1:],
        Fault.MISSING_METADATA: folder.glob("DIM_*.XML"),
        Fault.UNDESCRIBED_IMAGE: folder.glob("DIM_*.XML"),
        Fault.MISSING_PREVIEW: folder.glob("PREVIEW_*.JPG"),
        Fault.MISSING_ICON: folder.glob("ICON_*.JPG"),
        Fault.MISSING_MASK: folder.glob("MASKS/CLD_*.GML"),
        Fault.MISSING_STYLE: folder.glob("LIBRARY/STYLE.XSL"),
        Fault.MISSING_RPC: folder.glob("RPC_*.XML"),
    }
    for fault, paths in gone.items():
        for path in list(paths) if fault in faults else ():
            path.unlink()
    tile = images[0]
    if Fault.EMPTY_TILE in faults:
        tile.write_bytes(b"")
    if Fault.TRUNCATED_TILE in faults:
        tile.write_bytes(tile.read_bytes()[:600])
    if Fault.VRT_TILE in faults:
        tile.write_text(_VRT)
    if Fault.LINKED_TILE in faults:
        tile.unlink()
        tile.symlink_to("/etc/passwd")
    if Fault.WRONG_SIZE in faults:
        small = {"driver": "GTiff", "width": 32, "height": 32, "count": 1, "dtype": "uint16"}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            _overwrite(tile, small)


def _overwrite(tile: Path, small: dict[str, object]) -> None:
    tile.unlink()  # or GDAL would delete the metadata beside it as part of the old image
    with rasterio.open(tile, "w", **small) as out:
        out.write(np.ones((1, 32, 32), dtype=np.uint16))


def _write(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
