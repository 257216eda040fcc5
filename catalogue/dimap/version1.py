"""A METADATA.DIM of DIMAP V1 as ProductFacts: SPOT 1 to 5 as SPOT Image and the CNES heritage send them.

It says nothing of clouds, area or masks, and what it does not say stays unsaid. Source of the
elements and codes: the DIMAP V1 reference and CNES's SPOT user handbook.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element

from catalogue.dimap import extent, linked, orbit, product, raster, xml
from catalogue.dimap.facts import Angles, Level, Note, ProductFacts
from catalogue.dimap.notes import Notes
from catalogue.dimap.tree import Tree
from catalogue.platforms import HERITAGE
from dinamis.errors import Invalid
from dinamis.said import gettext as _

# How far each level was brought towards a map: 1A and 1B are the sensor's geometry, 2A a map
# projection at one altitude, 2B and 3 are laid on ground points and relief.
_LEVELS = {
    "1A": Level.PRIMARY,
    "1B": Level.PRIMARY,
    "2A": Level.PROJECTED,
    "2B": Level.ORTHO,
    "3": Level.ORTHO,
    "ORTHO": Level.ORTHO,
}
# Metres of a pixel by SENSOR_CODE, where the raster has no spacing of its own (1A and 1B).
_METRES = {"P": 10.0, "M": 10.0, "X": 20.0, "I": 20.0, "A": 5.0, "B": 5.0, "T": 2.5, "J": 10.0}


def read(tree: Tree, path: str, root: Element, *, pixels: bool) -> tuple[ProductFacts, list[Note]]:
    """The facts of one product and what was noted. Raises as product.read does."""
    notes = Notes(path)
    parent = str(PurePosixPath(path).parent)
    folder = "" if parent == "." else parent
    sources = list(xml.all_of(root, "Source_Information"))
    scene = xml.first(root, "Scene_Source")
    frame = xml.first(root, "Dataset_Frame")
    corners, centre = extent.vertices(frame, notes, prefix="FRAME_")
    footprint = extent.frame_polygon(corners, notes)
    image = raster.read(tree, folder, root, notes, pixels=pixels)
    level = _level(root, notes)
    is_mapped = level in (Level.PROJECTED, Level.ORTHO)
    acquired_at = _acquired(scene, notes)
    if len(sources) > 1:
        notes.add("several_sources", _("The product was made from several acquisitions."))
    notes.add("no_cloud_figure", _("No cloud figure is given: it is unknown, not 0 %."))
    platform = _platform(scene, path)
    facts = ProductFacts(
        path=path,
        folder=folder,
        format_version=product.version_of(root),
        dataset_name=xml.text(root, "DATASET_NAME"),
        source_ids=_sources(sources),
        platform=platform,
        acquired_at=acquired_at,
        acquired_from="imaging" if acquired_at else "",
        level=level,
        spectral="P" if image.bands == 1 else "MS" if image.bands else "",
        bands=_bands(root),
        bits=image.stored_bits,
        image_format=raster.format_of(root, image.tiles),
        resolution_m=_resolution(root, scene, is_mapped=is_mapped),
        # A raw image states a system of coordinates too: that of its corners, not of its pixels.
        epsg=extent.epsg_of(xml.text(root, "HORIZONTAL_CS_CODE")) if is_mapped else None,
        crs_name=xml.text(root, "HORIZONTAL_CS_NAME") if is_mapped else "",
        product_type=xml.text(root, "PRODUCT_TYPE"),
        job_id=xml.text(root, "Production", "JOB_ID"),
        produced_at=product.instant(xml.text(root, "DATASET_PRODUCTION_DATE")),
        surface_km2=None,
        cloud_cover=None,
        snow_cover=None,
        angles=_angles(scene, frame),
        corners=corners,
        centre=centre,
        footprint=footprint,
        footprint_from="extent" if footprint else "",
        clouds=None,
        raster=image,
        preview=linked.beside(tree, folder, root, "DATASET_QL_PATH", "missing_preview", notes),
        icon=linked.beside(tree, folder, root, "DATASET_TN_PATH", "missing_icon", notes),
        kmz=None,
        rpc=None,
        masks=(),
        relative_orbit=orbit.relative(platform, xml.text(scene, "REVOLUTION_NUMBER")),
    )
    return facts, notes.taken


def _sources(sources: Sequence[Element]) -> tuple[str, ...]:
    """Identifiers of the scenes it was made from: 40482610111291030381M, without blanks."""
    found = (xml.text(source, "SOURCE_ID").replace(" ", "") for source in sources)
    return tuple(dict.fromkeys(filter(None, found)))


def _platform(scene: Element | None, path: str) -> str:
    stated = (
        (xml.text(scene, "MISSION") + xml.text(scene, "MISSION_INDEX")) if scene is not None else ""
    )
    code = stated.upper().replace(" ", "")
    if code in HERITAGE:
        return code
    sentence = _("%(file)s is of satellite %(satellite)s, which this catalogue does not take.")
    told = {"file": path, "satellite": stated[:40] or "?"}
    raise Invalid("unknown_platform", sentence % told, file=path, platform=stated[:40])


def _acquired(scene: Element | None, notes: Notes) -> datetime | None:
    """IMAGING_DATE and IMAGING_TIME: the middle of the scene, unlike the second in its name."""
    date = xml.text(scene, "IMAGING_DATE") if scene is not None else ""
    time = xml.text(scene, "IMAGING_TIME") if scene is not None else ""
    found = product.instant(f"{date}T{time}") if date and time else None
    if found is None:
        notes.add("no_date", _("No date of acquisition is given."))
    return found


def _level(root: Element, notes: Notes) -> Level | None:
    written = xml.text(root, "Data_Processing", "PROCESSING_LEVEL").upper()
    if written in _LEVELS:
        return _LEVELS[written]
    profile = xml.text(root, "METADATA_PROFILE").upper().rpartition("_")[2]
    if profile in _LEVELS:
        return _LEVELS[profile]
    notes.add("no_level", _("The processing level is not given."))
    return None


def _bands(root: Element) -> tuple[str, ...]:
    """Band names in the order of the file: PAN, or XS1 XS2 XS3 and SWIR."""
    told = []
    for band in xml.all_of(root, "Spectral_Band_Info"):
        index = xml.whole(xml.text(band, "BAND_INDEX")) or 0
        told.append((index, xml.text(band, "BAND_DESCRIPTION")))
    return tuple(dict.fromkeys(name for _index, name in sorted(told) if name))


def _resolution(root: Element, scene: Element | None, *, is_mapped: bool) -> float | None:
    step = xml.number(xml.text(root, "XDIM"))
    if is_mapped and step and step >= 0.05:
        return round(step, 4)
    return _METRES.get(xml.text(scene, "SENSOR_CODE").upper()) if scene is not None else None


def _angles(scene: Element | None, frame: Element | None) -> Angles:
    if scene is None:
        return Angles()

    def stated(name: str, of: Element = scene) -> float | None:
        return xml.number(xml.text(of, name))

    return Angles(
        incidence=stated("INCIDENCE_ANGLE"),
        viewing=stated("VIEWING_ANGLE"),
        orientation=stated("SCENE_ORIENTATION", frame) if frame is not None else None,
        sun_azimuth=stated("SUN_AZIMUTH"),
        sun_elevation=stated("SUN_ELEVATION"),
    )
