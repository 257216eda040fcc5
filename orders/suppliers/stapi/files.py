"""The files of a STAPI order: the links of its statuses that lead to what was delivered.

The specification leaves these links to each provider ("references to documents, such as delivered
asset, processing log, delivery manifest"): which relations are files is the supplier's option
`delivery_rels`, with these as the usual ones.
"""

import posixpath
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from stapi_pydantic import Link, OrderStatus

from orders.suppliers.protocol import Handed

RELATIONS = (
    "delivery",
    "delivered-asset",
    "delivered_asset",
    "asset",
    "data",
    "enclosure",
    "download",
)
MOST_FILES = 10_000
_ARCHIVES = (".zip", ".tar", ".tgz", ".tar.gz")
_ARCHIVE_TYPES = {
    "application/zip": ".zip",
    "application/x-zip-compressed": ".zip",
    "application/x-tar": ".tar",
    "application/gzip": ".tar.gz",
    "application/x-gzip": ".tar.gz",
}
# Of a signed address, what differs each time it is told.
_SIGNING = ("x-amz-", "x-goog-", "x-oss-")
_SIGNATURES = frozenset(
    "signature expires awsaccesskeyid googleaccessid key-pair-id policy token sig se sp sr sv st".split()  # noqa: SIM905
)
# The first bytes of a multihash: which digest, and how long.
_MULTIHASH = {"1220": "sha256", "1340": "sha512", "1114": "sha1", "d50110": "md5"}


def handed(statuses: Iterable[OrderStatus], relations: Collection[str]) -> list[Handed]:
    """Every file once, where it was told first; archives each alone, the rest of a status together."""
    found: dict[str, Handed] = {}
    for status in sorted(statuses, key=lambda one: one.timestamp):
        for link in status.links:
            if link.rel in relations and len(found) < MOST_FILES:
                told = _told(link, folder=status.timestamp.isoformat())
                first = found.get(told.reference)
                # Told again, it is the same file at the address of today.
                found[told.reference] = replace(first, url=told.url) if first else told
    return _named(list(found.values()))


def _told(link: Link, *, folder: str) -> Handed:
    """One link; its name is the whole path of its address as yet."""
    more, url = link.model_extra or {}, str(link.href)
    checksum = _checksum(str(more.get("file:checksum", "")))
    name = unquote(urlsplit(url).path).strip("/") or "file"
    suffix = _ARCHIVE_TYPES.get((link.type or "").partition(";")[0].strip().lower(), "")
    is_archive = bool(suffix) or name.lower().endswith(_ARCHIVES)
    if suffix and not name.lower().endswith(_ARCHIVES):
        name += suffix
    reference = (checksum or _lasting(url))[:500]
    return Handed(reference, name, url, _size(more), checksum, "" if is_archive else folder)


def _named(found: Sequence[Handed]) -> list[Handed]:
    """An archive by the end of its path; files of a folder by their paths below what all share."""
    above: dict[str, str] = {}
    for one in found:
        if one.folder:
            here = posixpath.dirname(one.name)
            above[one.folder] = posixpath.commonpath([above.get(one.folder, here), here])
    return [
        replace(
            one,
            name=posixpath.relpath(one.name, above[one.folder] or ".")
            if one.folder
            else posixpath.basename(one.name),
        )
        for one in found
    ]


def _lasting(url: str) -> str:
    """An address without its signature."""
    parts = urlsplit(url)
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name.lower() not in _SIGNATURES and not name.lower().startswith(_SIGNING)
    ]
    return f"{parts.netloc}{parts.path}?{urlencode(kept)}".rstrip("?")


def _size(more: dict[str, object]) -> int | None:
    told = more.get("file:size", more.get("length"))
    return told if isinstance(told, int) and not isinstance(told, bool) and told >= 0 else None


def _checksum(told: str) -> str:
    """A multihash in hexadecimal as "algorithm:hex"; "" for none, or for one not known."""
    told = told.lower()
    for head, algorithm in _MULTIHASH.items():
        if told.startswith(head) and len(told) == len(head) + 2 * int(head[-2:], 16):
            return f"{algorithm}:{told.removeprefix(head)}"
    return ""
