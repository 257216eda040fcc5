"""From the files of an inbox to the deliveries they are; the names that have a meaning."""

from collections.abc import Iterable
from pathlib import PurePosixPath

from orders.inboxes.protocol import Part, Thing

DONE, REFUSED = "done", "refused"
ASIDE = ".taken"
DEPTH = 24  # folders inside one another: an inbox and a delivery below it
SAID = ".txt"  # the sentence beside what was refused
MARKER = ".done"  # beside an archive or a folder: it is complete
MARKERS_INSIDE = ("_SUCCESS", ".done")
# What programs call a file that they are still writing.
_UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".crdownload", ".swp")
_OF_A_DELIVERY = (".xml", ".dim", ".tif", ".tiff", ".jp2")


def group(parts: Iterable[Part]) -> list[Thing]:
    """The deliveries among the files of an inbox, sorted by path.

    A first folder is a supplier's, unless it directly holds metadata or an image: then it is itself a
    delivery, dropped one level too high. What is hidden, done, refused or, by its name, still
    being written is left out, but keeps its folder from looking complete.
    """
    top: dict[str, list[Part]] = {}
    for part in parts:
        top.setdefault(PurePosixPath(part.path).parts[0], []).append(part)
    things = []
    loose = [part for name, found in top.items() for part in found if part.path == name]
    things += _things("", loose)
    for name, found in top.items():
        below = [part for part in found if part.path != name]
        if not below or _is_ours(name):
            continue
        if any(_is_loose(part) for part in below):
            things += _things("", [*below, *(p for p in loose if p.path == f"{name}{MARKER}")])
        else:
            things += _things(name, below)
    unique = {thing.path: thing for thing in things}
    return [unique[path] for path in sorted(unique)]


def is_settled(path: str) -> bool:
    """True for what lies in a place of ours, at either level: aside, done, refused."""
    return any(_is_ours(name) for name in PurePosixPath(path).parts[:-1][:2])


def is_safe(path: str) -> bool:
    """False for a path that could lead out of a folder it is written to."""
    names = path.split("/")
    unsafe = any(
        name in ("", ".", "..") or len(name.encode("utf-8", "replace")) > 255 for name in names
    )
    return not unsafe and path.isprintable()


def may_be_handed_in(path: str) -> bool:
    """True for a file of a supplier's delivery, at a depth that is looked at and in no place of ours."""
    names = PurePosixPath(path).parts
    hidden = any(name.startswith(".") for name in names)
    return 2 <= len(names) <= DEPTH and not hidden and not is_settled(path)


def place(supplier: str, name: str) -> str:
    """A path at the supplier's level."""
    return f"{supplier}/{name}" if supplier else name


def aside(supplier: str, key: str, name: str) -> str:
    """Where a delivery lies while it is worked on: the supplier's own level, hidden."""
    return place(supplier, f"{ASIDE}/{key}/{name}")


def _things(supplier: str, parts: Iterable[Part]) -> list[Thing]:
    depth = 1 if supplier else 0
    grouped: dict[str, list[Part]] = {}
    marked: set[str] = set()
    for part in parts:
        names = PurePosixPath(part.path).parts[depth:]
        if len(names) == 1 and names[0].endswith(MARKER) and names[0] != MARKER:
            marked.add(names[0].removesuffix(MARKER))
        elif not _is_ours(names[0]) and not (len(names) == 1 and _is_unfinished(names[0])):
            grouped.setdefault(names[0], []).append(part)
    return [_thing(supplier, name, found, name in marked) for name, found in grouped.items()]


def _thing(supplier: str, name: str, found: list[Part], marked: bool) -> Thing:
    path = place(supplier, name)
    is_folder = any(part.path != path for part in found)
    inside = {f"{path}/{marker}" for marker in MARKERS_INSIDE}
    marked = marked or any(part.path in inside for part in found)
    parts = tuple(sorted(found, key=lambda part: part.path))
    return Thing(supplier, name, is_folder, parts, marked)


def _is_ours(name: str) -> bool:
    return name in (DONE, REFUSED) or name.startswith(".")


def _is_unfinished(name: str) -> bool:
    return name.lower().endswith(_UNFINISHED)


def _is_loose(part: Part) -> bool:
    """A file directly in a first folder that only a delivery has."""
    names = PurePosixPath(part.path).parts
    return len(names) == 2 and not _is_ours(names[1]) and names[1].lower().endswith(_OF_A_DELIVERY)
