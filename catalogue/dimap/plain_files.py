"""The files that a plain description names: images, pictures, masks, and the digests it states."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from catalogue.dimap.facts import Checksum, Mask, Tile
from catalogue.dimap.notes import Notes
from catalogue.dimap.tree import Tree, is_web_address
from dinamis.errors import Invalid
from dinamis.said import gettext as _

ASSETS_MAX = 10_000
_IMAGES = {"data", "visual"}
_MASKS = {"cloud": "cld", "snow-ice": "snw", "data-mask": "msk", "cloud-shadow": "shd"}
_SHA256 = "1220"  # how a multihash says "SHA-256, 32 bytes"


@dataclass(frozen=True, slots=True)
class Files:
    """`tiles` are the images, one group each; `folder` is the one that holds them all, or ""."""

    tiles: tuple[Tile, ...]
    preview: str | None
    icon: str | None
    masks: tuple[Mask, ...]
    folder: str
    stated: tuple[tuple[str, Checksum], ...]


def read(tree: Tree, folder: str, assets: Any, notes: Notes, *, pixels: bool) -> Files:
    """Look every asset up. An image that is missing refuses, anything else is noted.

    Raises Invalid: no_image, missing_tile, empty_tile (only noted when `pixels` is False),
    outside_reference.
    """
    tiles: list[Tile] = []
    masks: list[Mask] = []
    shown: dict[str, str] = {}
    stated: list[tuple[str, Checksum]] = []
    for href, roles, digest in _assets(assets):
        is_image = bool(roles & _IMAGES)
        if is_web_address(href):
            notes.add(
                "outside_asset", _("%(file)s lies elsewhere: left out.") % {"file": href[:200]}
            )
            continue
        for path in _paths(tree, folder, href, notes, is_image=is_image):
            if digest:
                stated.append((path, Checksum("sha256", digest)))
            if is_image:
                tiles.append(_tile(tree, path, len(tiles), notes, pixels=pixels))
            elif "overview" in roles:
                shown.setdefault("preview", path)
            elif "thumbnail" in roles:
                shown.setdefault("icon", path)
            elif kind := next((kind for role, kind in _MASKS.items() if role in roles), ""):
                masks.append(Mask(kind, path))
    if not tiles:
        sentence = _("%(file)s names no image file.")
        raise Invalid("no_image", sentence % {"file": notes.path}, file=notes.path)
    return Files(
        tuple(tiles), shown.get("preview"), shown.get("icon"), tuple(masks),
        _common([tile.path for tile in tiles]), tuple(stated),
    )  # fmt: skip


def _assets(assets: Any) -> Iterator[tuple[str, set[str], str]]:
    """(href, roles, SHA-256 or "") of each asset that has an href."""
    for asset in list(assets.values())[:ASSETS_MAX] if isinstance(assets, dict) else ():
        if not isinstance(asset, dict) or not isinstance(asset.get("href"), str):
            continue
        roles = asset.get("roles")
        told = {str(role) for role in roles} if isinstance(roles, list) else set()
        checksum = asset.get("file:checksum")
        text = checksum.lower() if isinstance(checksum, str) else ""
        digest = text[4:] if text.startswith(_SHA256) and len(text) == 68 else ""
        yield asset["href"].removeprefix("./"), told, digest


def _paths(tree: Tree, folder: str, href: str, notes: Notes, *, is_image: bool) -> list[str]:
    """The files an href stands for: one, or with a slash at its end all of a folder."""
    if href.endswith("/"):
        tree.resolve(folder, href.rstrip("/") or "/")  # refuses what leads out
        prefix = f"{PurePosixPath(folder, href)}/"
        found = [path for path in tree.files if path.startswith(prefix)]
    else:
        path = tree.resolve(folder, href)
        found = [path] if path is not None else []
    if not found and is_image:
        sentence = _("The image tile %(tile)s is missing.")
        name = str(PurePosixPath(folder, href))
        raise Invalid("missing_tile", sentence % {"tile": name}, tile=name)
    if not found:
        sentence = _("%(file)s is named in the metadata and missing.")
        notes.add("missing_asset", sentence % {"file": href[:200]})
    return found


def _tile(tree: Tree, path: str, group: int, notes: Notes, *, pixels: bool) -> Tile:
    if tree.files[path] < 16:
        sentence = _("The image tile %(tile)s is empty.") % {"tile": path}
        if pixels:
            raise Invalid("empty_tile", sentence, tile=path)
        notes.add("empty_tile", sentence, path)
    return Tile(1, 1, path, tree.files[path], group)


def _common(paths: list[str]) -> str:
    """The deepest folder that holds all of them, "" for the root."""
    above = [PurePosixPath(path).parent.parts for path in paths]
    shared = []
    for parts in zip(*above, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return "/".join(shared)
