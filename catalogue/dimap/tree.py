"""The files of a delivery as they lie in its folder, and the only way from an href to one."""

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from catalogue.dimap.facts import Role
from dinamis.errors import Invalid, TooLarge
from dinamis.said import gettext as _

FILES_MAX = 100_000
DEPTH_MAX = 20

# Names as Airbus gives them; the first that fits decides.
_ROLES = tuple(
    (re.compile(pattern), role)
    for pattern, role in (
        (r"(^|/)LINEAGE/.*\.XML$", Role.LINEAGE),
        (r"(^|/)(STRIP|PROCESSING|GROUND|HEIGHT|DTM)_[^/]*\.XML$", Role.LINEAGE),
        (r"(^|/)RPC_[^/]*\.XML$", Role.RPC),
        (r"(^|/)(VOL_[^/]*|[^/]*_(VOL|LIST|PROD))\.XML$", Role.VOLUME),
        (r"(^|/)VOL_LIST\.DIM$", Role.VOLUME),
        (r"(^|/)METADATA[^/]*\.DIM$", Role.METADATA),
        (r"(^|/)IMAGERY[^/]*\.(TIFF?|JP2|BIL|BSQ)$", Role.IMAGE),
        (r"(^|/)(DIM_|PHRDIMAP)[^/]*\.XML$", Role.METADATA),
        (r"(^|/)IMG_[^/]*\.(TIFF?|JP2)$", Role.IMAGE),
        (r"\.GML$|(^|/)MASKS/", Role.MASK),
        (r"(^|/)PREVIEW[^/]*\.(JPE?G|PNG|TIFF?)$", Role.PREVIEW),
        (r"(^|/)ICON[^/]*\.(JPE?G|PNG)$", Role.ICON),
        (r"\.KM[LZ]$", Role.KMZ),
        (r"(^|/)LIBRARY/|\.(XSL|XSD|CSS)$", Role.STYLE),
        (r"\.(TFW|J2W|JGW)$", Role.WORLD),
        (r"\.(MD5|SHA\d+)$|(^|/)(MD5|SHA\d+)SUMS?(\.TXT)?$|(^|/)CHECKSUMS?\.TXT$", Role.CHECKSUM),
        (r"\.(PDF|HTML?|TXT)$", Role.DOCUMENT),
    )
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def role_of(path: str) -> Role:
    """What a file is for, by its name alone."""
    upper = path.upper()
    return next((role for pattern, role in _ROLES if pattern.search(upper)), Role.OTHER)


def is_web_address(href: str) -> bool:
    return href.lower().startswith(("http://", "https://"))


@dataclass(frozen=True, slots=True)
class Tree:
    """The plain files below `root`: relative path with slashes → size in bytes."""

    root: Path
    files: dict[str, int]
    spelt: dict[str, str]  # small letters → as on disk, where only one file is so called

    def path(self, relative: str) -> Path:
        return self.root / relative

    def resolve(self, folder: str, href: str) -> str | None:
        """The file that `href`, written in a document of `folder`, names; None when absent.

        Letters may differ in size from the disk's, as they do after a walk through Windows.
        Raises Invalid (outside_reference) for an address, an absolute path, "..", or anything
        else that could lead out of the delivery, whether or not it would.
        """
        for written in dict.fromkeys((href.strip(), unquote(href.strip()))):
            _check_inside(href, written)
            joined = str(PurePosixPath(folder, written.replace("\\", "/")))
            if joined in self.files:
                return joined
            if (found := self.spelt.get(joined.casefold())) is not None:
                return found
        return None


def scan(root: Path) -> Tree:
    """Walk a delivery's folder without following anything.

    Raises Invalid (no_folder, not_a_plain_file for a link, pipe, socket or device) and TooLarge
    (too_many_files).
    """
    if not root.is_dir():
        raise Invalid("no_folder", _("%(path)s is not a folder.") % {"path": root.name})
    root = root.resolve()
    files: dict[str, int] = {}
    _walk(root, "", 0, files)
    counted: dict[str, list[str]] = {}
    for path in files:
        counted.setdefault(path.casefold(), []).append(path)
    spelt = {small: paths[0] for small, paths in counted.items() if len(paths) == 1}
    return Tree(root, dict(sorted(files.items())), spelt)


def _walk(folder: Path, prefix: str, depth: int, files: dict[str, int]) -> None:
    if depth > DEPTH_MAX:
        sentence = _("Folders are nested more than %(depth)d deep.") % {"depth": DEPTH_MAX}
        raise TooLarge("too_deep", sentence, limit=DEPTH_MAX)
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            path = prefix + entry.name
            facts = entry.stat(follow_symlinks=False)
            if stat.S_ISDIR(facts.st_mode):
                _walk(folder / entry.name, path + "/", depth + 1, files)
            elif stat.S_ISREG(facts.st_mode):
                files[path] = facts.st_size
            else:
                sentence = _("%(file)s is a link or a device; a delivery holds plain files only.")
                raise Invalid("not_a_plain_file", sentence % {"file": path}, file=path)
            if len(files) > FILES_MAX:
                sentence = _("There are more than %(limit)d files.") % {"limit": FILES_MAX}
                raise TooLarge("too_many_files", sentence, limit=FILES_MAX)


def _check_inside(href: str, written: str) -> None:
    parts = written.replace("\\", "/").split("/")
    unsafe = (
        not written
        or written.startswith(("/", "\\"))
        or ".." in parts
        or _SCHEME.match(written)
        or any(ord(letter) < 32 for letter in written)
    )
    if unsafe:
        sentence = _("The delivery refers to “%(href)s”, which may lie outside its folder.")
        raise Invalid("outside_reference", sentence % {"href": href[:200]}, href=href[:200])
