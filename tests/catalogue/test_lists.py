"""Exports of a search, read without trusting them: names, times, figures, outlines."""

import io
import zipfile
from datetime import UTC, datetime

import pytest

from catalogue.lists import files
from catalogue.lists.names import told
from dinamis.errors import Invalid, Refused, TooLarge
from tests.catalogue import lists
from tests.catalogue.lists import ONE, TWO, WKT


def refusal(name, data):
    with pytest.raises(Refused) as refused:
        files.read(name, data)
    return refused.value


def zipped(name, data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("search.geojson", lists.geojson(lists.feature()), "geojson"),
        ("search.kml", lists.kml(), "kml"),
        ("search.kmz", zipped("DOC.KML", lists.kml()), "kml"),
        ("search.csv", lists.csv(f"{ONE};2021-06-14T10:57:37Z;4,2;{WKT}"), "csv"),
        (
            "search.txt",
            b"\xef\xbb\xbf" + lists.csv(f"{ONE};2021-06-14 10:57:37;4.2 %;{WKT}"),
            "csv",
        ),
    ],
)
def test_every_kind_of_export_says_the_same_of_a_scene(name, data, kind):
    found, listed = files.read(name, data)
    read = told(listed[0])
    assert found == kind
    assert (read.item_id, read.platform) == (ONE, "PHR1A")
    assert read.acquired_at == datetime(2021, 6, 14, 10, 57, 37, 200_000, tzinfo=UTC)
    assert read.figures["cloud_cover"] == 4.2
    assert read.shape.bounds == (5.3, 43.2, 5.5, 43.4)


def test_what_a_line_leaves_out_stays_out():
    _kind, listed = files.read("a.csv", lists.csv(f"{ONE};;;{WKT}", f"{TWO};;n/a;{WKT}"))
    assert [told(line).figures for line in listed] == [{}, {}]
    assert told(listed[0]).acquired_at.year == 2021


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_any_separator_does(separator):
    header = separator.join(["image id", "Cloud Cover", "footprint"])
    row = separator.join([ONE, "3", f'"{WKT}"'])
    _kind, listed = files.read("a.csv", f"{header}\n{row}\n\n".encode())
    assert told(listed[0]).figures == {"cloud_cover": 3.0}


def test_an_identifier_inside_a_longer_name_is_found():
    _kind, listed = files.read("a.kml", lists.kml(identifier=f"Quicklook of {ONE}.JPG"))
    assert told(listed[0]).item_id == ONE


def test_a_time_shown_in_another_zone_is_the_identifiers():
    """The deck shows 21:35 for an image whose identifier says 14:02."""
    late = lists.feature(acquisitionDate="2021-06-14T18:30:00Z")
    _kind, listed = files.read("a.geojson", lists.geojson(late))
    assert told(listed[0]).acquired_at.hour == 10


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"acquisitionDate": "2021-06-17T10:57:00Z"}, "two_images"),
        ({"cloudCover": 140}, "bad_value"),
        ({"cloudCover": "cloudy"}, "bad_value"),
        ({"incidenceAngle": 400}, "bad_value"),
        ({"sourceIdentifier": "DS_WV3_2021"}, "identifier_malformed"),
        ({"sourceIdentifier": ""}, "no_identifier"),
    ],
)
def test_a_line_that_cannot_be_right_is_refused_with_its_reason(changes, code):
    _kind, listed = files.read("a.geojson", lists.geojson(lists.feature(**changes)))
    with pytest.raises(Invalid) as refused:
        told(listed[0])
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf", b"%PDF-1.7", "list_unknown"),
        ("a.geojson", b"{", "list_broken"),
        ("a.geojson", b'{"features": ' + b"[" * 100_000, "list_broken"),
        ("a.geojson", b'{"features": 3}', "list_broken"),
        ("a.geojson", b'{"features": []}', "list_empty"),
        ("a.csv", b"identifier;wkt\n", "list_empty"),
        ("a.csv", b"identifier\n" + b"x" * 200_000, "list_broken"),
        ("a.kml", b"<kml", "list_broken"),
        ("a.kml", b'<!DOCTYPE k [<!ENTITY a "b">]><kml>&a;</kml>', "xml_forbidden"),
        ("a.kmz", b"PK\x03\x04broken", "list_broken"),
        ("a.kmz", zipped("../x.txt", b"x"), "list_broken"),
    ],
)
def test_a_file_that_is_no_list_is_refused(name, data, code):
    assert refusal(name, data).code == code


def test_a_bomb_inside_a_kmz_is_refused_before_it_is_unpacked():
    bomb = zipped("doc.kml", b"<kml>" + b" " * (21 * 1024 * 1024))
    assert len(bomb) < 100_000
    refused = refusal("a.kmz", bomb)
    assert isinstance(refused, TooLarge)
    assert refused.code == "list_too_large"


def test_a_list_is_no_longer_than_a_list(monkeypatch):
    monkeypatch.setattr(files, "SCENES_MAX", 1)
    two = lists.geojson(lists.feature(), lists.feature(TWO))
    rows = lists.csv(f"{ONE};;;{WKT}", f"{TWO};;;{WKT}")
    marks = lists.kml().replace(b"</Document>", b"<Placemark/></Document>")
    for name, data in (("a.geojson", two), ("a.csv", rows), ("a.kml", marks)):
        assert refusal(name, data).code == "list_too_large"


@pytest.mark.parametrize(
    "geometry",
    [None, {"type": "Point", "coordinates": [1, 2]}, {"type": "Polygon"}, {"coordinates": []}, 7,
     {"type": "Polygon", "coordinates": [[[0, 0], [1]]]}],
)  # fmt: skip
def test_an_outline_that_is_none_is_none(geometry):
    one = lists.feature() | {"geometry": geometry}
    _kind, listed = files.read("a.geojson", lists.geojson(one))
    assert listed[0].shape is None
