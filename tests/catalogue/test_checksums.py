"""Checksums that come with a delivery."""

import hashlib

import pytest

from catalogue.dimap import checksums
from catalogue.dimap.reader import read_tree
from catalogue.samples.scene import Fault
from dinamis.errors import Invalid
from tests.catalogue.deliveries import codes, make


def digests(root, file):
    data = (root / file.path).read_bytes()
    return {
        name: hashlib.new(name, data, usedforsecurity=False).hexdigest()
        for name in checksums.algorithms(file)
    }


def test_stated_checksums_agree_with_what_is_computed(tmp_path):
    root = make(tmp_path, checksums=True)
    facts = read_tree(root)
    stated = [file for file in facts.files if file.checksum]
    assert len(stated) == len(facts.files) - 1  # all but the list itself
    for file in stated:
        checksums.check(file, digests(root, file))


def test_a_wrong_checksum_refuses_and_names_the_file(tmp_path):
    root = make(tmp_path, Fault.WRONG_CHECKSUM)
    files = read_tree(root).files
    (wrong,) = [file for file in files if file.path.endswith("_R1C1.JP2")]
    with pytest.raises(Invalid) as refused:
        checksums.check(wrong, digests(root, wrong))
    assert refused.value.code == "wrong_checksum"
    assert refused.value.details["file"] == wrong.path
    for file in files:
        if file is not wrong:
            checksums.check(file, digests(root, file))


@pytest.mark.parametrize(
    ("name", "line", "algorithm"),
    [
        ("{0}.md5", "{md5}", "md5"),
        ("{0}.md5", "{md5} *{0}", "md5"),
        ("MD5SUMS", "{md5}  {0}", "md5"),
        ("checksums.txt", "SHA1 ({0}) = {sha1}", "sha1"),
        ("SHA512SUMS", "{sha512}  ./{0}", "sha512"),
    ],
)
def test_checksums_are_read_as_they_are_usually_written(tmp_path, name, line, algorithm):
    root = make(tmp_path)
    volume = root / "VOL_PHR.XML"
    known = {n: hashlib.new(n, volume.read_bytes()).hexdigest() for n in ("md5", "sha1", "sha512")}
    (root / name.format(volume.name)).write_text(line.format(volume.name, **known) + "\n")
    (file,) = [file for file in read_tree(root).files if file.path == volume.name]
    assert file.checksum.algorithm == algorithm
    checksums.check(file, digests(root, file))
    assert checksums.algorithms(file) == ("sha256", algorithm)


def test_a_checksum_of_a_file_that_is_not_there_is_noted(tmp_path):
    root = make(tmp_path)
    (root / "MD5SUMS").write_text("0" * 32 + "  gone.txt\n")
    assert codes(read_tree(root)) == ["missing_checksummed"]


def test_a_checksum_of_a_file_elsewhere_refuses(tmp_path):
    root = make(tmp_path)
    (root / "MD5SUMS").write_text("0" * 32 + "  ../../etc/passwd\n")
    with pytest.raises(Invalid) as refused:
        read_tree(root)
    assert refused.value.code == "outside_reference"


def test_a_file_without_a_stated_checksum_passes(tmp_path):
    (file, *_others) = read_tree(make(tmp_path)).files
    assert checksums.algorithms(file) == ("sha256",)
    checksums.check(file, {"sha256": "0" * 64})
