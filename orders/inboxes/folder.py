"""A watched folder of this machine, or of a disk that it mounts."""

import os
import shutil
import stat
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from dinamis.said import gettext as _
from orders.inboxes.naming import ASIDE, DEPTH, DONE, REFUSED, group
from orders.inboxes.protocol import PARTS_MAX, Changed, InboxTrouble, Occupied, Part, Thing

_CHUNK = 4 * 1024 * 1024


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InboxTrouble(f"{error.strerror or error} ({error.filename or '-'})") from error


class FolderInbox:
    """Moves are renames: what is taken is out of its sender's reach at once."""

    sets_aside = True

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root)

    def look(self) -> list[Thing]:
        with _told():
            return group(self._below(self.root, "", 0))

    def parts(self, path: str) -> list[Part]:
        with _told():
            start = self._path(path)
            if not os.path.lexists(start):
                return []
            if start.is_dir() and not start.is_symlink():
                return sorted(self._below(start, f"{path}/", 2), key=lambda part: part.path)
            return [_part(start, path)]

    def local(self, path: str) -> Path | None:
        return self._path(path)

    def fetch(self, part: Part, into: Path) -> bool:
        """Never needed while things lie on the disk; a copy all the same, for whoever asks."""
        with _told():
            source = self._path(part.path)
            if _part(source, part.path) != part:
                raise Changed
            into.parent.mkdir(parents=True, exist_ok=True)
            half = into.with_name(f"{into.name}.part")
            with source.open("rb") as opened, half.open("wb") as out:
                shutil.copyfileobj(opened, out, _CHUNK)
            half.rename(into)
        return True

    def move(self, source: str, target: str, parts: Sequence[Part] = ()) -> None:
        with _told():
            here, there = self._path(source), self._path(target)
            if os.path.lexists(there) or not os.path.lexists(here):
                return  # moved by an earlier try
            there.parent.mkdir(parents=True, exist_ok=True)
            here.rename(there)
            # The hidden folder that held it is ours; so is its parent, once empty.
            for folder in (here.parent, here.parent.parent):
                if folder.name == ASIDE or folder.parent.name == ASIDE:
                    _remove_empty(folder)

    def write(self, path: str, text: str) -> None:
        with _told():
            target = self._path(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            half = target.with_name(f".{target.name}.part")
            half.write_text(text, encoding="utf-8")
            half.rename(target)

    def put(self, path: str, source: BinaryIO, size: int) -> None:
        with _told():
            target = self._path(path)
            # Whoever else writes here may have put a link in the way.
            if not target.parent.resolve().is_relative_to(self.root.resolve()):
                raise InboxTrouble(_("A path leads out of the inbox."))
            target.parent.mkdir(parents=True, exist_ok=True)
            # A hidden name: the look leaves it alone until it is whole.
            half = target.with_name(f".{uuid.uuid4()}.part")
            try:
                with half.open("xb") as out:
                    _copy(source, out, size)
                    out.flush()
                    os.fsync(out.fileno())
                half.chmod(0o640)
                os.link(half, target)  # unlike a rename, it writes over nothing
            except FileExistsError as error:
                raise Occupied from error
            finally:
                half.unlink(missing_ok=True)

    def signed_put(self, path: str, seconds: int) -> str | None:
        return None

    def remove(self, path: str) -> None:
        with _told():
            self._path(path).unlink(missing_ok=True)

    def _path(self, path: str) -> Path:
        """Names come from our rows, which took them from this folder; none may lead out of it."""
        if path.startswith("/") or ".." in path.split("/"):
            raise InboxTrouble(_("A path leads out of the inbox."))
        return self.root / path

    def _below(self, folder: Path, prefix: str, depth: int) -> Iterator[Part]:
        count = 0
        waiting = [(folder, prefix, depth)]
        while waiting:
            here, before, deep = waiting.pop()
            with os.scandir(here) as entries:
                for entry in entries:
                    if deep < 2 and (entry.name in (DONE, REFUSED) or entry.name == ASIDE):
                        continue
                    path = before + entry.name
                    if entry.is_dir(follow_symlinks=False) and deep < DEPTH:
                        waiting.append((Path(entry.path), f"{path}/", deep + 1))
                        continue
                    count += 1
                    if count > PARTS_MAX:
                        raise InboxTrouble(
                            _("There are more than %(limit)d files.") % {"limit": PARTS_MAX}
                        )
                    try:
                        yield _part(Path(entry.path), path)
                    except FileNotFoundError:
                        continue  # renamed or removed since


def _copy(source: BinaryIO, out: BinaryIO, size: int) -> None:
    left = size
    while left:
        piece = source.read(min(_CHUNK, left))
        if not piece:
            raise EOFError
        out.write(piece)
        left -= len(piece)


def _part(where: Path, path: str) -> Part:
    facts = where.lstat()
    if not stat.S_ISREG(facts.st_mode):
        return Part(path, 0, "")
    return Part(path, facts.st_size, str(facts.st_mtime_ns))


def _remove_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return
