"""A DIM_*.XML of DIMAP V2 as ProductFacts: read what stands there, note what does not."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element

from catalogue.dimap import extent, identifiers, linked, orbit, raster, xml
from catalogue.dimap.facts import Angles, Level, Note, ProductFacts
from catalogue.dimap.notes import Notes
from catalogue.dimap.tree import Tree
from catalogue.platforms import PLATFORMS
from dinamis.errors import Invalid
from dinamis.geo import area_km2
from dinamis.said import gettext as _

AREA_TOLERANCE = 0.05  # of the stated area; real regions of interest agree to 0.001
_LEVELS = {
    "SENSOR": Level.PRIMARY,
    "PRIMARY": Level.PRIMARY,
    "PROJECTED": Level.PROJECTED,
    "PRJ": Level.PROJECTED,
    "ORTHO": Level.ORTHO,
    "MOSAIC": Level.MOSAIC,
}
_PLATFORM_IN_NAME = re.compile(r"(PHR1[AB]|SPOT[67]|PNEO[34])(?![0-9A-Z])", re.IGNORECASE)
_DATE_IN_NAME = re.compile(r"(?<!\d)(\d{15})(?!\d)")
_CENTRES = ("center", "centre")
_RELIEF = ("Height", "Ground")


def read(tree: Tree, path: str, root: Element, *, pixels: bool) -> tuple[ProductFacts, list[Note]]:
    """The facts of one product and what was noted.

    Every file it names is looked up. Raises Invalid: missing_tile, empty_tile (unless `pixels` is
    False), no_image, outside_reference, unknown_platform.
    """
    notes = Notes(path)
    folder = str(PurePosixPath(path).parent)
    folder = "" if folder == "." else folder
    # Only strips are sources of the image; the others are relief models and reference layers.
    sources = _strips(root)
    dataset_name = xml.text(root, "Dataset_Identification", "DATASET_NAME")
    source_ids = tuple(
        dict.fromkeys(filter(None, (xml.text(source, "SOURCE_ID") for source in sources)))
    )
    names = (dataset_name, *source_ids, PurePosixPath(path).name)
    acquired_at, acquired_from = _acquired(root, sources, names, notes)
    image = raster.read(tree, folder, root, notes, pixels=pixels)
    epsg, crs_name = _crs(root)
    masks = linked.masks(tree, folder, root, notes)
    place = extent.read(tree, root, masks, epsg, notes)
    beside = linked.linked(tree, folder, path, root, notes)
    level = _level(root, notes)
    if level == Level.PRIMARY and beside["rpc"] is None:
        notes.add("missing_rpc", _("The product is in sensor geometry and has no RPC file."))
    if len(source_ids) > 1:
        notes.add("several_sources", _("The product was made from several acquisitions."))
    platform = _platform(root, sources, names, path)
    orbit_state, relative_orbit = orbit.of_strip(tree, folder, platform, notes)
    facts = ProductFacts(
        path=path,
        folder=folder,
        format_version=version_of(root),
        dataset_name=dataset_name,
        source_ids=source_ids,
        platform=platform,
        acquired_at=acquired_at,
        acquired_from=acquired_from,
        level=level,
        spectral=xml.text(root, "Product_Settings", "SPECTRAL_PROCESSING").upper(),
        bands=_bands(root, image.tiles),
        bits=xml.whole(xml.text(root, "Dynamic_Range", "PRODUCT_RANGE")) or image.stored_bits,
        image_format=raster.format_of(root, image.tiles),
        resolution_m=_resolution(root, epsg),
        epsg=epsg,
        crs_name=crs_name,
        product_type=xml.text(root, "Delivery_Identification", "PRODUCT_TYPE"),
        job_id=xml.text(root, "Delivery_Identification", "JOB_ID"),
        produced_at=instant(xml.text(root, "Delivery_Identification", "PRODUCTION_DATE")),
        surface_km2=_surface(root, notes),
        cloud_cover=_percentage(root, "CLOUD_COVERAGE", notes),
        snow_cover=_percentage(root, "SNOW_COVERAGE", notes),
        angles=_angles(root),
        corners=place.corners,
        centre=place.centre,
        footprint=place.footprint,
        footprint_from=place.footprint_from,
        clouds=place.clouds,
        snow=place.snow,
        orbit_state=orbit_state,
        relative_orbit=relative_orbit,
        raster=image,
        masks=masks,
        names=_names(names, folder),
        **beside,
    )
    if facts.cloud_cover is None:
        notes.add("no_cloud_figure", _("No cloud figure is given: it is unknown, not 0 %."))
    _compare_areas(facts, notes)
    return facts, notes.taken


def _compare_areas(facts: ProductFacts, notes: Notes) -> None:
    """The frame of an ortho may be twice its image: say so when no mask tells the true region."""
    if facts.footprint is None or facts.surface_km2 is None:
        return
    found = float(area_km2(facts.footprint))
    if abs(found - facts.surface_km2) > AREA_TOLERANCE * facts.surface_km2:
        sentence = _("The footprint covers %(found).1f km² where %(stated).1f km² are stated.")
        notes.add("area_differs", sentence % {"found": found, "stated": facts.surface_km2})


def _strips(root: Element) -> list[Element]:
    sources = list(xml.all_of(root, "Source_Identification"))
    strips = [source for source in sources if xml.first(source, "Strip_Source") is not None]
    return strips or [s for s in sources if not xml.text(s, "SOURCE_TYPE").startswith(_RELIEF)]


def version_of(root: Element) -> str:
    """The version that METADATA_FORMAT states, or ""."""
    element = xml.first(root, "METADATA_FORMAT")
    return (element.get("version") or "") if element is not None else ""


def _platform(root: Element, sources: Sequence[Element], names: Sequence[str], path: str) -> str:
    """MISSION and MISSION_INDEX of the strip; else the name, else the metadata's profile."""
    stated = ""
    for source in sources:
        stated = xml.text(source, "MISSION") + xml.text(source, "MISSION_INDEX")
        stated = stated.upper().replace(" ", "").replace("-", "")
        if stated in PLATFORMS:
            return stated
    for name in () if stated else names:
        if found := _PLATFORM_IN_NAME.search(name):
            return found.group(1).upper()
    profile = xml.text(root, "METADATA_PROFILE").upper()
    by_profile = {"S6_": "SPOT6", "S7_": "SPOT7"}.get(profile[:3])
    if not stated and by_profile:
        return by_profile
    sentence = _("%(file)s is of satellite %(satellite)s, which this catalogue does not take.")
    told = {"file": path, "satellite": stated or profile or "?"}
    raise Invalid("unknown_platform", sentence % told, file=path, platform=stated)


