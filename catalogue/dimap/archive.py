"""Archives of deliveries unpacked without trusting them: all of it, or nothing at all."""

import math
import shutil
import tarfile
import time
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from catalogue.dimap import zip_layout
from dinamis.errors import Invalid, TooLarge
from dinamis.said import gettext as _

_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may hold. A full Pléiades product is 15 GB, a wide delivery ten of them."""

    total: int = 200 * 10**9  # bytes unpacked
    entries: int = 100_000
    ratio: float = 100.0  # unpacked over packed; looked at above `ratio_from` bytes unpacked
    ratio_from: int = 64 * 1024**2


@dataclass
class _Names:
    """The names taken so far; refuses those that lead out, or that two entries share."""

    taken: dict[str, bool] = field(default_factory=dict)  # folded name → is a folder

    def check(self, name: str, *, folder: bool) -> str:
        """The relative path of an entry. Raises Invalid: unsafe_name, duplicate_name."""
        path = name.removesuffix("/")
        parts = path.split("/")
        unsafe = (
            not path
            or path.startswith("/")
            or "\\" in path
            or ":" in parts[0]
            or any(part in ("", ".", "..") or len(part.encode()) > 255 for part in parts)
            or any(ord(letter) < 32 or ord(letter) == 127 for letter in path)
            or len(parts) > 20
        )
        if unsafe:
            raise _refuse("unsafe_name", _("The archive holds an unsafe name: “%(name)s”."), name)
        folded = unicodedata.normalize("NFC", path).casefold()
        above = [folded.rsplit("/", n)[0] for n in range(1, folded.count("/") + 1)]
        if self.taken.get(folded, folder) != folder or (folded in self.taken and not folder):
            raise _refuse("duplicate_name", _("The archive holds “%(name)s” twice."), name)
        for parent in above:
            if self.taken.setdefault(parent, True) is False:
                raise _refuse("duplicate_name", _("The archive holds “%(name)s” twice."), name)
        self.taken[folded] = folder
        return path


class _TimeIsUp(Exception):
    """The seconds given are over; the next call goes on."""


@dataclass
class _Work:
    """Where to unpack to, until when; counts the entries written by this call."""

    into: Path
    until: float  # of time.monotonic()
    written: int = 0

    @property
    def half(self) -> Path:
        """Beside the folder: what is being written, under a name that no entry can have."""
        return self.into.with_name(f"{self.into.name}.entry")

    def has(self, path: str, size: int) -> bool:
        """True for an entry that an earlier call wrote; they are renamed only once whole."""
        target = self.into / path
        return target.is_file() and target.stat().st_size == size

    def write(self, source: IO[bytes], path: str, size: int) -> None:
        """Copy a stream; the size told beforehand is the size, or the archive lies."""
        if self.written and time.monotonic() > self.until:
            raise _TimeIsUp
        target, left = self.into / path, size
        target.parent.mkdir(parents=True, exist_ok=True)
        with self.half.open("wb") as out:
            while chunk := source.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    break
                out.write(chunk)
        if left != 0:
            sentence = _("“%(name)s” is not as long as the archive says.")
            raise _refuse("archive_mismatch", sentence, target.name)
        self.half.rename(target)
        self.written += 1


def is_archive(path: Path) -> bool:
    """True for a file that unpack() may take, by its first bytes or its name."""
    return path.is_file() and (_is_zip(path) or _is_tar(path))


def unpack(archive: Path, into: Path, *, limits: Limits | None = None) -> Path:
    """Unpack a zip, tar or tar.gz into the folder `into`, which must not exist yet; return it.

    Raises, with nothing left behind, what `unpack_some` raises.
    """
    into.mkdir(parents=True)
    try:
        unpack_some(archive, into, limits=limits)
    except BaseException:
        shutil.rmtree(into, ignore_errors=True)
        raise
    return into


def unpack_some(
    archive: Path, into: Path, *, limits: Limits | None = None, seconds: float = math.inf
) -> bool:
    """Unpack into `into` for some seconds, one entry at least; say whether the whole is there.

    Called again it goes on: an entry is there whole or not at all. Entries are checked before
    anything is written (a tar's as they come), then streamed. Raises, leaving what is there to the
    caller: Invalid (unknown_archive, archive_broken, archive_encrypted, unsafe_name,
    duplicate_name, not_a_plain_file, archive_mismatch, trailing_data) and TooLarge
    (archive_too_large, too_many_files, archive_bomb, no_room).
    """
    limits, work = limits or Limits(), _Work(into, time.monotonic() + seconds)
    # A tar first: one that ends with a KMZ looks like a zip from behind.
    reader = _tar if _is_tar(archive) else _zip if _is_zip(archive) else None
    if reader is None:
        raise Invalid("unknown_archive", _("A delivery comes as a folder, a zip or a tar file."))
    into.mkdir(parents=True, exist_ok=True)
    try:
        reader(archive, work, limits)
    except _TimeIsUp:
        return False
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk's trouble, not the archive's
        raise Invalid("archive_broken", _("The archive is damaged.")) from error
    finally:
        work.half.unlink(missing_ok=True)
    return True


def _is_zip(path: Path) -> bool:
    with path.open("rb") as opened:
        return opened.read(4) in (b"PK\x03\x04", b"PK\x05\x06") or zipfile.is_zipfile(path)


def _is_tar(path: Path) -> bool:
    with path.open("rb") as opened:
        start = opened.read(512)
    return start[257:262] == b"ustar" or start[:2] == b"\x1f\x8b"


def _refuse(code: str, sentence: str, name: str) -> Invalid:
    return Invalid(code, sentence % {"name": name[:200]}, name=name[:200])


def _check_size(total: int, entries: int, packed: int, limits: Limits) -> None:
    if entries > limits.entries:
        sentence = _("The archive holds more than %(limit)d files.") % {"limit": limits.entries}
        raise TooLarge("too_many_files", sentence, limit=limits.entries)
    if total > limits.total:
        sentence = _("Unpacked, the archive would take more than %(gigabytes)d GB.")
        told = {"gigabytes": limits.total // 10**9}
        raise TooLarge("archive_too_large", sentence % told, limit=limits.total)
    if total > limits.ratio_from and total > limits.ratio * max(1, packed):
        sentence = _("The archive would grow more than %(ratio)d times: it is not a delivery.")
        raise TooLarge("archive_bomb", sentence % {"ratio": limits.ratio}, limit=limits.ratio)


def _check_room(total: int, into: Path) -> None:
    if total > shutil.disk_usage(into).free:
        raise TooLarge("no_room", _("There is not enough room on the disk to unpack it."))


def _zip(archive: Path, work: _Work, limits: Limits) -> None:
    with zipfile.ZipFile(archive) as opened:
        entries = opened.infolist()
        total = sum(entry.file_size for entry in entries)
        _check_size(total, len(entries), archive.stat().st_size, limits)
        zip_layout.check(archive, opened)
        names = _Names()
        paths = [(entry, _zip_entry(entry, names)) for entry in entries]
        left = [
            (entry, path)
            for entry, path in paths
            if entry.is_dir() or not work.has(path, entry.file_size)
        ]
        _check_room(sum(entry.file_size for entry, _path in left), work.into)
        for entry, path in left:
            if entry.is_dir():
                (work.into / path).mkdir(parents=True, exist_ok=True)
                continue
            with opened.open(entry) as source:
                work.write(source, path, entry.file_size)


def _zip_entry(entry: zipfile.ZipInfo, names: _Names) -> str:
    # A NUL cuts the name that Python shows; the name as stored is the one judged.
    path = names.check(entry.orig_filename, folder=entry.is_dir())
    if entry.flag_bits & 0x1:
        raise Invalid("archive_encrypted", _("The archive is protected by a password."))
    kind = (entry.external_attr >> 16) & 0o170000
    if kind not in (0, 0o100000, 0o040000):
        raise _refuse("not_a_plain_file", _("“%(name)s” is a link or a device."), path)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Invalid("archive_broken", _("The archive is packed in a way that is not read here."))
    return path


def _tar(archive: Path, work: _Work, limits: Limits) -> None:
    packed = archive.stat().st_size
    names, total, count = _Names(), 0, 0
    with tarfile.open(archive, "r:*") as opened:
        for member in _members(opened):
            count, total = count + 1, total + member.size
            _check_size(total, count, packed, limits)
            path = names.check(member.name, folder=member.isdir())
            if member.isdir():
                (work.into / path).mkdir(parents=True, exist_ok=True)
                continue
            if not member.isreg() or member.issparse():
                raise _refuse("not_a_plain_file", _("“%(name)s” is a link or a device."), path)
            if work.has(path, member.size):
                continue
            _check_room(member.size, work.into)
            with opened.extractfile(member) as source:
                work.write(source, path, member.size)
        _check_tail(opened)


def _members(opened: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    while (member := opened.next()) is not None:
        # The archive must not remember a hundred thousand members while it is streamed.
        opened.members.clear()
        yield member


def _check_tail(opened: tarfile.TarFile) -> None:
    """After its end a tar holds nothing but zeros."""
    opened.fileobj.seek(opened.offset)
    while chunk := opened.fileobj.read(_CHUNK):
        if chunk.strip(b"\0"):
            raise Invalid("trailing_data", _("Something is hidden after the end of the archive."))
