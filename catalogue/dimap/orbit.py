"""From which orbit an image was taken: which way, and the number in the satellite's cycle. Only what is said."""

from pathlib import PurePosixPath
from xml.etree.ElementTree import Element

from catalogue.dimap import xml
from catalogue.dimap.notes import Notes
from catalogue.dimap.tree import Tree
from dinamis.errors import Invalid, TooLarge
from dinamis.said import gettext as _

STATES = ("ascending", "descending")
# Revolutions of a cycle of 26 days, after which the ground track is the same again.
CYCLES = {
    "PHR1A": 379, "PHR1B": 379, "SPOT6": 379, "SPOT7": 379,
    "SPOT1": 369, "SPOT2": 369, "SPOT3": 369, "SPOT4": 369, "SPOT5": 369,
}  # fmt: skip


def state(written: str) -> str:
    """`ascending`, `descending`, or "" for anything else."""
    said = written.strip().casefold()
    return said if said in STATES else ""


def relative(platform: str, written: str) -> int | None:
    """The number in the cycle. One beyond it counts otherwise, from the launch on, and is not ours to turn."""
    number = xml.whole(written)
    return number if number is not None and 1 <= number <= CYCLES.get(platform, 0) else None


def of_document(root: Element | None, platform: str) -> tuple[str, int | None]:
    """What a DIMAP document says itself."""
    return (
        state(xml.text(root, "ACQUISITION_ORBIT_DIRECTION")),
        relative(platform, xml.text(root, "ACQUISITION_ORBIT_NUMBER")),
    )


def of_strip(tree: Tree, folder: str, platform: str, notes: Notes) -> tuple[str, int | None]:
    """What a strip's own document says, which lies in a product's folder or below; ("", None) where none does."""
    for path in tree.files:
        place = PurePosixPath(path)
        name = place.name.upper()
        if not (name.startswith("STRIP_") and name.endswith("_DIM.XML")):
            continue
        if folder and PurePosixPath(folder) not in place.parents:
            continue
        try:
            told = of_document(xml.read(tree.path(path), path), platform)
        except (Invalid, TooLarge) as fault:
            sentence = _("%(reason)s The orbit stays unknown.") % {"reason": fault.sentence}
            notes.add("strip_unreadable", sentence, path)
            continue
        if told != ("", None):
            return told
    return "", None
