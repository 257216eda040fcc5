"""Footprints from files: what is new is added, what differs changed, the rest left; nothing hostile gets in."""

import csv
import gzip
import json
from datetime import UTC, datetime
from io import StringIO

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from django.core.management import CommandError, call_command
from django.test import Client
from shapely.geometry import box, mapping

from catalogue.footprints import files
from catalogue.models import Identifier, Scene, SceneEvent, SceneLoad
from catalogue.services import loading, scenes
from catalogue.services.loading import loads
from catalogue.services.scenes import Figures
from dinamis import events, geo
from dinamis.actors import Actor
from tests.catalogue import make

BY = Actor.system("tests")
AT = "2019-10-28T14:10:11Z"


def item(number=1, *, shape=None, id_=None, **properties):
    """A STAC item over a square of 0.2° beside the others."""
    said = {"datetime": AT, "platform": "PHR1A", "eo:cloud_cover": 10, **properties}
    shape = mapping(shape or box(number, 45, number + 0.2, 45.2)) if shape != "none" else None
    return {
        "type": "Feature",
        "id": id_ or f"DS_LOADED_{number:05d}",
        "collection": "pleiades",
        "geometry": shape,
        "properties": {name: value for name, value in said.items() if value is not None},
    }


def ndjson(folder, *items, name="some.ndjson"):
    path = folder / name
    path.write_text(
        "".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in items)
    )
    return path


def load(path, **more):
    """The counts that are not nothing, and what was told of wrong records."""
    told = []
    counts = loading.load(
        path, by=BY, tell=lambda number, text: told.append((number, text)), **more
    )
    return {name: n for name in counts.__slots__ if (n := getattr(counts, name))}, told


def test_a_second_load_of_the_same_file_writes_nothing(db, tmp_path):
    path = ndjson(tmp_path, *(item(number) for number in range(1, 6)))
    assert load(path) == ({"read": 5, "new": 5}, [])
    before = list(Scene.objects.order_by("pk").values())
    assert load(path) == ({"read": 5, "unchanged": 5}, [])
    assert list(Scene.objects.order_by("pk").values()) == before
    assert SceneEvent.objects.count() == 0
    told = SceneLoad.objects.values_list("source", "new", "unchanged", "by_part")
    assert list(told) == [("some.ndjson", 0, 5, "tests"), ("some.ndjson", 5, 0, "tests")]


def test_every_fact_of_an_item_has_its_column(db, tmp_path):
    said = {
        "eo:snow_cover": 2.5, "view:incidence_angle": 17.5, "view:off_nadir": 15, "gsd": 0.7,
        "dinamis:incidence_along": -3, "dinamis:incidence_across": 17, "dinamis:orientation": 180,
        "view:sun_azimuth": 120, "view:sun_elevation": 55, "stereo-img:count": 2,
        "stereo-img:group": "pass 7", "platform": "Pléiades-1B",
        "datetime": "2019-10-28T14:10:11.1234567+02:00",
    }  # fmt: skip
    load(ndjson(tmp_path, item(1, **said)))
    [scene] = Scene.objects.all()
    assert (scene.platform_id, scene.collection_id) == ("PHR1B", "pleiades")
    assert scene.datetime == datetime(2019, 10, 28, 12, 10, 11, 123456, tzinfo=UTC)
    figures = (scene.cloud_cover, scene.snow_cover, scene.incidence, scene.viewing)
    assert figures == (10, 2.5, 17.5, 15)
    assert (scene.incidence_along, scene.incidence_across, scene.orientation) == (-3, 17, 180)
    assert (scene.sun_azimuth, scene.sun_elevation, scene.resolution_m) == (120, 55, 0.7)
    assert (scene.stereo, scene.stereo_key) == ("stereo", "pass 7")
    assert geo.to_shapely(scene.footprint).equals(box(1, 45, 1.2, 45.2))
    assert scene.footprint_source == "supplier"
    assert scenes.find("loaded_00001") == scene