def _acquired(
    root: Element, sources: Sequence[Element], names: Sequence[str], notes: Notes
) -> tuple[datetime | None, str]:
    for source in sources:
        date, time = xml.text(source, "IMAGING_DATE"), xml.text(source, "IMAGING_TIME")
        if (read_at := instant(f"{date}T{time}")) is not None:
            return read_at, "imaging"
    if (read_at := instant(xml.text(_centre_values(root), "TIME"))) is not None:
        return read_at, "centre"
    return acquired_by_name(names, notes)


def acquired_by_name(names: Sequence[str], notes: Notes) -> tuple[datetime | None, str]:
    """The instant that one of the names carries, with a note that it was only found there."""
    for name in names:
        if found := _DATE_IN_NAME.search(name):
            read_at = identifiers.instant(found.group(1))
            if read_at is not None:
                sentence = _("The date of acquisition is only told by the name %(name)s.")
                notes.add("date_from_name", sentence % {"name": name})
                return read_at, "name"
    notes.add("no_date", _("No date of acquisition is given."))
    return None, ""


def instant(written: str) -> datetime | None:
    """An ISO instant as DIMAP writes them; without a zone it is UTC, as Temporal_CRS says."""
    try:
        read_at = datetime.fromisoformat(written.strip())
    except ValueError:
        return None
    if "T" not in written:
        return None
    return read_at.replace(tzinfo=UTC) if read_at.tzinfo is None else read_at.astimezone(UTC)


def _level(root: Element, notes: Notes) -> Level | None:
    written = xml.text(root, "Product_Settings", "PROCESSING_LEVEL").upper()
    for word in (
        written,
        xml.text(root, "DATASET_TYPE").upper(),
        xml.text(root, "METADATA_PROFILE"),
    ):
        for known, level in _LEVELS.items():
            if known in word:
                return level
    notes.add("no_level", _("The processing level is not given."))
    return None


