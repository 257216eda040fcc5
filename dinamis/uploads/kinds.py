"""What a file says it is by its name, and whether its first bytes agree."""

import codecs
from pathlib import PurePath

KINDS = {
    ".geojson": "geojson",
    ".json": "geojson",
    ".kml": "kml",
    ".kmz": "kmz",
    ".zip": "zip",
    ".gpkg": "gpkg",
    ".fgb": "fgb",
}
# Files of a shapefile sent without their companions.
SHAPEFILE_PARTS = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg"})
_STARTS = {
    "kmz": (b"PK\x03\x04",),
    "zip": (b"PK\x03\x04", b"PK\x05\x06"),
    "gpkg": (b"SQLite format 3\x00",),
    "fgb": (b"fgb\x03fgb",),
}
_TEXT_STARTS = {"geojson": "{", "kml": "<"}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def kind_of(name: str) -> str | None:
    """The kind that a file's name announces, None for one that is not read."""
    return KINDS.get(PurePath(name).suffix.lower())


def agrees(kind: str, head: bytes) -> bool:
    """Whether a file's first bytes (some hundred) are those of its kind."""
    if kind in _STARTS:
        return head.startswith(_STARTS[kind])
    encoding = "utf-8"
    for mark, marked in _MARKS:
        if head.startswith(mark):
            head, encoding = head[len(mark) :], marked
    return head.decode(encoding, "ignore").lstrip().startswith(_TEXT_STARTS[kind])