def test_what_is_absent_stays_absent_and_forgets_nothing(db, tmp_path):
    load(ndjson(tmp_path, item(1, **{"eo:snow_cover": 3.0}), item(2, **{"eo:cloud_cover": None})))
    assert Scene.objects.get(item_id="DS_LOADED_00002").cloud_cover is None
    assert load(ndjson(tmp_path, item(1)))[0] == {"read": 1, "unchanged": 1}
    assert Scene.objects.get(item_id="DS_LOADED_00001").snow_cover == 3


def test_what_differs_is_changed_and_its_history_says_what_it_was(db, tmp_path):
    load(ndjson(tmp_path, item(1), item(2)))
    moved = item(1, shape=box(1, 45, 1.3, 45.2), **{"eo:cloud_cover": 12})
    assert load(ndjson(tmp_path, moved, item(2)))[0] == {"read": 2, "changed": 1, "unchanged": 1}
    scene = Scene.objects.get(item_id="DS_LOADED_00001")
    assert scene.cloud_cover == 12
    assert geo.to_shapely(scene.footprint).bounds == (1, 45, 1.3, 45.2)
    [event] = SceneEvent.objects.all()
    assert (event.scene, event.kind, event.by_part) == (scene, "loaded", "tests")
    assert event.facts["cloud_cover"] == 12
    assert event.facts["was"]["cloud_cover"] == 10
    assert event.facts["load"] == SceneLoad.objects.latest("pk").pk
    assert set(event.facts) == {"cloud_cover", "footprint", "was", "load"}


def test_an_image_is_one_scene_whichever_of_its_names_a_file_uses(db, tmp_path):
    scene = make.scene()
    other = item(1, id_=scene.item_id.removeprefix("DS_").lower())
    assert load(ndjson(tmp_path, other))[0] == {"read": 1, "changed": 1}
    assert Scene.objects.count() == 1
    same = Scene.objects.get()
    assert (same.item_id, same.cloud_cover) == (scene.item_id, 10)
    assert load(ndjson(tmp_path, other))[0] == {"read": 1, "unchanged": 1}
    assert SceneEvent.objects.filter(kind="loaded").count() == 1


def test_what_the_desk_wrote_stands(licences, desk, tmp_path):
    scene = make.scene()
    scenes.complete(
        scene,
        footprint=box(2, 2, 2.2, 2.2),
        footprint_source="supplier",
        figures=Figures(cloud_cover=1.0),
        by=Actor.of(desk),
        is_correction=True,
    )
    assert load(ndjson(tmp_path, item(1, id_=scene.item_id)))[0] == {"read": 1, "kept": 1}
    scene.refresh_from_db()
    assert scene.cloud_cover == 1


def test_a_scene_known_by_its_name_alone_is_completed_and_those_who_wait_are_told(db, tmp_path, monkeypatch):  # fmt: skip  # noqa: E501
    heard = []
    monkeypatch.setitem(events._handlers, "scene.completed", [lambda **facts: heard.append(facts)])
    name = "DS_PHR1A_201910281410111_FR1_PX_W053N04_0911_01234"
    scene = scenes.from_identifier(name, by=BY)
    assert load(ndjson(tmp_path, item(1, id_=name)))[0] == {"read": 1, "changed": 1}
    scene.refresh_from_db()
    assert (scene.completeness, scene.footprint_source) == ("complete", "supplier")
    assert [(one["scene"].pk, one["by"]) for one in heard] == [(scene.pk, BY)]


def test_the_last_of_two_records_of_one_image_counts(db, tmp_path):
    path = ndjson(tmp_path, item(1), item(1, **{"eo:cloud_cover": 3}), item(2))
    assert load(path)[0] == {"read": 3, "new": 2, "repeated": 1}
    assert Scene.objects.get(item_id="DS_LOADED_00001").cloud_cover == 3


