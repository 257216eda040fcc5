"""What an inbox can do, and the words for what lies in it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

PARTS_MAX = 100_000  # files of a whole inbox, in one look


class InboxTrouble(Exception):
    """The inbox cannot be read or written now, in words for the desk; a later try may do."""


class Changed(Exception):
    """What was to be fetched is not what was seen: its sender still writes to it."""


class Unfit(Exception):
    """What is listed cannot be taken as it is, in words for the desk: trying again changes nothing."""


class Occupied(Exception):
    """A file lies there already, and is not written over."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file: its path below the inbox, its size in bytes, and what changes when it does.

    `stamp` is a folder's time of change in nanoseconds, or an S3 object's tag; "" for what is no plain
    file (a link, a pipe, a device), which no delivery may hold.
    """

    path: str
    size: int
    stamp: str

    @property
    def is_plain(self) -> bool:
        return bool(self.stamp)


@dataclass(frozen=True, slots=True)
class Thing:
    """What is one delivery: an archive, or a folder with its parts. `supplier` is "" at the top."""

    supplier: str
    name: str
    is_folder: bool
    parts: tuple[Part, ...]
    is_marked: bool  # its sender said that it is complete

    @property
    def path(self) -> str:
        return f"{self.supplier}/{self.name}" if self.supplier else self.name

    @property
    def size(self) -> int:
        return sum(part.size for part in self.parts)

    @property
    def mark(self) -> str:
        return mark_of(self.path, self.parts)


def mark_of(path: str, parts: Sequence[Part]) -> str:
    """A digest that stays as long as names, sizes and stamps do, wherever the whole is moved to."""
    told = (f"{part.path.removeprefix(path)}\t{part.size}\t{part.stamp}" for part in parts)
    return hashlib.sha256("\n".join(told).encode("utf-8", "surrogateescape")).hexdigest()


class Inbox(Protocol):
    """A folder or a prefix. Paths are relative, with slashes. Every call raises InboxTrouble."""

    # True when a delivery can be moved aside at once, out of its sender's reach.
    sets_aside: bool

    def look(self) -> list[Thing]:
        """Everything that lies there now, without what is being worked on, done or refused."""
        ...

    def parts(self, path: str) -> list[Part]:
        """The files of one thing, wherever it was moved to; empty when it is not there."""
        ...

    def local(self, path: str) -> Path | None:
        """Where a thing lies on this machine's disk; None when it must be fetched."""
        ...

    def fetch(self, part: Part, into: Path) -> bool:
        """Copy one file to `into`, going on where an interrupted copy ended; False when that takes
        another step. Raises Changed, Unfit."""
        ...

    def move(self, source: str, target: str, parts: Sequence[Part] = ()) -> None:
        """Move a thing inside the inbox. Done already, it is harmless.

        Where a move is many (S3), only the `parts` named are, and only as they were seen.
        """
        ...

    def write(self, path: str, text: str) -> None:
        """Write a small text file beside what it tells of."""
        ...

    def remove(self, path: str) -> None:
        """Remove a small file of ours or a marker; nothing there is harmless."""
        ...


class Receiving(Inbox, Protocol):
    """An inbox that also takes files from programs."""

    def put(self, path: str, source: BinaryIO, size: int) -> None:
        """Write one file of `size` bytes, seen whole or not at all. Raises Occupied, EOFError."""
        ...

    def signed_put(self, path: str, seconds: int) -> str | None:
        """An address that takes a file by PUT without us, for so long; None where there is none."""
        ...
