"""The web's side of an upload: size and name are looked at here, everything else in a child."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, BinaryIO

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from dinamis import folders
from dinamis.errors import Invalid, Refused, TooLarge
from dinamis.geo import systems
from dinamis.geo.written import count
from dinamis.sandbox import ChildFailed, run_child
from dinamis.uploads import drivers, kinds, sentences

MAX_BYTES = 5 * 1024 * 1024
SECONDS = 10
MEMORY_MB = 1024
ACCEPTED = tuple(kinds.KINDS)  # for the `accept` of a file field
# Offered when a file does not name its system: what French users most often have.
USUAL_SYSTEMS = ("EPSG:4326", "EPSG:2154", "EPSG:32620", "EPSG:32622", "EPSG:32740", "EPSG:32738")
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class NamedArea:
    """One area of an uploaded file, in EPSG:4326, not yet through `dinamis.geo.check_area`."""

    name: str
    geometry: BaseGeometry
    source_crs: str
    notes: tuple[str, ...]


def read_area(
    filename: str, content: bytes | BinaryIO, *, max_bytes: int = MAX_BYTES, crs: str | None = None
) -> list[NamedArea]:
    """The areas (1 to 50) of a GeoJSON, KML, KMZ, zipped shapefile, GeoPackage or FlatGeobuf.

    `content` is bytes or an open file, read no further than `max_bytes`. A declared coordinate
    system is honoured; `crs` ("EPSG:2154") is the reader's own answer for a file that declares none.

    Refuses with TooLarge (`file_too_large`) or Invalid: the codes are the keys of
    `dinamis.uploads.sentences`, `file_kind_unknown`, `shapefile_alone`, `file_without_content`
    and `file_not_what_it_says`. The details of `missing_crs` offer `candidates` [{code, name}].
    """
    kind = _kind(filename)
    number = _number(crs)
    with folders.own("upload") as folder:
        file = folder / "upload"
        head = _save(content, file, max_bytes)
        if not head:
            raise Invalid(
                "file_without_content", _("This file is empty: nothing is written in it.")
            )
        if not kinds.agrees(kind, head):
            raise Invalid(
                "file_not_what_it_says",
                _("This file is not what its name says: %(suffix)s.")
                % {"suffix": PurePath(filename).suffix.lower()},
            )
        request = {"path": str(file), "kind": kind, "title": _title(filename), "crs": number}
        return _areas(_ask(request, file))


def _kind(filename: str) -> str:
    suffix = PurePath(filename).suffix.lower()
    if suffix in kinds.SHAPEFILE_PARTS:
        raise Invalid(
            "shapefile_alone",
            _("A shapefile is several files: send .shp, .shx, .dbf and .prj together in one zip."),
        )
    kind = kinds.kind_of(filename)
    if kind is None:
        raise Invalid(
            "file_kind_unknown",
            _("Files of areas are read as %(kinds)s.") % {"kinds": ", ".join(kinds.KINDS)},
            accepted=list(kinds.KINDS),
        )
    return kind


def _number(crs: str | None) -> str | None:
    if not crs:
        return None
    number = systems.epsg_number(crs)
    if number is None:
        raise Invalid("crs_unknown", sentences.REFUSALS["crs_unknown"] % {"crs": crs[:60]})
    return f"EPSG:{number}"


def _title(filename: str) -> str:
    stem = PurePath(filename.replace("\\", "/")).stem
    return "".join(c for c in stem if c.isprintable())[:80] or "area"


def _save(content: bytes | BinaryIO, file: Path, max_bytes: int) -> bytes:
    """Copy what was sent, no further than the limit; the first bytes come back."""
    written, head = 0, b""
    with file.open("wb") as copy:
        for chunk in _chunks(content):
            written += len(chunk)
            if written > max_bytes:
                raise TooLarge(
                    "file_too_large",
                    _("This file is larger than %(limit)s MB.")
                    % {"limit": f"{max_bytes / 1024 / 1024:g}"},
                    limit=max_bytes,
                )
            head = head or chunk[:512]
            copy.write(chunk)
    return head


def _chunks(content: bytes | BinaryIO) -> Iterable[bytes]:
    if isinstance(content, bytes):
        return [content]
    return iter(lambda: content.read(_CHUNK), b"")


def _ask(request: dict[str, Any], file: Path) -> dict[str, Any]:
    try:
        said = run_child(
            "dinamis.uploads.child",
            request,
            seconds=SECONDS,
            memory_mb=MEMORY_MB,
            readable=file,
            env=drivers.ENVIRONMENT,
        )
    except ChildFailed as failure:
        code, sentence = sentences.DEATHS[failure.reason]
        raise Invalid(code, sentence) from failure
    if "refused" in said:
        raise _refusal(**said["refused"])
    return said["ok"]


def _refusal(code: str, facts: dict[str, Any]) -> Refused:
    written = {name: count(fact) if type(fact) is int else fact for name, fact in facts.items()}
    sentence = sentences.REFUSALS[code] % written if facts else sentences.REFUSALS[code]
    if code == "missing_crs":
        likely = systems.candidates(tuple(facts["bounds"])) if facts.get("bounds") else []
        codes = dict.fromkeys([*likely, *USUAL_SYSTEMS])
        facts = facts | {"candidates": systems.offered(codes)}
    return Invalid(code, sentence, **facts)


def _areas(said: dict[str, Any]) -> list[NamedArea]:
    return [
        NamedArea(
            name=area["name"],
            geometry=shapely.from_wkb(area["wkb"]),
            source_crs=area["source_crs"],
            notes=tuple(str(sentences.NOTES[code] % facts) for code, facts in area["notes"]),
        )
        for area in said["areas"]
    ]