def test_parts_add_up(db, tmp_path, monkeypatch):
    monkeypatch.setattr(loads, "PART", 3)
    path = ndjson(tmp_path, *(item(number) for number in range(1, 9)), item(2))
    assert load(path)[0] == {"read": 9, "new": 8, "unchanged": 1}


def test_a_dry_run_says_the_same_and_writes_nothing(db, tmp_path):
    path = ndjson(tmp_path, item(1), item(2), "{")
    counts, told = load(path, is_dry=True)
    assert counts == {"read": 3, "new": 2, "refused": 1}
    assert [number for number, _text in told] == [3]
    assert (Scene.objects.count(), Identifier.objects.count(), SceneLoad.objects.count()) == (0, 0, 0)  # fmt: skip


@pytest.mark.parametrize("kind", ["geojson", "ndjson.gz", "csv", "csv;", "parquet"])
def test_every_kind_of_file_tells_the_same(db, tmp_path, kind):
    items = [item(number) for number in (1, 2)]
    path = tmp_path / f"some.{kind.rstrip(';')}"
    if kind == "geojson":
        path.write_text(json.dumps({"type": "FeatureCollection", "features": items}))
    elif kind == "ndjson.gz":
        path.write_bytes(gzip.compress("\n".join(map(json.dumps, items)).encode()))
    elif kind == "parquet":
        pq.write_table(as_table(items), path)
    else:
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            out = csv.writer(file, delimiter=";" if kind.endswith(";") else ",")
            out.writerow(["id", "satellite", "acquired_at", "cloud_cover", "footprint", "remark"])
            for one in items:
                wkt = shapely.geometry.shape(one["geometry"]).wkt
                out.writerow([one["id"], "Pléiades 1A", AT, "10.0", wkt, "two\nlines"])
    assert load(path) == ({"read": 2, "new": 2}, [])
    assert load(ndjson(tmp_path, *items)) == ({"read": 2, "unchanged": 2}, [])


def as_table(items):
    """As stac-geoparquet has them: the properties are columns, the outline is WKB."""
    instants = [datetime.fromisoformat(one["properties"]["datetime"]) for one in items]
    return pa.table({
        "id": [one["id"] for one in items],
        "collection": [one["collection"] for one in items],
        "datetime": pa.array(instants, pa.timestamp("ns", tz="UTC")),
        "platform": [one["properties"]["platform"] for one in items],
        "eo:cloud_cover": pa.array([10.0] * len(items)),
        "view:off_nadir": pa.array([float("nan")] * len(items)),
        "geometry": [shapely.geometry.shape(one["geometry"]).wkb for one in items],
        "assets": [{"data": {"href": "x"}}] * len(items),
    })  # fmt: skip


def test_what_our_own_stac_gives_can_be_loaded_again_unchanged(db, tmp_path):
    load(ndjson(tmp_path, item(1, **{"view:incidence_angle": 7}), item(2)))
    page = Client().get("/stac/search").json()
    path = tmp_path / "own.geojson"
    path.write_text(json.dumps(page))
    assert load(path) == ({"read": 2, "unchanged": 2}, [])


