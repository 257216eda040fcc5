"""Areas sent to the workbench: measured, refused in words, kept, grown, and known by their key alone."""

import io
import json
import zipfile
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from shapely.geometry import Polygon, box, mapping

from catalogue.models import SavedArea
from catalogue.services import areas
from dinamis import geo
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotFound
from tests.catalogue import make

SCRIPT = {"accept": "application/json"}
MAHURY = mapping(Polygon(make.MAHURY))
BOW_TIE = {
    "type": "Polygon",
    "coordinates": [[[-52.4, 4.8], [-52.2, 5], [-52.2, 4.8], [-52.4, 5], [-52.4, 4.8]]],
}
pytestmark = pytest.mark.django_db


def send(client=None, **fields):
    """Post to the address of areas as the script does."""
    return (client or Client()).post("/catalogue/area", fields, headers=SCRIPT)


def placemark(name, shape):
    points = " ".join(f"{x},{y}" for x, y in shape.exterior.coords)
    ring = f"<outerBoundaryIs><LinearRing><coordinates>{points}</coordinates></LinearRing></outerBoundaryIs>"
    return f"<Placemark><name>{name}</name><Polygon>{ring}</Polygon></Placemark>"


def kml(*placemarks):
    body = "".join(placemarks)
    return f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}</Document></kml>'


def upload(name, content):
    return SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())


def test_a_drawn_area_is_measured_and_saved_under_a_key():
    answer = send(geometry=json.dumps(MAHURY), name="Mouth of the Mahury")
    told = answer.json()
    assert answer.status_code == 200
    saved = SavedArea.objects.get(key=told["key"])
    assert told["area_km2"] == "63.40"
    assert saved.area_km2 == Decimal("63.40")
    assert (saved.name, saved.owner, saved.is_kept) == ("Mouth of the Mahury", None, False)


def test_the_area_of_somebody_signed_in_is_theirs(as_, researcher):
    key = send(as_(researcher), geometry=json.dumps(MAHURY)).json()["key"]
    assert SavedArea.objects.get(key=key).owner == researcher


def test_a_crossing_outline_is_refused_with_the_place_and_never_priced_nothing():
    answer = send(geometry=json.dumps(BOW_TIE))
    told = answer.json()
    assert answer.status_code == 422
    assert answer["content-type"] == "application/problem+json"
    assert told["code"] == "area_crosses_itself"
    assert told["crossing"] == [pytest.approx(-52.3), pytest.approx(4.9)]
    assert told["outline"]["coordinates"][0][0] == [-52.4, 4.8]
    assert SavedArea.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"text": "POLYGON EMPTY"}, "area_empty"),
        ({"text": "somewhere nice"}, "text_unknown"),
        ({"text": "700000, 6200000, 710000, 6210000"}, "area_in_metres"),
        ({"text": "POINT (1 2)"}, "area_not_a_polygon"),
        ({"geometry": "{"}, "geometry_unreadable"),
        (
            {"geometry": '{"type":"Polygon","coordinates":[[[NaN,1],[2,2],[3,1],[NaN,1]]]}'},
            "area_not_finite",
        ),
        ({"west": "1", "south": "", "east": "2", "north": "3"}, "box_incomplete"),
        ({}, "box_incomplete"),
        ({"grow": "1", "area": "5f0d5a0e-8c7f-4a55-9d0c-1f2b0a4f9a11"}, "area_unknown"),
        ({"grow": "1", "area": "not a key"}, "area_unknown"),
    ],
)
def test_what_is_no_area_is_refused_in_words_and_nothing_is_saved(fields, code):
    answer = send(**fields)
    assert answer.status_code in (404, 422)
    assert answer.json()["code"] == code
    assert answer.json()["title"]
    assert SavedArea.objects.count() == 0


LAMBERT_93 = [[652000, 6861000], [654000, 6861000], [654000, 6863000], [652000, 6863000]]


