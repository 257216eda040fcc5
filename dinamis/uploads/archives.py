"""Members of an uploaded zip, taken out under names of ours, with count, size and ratio watched.

The limits follow what PyPI refuses in its archives: every figure in a header may be a lie, so sizes
are checked as announced first and again while reading.
"""

import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from dinamis.uploads.refusal import Bad

MAX_ENTRIES = 500
MAX_SHAPEFILES = 20
MAX_EXPANDED = 32 * 1024 * 1024  # bytes taken out in all
MAX_RATIO = 100  # of a member larger than SMALL
SMALL = 1024 * 1024
_CHUNK = 256 * 1024
_NESTED = frozenset({".zip", ".kmz", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".zst"})
_SHAPE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def take_kml(path: Path, folder: Path) -> Path:
    """The KML of a KMZ, copied into the folder: doc.kml, however it is written, else the first."""
    with _opened(path) as archive:
        members = _checked(archive)
        found = [one for one in members if _suffix(one) == ".kml"]
        if not found:
            raise Bad("kmz_without_kml")
        found.sort(key=lambda one: (_stem(one) != "doc", len(_parts(one)), one.filename))
        return _copy_all(archive, {found[0]: folder / "area.kml"})[0]


def take_areas(path: Path, folder: Path) -> list[tuple[str, Path]]:
    """What a zip holds that can be read: (name, path) of its shapefiles, else of its one other file.

    Shapefiles are copied with their companions. Refuses a zip with nothing of the kind.
    """
    with _opened(path) as archive:
        members = _checked(archive)
        shapes = [one for one in members if _suffix(one) == ".shp"]
        if len(shapes) > MAX_SHAPEFILES:
            raise Bad("zip_too_many_shapefiles", count=len(shapes), limit=MAX_SHAPEFILES)
        wanted = {}
        for number, shape in enumerate(shapes):
            for member in _companions(shape, members):
                wanted[member] = folder / f"area{number}{_suffix(member)}"
        if shapes:
            _copy_all(archive, wanted)
            return [(_title(one), wanted[one]) for one in shapes]
        others = [one for one in members if _suffix(one) in (".geojson", ".json", ".kml", ".gpkg")]
        if len(others) != 1:
            raise Bad("zip_without_area" if not others else "zip_many_files", count=len(others))
        target = folder / f"area{_suffix(others[0])}"
        _copy_all(archive, {others[0]: target})
        return [(_title(others[0]), target)]


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Bad("zip_broken") from error


def _checked(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files worth a look, after every entry has been looked at."""
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise Bad("zip_too_many_entries", count=len(entries), limit=MAX_ENTRIES)
    names = [entry.filename for entry in entries]
    if len({name.lower() for name in names}) < len(names):
        raise Bad("zip_same_name_twice")
    for entry in entries:
        _check_entry(entry)
    return [one for one in entries if not one.is_dir() and not _is_litter(one)]


def _check_entry(entry: zipfile.ZipInfo) -> None:
    # zipfile cuts a name at NUL and turns backslashes only on Windows: judge the name as it came.
    name = entry.orig_filename
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if name.startswith(("/", "\\")) or ".." in parts or "\x00" in name or name[1:2] == ":":
        raise Bad("zip_unsafe_name")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Bad("zip_link")
    if entry.flag_bits & 0x1:
        raise Bad("zip_encrypted")
    if _suffix(entry) in _NESTED and not _is_litter(entry):
        raise Bad("zip_nested")
    if entry.file_size > SMALL and entry.file_size > MAX_RATIO * max(1, entry.compress_size):
        raise Bad("zip_bomb")


def _companions(shape: zipfile.ZipInfo, members: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    stem = shape.filename[: -len(".shp")].lower()
    names = {stem + suffix for suffix in _SHAPE_PARTS}
    return [one for one in members if one.filename.lower() in names]


def _copy_all(archive: zipfile.ZipFile, wanted: dict[zipfile.ZipInfo, Path]) -> list[Path]:
    if sum(member.file_size for member in wanted) > MAX_EXPANDED:
        raise Bad("zip_bomb")
    left = MAX_EXPANDED
    for member, target in wanted.items():
        left -= _copy(archive, member, target, left)
    return list(wanted.values())


def _copy(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, left: int) -> int:
    written = 0
    try:
        with archive.open(member) as source, target.open("wb") as copy:
            while chunk := source.read(_CHUNK):
                written += len(chunk)
                if written > left:
                    raise Bad("zip_bomb")
                copy.write(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Bad("zip_broken") from error
    return written


def _is_litter(member: zipfile.ZipInfo) -> bool:
    parts = _parts(member)
    return parts[:1] == ("__MACOSX",) or (bool(parts) and parts[-1].startswith("."))


def _parts(member: zipfile.ZipInfo) -> tuple[str, ...]:
    return PurePosixPath(member.filename).parts


def _suffix(member: zipfile.ZipInfo) -> str:
    return PurePosixPath(member.filename).suffix.lower()


def _stem(member: zipfile.ZipInfo) -> str:
    return PurePosixPath(member.filename).stem.lower()


def _title(member: zipfile.ZipInfo) -> str:
    return PurePosixPath(member.filename).stem
