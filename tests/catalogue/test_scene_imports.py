"""A supplier's list: shown, written, undone; what another changed meanwhile is left alone."""

import json
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from catalogue.models import Scene, SceneEvent, SceneImport
from catalogue.services import scene_imports, scenes, withdrawing
from catalogue.services.scenes import Figures
from catalogue.states import IMPORT
from dinamis import geo
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotAllowed, NotNow
from tests.catalogue import lists, make
from tests.catalogue.lists import ONE, TWO
from tests.catalogue.make import BY

pytestmark = pytest.mark.django_db


def read(*features, by=BY):
    return scene_imports.read("search.geojson", lists.geojson(*features), by=by)


def outcomes(made):
    return list(made.rows.values_list("outcome", flat=True))


def written(*features):
    return scene_imports.write(read(*features), by=BY)


def test_reading_a_list_shows_what_it_would_do_and_writes_nothing():
    made = read(lists.feature(), lists.feature(TWO), lists.feature(cloudCover=140))
    assert outcomes(made) == ["new", "new", "refused"]
    assert (made.new, made.changed, made.unchanged, made.refused) == (2, 0, 0, 1)
    assert "cloudcover" in made.rows.last().sentence
    assert not Scene.objects.exists()


def test_writing_adds_the_new_scenes_with_their_history():
    made = written(lists.feature())
    scene = Scene.objects.get()
    assert (scene.item_id, scene.platform_id, scene.collection_id) == (ONE, "PHR1A", "pleiades")
    assert (scene.cloud_cover, scene.snow_cover, scene.incidence) == (4.2, None, 12.5)
    assert (scene.footprint_source, scene.resolution_m) == ("supplier", 0.5)
    assert geo.to_shapely(scene.footprint).bounds == (5.3, 43.2, 5.5, 43.4)
    event = scene.events.get()
    assert (event.kind, event.facts["list"]) == ("imported", made.pk)
    assert scenes.find(ONE.removeprefix("DS_")) == scene
    assert made.state == "written"


def test_the_same_list_again_changes_nothing():
    written(lists.feature(), lists.feature(TWO))
    events = SceneEvent.objects.count()
    made = read(lists.feature(), lists.feature(TWO))
    assert outcomes(made) == ["unchanged", "unchanged"]
    scene_imports.write(made, by=BY)
    assert SceneEvent.objects.count() == events


def test_what_differs_is_brought_up_to_date_and_silence_changes_nothing():
    written(lists.feature())
    made = read(lists.feature(cloudCover=9.0, incidenceAngle=None))
    row = made.rows.get()
    assert (row.outcome, row.before, row.after) == (
        "changed", {"cloud_cover": 4.2}, {"cloud_cover": 9.0},
    )  # fmt: skip
    scene_imports.write(made, by=BY)
    scene = Scene.objects.get()
    assert (scene.cloud_cover, scene.incidence) == (9.0, 12.5)
    assert scene.events.last().kind == "updated"


def test_a_scene_known_by_its_name_alone_is_completed(monkeypatch):
    told = []
    monkeypatch.setattr(
        "catalogue.services.listed_writing.emit", lambda event, **said: told.append(event)
    )
    scene = scenes.from_identifier(ONE, by=BY)
    assert not scene.is_complete
    made = read(lists.feature())
    assert outcomes(made) == ["changed"]
    scene_imports.write(made, by=BY)
    scene.refresh_from_db()
    assert scene.is_complete
    assert scene.footprint_source == "supplier"
    assert told == ["scene.completed"]


def test_undoing_withdraws_what_was_added_and_puts_back_what_was_changed():
    written(lists.feature())
    made = written(lists.feature(cloudCover=9.0), lists.feature(TWO))
    made = scene_imports.undo(made, reason="The wrong year.", by=BY)
    assert made.state == "undone"
    assert Scene.objects.get(item_id=ONE).cloud_cover == 4.2
    away = Scene.objects.get(item_id=TWO)
    assert away.withdrawn_at is not None
    assert "The wrong year." in away.withdrawn_reason
    assert list(away.events.values_list("kind", flat=True)) == ["imported", "undone"]
    found = scenes.search(make.question(), user=None).results
    assert [result.scene.item_id for result in found] == [ONE]
    assert not made.rows.exclude(sentence="").exists()


