"""Pléiades' first schema, DIMAP_PHR: little is said, and what is absent stays absent."""

from pathlib import PurePosixPath
from xml.etree.ElementTree import Element

from catalogue.dimap import extent, linked, orbit, product, raster, shapes, xml
from catalogue.dimap.facts import Angles, Level, Note, ProductFacts
from catalogue.dimap.notes import Notes
from catalogue.dimap.tree import Tree
from catalogue.platforms import PLATFORMS
from dinamis.errors import Invalid
from dinamis.said import gettext as _

_SPECTRAL = {"PA": "P", "XS": "MS"}


def read(tree: Tree, path: str, root: Element, *, pixels: bool) -> tuple[ProductFacts, list[Note]]:
    """The facts of one DIMAP_PHR product; its date is only in the dataset's name.

    Raises as product.read does.
    """
    notes = Notes(path)
    parent = str(PurePosixPath(path).parent)
    folder = "" if parent == "." else parent
    name = xml.text(root, "Dataset_Identification", "DATASET_NAME")
    strip = xml.text(root, "Data_Strip_Identification", "DATA_STRIP_ID")
    acquired_at, acquired_from = product.acquired_by_name((name, strip, path), notes)
    corners, centre = extent.vertices(xml.first(root, "Dataset_Frame"), notes)
    footprint = shapes.polygon([(corner.lon, corner.lat) for corner in corners])
    image = raster.read(tree, folder, root, notes, pixels=pixels)
    notes.add("older_schema", _("The older DIMAP_PHR schema says no cloud, area or angles."))
    platform = _platform(root, path)
    orbit_state, relative_orbit = orbit.of_document(root, platform)
    facts = ProductFacts(
        path=path,
        folder=folder,
        format_version=xml.text(root, "METADATA_FORMAT"),
        dataset_name=name,
        source_ids=(strip,) if strip else (),
        platform=platform,
        acquired_at=acquired_at,
        acquired_from=acquired_from,
        level=_level(root),
        spectral=_spectral(root),
        bands=_bands(root),
        bits=image.stored_bits,
        image_format=raster.format_of(root, image.tiles),
        resolution_m=xml.number(xml.text(root, "THEORETICAL_RESOLUTION")),
        epsg=extent.epsg_of(xml.text(root, "HORIZONTAL_CS_CODE")),
        crs_name=xml.text(root, "HORIZONTAL_CS_NAME"),
        product_type="",
        job_id=xml.text(root, "Production", "JOB_ID"),
        produced_at=product.instant(xml.text(root, "DATASET_PRODUCTION_DATE")),
        surface_km2=None,
        cloud_cover=None,
        snow_cover=None,
        angles=Angles(),
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
        orbit_state=orbit_state,
        relative_orbit=relative_orbit,
    )
    return facts, notes.taken


def _platform(root: Element, path: str) -> str:
    code = xml.text(root, "PLATFORM_NAME") + xml.text(root, "PLATFORM_SERIAL_NUMBER")
    if code in PLATFORMS:
        return code
    sentence = _("%(file)s is of satellite %(satellite)s, which this catalogue does not take.")
    told = {"file": path, "satellite": code or "?"}
    raise Invalid("unknown_platform", sentence % told, file=path, platform=code)


def _level(root: Element) -> Level | None:
    written = xml.text(root, "Product_Characteristics", "PROCESSING_LEVEL").upper()
    return {"SENSOR": Level.PRIMARY, "PROJECTED": Level.PROJECTED, "ORTHO": Level.ORTHO}.get(
        written
    )


def _spectral(root: Element) -> str:
    written = xml.text(root, "Product_Characteristics", "SPECTRAL_PROCESSING").upper()
    return _SPECTRAL.get(written, written)


def _bands(root: Element) -> tuple[str, ...]:
    display = xml.first(root, "Image_Display_Order")
    order = [xml.text(display, f"{c}_CHANNEL") for c in ("RED", "GREEN", "BLUE", "ALPHA")]
    return tuple(dict.fromkeys(filter(None, order)))
