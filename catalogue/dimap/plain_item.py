"""One product as a STAC item describes it, as ProductFacts. What the item leaves out stays out."""

import hashlib
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from catalogue.dimap import identifiers, orbit, plain_files, plain_place
from catalogue.dimap.facts import Angles, Level, Note, ProductFacts, Raster
from catalogue.dimap.notes import Notes
from catalogue.dimap.product import instant
from catalogue.dimap.tree import Tree
from dinamis.errors import Invalid
from dinamis.said import gettext as _

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
# What producers call their levels: SSC, MGD, GEC, EEC are TerraSAR-X's; SCS, DGM, GEC, GTC are
# COSMO-SkyMed's; 1B, 3A, 3B RapidEye's.
_LEVELS = {
    Level.PRIMARY: ("primary", "sensor", "l0", "l1", "l1a", "l1b", "1a", "1b", "ssc", "slc", "scs", "mgd", "dgm"),
    Level.PROJECTED: ("projected", "gec", "2a", "l2a"),
    Level.ORTHO: ("ortho", "eec", "gtc", "3a", "l3a", "2b", "l1c", "l3", "l2"),
    Level.MOSAIC: ("mosaic", "3b", "l3b"),
}  # fmt: skip
_BY_WORD = {word: level for level, words in _LEVELS.items() for word in words}


@dataclass(frozen=True, slots=True)
class Described:
    """An item: the name of its product among the delivery's, the folder its hrefs start from.

    `table` is the file that describes it among others, "" when the item is a file of its own.
    """

    path: str
    folder: str
    item: dict[str, Any]
    table: str


def read(tree: Tree, described: Described, *, pixels: bool) -> tuple[ProductFacts, list[Note]]:
    """The facts of one product and what was noted; see plain.read for what is raised."""
    notes, item = Notes(described.path), described.item
    properties = item.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    identifier = _text(item, "id")
    if not _IDENTIFIER.fullmatch(identifier):
        raise bad_value(described.path, "id", identifier)
    files = plain_files.read(tree, described.folder, item.get("assets"), notes, pixels=pixels)
    footprint = plain_place.footprint(item.get("geometry"), described.path)
    acquired_at = instant(_text(properties, "datetime") or _text(properties, "start_datetime"))
    if acquired_at is None:
        raise bad_value(described.path, "datetime", _text(properties, "datetime"))
    level = _level(properties, notes)
    bands = _bands(properties)
    masks = plain_place.masks(tree, files.masks, notes)
    facts = ProductFacts(
        path=described.path,
        folder=files.folder,
        format_version=_text(item, "stac_version"),
        dataset_name=identifier,
        source_ids=(identifier,),
        platform=_text(properties, "platform")[:40],
        acquired_at=acquired_at,
        acquired_from="imaging",
        level=level,
        spectral=_spectral(properties, bands),
        bands=bands,
        bits=None,
        image_format=PurePosixPath(files.tiles[0].path).suffix.upper().removeprefix(".")[:20],
        resolution_m=_positive(properties, "gsd", notes),
        epsg=_epsg(properties),
        crs_name="",
        product_type=_text(properties, "product:type")[:40],
        job_id="",
        produced_at=instant(_text(properties, "created")),
        surface_km2=None,
        cloud_cover=_percentage(properties, "eo:cloud_cover", notes),
        snow_cover=_percentage(properties, "eo:snow_cover", notes),
        angles=_angles(properties, notes),
        corners=plain_place.corners(footprint),
        centre=None,
        footprint=footprint,
        footprint_from="extent",
        clouds=masks.get("cld"),
        raster=_raster(files, bands),
        preview=files.preview,
        icon=files.icon,
        kmz=None,
        rpc=None,
        masks=files.masks,
        names=tuple(identifiers.find(identifier)),
        snow=masks.get("snw"),
        orbit_state=orbit.state(_text(properties, "sat:orbit_state")),
        relative_orbit=_relative_orbit(properties, notes),
        collection=_collection(item, described.path),
        digest=_digest(item) if described.table else "",
        stated=files.stated,
    )
    return facts, notes.taken


def bad_value(path: str, name: str, value: Any) -> Invalid:
    """The refusal of an item whose value cannot be used."""
    sentence = _("%(file)s: %(name)s says “%(value)s”, which cannot be used.")
    told = {"file": path, "name": name, "value": str(value)[:80]}
    return Invalid("bad_value", sentence % told, file=path, name=name)