def test_what_was_undone_comes_back_with_another_list():
    scene_imports.undo(written(lists.feature()), reason="Too early.", by=BY)
    made = read(lists.feature())
    assert outcomes(made) == ["new"]
    scene_imports.write(made, by=BY)
    scene = Scene.objects.get()
    assert scene.withdrawn_at is None
    assert scene.events.filter(kind="returned").count() == 1


def test_what_the_desk_withdrew_stays_away():
    written(lists.feature())
    withdrawing.withdraw(Scene.objects.get(), reason="Never taken.", by=BY)
    made = read(lists.feature())
    assert outcomes(made) == ["refused"]
    assert "Never taken." in made.rows.get().sentence


def test_a_scene_that_a_product_stands_on_survives_the_undoing():
    made = written(lists.feature())
    make.product(Scene.objects.get())
    made = scene_imports.undo(made, reason="The wrong year.", by=BY)
    assert Scene.objects.get().withdrawn_at is None
    assert "stands on this scene" in made.rows.get().sentence


def test_what_another_changed_between_showing_and_writing_is_left_alone(desk):
    written(lists.feature())
    made = read(lists.feature(cloudCover=9.0))
    scene = Scene.objects.get()
    scenes.complete(
        scene,
        footprint=geo.to_shapely(scene.footprint),
        footprint_source="supplier",
        figures=Figures(cloud_cover=50.0),
        by=Actor.of(desk),
        is_correction=True,
    )
    scene_imports.write(made, by=BY)
    assert Scene.objects.get().cloud_cover == 50.0
    assert made.rows.get().sentence == "It was changed by somebody else meanwhile."


def test_what_was_changed_after_the_writing_is_not_undone(desk):
    written(lists.feature())
    made = written(lists.feature(cloudCover=9.0))
    written(lists.feature(cloudCover=11.0))
    scene_imports.undo(made, reason="The wrong year.", by=BY)
    assert Scene.objects.get().cloud_cover == 11.0
    assert "changed again" in made.rows.get().sentence


def test_what_was_added_meanwhile_is_not_added_twice():
    first, second = read(lists.feature()), read(lists.feature())
    scene_imports.write(first, by=BY)
    scene_imports.write(second, by=BY)
    assert Scene.objects.count() == 1
    assert second.rows.get().sentence == "It was added by somebody else meanwhile."
    scene_imports.undo(second, reason="It did nothing.", by=BY)
    assert Scene.objects.get().withdrawn_at is None


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (lists.feature("DS_PNEO3_202106141057372_PS1_FR1_FR1_E005N46_004192"), "cannot be ordered"),
        (
            lists.feature(ONE.replace("20210614", "20020614"), acquisitionDate=None),
            "not in service",
        ),
        (lists.feature() | {"geometry": None}, "footprint"),
    ],
)
def test_a_scene_that_cannot_be_ordered_is_refused_with_its_reason(one, words):
    made = read(one)
    assert outcomes(made) == ["refused"]
    assert words in made.rows.get().sentence


def test_the_second_line_of_one_scene_is_refused():
    made = read(lists.feature(), lists.feature(cloudCover=9))
    assert outcomes(made) == ["new", "refused"]


def test_every_step_and_every_following_step_is_the_table_s(researcher):
    for state, name, _following in IMPORT.pairs():
        assert name in IMPORT.open_from(state)
    made = written(lists.feature())
    for step in ("write", "drop"):
        with pytest.raises(NotNow):
            scene_imports.act(made, step, by=BY)
    undone = scene_imports.act(made, "undo", reason="Wrong.", by=BY)
    with pytest.raises(NotNow):
        scene_imports.act(undone, "undo", reason="Wrong.", by=BY)
    dropped = scene_imports.act(read(lists.feature(TWO)), "drop", by=BY)
    with pytest.raises(NotNow):
        scene_imports.act(dropped, "write", by=BY)
    assert [event.step for event in undone.events.all()] == ["read", "write", "undo"]


