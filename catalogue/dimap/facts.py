"""What a delivery says of itself: plain facts, no models, nothing guessed without a note."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shapely.geometry import MultiPolygon, Polygon

from catalogue.dimap import identifiers

OPENED = (".TIF", ".TIFF", ".JP2", ".JPG", ".JPEG", ".PNG")


class Role(StrEnum):
    """What a file of a delivery is for."""

    VOLUME = "volume"
    METADATA = "metadata"
    LINEAGE = "lineage"
    IMAGE = "image"
    RPC = "rpc"
    MASK = "mask"
    PREVIEW = "preview"
    ICON = "icon"
    KMZ = "kmz"
    STYLE = "style"
    WORLD = "world"
    CHECKSUM = "checksum"
    DOCUMENT = "document"
    OTHER = "other"


class Level(StrEnum):
    """How far the image was brought towards a map: DIMAP's PROCESSING_LEVEL."""

    PRIMARY = "primary"
    PROJECTED = "projected"
    ORTHO = "ortho"
    MOSAIC = "mosaic"


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader should know and that refuses nothing.

    `code` is for programs, `path` the file it is about (relative, "" for the whole delivery),
    `sentence` for people.
    """

    code: str
    path: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Checksum:
    """A digest that the delivery itself states for one of its files, in hexadecimal."""

    algorithm: str
    digest: str


@dataclass(frozen=True, slots=True)
class FileFact:
    """One file: its path in the delivery with slashes, its use, its size in bytes.

    `product` is the index in DeliveryFacts.products of the product it belongs to, or None.
    """

    path: str
    role: Role
    size: int
    product: int | None = None
    checksum: Checksum | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference of the order as written somewhere in the delivery.

    `kind` is the DIMAP element in small letters (customer_reference, internal_reference,
    commercial_reference, comment, job_id, dataset_id, volume_name) or "folder".
    """

    kind: str
    value: str
    path: str


@dataclass(frozen=True, slots=True)
class Corner:
    """A vertex of the raster's frame: degrees WGS 84, and the pixel it stands on (from 1)."""

    lon: float
    lat: float
    col: float | None
    row: float | None


@dataclass(frozen=True, slots=True)
class Angles:
    """Angles at the centre of the image, in degrees; None is "not said".

    From the Located_Geometric_Values whose LOCATION_TYPE is the centre: incidence (total, along,
    across the track) as INCIDENCE_ANGLE…, viewing as VIEWING_ANGLE…, `azimuth` as AZIMUTH_ANGLE,
    `orientation` as IMAGE_ORIENTATION (Pléiades Neo) or else AZIMUTH_ANGLE, which is what Airbus's
    portals call the orientation of a Pléiades or SPOT 6-7 scene.
    """

    incidence: float | None = None
    incidence_along: float | None = None
    incidence_across: float | None = None
    viewing: float | None = None
    viewing_along: float | None = None
    viewing_across: float | None = None
    azimuth: float | None = None
    orientation: float | None = None
    sun_azimuth: float | None = None
    sun_elevation: float | None = None
    gsd_along_m: float | None = None
    gsd_across_m: float | None = None


@dataclass(frozen=True, slots=True)
class Tile:
    """One image file: its place in the grid (row and column from 1) and its group of bands.

    `bands` are the band names in the file's order ("" when not said).
    """

    row: int
    col: int
    path: str
    size: int
    group: int = 0
    bands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Raster:
    """The image in pixels. `tile_rows`, `tile_cols` are the size of a whole tile."""

    rows: int | None
    cols: int | None
    bands: int | None
    tile_rows: int | None
    tile_cols: int | None
    stored_bits: int | None
    signed: bool
    nodata: float | None
    saturated: float | None
    tiles: tuple[Tile, ...]

    @property
    def readable(self) -> tuple[Tile, ...]:
        """Those of a format that is opened here; the others (BIL, HDF5, COSAR) are only kept."""
        return tuple(tile for tile in self.tiles if tile.path.upper().endswith(OPENED))

    def expected_size(self, tile: Tile) -> tuple[int, int] | None:
        """(columns, rows) that a tile must have, cut at the right and lower edges; None unknown."""
        if self.rows is None or self.cols is None:
            return None
        high, wide = self.tile_rows or self.rows, self.tile_cols or self.cols
        left, top = self.cols - (tile.col - 1) * wide, self.rows - (tile.row - 1) * high
        return min(wide, left), min(high, top)