WRONG = [
    ("{", "no JSON"),
    ("[1]", "no GeoJSON Feature"),
    ('{"type": "Feature"}', "no properties"),
    (item(1, id_="../../etc"), "identifier"),
    (item(1, id_="x" * 101), "identifier"),
    (item(1, id_="DS_"), "prefixes"),
    (item(1, id_="a\x1b[2Jb"), "“a?[2Jb”"),
    (item(1, datetime=None), "no datetime"),
    (item(1, datetime="yesterday"), "no datetime"),
    (item(1, datetime="0001-01-01T00:00:00+14:00"), "no possible time"),
    (item(1, datetime="1999-01-01T00:00:00Z"), "not in service"),
    (item(1, datetime="2999-01-01T00:00:00Z"), "not in service"),
    (item(1, platform="Sputnik"), "no satellite “Sputnik”"),
    (item(1, platform=["PHR1A"]), "satellite"),
    (item(1, **{"eo:cloud_cover": 101}), "eo:cloud_cover is 101, outside 0 to 100"),
    (item(1, **{"eo:cloud_cover": "many"}), "not a number"),
    (item(1, **{"eo:cloud_cover": True}), "not a number"),
    (item(1, **{"view:off_nadir": 1e400}), "no JSON"),
    (item(1, **{"stereo-img:count": 7}), "stereo"),
    (item(1, **{"stereo-img:group": "x" * 61}), "group of stereo"),
    ({**item(1), "collection": "nowhere"}, "no collection “nowhere”"),
    (item(1, shape="none"), "no footprint"),
    (item(1, shape=shapely.Point(1, 1)), "Polygon or MultiPolygon"),
    (item(1, shape=shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])), "footprint is wrong"),
    (item(1, shape=box(500_000, 6_000_000, 500_100, 6_000_100)), "metres"),
    (item(1, shape=shapely.Point(0, 0).buffer(1, 5000)), "more than 10000 points"),
    (
        {
            **item(1),
            "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [0, "x"], [1, 1], [0, 0]]]},
        },
        "footprint cannot be read",
    ),
    ({**item(1), "geometry": {"type": "Polygon", "coordinates": "x"}}, "footprint cannot be read"),
    ("x" * (files.MAX_LINE + 5), "longer than"),
    ('{"a":' * 5000, "no JSON"),
]


@pytest.mark.parametrize(("wrong", "sentence"), WRONG, ids=[text for _wrong, text in WRONG])
def test_a_wrong_record_is_told_by_its_line_and_the_others_are_loaded(db, tmp_path, wrong, sentence):  # fmt: skip
    counts, told = load(ndjson(tmp_path, item(7), wrong, item(8)))
    assert counts == {"read": 3, "new": 2, "refused": 1}
    [(number, text)] = told
    assert number == 2
    assert sentence in text
    assert text.isprintable()


def test_a_footprint_over_the_antimeridian_is_cut(db, tmp_path):
    over = shapely.Polygon([(179.9, 0), (-179.9, 0), (-179.9, 0.2), (179.9, 0.2)])
    path = ndjson(tmp_path, item(1, shape=over))
    assert load(path)[0]["new"] == 1
    [scene] = Scene.objects.all()
    assert scene.footprint.geom_type == "MultiPolygon"
    assert geo.to_shapely(scene.footprint).area == pytest.approx(0.04)
    assert load(path)[0] == {"read": 1, "unchanged": 1}


FILES = [
    ("some.txt", b"", "the name ends in none"),
    ("some.parquet.gz", b"", "the name ends in none"),
    ("some.geojson", b"{}", "no GeoJSON FeatureCollection"),
    ("some.geojson", b"{", "no JSON"),
    ("some.csv", b"id,cloud\na,1\n", "none of the columns"),
    ("some.csv", b"id,wkt\n\xff\xfe,x\n", "not UTF-8"),
    ("some.csv", b"id,wkt\na," + b"x" * 5_000_000, "longer than"),
    ("some.parquet", b"PAR1" + b"\0" * 100 + b"PAR1", "no readable Parquet"),
    ("some.parquet", b"nothing", "no readable Parquet"),
    ("some.ndjson.gz", b"nothing", "damaged"),
    ("some.ndjson.gz", gzip.compress(b"{}\n" * 1000, mtime=0)[:-20], "damaged"),
]


@pytest.mark.parametrize(("name", "content", "sentence"), FILES)
def test_a_file_that_is_none_ends_the_command_with_a_sentence(db, tmp_path, name, content, sentence):  # fmt: skip
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CommandError, match=sentence):
        call_command("load_scenes", path, stdout=StringIO(), stderr=StringIO())
    assert Scene.objects.count() == 0


