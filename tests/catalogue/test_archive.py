"""Archives of deliveries: the honest ones come out whole, the others leave nothing behind."""

import io
import os
import stat
import struct
import tarfile
import zipfile

import pytest

from catalogue.dimap.archive import Limits, is_archive, unpack
from catalogue.dimap.reader import read_tree
from dinamis.errors import Invalid, Refused, TooLarge
from tests.catalogue.deliveries import make


def zipped(path, entries, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return path


def refusal(archive, into, **limits):
    with pytest.raises(Refused) as refused:
        unpack(archive, into, limits=Limits(**limits))
    assert not into.exists()
    return refused.value


def entry_of(name, mode):
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = mode << 16
    return info


def test_a_zipped_delivery_is_read_like_its_folder(tmp_path):
    root = make(tmp_path / "made")
    packed = tmp_path / "delivery.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(root.rglob("*")):
            archive.write(path, path.relative_to(root.parent))
    assert is_archive(packed)
    unpacked = unpack(packed, tmp_path / "out")
    folder, out = read_tree(root), read_tree(unpacked)
    assert [file.size for file in folder.files] == [file.size for file in out.files]
    assert folder.products[0].surface_km2 == out.products[0].surface_km2


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_a_tar_is_read_too(tmp_path, mode):
    root = make(tmp_path / "made")
    packed = tmp_path / "delivery.tgz"
    with tarfile.open(packed, mode) as archive:
        archive.add(root, root.name)
    assert is_archive(packed)
    assert len(read_tree(unpack(packed, tmp_path / "out")).products) == 1


def test_a_streamed_zip_with_sizes_told_later_is_read(tmp_path):
    class Pipe(io.RawIOBase):
        def __init__(self):
            self.data = bytearray()

        def writable(self):
            return True

        def write(self, some):
            self.data += some
            return len(some)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/VOL_PHR.XML", b"<a/>" * 100)
        archive.writestr("a/b.txt", b"hello")
    packed = tmp_path / "streamed.zip"
    packed.write_bytes(pipe.data)
    out = unpack(packed, tmp_path / "out")
    assert (out / "a/b.txt").read_bytes() == b"hello"


@pytest.mark.parametrize(
    "name",
    ["../evil", "a/../../evil", "/etc/evil", "C:/evil", "a\\evil", "a//b", "./a", "a/./b", "a\nb",
     "x" * 256, "/".join("abcdefghijklmnopqrstuvw"), "a\x7fb", "\\\\host\\share"],
)  # fmt: skip
def test_a_name_that_could_lead_out_is_refused(tmp_path, name):
    packed = zipped(tmp_path / "z.zip", [("good.txt", b"x"), (name, b"evil")])
    assert refusal(packed, tmp_path / "out").code == "unsafe_name"
    assert not (tmp_path / "evil").exists()


def test_a_name_cut_by_a_nul_is_refused(tmp_path):
    packed = zipped(tmp_path / "z.zip", [("good.txt0evil", b"x")])
    packed.write_bytes(packed.read_bytes().replace(b"good.txt0evil", b"good.txt\0evil"))
    assert refusal(packed, tmp_path / "out").code == "unsafe_name"


@pytest.mark.parametrize(
    "names",
    [("a.txt", "a.txt"), ("a.txt", "A.TXT"), ("a", "a/b"), ("a/b", "a"), ("\u00e9", "e\u0301")],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_refused(tmp_path, names):
    packed = zipped(tmp_path / "z.zip", [(name, b"x") for name in names])
    assert refusal(packed, tmp_path / "out").code == "duplicate_name"


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_links_and_devices_in_a_zip_are_refused(tmp_path, mode):
    packed = zipped(tmp_path / "z.zip", [(entry_of("thing", mode | 0o777), b"/etc/passwd")])
    assert refusal(packed, tmp_path / "out").code == "not_a_plain_file"


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
)
def test_links_and_devices_in_a_tar_are_refused(tmp_path, kind):
    packed = tmp_path / "t.tar"
    with tarfile.open(packed, "w") as archive:
        member = tarfile.TarInfo("thing")
        member.type, member.linkname = kind, "/etc/passwd"
        archive.addfile(member)
    assert refusal(packed, tmp_path / "out").code == "not_a_plain_file"


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/../../evil"])
def test_a_tar_that_leads_out_is_refused(tmp_path, name):
    packed = tmp_path / "t.tar"
    with tarfile.open(packed, "w") as archive:
        member = tarfile.TarInfo(name)
        member.size = 1
        archive.addfile(member, io.BytesIO(b"x"))
    assert refusal(packed, tmp_path / "out").code == "unsafe_name"


def test_a_zip_bomb_is_refused_before_anything_is_written(tmp_path):
    packed = tmp_path / "bomb.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 80_000_000)
    refused = refusal(packed, tmp_path / "out")
    assert isinstance(refused, TooLarge)
    assert refused.code == "archive_bomb"


def test_a_tar_bomb_is_refused(tmp_path):
    packed = tmp_path / "bomb.tgz"
    with tarfile.open(packed, "w:gz") as archive:
        member = tarfile.TarInfo("zeros")
        member.size = 80_000_000
        archive.addfile(member, io.BytesIO(b"\0" * member.size))
    assert refusal(packed, tmp_path / "out").code == "archive_bomb"


def test_limits_of_size_and_number_are_told(tmp_path):
    packed = zipped(tmp_path / "z.zip", [(f"f{i}", b"12345") for i in range(20)])
    assert refusal(packed, tmp_path / "out", total=99).code == "archive_too_large"
    refused = refusal(packed, tmp_path / "out", entries=19)
    assert (refused.code, refused.details["limit"]) == ("too_many_files", 19)


def test_a_directory_that_lies_about_a_size_is_refused(tmp_path):
    packed = zipped(tmp_path / "z.zip", [("a.bin", b"x" * 1000)], zipfile.ZIP_STORED)
    data = bytearray(packed.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    packed.write_bytes(data)
    assert refusal(packed, tmp_path / "out").code == "archive_mismatch"


def test_a_directory_and_an_entry_of_different_names_are_refused(tmp_path):
    packed = zipped(tmp_path / "z.zip", [("good.txt", b"x")])
    packed.write_bytes(packed.read_bytes().replace(b"good.txt", b"evil.txt", 1))
    assert refusal(packed, tmp_path / "out").code == "archive_mismatch"


def test_both_headers_lying_alike_about_a_size_are_found_while_writing(tmp_path):
    packed = zipped(tmp_path / "z.zip", [("a.bin", b"x" * 1000)])
    data = bytearray(packed.read_bytes())
    central = data.rindex(b"PK\x01\x02")
    data[22:26] = data[central + 24 : central + 28] = struct.pack("<I", 5000)
    packed.write_bytes(data)
    assert refusal(packed, tmp_path / "out").code in ("archive_mismatch", "archive_broken")


@pytest.mark.parametrize("where", ["before", "between", "after"])
def test_bytes_that_belong_to_no_file_are_refused(tmp_path, where):
    packed = zipped(tmp_path / "z.zip", [("a", b"x"), ("b", b"y")])
    data = packed.read_bytes()
    hidden = b"PK hidden " * 20
    if where == "before":
        data = hidden + data
    elif where == "after":
        data = data + hidden
    else:
        start = data.index(b"PK\x01\x02")
        end = data.rindex(b"PK\x05\x06")
        moved = bytearray(data[end:])
        moved[16:20] = struct.pack("<I", start + len(hidden))
        data = data[:start] + hidden + data[start:end] + moved
    packed.write_bytes(data)
    assert refusal(packed, tmp_path / "out").code in ("trailing_data", "archive_mismatch")


def test_something_after_the_end_of_a_tar_is_refused(tmp_path):
    packed = tmp_path / "t.tar"
    with tarfile.open(packed, "w") as archive:
        member = tarfile.TarInfo("a")
        member.size = 1
        archive.addfile(member, io.BytesIO(b"x"))
    with packed.open("ab") as opened:
        opened.write(b"hidden" * 100)
    assert refusal(packed, tmp_path / "out").code == "trailing_data"


def test_an_encrypted_zip_is_refused_in_words(tmp_path):
    packed = zipped(tmp_path / "z.zip", [("a", b"x" * 50)])
    data = bytearray(packed.read_bytes())
    central = data.rindex(b"PK\x01\x02")
    data[6] |= 1
    data[central + 8] |= 1
    packed.write_bytes(data)
    refused = refusal(packed, tmp_path / "out")
    assert refused.code == "archive_encrypted"
    assert "password" in str(refused.sentence)


@pytest.mark.parametrize("keep", [0.5, 0.9])
def test_a_cut_archive_is_damaged(tmp_path, keep):
    packed = zipped(tmp_path / "z.zip", [("a", os.urandom(5000))])
    packed.write_bytes(packed.read_bytes()[: int(packed.stat().st_size * keep)])
    assert refusal(packed, tmp_path / "out").code == "archive_broken"


def test_a_flipped_byte_is_found_by_the_checksum_of_the_zip(tmp_path):
    packed = zipped(tmp_path / "z.zip", [("a", b"y" * 10), ("b", os.urandom(5000))], 0)
    data = bytearray(packed.read_bytes())
    data[200] ^= 1
    packed.write_bytes(data)
    assert refusal(packed, tmp_path / "out").code == "archive_broken"


def test_what_is_no_archive_is_refused(tmp_path):
    packed = tmp_path / "x.rar"
    packed.write_bytes(b"Rar!\x1a\x07\x00" + b"\0" * 600)
    assert not is_archive(packed)
    refused = refusal(packed, tmp_path / "out")
    assert isinstance(refused, Invalid)
    assert refused.code == "unknown_archive"