@dataclass(frozen=True, slots=True)
class Mask:
    """A vector mask: kind as in its file's name (cld, roi, snw, vis, det, slt, qte, dtm, wat)."""

    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """One product: an image processed one way, with what its DIM_*.XML says of it.

    Percentages, areas and angles that the file does not state are None: no cloud figure is not
    0 %. `footprint` is where there are pixels: the region-of-interest mask where it can be read
    (its area is the stated one), else the raster's frame; `footprint_from` says which.
    `corners` is the frame, upper left first. `surface_km2` is the area as stated.
    """

    path: str
    folder: str
    format_version: str
    dataset_name: str
    source_ids: tuple[str, ...]
    platform: str
    acquired_at: datetime | None
    acquired_from: str  # "imaging", "centre", "name" or ""
    level: Level | None
    spectral: str
    bands: tuple[str, ...]
    bits: int | None
    image_format: str  # "JP2" or "TIF"
    resolution_m: float | None
    epsg: int | None
    crs_name: str
    product_type: str
    job_id: str
    produced_at: datetime | None
    surface_km2: float | None
    cloud_cover: float | None
    snow_cover: float | None
    angles: Angles
    corners: tuple[Corner, ...]
    centre: tuple[float, float] | None
    footprint: Polygon | MultiPolygon | None
    footprint_from: str  # "roi", "extent" or ""
    clouds: MultiPolygon | None
    raster: Raster | None
    preview: str | None
    icon: str | None
    kmz: str | None
    rpc: str | None
    masks: tuple[Mask, ...]
    names: tuple[str, ...] = ()
    snow: MultiPolygon | None = None
    # "ascending", "descending" or "", and the orbit's number in its cycle.
    orbit_state: str = ""
    relative_orbit: int | None = None
    # The code of another collection than the satellite's, where it is named.
    collection: str = ""
    # SHA-256 of what describes this product alone, where its file describes several.
    digest: str = ""
    # Digests of its files that the description itself states.
    stated: tuple[tuple[str, Checksum], ...] = ()

    @property
    def scene_identifier(self) -> str:
        """The name under which the archive sells this scene.

        Pléiades writes it in DATASET_NAME (SOURCE_ID is the strip's), SPOT and Pléiades Neo in
        SOURCE_ID (DATASET_NAME is the product's).
        """
        for name in (self.dataset_name, *self.source_ids):
            if name.upper().startswith(("DS_", "ACQ_")):
                return identifiers.normalise(name)
        return self.source_ids[0] if self.source_ids else self.dataset_name

    @property
    def identifiers(self) -> tuple[str, ...]:
        """Every name this product's image may be asked by, the scene's own first, each once."""
        found = [self.scene_identifier, *self.source_ids, self.dataset_name, *self.names]
        spelt = [
            variant
            for name in found
            if name
            for variant in (
                identifiers.variants(name) if name.upper().startswith("DS_") else (name,)
            )
        ]
        return tuple(dict.fromkeys(spelt))

    @property
    def acquisition(self) -> str:
        """What products of one acquisition share, though their cloud and area figures differ."""
        if self.dataset_name.upper().startswith("DS_"):
            return self.scene_identifier
        return self.source_ids[0] if self.source_ids else self.dataset_name or self.path

    @property
    def panchromatic(self) -> bool:
        return self.spectral in ("P", "PAN") or (self.raster is not None and self.raster.bands == 1)


# Which product shows a scene best: sharp and in colour first.
_BEST_FIRST = ("PMS-FS", "PMS", "PMS-N", "PMS-X", "MS-FS", "MS", "MS-N", "MS-X", "PAN", "P")


def show_order(product: ProductFacts) -> int:
    """Sorts products so that the one that shows the scene best comes first."""
    spectral = product.spectral
    return _BEST_FIRST.index(spectral) if spectral in _BEST_FIRST else len(_BEST_FIRST)


@dataclass(frozen=True, slots=True)
class DeliveryFacts:
    """One delivery: its products, every file, the order's references, what was noted.

    `stereo` names the acquisitions taken in one pass (less than 5 minutes apart by the same
    satellite over a common area): a hint, never stated by the files.
    """

    products: tuple[ProductFacts, ...]
    files: tuple[FileFact, ...]
    references: tuple[Reference, ...]
    notes: tuple[Note, ...]
    volumes: tuple[str, ...]
    stereo: tuple[tuple[str, ...], ...] = ()

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)

    @property
    def acquisitions(self) -> dict[str, tuple[ProductFacts, ...]]:
        """Products by acquisition, each group led by the product that shows it best."""
        groups: dict[str, list[ProductFacts]] = {}
        for product in self.products:
            groups.setdefault(product.acquisition, []).append(product)
        return {key: tuple(sorted(group, key=show_order)) for key, group in groups.items()}

    def files_of(self, product: ProductFacts) -> tuple[FileFact, ...]:
        index = self.products.index(product)
        return tuple(file for file in self.files if file.product == index)