def test_a_bomb_in_an_archive_is_passed_over_line_by_line(db, tmp_path):
    path = tmp_path / "bomb.ndjson.gz"
    path.write_bytes(gzip.compress(b" " * 50_000_000 + b"\n" + json.dumps(item(1)).encode()))
    counts, told = load(path)
    assert counts == {"read": 2, "new": 1, "refused": 1}
    assert told == [(1, "the line is longer than 1048576 bytes")]


def test_the_command_tells_what_it_left_out_and_fails(db, tmp_path):
    out, err = StringIO(), StringIO()
    path = ndjson(tmp_path, item(1), "{")
    with pytest.raises(CommandError, match=r"1 records were left out"):
        call_command("load_scenes", path, stdout=out, stderr=err)
    assert out.getvalue() == "some.ndjson: 2 read, 1 new, 1 refused.\n"
    assert err.getvalue().startswith("some.ndjson, record 2: this is no JSON")
    out = StringIO()
    call_command("load_scenes", ndjson(tmp_path, item(1)), "--json", stdout=out)
    assert json.loads(out.getvalue())["unchanged"] == 1


def test_a_file_of_the_wrong_kind_is_stopped_and_says_how_far_it_came(db, tmp_path, monkeypatch):
    monkeypatch.setattr(loads, "PART", 2)
    path = ndjson(tmp_path, item(1), "{", "{", "{", item(2))
    with pytest.raises(CommandError, match="more than 1 records are wrong"):
        call_command("load_scenes", path, "--most-refused=1", stdout=StringIO(), stderr=StringIO())
    row = SceneLoad.objects.get()
    assert (row.read, row.new, row.refused) == (4, 1, 3)
    assert row.ended_at is not None


def test_a_collection_can_be_said_for_a_whole_file(db, tmp_path):
    load(ndjson(tmp_path, item(1)), collection="spot67")
    assert Scene.objects.get().collection_id == "spot67"
    with pytest.raises(CommandError, match="no collection"):
        call_command("load_scenes", ndjson(tmp_path, item(1)), "--collection=x", stdout=StringIO())


def test_stereo_mates_are_found_as_they_are_loaded_and_a_harvest_leaves_them(db, tmp_path):
    def view(number, at, **more):
        place = {"shape": box(1, 45, 1.2, 45.2), **more}
        return item(number, datetime=f"2020-05-04T10:{at}Z", **place)

    first = [
        view(1, "30:00"),
        view(2, "31:00"),
        view(3, "50:00"),
        view(4, "30:30", shape=box(1.1, 45, 1.3, 45.2)),
    ]
    counts, _told = load(ndjson(tmp_path, *first))
    assert counts == {"read": 4, "new": 4, "grouped": 2}
    key = "PASS-PHR1A-20200504T103000"
    rows = Scene.objects.order_by("item_id").values_list("stereo", "stereo_key")
    assert list(rows) == [("stereo", key)] * 2 + [("mono", "")] * 2
    # A third view of another file makes it a triplet; who says "mono" and no group undoes nothing.
    counts, _told = load(ndjson(tmp_path, view(5, "30:40")))
    assert counts == {"read": 1, "new": 1, "grouped": 3}
    assert Scene.objects.filter(stereo="tri_stereo", stereo_key=key).count() == 3
    again = [view(1, "30:00", **{"dinamis:stereo": "mono"}), *first[1:]]
    assert load(ndjson(tmp_path, *again))[0] == {"read": 4, "unchanged": 4}
    # One that turns out to be of another hour leaves its group, and those that stay are a pair.
    counts, _told = load(ndjson(tmp_path, view(5, "59:00")))
    assert counts == {"read": 1, "changed": 1, "grouped": 3}
    rows = Scene.objects.order_by("item_id").values_list("stereo", "stereo_key")
    assert list(rows) == [("stereo", key)] * 2 + [("mono", "")] * 3
