"""The header arithmetic of sending a file: one range, names that are safe."""

import pytest

from dinamis.sending import disposition, file_name, one_range


@pytest.mark.parametrize(
    ("header", "bounds"),
    [
        ("", None),
        ("bytes=0-0", (0, 0)),
        ("bytes=0-99", (0, 99)),
        ("bytes=0-", (0, 99)),
        ("bytes=10-19", (10, 19)),
        ("bytes=10-1000", (10, 99)),
        ("bytes=-1", (99, 99)),
        ("bytes=-30", (70, 99)),
        ("bytes=-1000", (0, 99)),
        ("bytes=100-", (100, 99)),
        ("bytes=100-200", (100, 99)),
        ("bytes=-0", (100, 99)),
        ("bytes=20-10", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("bytes=0-1,5-6", None),
        ("bytes=" + ",".join(["0-99"] * 1000), None),
        ("bytes=" + "9" * 400 + "-", None),
        ("bytes=٣-٤", None),
        ("items=0-1", None),
    ],
)
def test_a_range_is_read_as_rfc_9110_says(header: str, bounds: tuple[int, int] | None) -> None:
    assert one_range(header, 100) == bounds


def test_an_empty_file_has_no_range() -> None:
    assert one_range("bytes=0-", 0) == (0, -1)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("IMG/IMG_PHR1A.TIF", "IMG_PHR1A.TIF"),
        ("../../etc/passwd", "passwd"),
        ("..", "file"),
        ("a/..", "file"),
        ("", "file"),
        ("C:\\Users\\x.tif", "x.tif"),
        ("a\r\nSet-Cookie: b=c.tif", "aSet-Cookie: b=c.tif"),
        ("a\x00.tif", "a.tif"),
        ("..%2f..%2fpasswd", "%2f..%2fpasswd"),
        ("forêt.tif", "forêt.tif"),
    ],
)
def test_a_file_name_is_one_plain_part_of_a_path(path: str, name: str) -> None:
    assert file_name(path) == name


def test_a_name_beyond_ascii_is_sent_in_utf_8() -> None:
    assert disposition("IMG/forêt.tif") == "attachment; filename*=utf-8''for%C3%AAt.tif"


def test_a_quote_in_a_name_does_not_end_it() -> None:
    assert disposition('a"; evil="b.tif') == 'attachment; filename="a\\"; evil=\\"b.tif"'
