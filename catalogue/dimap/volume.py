"""The documents of a delivery: what each XML file is, and what volume files list."""

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element

from catalogue.dimap import xml
from catalogue.dimap.facts import Reference, Role
from catalogue.dimap.notes import Notes
from catalogue.dimap.tree import Tree, is_web_address, role_of
from dinamis.errors import Invalid
from dinamis.said import gettext as _

_LISTS = ("VOLUME", "DATASET", "PRODUCT")
_COMPONENTS = ("Component", "Dataset_Component")
_REFERENCES = (
    "CUSTOMER_REFERENCE",
    "INTERNAL_REFERENCE",
    "COMMERCIAL_REFERENCE",
    "COMMERCIAL_ITEM",
    "COMMENT",
    "JOB_ID",
)
_NOTHING = ("", "NA", "N/A", "NONE")


class Kind(Enum):
    """What a metadata document is about."""

    VOLUME = auto()
    PRODUCT = auto()
    OLDER_PRODUCT = auto()  # Pléiades' first schema, DIMAP_PHR
    VERSION_1 = auto()  # DIMAP V1, SPOT 1 to 5
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Document:
    path: str
    kind: Kind
    root: Element

    @property
    def folder(self) -> str:
        parent = str(PurePosixPath(self.path).parent)
        return "" if parent == "." else parent


def documents(tree: Tree, notes: Notes) -> list[Document]:
    """Every metadata document that says what the delivery holds, in the order of their paths.

    Lineage, RPC and other XML beside them is left alone. A document named like Airbus's that
    cannot be read refuses the delivery (see xml.read); any other is noted.
    """
    found = []
    for path in tree.files:
        role = role_of(path)
        upper = path.upper()
        if not upper.endswith((".XML", ".DIM")) or role in (Role.RPC, Role.LINEAGE, Role.STYLE):
            continue
        try:
            root = xml.read(tree.path(path), path)
        except Invalid as error:
            if role in (Role.VOLUME, Role.METADATA) or error.code == "xml_forbidden":
                raise
            notes.add("unread_xml", error.sentence, path)
            continue
        found.append(Document(path, kind_of(root, role), root))
    return found


def kind_of(root: Element, role: Role = Role.OTHER) -> Kind:
    """What a document is, from its own words; `role` is what its name says."""
    if xml.local(root) == "PHR_Dimap_Document":
        return Kind.OLDER_PRODUCT
    if xml.local(root) != "Dimap_Document":
        return Kind.OTHER
    format_ = xml.first(root, "METADATA_FORMAT")
    version = (format_.get("version") or "") if format_ is not None else ""
    if role == Role.VOLUME and xml.first(root, "Data_Access") is None:
        return Kind.VOLUME  # the volume file of DIMAP V1 has no profile, and may say nothing at all
    if xml.first(root, "Metadata_Id") is not None or version.startswith("1"):
        return Kind.VERSION_1
    if xml.text(root, "METADATA_PROFILE").upper() in _LISTS:
        return Kind.VOLUME
    if xml.text(root, "METADATA_SUBPROFILE").upper() in ("", "PRODUCT"):
        return Kind.PRODUCT
    return Kind.OTHER


def listed(tree: Tree, volume: Document, notes: Notes) -> list[str]:
    """The metadata documents that a volume file lists.

    Raises Invalid: missing_metadata for one that is not there, outside_reference. The address of
    the format's documentation, which every volume lists, is no file.
    """
    found = []
    components = (e for e in volume.root.iter() if xml.local(e) in _COMPONENTS)
    for component in components:
        described = xml.text(component, "COMPONENT_TYPE").upper() == "DIMAP"
        for element in component:
            href = element.get("href") or ""
            if not href or (is_web_address(href) and not described):
                continue
            path = tree.resolve(volume.folder, href)
            if xml.local(element) == "COMPONENT_PATH" and described:
                if path is None:
                    raise _missing(volume, href)
                found.append(path)
            elif path is None and described:
                sentence = _("%(file)s is named in the volume file and missing.")
                notes.add("missing_icon", sentence % {"file": href})
    return found


def _missing(volume: Document, href: str) -> Invalid:
    sentence = _("The metadata file %(file)s, listed by %(volume)s, is missing.")
    name = str(PurePosixPath(volume.folder, href))
    told = {"file": name, "volume": volume.path}
    return Invalid("missing_metadata", sentence % told, file=name)


def references(document: Document) -> list[Reference]:
    """The references of the order that one document carries."""
    found = [
        Reference(name.lower(), written, document.path)
        for name in _REFERENCES
        if (written := xml.text(document.root, name)).upper() not in _NOTHING
    ]
    if document.kind == Kind.VOLUME:
        for name, kind in (("DATASET_ID", "dataset_id"), ("DATASET_NAME", "volume_name")):
            if written := xml.text(document.root, name):
                found.append(Reference(kind, written, document.path))
    return found