def _text(of: dict[str, Any], name: str) -> str:
    value = of.get(name)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _number(of: dict[str, Any], name: str) -> float | None:
    value = of.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e12 and math.isfinite(value) else None


def _percentage(of: dict[str, Any], name: str, notes: Notes) -> float | None:
    return _within(of, name, 0, 100, notes)


def _positive(of: dict[str, Any], name: str, notes: Notes) -> float | None:
    return _within(of, name, 0.01, 100_000, notes)


def _relative_orbit(of: dict[str, Any], notes: Notes) -> int | None:
    value = _within(of, "sat:relative_orbit", 1, 100_000, notes)
    return int(value) if value is not None and value == int(value) else None


def _within(of: dict[str, Any], name: str, low: float, high: float, notes: Notes) -> float | None:
    """A figure between two others; anything else is unknown, and noted."""
    value = _number(of, name)
    if value is not None and low <= value <= high:
        return value
    if of.get(name) is not None:
        sentence = _("%(name)s says “%(value)s”, which cannot be: taken as unknown.")
        notes.add("bad_value", sentence % {"name": name, "value": str(of[name])[:40]})
    return None


def _angles(of: dict[str, Any], notes: Notes) -> Angles:
    return Angles(
        incidence=_within(of, "view:incidence_angle", -90, 90, notes),
        viewing=_within(of, "view:off_nadir", -90, 90, notes),
        azimuth=_within(of, "view:azimuth", 0, 360, notes),
        orientation=_within(of, "dinamis:orientation", 0, 360, notes),
        sun_azimuth=_within(of, "view:sun_azimuth", 0, 360, notes),
        sun_elevation=_within(of, "view:sun_elevation", -90, 90, notes),
    )


def _level(of: dict[str, Any], notes: Notes) -> Level | None:
    for name in ("dinamis:level", "processing:level", "product:type"):
        written = _text(of, name).casefold().replace(" ", "")
        if written in _BY_WORD:
            return _BY_WORD[written]
    notes.add("no_level", _("The processing level is not given."))
    return None


def _bands(of: dict[str, Any]) -> tuple[str, ...]:
    """Names of bands in the file's order: STAC's bands, or the radar's polarisations."""
    for key in ("bands", "eo:bands"):
        listed = of.get(key)
        if isinstance(listed, list):
            names = (_text(band, "name")[:20] for band in listed[:50] if isinstance(band, dict))
            return tuple(dict.fromkeys(filter(None, names)))
    polarisations = of.get("sar:polarizations")
    if isinstance(polarisations, list):
        return tuple(str(one)[:4] for one in polarisations[:4])
    return ()


def _spectral(of: dict[str, Any], bands: Sequence[str]) -> str:
    """As said; else the radar's mode; else one band is panchromatic and several are not."""
    if said := _text(of, "dinamis:spectral") or _text(of, "sar:instrument_mode"):
        return said.upper()[:20]
    return "" if not bands else "P" if len(bands) == 1 else "MS"


def _epsg(of: dict[str, Any]) -> int | None:
    value = _number(of, "proj:epsg")
    if value is None and _text(of, "proj:code").upper().startswith("EPSG:"):
        digits = _text(of, "proj:code")[5:]
        value = float(digits) if digits.isdecimal() else None
    return int(value) if value is not None and 1024 <= value <= 999_999 else None


def _collection(item: dict[str, Any], path: str) -> str:
    code = _text(item, "collection")
    if code and not _CODE.fullmatch(code):
        raise bad_value(path, "collection", code)
    return code


def _raster(files: plain_files.Files, bands: Sequence[str]) -> Raster:
    return Raster(
        rows=None,
        cols=None,
        bands=len(bands) if bands and len(files.tiles) == 1 else None,
        tile_rows=None,
        tile_cols=None,
        stored_bits=None,
        signed=False,
        nodata=0,
        saturated=None,
        tiles=files.tiles,
    )


def _digest(item: dict[str, Any]) -> str:
    """Of this line alone: another line of the same table may change."""
    return hashlib.sha256(json.dumps(item, sort_keys=True).encode()).hexdigest()
