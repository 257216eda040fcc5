"""The files that a product's metadata names beside its image: masks, preview, icon, RPC, style."""

from pathlib import PurePosixPath
from xml.etree.ElementTree import Element

from catalogue.dimap import xml
from catalogue.dimap.facts import Mask
from catalogue.dimap.notes import Notes
from catalogue.dimap.tree import Tree, is_web_address
from dinamis.said import gettext as _


def masks(tree: Tree, folder: str, root: Element, notes: Notes) -> tuple[Mask, ...]:
    """The masks named, and those that lie in MASKS/ unnamed."""
    found = {}
    for quality in xml.all_of(root, "Quality_Mask"):
        for element in xml.all_of(quality, "COMPONENT_PATH"):
            href = element.get("href") or ""
            path = optional(tree, folder, href, "missing_mask", notes)
            if path is not None:
                found[path] = Mask(_kind_of(path), path)
    prefix = f"{folder}/MASKS/" if folder else "MASKS/"
    for path in tree.files:
        if path.upper().startswith(prefix.upper()) and path.upper().endswith(".GML"):
            found.setdefault(path, Mask(_kind_of(path), path))
    return tuple(found.values())


def _kind_of(path: str) -> str:
    return PurePosixPath(path).stem.partition("_")[0].lower()[:10]


def optional(tree: Tree, folder: str, href: str, code: str, notes: Notes) -> str | None:
    """A file the product can do without: its path, or None and a note."""
    path = tree.resolve(folder, href)
    if path is None:
        sentence = _("%(file)s is named in the metadata and missing.")
        notes.add(code, sentence % {"file": href}, str(PurePosixPath(folder, href)))
    return path


def linked(
    tree: Tree, folder: str, path: str, root: Element, notes: Notes
) -> dict[str, str | None]:
    """Preview, icon, KMZ, RPC; lineage and style sheet are only looked for."""
    found: dict[str, str | None] = {"preview": None, "icon": None, "rpc": None}
    for name, element in (("preview", "DATASET_QL_PATH"), ("icon", "DATASET_TN_PATH")):
        at = xml.first(root, element)
        if at is not None and at.get("href"):
            found[name] = optional(tree, folder, at.get("href"), f"missing_{name}", notes)
    if xml.first(root, "DATASET_QL_PATH") is None:
        notes.add("missing_preview", _("The metadata names no preview."))
    masks = {id(e) for mask in xml.all_of(root, "Quality_Mask") for e in mask.iter()}
    for element in xml.all_of(root, "COMPONENT_PATH"):
        href = element.get("href") or ""
        if not href or id(element) in masks or is_web_address(href):
            continue
        is_rpc = PurePosixPath(href).name.upper().startswith("RPC_")
        at = optional(tree, folder, href, "missing_rpc" if is_rpc else "missing_lineage", notes)
        found["rpc"] = at if is_rpc else found["rpc"]
    style = xml.stylesheet(tree.path(path))
    if style and not is_web_address(style):
        optional(tree, folder, style, "missing_style", notes)
    found["kmz"] = _kmz(tree, folder)
    return found


def _kmz(tree: Tree, folder: str) -> str | None:
    """The preview for globes; the metadata never names it."""
    around = (p for p in tree.files if str(PurePosixPath(p).parent) == (folder or "."))
    return next((p for p in around if p.upper().endswith(".KMZ")), None)


def beside(
    tree: Tree, folder: str, root: Element, name: str, code: str, notes: Notes
) -> str | None:
    """The file that the element `name` refers to; noted as `code` when it is not there."""
    element = xml.first(root, name)
    href = element.get("href") if element is not None else None
    return optional(tree, folder, href, code, notes) if href else None
