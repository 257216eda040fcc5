"""Places by name: found without accents in both languages, told apart, shown and searched."""

import sqlite3

import pytest

from catalogue.models import SavedArea
from catalogue.places import exonyms, index, reading
from dinamis import geo


@pytest.mark.parametrize(
    ("words", "kind", "french", "country"),
    [
        ("Saint-Denis", "town", "Saint-Denis", "RE"),
        ("saint denis, france", "town", "Saint-Denis", "FR"),
        ("SAINT-DENIS, réunion", "town", "Saint-Denis", "RE"),
        ("herault", "department", "Hérault", "FR"),
        ("34", "department", "Hérault", "FR"),
        ("2a", "department", "Corse-du-Sud", "FR"),
        ("Cayenne", "town", "Cayenne", "GF"),
        ("974", "country", "La Réunion", "RE"),
        ("Guyane", "country", "Guyane", "GF"),
        ("occitanie", "region", "Occitanie", "FR"),
        ("Londres", "town", "Londres", "GB"),
        ("london", "town", "Londres", "GB"),
        ("Anvers", "town", "Anvers", "BE"),
        ("la mecque", "town", "La Mecque", "SA"),
        ("germany", "country", "Allemagne", "DE"),
        ("allemagne", "country", "Allemagne", "DE"),
        ("schoelcher", "town", "Schœlcher", "MQ"),
        ("denis", "department", "Seine-Saint-Denis", "FR"),
    ],
)
def test_the_first_answer_is_what_is_meant(words, kind, french, country):
    first = index.find(words)[0]
    assert (first.kind, first.country) == (kind, country)
    assert first.french in (french, french.replace("œ", "oe"))


@pytest.mark.parametrize(
    "words", ["", "x", "zzzzzzzz", ",", "%", "'; DROP TABLE place", "\x00\x00"]
)
def test_what_is_no_place_finds_none(words):
    assert index.find(words) == []


def test_no_more_are_told_than_can_be_read():
    assert len(index.find("sa")) == index.MOST


def test_the_box_of_a_department_holds_its_towns_and_little_else():
    [herault] = [one for one in index.find("Hérault") if one.kind == "department"]
    west, south, east, north = herault.box
    assert 2.4 < west < 2.7
    assert 4.1 < east < 4.3
    assert 43.1 < south < 43.3
    assert 43.9 < north < 44.1


def test_every_town_of_two_names_is_one_that_is_read():
    read = {(row.names[0], row.country) for row in reading.rows() if row.kind == "town"}
    assert set(exonyms.TOWNS) <= read


def test_a_country_over_the_antimeridian_has_the_shorter_box():
    west, _south, east, _north = index.find("Fidji")[0].box
    assert 176 < west < 180 < east < 183
    assert reading.box_of([(-53, 4), (-52, 5)]) == (-53.05, 3.95, -51.95, 5.05)


def test_an_index_is_made_whole_or_not_at_all(tmp_path, monkeypatch):
    def broken():
        yield reading.Row("town", "A", "A", "FR", names=("A",))
        raise sqlite3.OperationalError("the disk is full")

    monkeypatch.setattr(index, "rows", broken)
    with pytest.raises(sqlite3.OperationalError):
        index.make(tmp_path / "places.sqlite3")
    assert list(tmp_path.iterdir()) == []


def test_a_place_is_answered_in_the_readers_language(client, db):
    asked = {"q": "londres"}
    for language, label in (("fr", "Londres"), ("en", "London")):
        headers = {"accept": "application/json", "accept-language": language}
        [first, *_others] = client.get("/catalogue/places", asked, headers=headers).json()["found"]
        assert first["label"] == label
        assert "101 km²" in first["act"].replace("\u00a0", " ").replace("\u202f", " ")


def test_without_a_script_a_page_lists_the_places_and_searching_there_keeps_the_rest(client, db):
    page = client.get("/catalogue/places", {"q": "Fidji", "rest": "cloud=20"})
    assert "Fidji" in page.text
    sides = index.find("Fidji")[0].box
    names = ("west", "south", "east", "north")
    sent = dict(zip(names, (f"{side:.4f}" for side in sides), strict=True))
    answer = client.post(
        "/catalogue/area", {**sent, "name": "Fidji", "rest": "cloud=20", "trust": "1"}
    )
    area = SavedArea.objects.get()
    assert answer.url == f"/catalogue/?area={area.key}&cloud=20"
    assert area.name == "Fidji"
    assert float(area.area_km2) < 500_000
    assert geo.to_shapely(area.geometry).bounds[0] == -180
    none = client.get("/catalogue/places", {"q": "zzzz"}, headers={"accept-language": "en"})
    assert "No place is called that" in none.text
