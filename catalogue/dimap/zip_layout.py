"""The layout of a zip file: what its directory says is what lies in it, and nothing else does.

A zip says each name and size twice, and readers differ on which they believe; it may also carry
bytes before, between and after its entries. A delivery that two tools would unpack differently is
refused. Source of the layout: PKWARE's APPNOTE 6.3.
"""

import struct
import zipfile
from pathlib import Path
from typing import IO

from dinamis.errors import Invalid
from dinamis.said import gettext as _

_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_END = struct.Struct("<4sHHHHIIH")
_END64_LOCATOR = struct.Struct("<4sIQI")
_ZIP64 = 0xFFFFFFFF


def check(path: Path, opened: zipfile.ZipFile) -> None:
    """Raise Invalid: archive_mismatch (directory and entries disagree or overlap),
    trailing_data (bytes that belong to nothing)."""
    size = path.stat().st_size
    with path.open("rb") as raw:
        _check_end(raw, size, opened)
        entries = sorted(opened.infolist(), key=lambda entry: entry.header_offset)
        if entries and entries[0].header_offset != 0:
            raise _trailing()
        free_from = 0
        for entry in entries:
            if entry.header_offset < free_from:
                raise _mismatch(entry.filename)
            if entry.header_offset - free_from > 32:
                raise _trailing()  # more than a data descriptor and an alignment leave
            free_from = _check_local(raw, entry)
        if not 0 <= opened.start_dir - free_from <= 32:
            raise _trailing()


def _check_end(raw: IO[bytes], size: int, opened: zipfile.ZipFile) -> None:
    """The directory ends where the end record begins, and the file with the comment."""
    end = size - _END.size - len(opened.comment)
    if end < 0:
        raise _trailing()
    raw.seek(end)
    record = _END.unpack(raw.read(_END.size))
    if record[0] != b"PK\x05\x06" or record[7] != len(opened.comment):
        raise _trailing()
    ends_at = opened.start_dir + record[5]
    if record[5] == _ZIP64 or record[6] == _ZIP64:
        raw.seek(end - _END64_LOCATOR.size)
        locator = _END64_LOCATOR.unpack(raw.read(_END64_LOCATOR.size))
        if locator[0] != b"PK\x06\x07":
            raise _trailing()
        return
    # A zip64 record may stand between the two even when the sizes fit.
    if ends_at > end or end - ends_at > 128:
        raise _trailing()


def _check_local(raw: IO[bytes], entry: zipfile.ZipInfo) -> int:
    """Compare an entry's own header with the directory's; return where its data end."""
    raw.seek(entry.header_offset)
    head = raw.read(_LOCAL.size)
    if len(head) < _LOCAL.size:
        raise _mismatch(entry.filename)
    magic, _v, flags, method, _t, _d, crc, packed, unpacked, name_len, extra_len = _LOCAL.unpack(
        head
    )
    name = raw.read(name_len)
    stored = name.decode("utf-8" if flags & 0x800 else "cp437", "replace")
    told_later = bool(flags & 0x8)  # sizes stand in a descriptor after the data
    same = (
        magic == b"PK\x03\x04"
        and stored == entry.orig_filename
        and method == entry.compress_type
        and (flags & 0x1) == (entry.flag_bits & 0x1)
        and (told_later or crc == entry.CRC)
        and (told_later or packed in (entry.compress_size, _ZIP64))
        and (told_later or unpacked in (entry.file_size, _ZIP64))
    )
    if not same:
        raise _mismatch(entry.filename)
    return entry.header_offset + _LOCAL.size + name_len + extra_len + entry.compress_size


def _mismatch(name: str) -> Invalid:
    sentence = _("The archive contradicts itself about “%(name)s”.")
    return Invalid("archive_mismatch", sentence % {"name": name[:200]}, name=name[:200])


def _trailing() -> Invalid:
    return Invalid(
        "trailing_data", _("The archive carries bytes that belong to none of its files.")
    )