@pytest.mark.parametrize("way", ["drawn", "pasted", "box", "file"])
def test_metres_are_read_in_the_system_that_the_reader_names(way):
    outline = {"type": "Polygon", "coordinates": [[*LAMBERT_93, LAMBERT_93[0]]]}
    said = {
        "drawn": {"geometry": json.dumps(outline)},
        "pasted": {"text": json.dumps(outline)},
        "box": {"west": "652000", "south": "6861000", "east": "654000", "north": "6863000"},
        "file": {"file": json.dumps(outline)},
    }[way]

    def sent(**more):
        file = {"file": upload("paris.geojson", said["file"])} if way == "file" else {}
        return send(**(said | file | more)).json()

    refused = sent()
    assert refused["code"] == "area_in_metres"
    assert refused["candidates"][0] == {
        "code": "EPSG:2154",
        "name": "RGF93 v1 / Lambert-93 (EPSG:2154)",
    }
    told = sent(crs="EPSG:2154")
    assert "Lambert-93" in " ".join(told["notes"])
    west, south, east, north = SavedArea.objects.get(key=told["key"]).geometry.extent
    assert 2.33 < west < east < 2.38
    assert 48.84 < south < north < 48.88
    assert Decimal("3.9") < Decimal(told["area_km2"]) < Decimal("4.1")


@pytest.mark.parametrize(
    ("crs", "code"), [("EPSG:4326", "area_in_metres"), ("Lambert", "crs_unknown")]
)
def test_a_system_that_does_not_fit_leaves_the_area_refused(crs, code):
    outline = {"type": "Polygon", "coordinates": [[*LAMBERT_93, LAMBERT_93[0]]]}
    assert send(geometry=json.dumps(outline), crs=crs).json()["code"] == code


def test_swapped_axes_are_suspected_offered_and_taken_once_confirmed():
    text = "4.84, -52.34, 4.95, -52.22"
    refused = send(text=text).json()
    assert refused["code"] == "area_axes_swapped"
    turned = send(geometry=json.dumps(refused["swapped"]), trust="1").json()
    assert SavedArea.objects.get(key=turned["key"]).geometry.extent == pytest.approx(
        (-52.34, 4.84, -52.22, 4.95)
    )
    kept = send(text=text, trust="1").json()
    assert SavedArea.objects.get(key=kept["key"]).geometry.extent == pytest.approx(
        (4.84, -52.34, 4.95, -52.22)
    )


def test_a_box_takes_decimal_commas():
    told = send(west="-52,34", south="4,84", east="−52,22", north="4,95").json()
    assert told["area_km2"] == str(geo.area_km2(box(-52.34, 4.84, -52.22, 4.95)))


def test_a_geojson_file_is_read():
    told = send(file=upload("mahury.geojson", json.dumps(MAHURY))).json()
    assert told["area_km2"] == "63.40"


def test_a_kml_with_several_areas_asks_which():
    body = kml(
        placemark("North", box(-52.4, 5, -52.3, 5.1)), placemark("South", box(-52.4, 4, -52.3, 4.2))
    )
    told = send(file=upload("areas.kml", body)).json()
    assert [choice["name"] for choice in told["choices"]] == ["North", "South"]
    assert all(SavedArea.objects.filter(key=choice["key"]).exists() for choice in told["choices"])


def test_a_file_renamed_from_another_kind_is_refused():
    layer = "<OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>"
    vrt = f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>"
    answer = send(file=upload("areas.kml", vrt))
    assert answer.status_code == 422
    assert "passwd" not in answer.content.decode()
    assert SavedArea.objects.count() == 0


def test_a_zip_without_an_area_is_refused():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    answer = send(file=upload("areas.zip", data.getvalue()))
    assert (answer.status_code, answer.json()["code"]) == (422, "zip_without_area")


def test_a_file_over_five_megabytes_is_too_large():
    answer = send(file=upload("areas.geojson", b"{" + b" " * (5 * 1024 * 1024 + 10)))
    assert (answer.status_code, answer.json()["code"]) == (413, "file_too_large")


def test_too_many_points_are_refused_and_simplified_when_asked():
    ring = [
        (-52 + 0.1 * make.math.cos(n / 2000), 5 + 0.1 * make.math.sin(n / 2000))
        for n in range(12566)
    ]
    geometry = json.dumps(mapping(Polygon(ring)))
    refused = send(geometry=geometry)
    assert (refused.status_code, refused.json()["code"]) == (413, "area_too_many_vertices")
    told = send(geometry=geometry, simplify="1").json()
    assert SavedArea.objects.get(key=told["key"]).geometry.num_coords <= 10_001


def test_a_form_without_script_is_sent_to_the_workbench_with_its_question():
    answer = Client().post(
        "/catalogue/area", {"text": "-52.34, 4.84, -52.22, 4.95", "rest": "cloud=20"}
    )
    area = SavedArea.objects.get()
    assert answer.status_code == 302
    assert answer.url == f"/catalogue/?area={area.key}&cloud=20"


