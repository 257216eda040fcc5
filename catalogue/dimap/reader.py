"""A delivery's folder read whole: documents, products, files, references, notes."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import combinations
from pathlib import Path, PurePosixPath

from catalogue.dimap import checksums, identifiers, older, plain, product, version1, volume
from catalogue.dimap.facts import (
    DeliveryFacts,
    FileFact,
    Note,
    ProductFacts,
    Reference,
    Role,
)
from catalogue.dimap.notes import Notes
from catalogue.dimap.tree import Tree, role_of, scan
from catalogue.dimap.volume import Document, Kind
from dinamis.errors import Invalid
from dinamis.said import gettext as _

STEREO_WITHIN = timedelta(minutes=5)  # one pass over a place
# One reader per format; each returns the facts of one product and what it noted.
_READERS = {
    Kind.PRODUCT: product.read,
    Kind.OLDER_PRODUCT: older.read,
    Kind.VERSION_1: version1.read,
}


def read_tree(root: Path, *, pixels: bool = True) -> DeliveryFacts:
    """Read an unpacked delivery: a volume file and product folders, or product folders alone; or
    files that STAC items or a holdings.csv describe.

    Raises Invalid: missing_metadata (listed by a volume, or images without any), missing_tile,
    empty_tile (only noted when `pixels` is False), no_image, outside_reference, not_a_plain_file,
    xml_broken, xml_forbidden, unknown_platform, no_product; TooLarge: xml_too_large,
    too_many_files, too_deep. Missing preview, icon, mask, style sheet, RPC or lineage is noted.
    """
    tree = scan(root)
    notes = Notes("")
    documents = volume.documents(tree, notes)
    volumes = [document for document in documents if document.kind == Kind.VOLUME]
    described = [document for document in documents if document.kind in _READERS]
    _check_listed(tree, volumes, described, notes)
    _check_orphans(tree, described, notes)
    products = []
    for document in described:
        read = _READERS[document.kind]
        facts, taken = read(tree, document.path, document.root, pixels=pixels)
        products.append(facts)
        notes.taken += taken
    if not products:
        products = plain.read(tree, notes, pixels=pixels)
    if not products:
        raise _nothing(tree)
    _check_images(tree, products, notes)
    return DeliveryFacts(
        products=tuple(products),
        files=_files(tree, products, volumes, notes, described=bool(described)),
        references=_references(root, [*volumes, *described], products),
        notes=tuple(dict.fromkeys(notes.taken)),
        volumes=tuple(document.path for document in volumes),
        stereo=_stereo(products),
    )


def _check_listed(
    tree: Tree, volumes: Sequence[Document], described: Sequence[Document], notes: Notes
) -> None:
    """Every document that a volume lists is there; one that none lists is read and noted."""
    known = set()
    for document in volumes:
        known.update(volume.listed(tree, document, notes))
    if not volumes and described:
        notes.add("no_volume", _("There is no volume file: every product found was read."))
        return
    for document in described:
        if document.path not in known:
            sentence = _("%(file)s is listed by no volume file; it was read all the same.")
            notes.add("not_listed", sentence % {"file": document.path}, document.path)


def _nothing(tree: Tree) -> Invalid:
    """Why there is no product here, as exactly as can be told."""
    images = [path for path in tree.files if role_of(path) == Role.IMAGE]
    if images:
        return _undescribed(images[0])
    return Invalid(
        "no_product",
        _(
            "Nothing in this delivery describes an image: no DIMAP metadata (DIM_*.XML, METADATA.DIM), "
            "no STAC item, no holdings.csv."
        ),
    )


def _undescribed(image: str) -> Invalid:
    folder = str(PurePosixPath(image).parent)
    sentence = _("The image %(file)s has no metadata file (DIM_*.XML) beside it.")
    return Invalid("missing_metadata", sentence % {"file": image}, file=f"{folder}/DIM_*.XML")


def _check_orphans(tree: Tree, described: Sequence[Document], notes: Notes) -> None:
    """Images in a folder without any metadata are a product whose metadata is missing."""
    if not described:
        return  # another kind of description may name them
    folders = {str(PurePosixPath(document.path).parent) for document in described}
    for path in tree.files:
        if role_of(path) != Role.IMAGE:
            continue
        above = {str(parent) for parent in PurePosixPath(path).parents if str(parent) != "."}
        if not (above & folders) and str(PurePosixPath(path).parent) not in folders:
            raise _undescribed(path)


def _check_images(tree: Tree, products: Sequence[ProductFacts], notes: Notes) -> None:
    named = {tile.path for facts in products for tile in facts.raster.tiles}
    for path in tree.files:
        if role_of(path) == Role.IMAGE and path not in named:
            sentence = _("The image %(file)s is named by no metadata.")
            notes.add("unlisted_image", sentence % {"file": path}, path)


def _files(
    tree: Tree,
    products: Sequence[ProductFacts],
    volumes: Sequence[Document],
    notes: Notes,
    *,
    described: bool,
) -> tuple[FileFact, ...]:
    owners = _owners(tree, products)
    roles = {facts.path: Role.METADATA for facts in products}
    roles |= {document.path: Role.VOLUME for document in volumes}
    if not described:
        roles |= dict.fromkeys(plain.documents(tree), Role.METADATA)
    for facts in products:
        roles |= {tile.path: Role.IMAGE for tile in facts.raster.tiles}
        roles |= {mask.path: Role.MASK for mask in facts.masks}
        for path, role in (
            (facts.preview, Role.PREVIEW),
            (facts.icon, Role.ICON),
            (facts.rpc, Role.RPC),
        ):
            roles |= {path: role} if path else {}
    stated = checksums.read(tree, notes)
    stated |= {path: digest for facts in products for path, digest in facts.stated}
    return tuple(
        FileFact(path, roles.get(path) or role_of(path), size, owners.get(path), stated.get(path))
        for path, size in tree.files.items()
    )


def _owners(tree: Tree, products: Sequence[ProductFacts]) -> dict[str, int]:
    """File → its product: those it names, then all of its folder if it shares it with no other."""
    owners: dict[str, int] = {}
    for index, facts in enumerate(products):
        named = (facts.path, facts.preview, facts.icon, facts.rpc, facts.kmz)
        images = (tile.path for tile in facts.raster.tiles)
        masks = (mask.path for mask in facts.masks)
        for path in (*named, *images, *masks):
            if path:
                owners.setdefault(path, index)
    folders = [facts.folder for facts in products]
    alone = {folder: i for i, folder in enumerate(folders) if folder and folders.count(folder) == 1}
    for path in tree.files:
        for parent in PurePosixPath(path).parents:
            if path not in owners and str(parent) in alone:
                owners[path] = alone[str(parent)]
    if len(products) == 1 and not folders[0]:
        return dict.fromkeys(tree.files, 0)
    return owners


def _references(
    root: Path, documents: Iterable[Document], products: Sequence[ProductFacts]
) -> tuple[Reference, ...]:
    """References written in documents, and the names of the folders from the root down."""
    found = [reference for document in documents for reference in volume.references(document)]
    folders = [root.resolve().name]
    for facts in products:
        folders += PurePosixPath(facts.folder).parts
    found += [Reference("folder", name, "") for name in dict.fromkeys(folders) if name]
    # The same reference stands in every document: the first that carries it is enough.
    first = {(reference.kind, reference.value): reference for reference in reversed(found)}
    return tuple(
        reference for reference in found if first[reference.kind, reference.value] is reference
    )


def _stereo(products: Sequence[ProductFacts]) -> tuple[tuple[str, ...], ...]:
    """Acquisitions of one pass over one place: same satellite, minutes apart, overlapping."""
    views: dict[str, ProductFacts] = {}
    for facts in products:
        if facts.acquired_at is not None and facts.footprint is not None:
            views.setdefault(facts.acquisition, facts)
    groups: list[set[str]] = []
    for (one, first), (two, second) in combinations(views.items(), 2):
        near = abs(first.acquired_at - second.acquired_at) < STEREO_WITHIN
        same = first.platform == second.platform
        if not (near and same and first.footprint.intersects(second.footprint)):
            continue
        group = next((group for group in groups if one in group or two in group), None)
        if group is None:
            groups.append({one, two})
        else:
            group |= {one, two}
    return tuple(tuple(sorted(group)) for group in groups)


def identifiers_of(facts: DeliveryFacts) -> tuple[str, ...]:
    """Every name by which a line or a scene of the catalogue may be found, each once.

    From the products first, then those written in the names of folders.
    """
    found = [name for one in facts.products for name in one.identifiers]
    for reference in facts.references:
        if reference.kind in ("folder", "volume_name", "dataset_id"):
            for name in identifiers.find(reference.value):
                found += identifiers.variants(name)
    return tuple(dict.fromkeys(found))


__all__ = ["Note", "identifiers_of", "read_tree"]