def _crs(root: Element) -> tuple[int | None, str]:
    """EPSG code and name of the raster's CRS: projected if there is one, else geographic."""
    systems = xml.first(root, "Coordinate_Reference_System")
    for kind in ("PROJECTED", "GEODETIC"):
        code = extent.epsg_of(xml.text(systems, f"{kind}_CRS_CODE"))
        name = xml.text(systems, f"{kind}_CRS_NAME")
        if code or name:
            return code or extent.epsg_of(name), name
    return None, ""


def _bands(root: Element, tiles: Sequence) -> tuple[str, ...]:
    """Band names in the order of the file, which is red, green, blue, near infrared.

    Pléiades and SPOT 6-7 give no index of bands: the order of display is the file's (the OTB
    reads them so, and SPOT's own histogram list stands in that order). Pléiades Neo has an index
    per group of files.
    """
    told = [band for tile in tiles for band in tile.bands]
    if told:
        return tuple(dict.fromkeys(told))
    display = xml.first(root, "Band_Display_Order")
    order = [xml.text(display, f"{c}_CHANNEL") for c in ("RED", "GREEN", "BLUE", "ALPHA")]
    return tuple(dict.fromkeys(filter(None, order)))


def _resolution(root: Element, epsg: int | None) -> float | None:
    """Metres per pixel: RESAMPLING_SPACING, else XDIM; degrees are turned by 111.32 km each.

    An ortho in degrees states its spacing in degrees and calls the unit metres.
    """
    spacing = xml.number(xml.text(root, "RESAMPLING_SPACING"))
    step = xml.number(xml.text(root, "XDIM"))
    for value in (spacing, step):
        if value and value >= 0.05:
            return round(value, 4)
    degrees = step or spacing
    return round(degrees * 111_320, 2) if degrees and epsg == 4326 else None


def _surface(root: Element, notes: Notes) -> float | None:
    written = xml.text(root, "SURFACE_AREA")
    area = xml.number(written)
    if area is not None and area > 0:
        return area
    if written:
        notes.add(
            "bad_value", _("The area “%(value)s” is not a number of km².") % {"value": written}
        )
    return None


def _percentage(root: Element, name: str, notes: Notes) -> float | None:
    written = xml.text(root, name)
    value = xml.number(written)
    if value is not None and 0 <= value <= 100:
        return value
    if written:
        sentence = _("%(name)s says “%(value)s”, which is not a percentage: taken as unknown.")
        notes.add("bad_value", sentence % {"name": name, "value": written[:40]})
    return None


def _centre_values(root: Element) -> Element | None:
    """The Located_Geometric_Values of the centre; of an unlabelled list, the one in its middle."""
    values = list(xml.all_of(root, "Located_Geometric_Values"))
    for value in values:
        where = re.sub(r"[^a-z]", "", xml.text(value, "LOCATION_TYPE").lower())
        if where in _CENTRES:
            return value
    return values[len(values) // 2] if values else None


def _angles(root: Element) -> Angles:
    at = _centre_values(root)

    def angle(name: str) -> float | None:
        return xml.number(xml.text(at, name)) if at is not None else None

    orientation = angle("IMAGE_ORIENTATION")
    return Angles(
        incidence=angle("INCIDENCE_ANGLE"),
        incidence_along=angle("INCIDENCE_ANGLE_ALONG_TRACK"),
        incidence_across=angle("INCIDENCE_ANGLE_ACROSS_TRACK"),
        viewing=angle("VIEWING_ANGLE"),
        viewing_along=angle("VIEWING_ANGLE_ALONG_TRACK"),
        viewing_across=angle("VIEWING_ANGLE_ACROSS_TRACK"),
        azimuth=angle("AZIMUTH_ANGLE"),
        orientation=angle("AZIMUTH_ANGLE") if orientation is None else orientation,
        sun_azimuth=angle("SUN_AZIMUTH"),
        sun_elevation=angle("SUN_ELEVATION"),
        gsd_along_m=angle("GSD_ALONG_TRACK"),
        gsd_across_m=angle("GSD_ACROSS_TRACK"),
    )


def _names(names: Sequence[str], folder: str) -> tuple[str, ...]:
    """Identifiers written in the names of the product's files and folders."""
    return tuple(dict.fromkeys(n for text in (*names, folder) for n in identifiers.find(text)))
