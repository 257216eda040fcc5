"""Checksums that come with a delivery: found, and compared with what was computed."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from catalogue.dimap import xml
from catalogue.dimap.facts import Checksum, FileFact, Role
from catalogue.dimap.notes import Notes
from catalogue.dimap.tree import Tree, role_of
from dinamis.errors import Invalid, TooLarge
from dinamis.said import gettext as _

_LENGTHS = {32: "md5", 40: "sha1", 64: "sha256", 96: "sha384", 128: "sha512"}
_LINE = re.compile(r"^\\?([0-9a-fA-F]{32,128})(?:[ \t]+\*?(.+))?$")
_BSD = re.compile(r"^[A-Z0-9-]+ \((.+)\) = ([0-9a-fA-F]{32,128})$")


def read(tree: Tree, notes: Notes) -> dict[str, Checksum]:
    """Path → stated digest, from the *.md5, SHA256SUMS, checksums.txt… of the delivery.

    Raises Invalid (outside_reference) when one names a file elsewhere; a name that is not in the
    delivery is noted.
    """
    found: dict[str, Checksum] = {}
    for path in tree.files:
        if role_of(path) != Role.CHECKSUM:
            continue
        try:
            text = xml.load(tree.path(path), path).decode("utf-8", "replace")
        except TooLarge as error:
            notes.add("unread_checksums", error.sentence, path)
            continue
        for name, digest in _pairs(text, path):
            at = tree.resolve(_folder(path), name) or tree.resolve("", name)
            if at is None:
                sentence = _("%(file)s has a checksum and is missing.")
                notes.add("missing_checksummed", sentence % {"file": name}, path)
            elif len(digest) in _LENGTHS:
                found[at] = Checksum(_LENGTHS[len(digest)], digest.lower())
    return found


def _folder(path: str) -> str:
    parent = str(PurePosixPath(path).parent)
    return "" if parent == "." else parent


def _pairs(text: str, path: str) -> list[tuple[str, str]]:
    """(name, digest) of each line; a digest alone is of the file the checksum's is named after."""
    pairs = []
    for line in text.splitlines():
        if match := _BSD.match(line.strip()):
            pairs.append((match.group(1), match.group(2)))
        elif match := _LINE.match(line.strip()):
            name = (match.group(2) or PurePosixPath(path).stem).strip().removeprefix("./")
            pairs.append((name, match.group(1)))
    return pairs


def algorithms(file: FileFact) -> tuple[str, ...]:
    """The digests to compute of a file: ours, and the one to compare when another was stated."""
    stated = file.checksum.algorithm if file.checksum else "sha256"
    return tuple(dict.fromkeys(("sha256", stated)))


def new_hashes(file: FileFact) -> dict[str, "hashlib._Hash"]:
    """Fresh hash objects by algorithm, to be fed while the file is copied."""
    return {name: hashlib.new(name, usedforsecurity=False) for name in algorithms(file)}


def check(file: FileFact, digests: Mapping[str, str]) -> None:
    """Raise Invalid (wrong_checksum) when the digest computed is not the one stated."""
    stated = file.checksum
    if stated is None or digests[stated.algorithm] == stated.digest:
        return
    sentence = _("%(file)s is not what its checksum says: it was damaged on its way.")
    raise Invalid("wrong_checksum", sentence % {"file": file.path}, file=file.path)