def test_only_the_desk_reads_a_list_and_undoing_needs_a_reason(researcher):
    with pytest.raises(NotAllowed):
        read(lists.feature(), by=Actor.of(researcher))
    made = written(lists.feature())
    with pytest.raises(Invalid):
        scene_imports.undo(made, reason=" ", by=BY)
    made.refresh_from_db()
    assert made.state == "written"


def test_the_command_shows_writes_and_undoes(tmp_path):
    path = tmp_path / "search.geojson"
    path.write_bytes(lists.geojson(lists.feature(), lists.feature(cloudCover=-1)))

    def run(*arguments):
        out = StringIO()
        call_command("import_scenes", *arguments, stdout=out)
        return out.getvalue()

    shown = json.loads(run(str(path), "--json"))
    assert (shown["state"], shown["new"], shown["refused"]) == ("seen", 1, 1)
    assert not Scene.objects.exists()
    assert "1 new" in run(str(path), "--write")
    key = str(SceneImport.objects.get(state="written").key)
    run("--undo", key, "--reason", "The wrong year.")
    assert Scene.objects.get().withdrawn_at is not None
    with pytest.raises(CommandError):
        run("--undo", key, "--reason", "Again.")
    with pytest.raises(CommandError):
        run(str(tmp_path / "absent.csv"))


# ── by program ──────────────────────────────────────────────────────────────────────────────────
def sent(client, *features):
    file = SimpleUploadedFile("search.geojson", lists.geojson(*features))
    return client.post("/api/v1/scene-lists", {"file": file})


def test_a_program_sends_looks_writes_and_undoes_a_list(client, desk):
    client.force_login(desk)
    answer = sent(client, lists.feature(), lists.feature(TWO), lists.feature(cloudCover=140))
    assert answer.status_code == 201
    made = answer.json()
    assert (made["new"], made["refused"], made["steps"]) == (2, 1, ["write", "drop"])
    address = f"/api/v1/scene-lists/{made['key']}"
    assert not Scene.objects.exists()
    lines = client.get(f"{address}/lines", {"outcome": "refused"}).json()["results"]
    assert [(line["number"], line["outcome"]) for line in lines] == [(3, "refused")]
    written = client.post(f"{address}/write", {}, content_type="application/json")
    assert (written.json()["state"], Scene.objects.count()) == ("written", 2)
    again = client.post(f"{address}/write", {}, content_type="application/json")
    assert again.status_code == 409
    bare = client.post(f"{address}/undo", {}, content_type="application/json")
    assert bare.status_code in (400, 422)
    why = {"reason": "The wrong area."}
    undone = client.post(f"{address}/undo", why, content_type="application/json").json()
    assert (undone["state"], undone["steps"]) == ("undone", [])
    assert not Scene.objects.filter(withdrawn_at=None).exists()
    listed = client.get("/api/v1/scene-lists").json()
    assert [one["key"] for one in listed["results"]] == [made["key"]]


def test_a_file_that_is_no_list_is_told_to_the_program(client, desk, settings):
    client.force_login(desk)
    answer = client.post("/api/v1/scene-lists", {"file": SimpleUploadedFile("a.kml", b"<no")})
    assert answer.status_code in (400, 422)
    assert client.post("/api/v1/scene-lists", {}).status_code == 400
    asked = {"area": {"type": "Polygon"}, "begins_on": "2021-01-01", "ends_on": "2021-12-31"}
    address = "/api/v1/scene-lists/search"
    assert client.post(address, asked, content_type="application/json").status_code in (400, 422)
    settings.ONEATLAS_SEARCH_KEY = "key"
    asked["area"] = "5.1,43.1,5.3,43.3"
    answer = client.post(address, asked, content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (202, "asked")
    assert not SceneImport.objects.exclude(kind="oneatlas").exists()