def test_a_form_without_script_is_refused_on_a_page():
    answer = Client().post("/catalogue/area", {"geometry": json.dumps(BOW_TIE)})
    assert answer.status_code == 422
    assert b"area_crosses_itself" in answer.content


def test_a_form_without_script_chooses_among_several_areas_on_a_page():
    body = kml(
        placemark("North", box(-52.4, 5, -52.3, 5.1)),
        placemark("Knot", Polygon(BOW_TIE["coordinates"][0])),
    )
    answer = Client().post("/catalogue/area", {"file": upload("areas.kml", body)})
    north = SavedArea.objects.get()
    assert f"/catalogue/?area={north.key}".encode() in answer.content
    assert b"Knot" in answer.content


def test_an_area_under_a_hundred_km2_grows_to_it():
    area = make.area(name="Mahury")
    told = send(area=str(area.key), grow="1").json()
    grown = SavedArea.objects.get(key=told["key"])
    assert 100 <= grown.area_km2 <= Decimal("100.5")
    assert grown.geometry.contains(area.geometry)
    assert (grown.name, SavedArea.objects.count()) == ("Mahury", 2)


def test_an_area_large_enough_comes_back_as_it_is():
    area = make.area(box(-52.4, 4.8, -52.2, 5.0))
    assert send(area=str(area.key), grow="1").json()["key"] == str(area.key)


def test_the_area_is_a_file_for_whoever_knows_its_key():
    area = make.area(name="Mouth of the Mahury")
    answer = Client().get(f"/catalogue/areas/{area.key}.geojson")
    told = answer.json()
    assert answer["content-disposition"] == 'attachment; filename="mouth-of-the-mahury.geojson"'
    assert told["properties"] == {"name": "Mouth of the Mahury", "area_km2": 63.4}
    assert geo.area_km2(told["geometry"]) == Decimal("63.40")


def test_a_kept_area_stands_in_its_owners_library_alone(as_, researcher, other_researcher):
    area = make.area(owner=researcher)
    as_(researcher).post(f"/catalogue/areas/{area.key}/keep", {"name": " Mahury  mouth "})
    assert [kept.name for kept in areas.library(researcher)] == ["Mahury mouth"]
    assert areas.library(other_researcher) == []
    assert b"Mahury mouth" not in as_(other_researcher).get("/catalogue/").content


def test_keeping_anothers_area_keeps_a_copy(as_, researcher, other_researcher):
    area = make.area(owner=researcher)
    as_(other_researcher).post(f"/catalogue/areas/{area.key}/keep", {"name": "Shared"})
    area.refresh_from_db()
    assert (area.owner, area.is_kept) == (researcher, False)
    assert areas.library(other_researcher)[0].geometry == area.geometry


def test_letting_go_of_anothers_area_is_not_found(researcher, other_researcher):
    area = areas.keep(make.area(owner=researcher), name="Mine", by=Actor.of(researcher))
    with pytest.raises(NotFound):
        areas.let_go(area, by=Actor.of(other_researcher))
    assert areas.library(researcher) == [area]
    areas.let_go(area, by=Actor.of(researcher))
    assert areas.library(researcher) == []
    assert areas.find(area.key) == area


def test_an_area_without_a_name_is_not_kept(researcher):
    area = make.area(owner=researcher)
    with pytest.raises(Invalid):
        areas.keep(area, name="   ", by=Actor.of(researcher))
    with pytest.raises(IntegrityError, match="saved_area_kept"), transaction.atomic():
        SavedArea.objects.filter(pk=area.pk).update(is_kept=True)
    assert areas.library(researcher) == []


def test_keeping_asks_to_sign_in():
    area = make.area()
    answer = Client().post(f"/catalogue/areas/{area.key}/keep", {"name": "x"})
    assert answer.status_code == 302
    assert "/accounts/login/" in answer.url
    assert not SavedArea.objects.get().is_kept


def test_a_post_without_the_forms_token_is_refused():
    answer = Client(enforce_csrf_checks=True).post(
        "/catalogue/area", {"text": "1,2,3,4"}, headers=SCRIPT
    )
    assert answer.status_code == 403
    assert SavedArea.objects.count() == 0
