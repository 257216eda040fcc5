"""The workbench and the scene's page, as a visitor, a member and the desk are answered."""

import csv
import io
import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils.translation import override
from shapely.geometry import box

from catalogue.demo.loading import CREDIT
from catalogue.models import Scene
from catalogue.policies import check_may_download, may_download
from catalogue.rights import MAY_DOWNLOAD, category_may_download
from catalogue.services import crowd, exports, quicklooks, scenes, search
from dinamis import formats
from dinamis.errors import NotAllowed, NotFound
from tests.catalogue import make
from tests.catalogue.test_scenes import UNKNOWN, picture

ENGLISH = {"accept-language": "en"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor():
    return Client(headers=ENGLISH)


def test_the_workbench_is_open_to_all_and_works_without_script(visitor):
    scene = make.scene()
    page = visitor.get("/catalogue/").content.decode()
    assert f'href="/catalogue/scenes/{scene.item_id}/"' in page
    assert "1 scene" in page
    assert 'name="from"' in page


def test_a_row_says_cover_cloud_incidence_resolution_and_stereo(visitor):
    make.scene(
        footprint=box(-52.5, 4.7, -52.1, 5.1), cloud_cover=2.5, incidence=-17.2, stereo="stereo"
    )
    area = make.area(box(-52.35, 4.85, -52.25, 4.95))
    page = visitor.get(f"/catalogue/?area={area.key}").content.decode()
    for said in (
        "Oct. 28, 2019",
        "Pléiades 1A",
        "50\u00a0cm",
        "100%",
        "0 to 40%",
        "bounded",
        "-17.2°",
        "stereo",
    ):
        assert said in page, said


def test_the_way_back_from_a_scene_leads_to_the_same_question(visitor):
    scene = make.scene()
    area = make.area(box(-52.35, 4.85, -52.25, 4.95))
    page = visitor.get(f"/catalogue/?area={area.key}&cloud=60").content.decode()
    assert f"/catalogue/scenes/{scene.item_id}/?area={area.key}&amp;cloud=60" in page
    there = visitor.get(
        f"/catalogue/scenes/{scene.item_id}/?area={area.key}&cloud=60"
    ).content.decode()
    assert f"?area={area.key}&amp;cloud=60&amp;scene={scene.item_id}" in there


def test_what_is_wrong_in_the_address_is_said_and_the_rest_is_answered(visitor):
    make.scene()
    answer = visitor.get(
        "/catalogue/?cloud=many&area=5f0d5a0e-8c7f-4a55-9d0c-1f2b0a4f9a11&sensor=hubble"
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "The cloud limit is a share from 0 to 100 %." in page
    assert "The area named in the address does not exist." in page
    assert "There is no sensor called hubble." in page


def test_nothing_found_offers_a_wider_question(visitor):
    make.scene(at=datetime(2015, 1, 1, tzinfo=UTC))
    page = visitor.get("/catalogue/?from=2020-01-01").content.decode()
    assert "No scene answers this question" in page
    assert "Any date, any cloud" in page


@override("en")
def test_the_script_gets_the_same_rows_and_their_footprints(visitor):
    scene = make.scene()
    told = visitor.get("/catalogue/search?cloud=20&cloud=20").json()
    assert f'data-scene="{scene.item_id}"' in told["html"]
    (feature,) = told["features"]["features"]
    label = f"{formats.day(scene.datetime.date())} · Pléiades 1A"
    assert feature["properties"] == {"id": scene.item_id, "way": "produce", "label": label}
    assert (told["total"], told["query"], told["next"]) == (1, "cloud=20", "")


def test_more_scenes_are_one_link_away_and_repeat_none(visitor, monkeypatch):
    monkeypatch.setattr(search.ask, "__kwdefaults__", {"size": 2})
    names = {make.scene(at=datetime(2020, 1, day, tzinfo=UTC)).item_id for day in (1, 2, 3)}
    first = visitor.get("/catalogue/search").json()
    second = visitor.get(f"/catalogue/search{first['next']}").json()
    shown = [
        f["properties"]["id"]
        for f in (*first["features"]["features"], *second["features"]["features"])
    ]
    assert len(shown) == 3
    assert set(shown) == names
    assert second["area"] is None
    assert "data-histogram" not in second["html"]


def test_the_map_gets_the_footprints_of_every_page(visitor, monkeypatch):
    scenes_of_all = [make.scene(at=datetime(2020, 1, day, tzinfo=UTC)) for day in (3, 2, 1)]
    make.product(scenes_of_all[0])
    told = visitor.get("/catalogue/footprints?sort=useful").json()
    names = [one["properties"]["id"] for one in told["features"]]
    assert (names, told["is_all"]) == ([one.item_id for one in scenes_of_all], True)
    assert [one["properties"]["way"] for one in told["features"]] == ["download", *["produce"] * 2]
    whole = scenes_of_all[0].footprint.coords[0]
    assert len(told["features"][0]["geometry"]["coordinates"][0]) == len(whole)
    monkeypatch.setattr(crowd.crowd, "__kwdefaults__", {"most": 2})
    told = visitor.get("/catalogue/footprints").json()
    assert (len(told["features"]), told["is_all"]) == (2, False)


def test_the_map_gets_no_withdrawn_footprint_and_none_of_a_list_of_names(visitor):
    scene, gone = make.scene(), make.scene(at=datetime(2020, 1, 1, tzinfo=UTC))
    Scene.objects.filter(pk=gone.pk).update(
        withdrawn_at=datetime(2021, 1, 1, tzinfo=UTC), withdrawn_reason="Doubled"
    )
    told = visitor.get("/catalogue/footprints").json()
    assert [one["properties"]["id"] for one in told["features"]] == [scene.item_id]
    named = visitor.get(f"/catalogue/footprints?q={scene.item_id}").json()
    assert (named["features"], named["is_all"]) == ([], True)


def test_pasted_identifiers_find_offer_and_explain(visitor):
    scene = make.scene()
    answer = visitor.post(
        "/catalogue/", {"q": f"{scene.item_id.lower()}\n{UNKNOWN}, rubbish"}, follow=True
    )
    page = answer.content.decode()
    assert answer.redirect_chain[0][0].startswith("/catalogue/?q=")
    assert f'data-scene="{scene.item_id}"' in page
    assert f"/orders/new?identifier={UNKNOWN}" in page
    assert "“rubbish” is not an image identifier" in page
    # A phone shows one of three: the one where unknown names are explained.
    assert answer.context["view"] == "list"
    there = visitor.get(f"{answer.redirect_chain[0][0]}&view=map")
    assert there.context["view"] == "map"


def test_a_long_list_of_identifiers_is_answered_where_it_was_posted(visitor):
    scene = make.scene()
    text = "\n".join([scene.item_id, *(f"X_{number}" for number in range(400))])
    answer = visitor.post("/catalogue/", {"q": text})
    assert answer.status_code == 200
    assert f'data-scene="{scene.item_id}"' in answer.text
    # No address holds them all, and each link of a thousand rows would repeat them.
    assert f'href="{scene.get_absolute_url()}"' in answer.text
    assert answer.text.count("X_399") == 2  # in the field, and as a name that is none
    assert 'formaction="/catalogue/search.csv"' in answer.text
    rows = list(
        csv.DictReader(
            io.StringIO(
                visitor.post("/catalogue/search.csv", {"q": text}).getvalue().decode("utf-8-sig")
            )
        )
    )
    assert [row["identifier"] for row in rows] == [scene.item_id]


def test_the_list_is_a_csv_file_with_a_line_per_scene(visitor):
    scene = make.scene(footprint=box(-52.5, 4.7, -52.1, 5.1), cloud_cover=2.5)
    area = make.area(box(-52.35, 4.85, -52.25, 4.95))
    answer = visitor.get(f"/catalogue/search.csv?area={area.key}")
    (row,) = csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig")))
    assert row["identifier"] == scene.item_id
    assert (row["area_covered_percent"], row["area_cloud_max_percent"]) == ("100.0", "40.0")
    assert row["datetime"] == "2019-10-28T14:10:11+00:00"


def test_the_list_is_a_geojson_file(visitor):
    scene = make.scene()
    told = json.loads(visitor.get("/catalogue/search.geojson").getvalue())
    assert told["features"][0]["id"] == scene.item_id
    assert told["features"][0]["geometry"]["type"] == "Polygon"


def test_the_scene_page_shows_every_digit(visitor):
    scene = make.scene(
        incidence=17.19367394801767,
        incidence_across=-16.8079401811563,
        cloud_cover=4.161692,
        centre_lon=Decimal("-52.294848738901337"),
        centre_lat=Decimal("4.8920860973005116"),
    )
    page = visitor.get(f"/catalogue/scenes/{scene.item_id}/").content.decode()
    for figure in (
        "17.19367394801767°",
        "−16.8079401811563°",
        "4.161692",
        "−52.294848738901337°",
        "4.8920860973005116°",
    ):
        assert figure in page, figure


def test_the_scene_page_says_when_the_footprint_is_ours(visitor):
    scene = make.scene()
    Scene.objects.filter(pk=scene.pk).update(footprint_source="drawn_by_us")
    page = visitor.get(
        f"/catalogue/scenes/{scene.item_id.removeprefix('DS_').lower()}/"
    ).content.decode()
    assert "The footprint is drawn by us:" in page


def test_an_unknown_scene_has_no_page(visitor):
    assert visitor.get(f"/catalogue/scenes/{UNKNOWN}/").status_code == 404


def test_many_unknown_images_stand_folded_above_those_that_are_there(visitor):
    known = make.scene()
    few = [f"{UNKNOWN[:-1]}{digit}" for digit in range(3)]
    many = [f"{UNKNOWN[:-1]}{digit}" for digit in range(5)]
    for names, is_folded in ((few, False), (many, True)):
        asked = {"q": " ".join([*names, known.item_id])}
        page = visitor.get("/catalogue/", asked).content.decode()
        assert ("5 images we do not know: they can be ordered" in page) is is_folded
        assert page.count("Order it although unknown…") == len(names)
        assert f'data-scene="{known.item_id}"' in page


def test_a_list_longer_than_its_file_says_how_many_the_file_has(visitor, monkeypatch):
    make.scene()
    make.scene()
    assert "in this order" not in visitor.get("/catalogue/").content.decode()
    monkeypatch.setattr(exports, "MOST", 1)
    assert "The first 1 in this order" in visitor.get("/catalogue/").content.decode()


def test_a_quicklook_is_public_and_kept_for_a_year(visitor):
    scene = make.scene()
    corners = quicklooks.box_corners(-52.4, 4.8, -52.2, 5.0)
    quicklooks.attach(scene, picture=picture(), corners=corners, by=make.BY)
    (feature,) = visitor.get("/catalogue/search").json()["features"]["features"]
    answer = visitor.get(feature["properties"]["quicklook"])
    assert answer["content-type"] == "image/webp"
    assert answer["cache-control"] == "public, max-age=31536000, immutable"
    assert feature["properties"]["quicklook_corners"] == [[5.0, -52.4], [5.0, -52.2], [4.8, -52.4]]
    bare = f"/catalogue/scenes/{scene.item_id}"
    assert visitor.get(f"{bare}/quicklook")["cache-control"] == "public, max-age=300"
    assert visitor.get(f"{bare}/thumbnail").status_code == 200


def test_a_scene_without_quicklook_has_no_picture(visitor):
    assert visitor.get(f"/catalogue/scenes/{make.scene().item_id}/quicklook").status_code == 404


def test_the_desk_sees_what_waits_and_completes_it_by_a_form(as_, desk, researcher):
    scene = scenes.from_identifier(UNKNOWN, by=make.BY)
    assert as_(researcher).get("/desk/scenes/").status_code == 403
    assert UNKNOWN.encode() in as_(desk).get("/desk/scenes/").content.replace(b"<wbr>", b"")
    address = f"/desk/scenes/{UNKNOWN}/"
    given = {
        "footprint": "-52.4, 4.8, -52.2, 5.0",
        "footprint_source": "supplier",
        "cloud_cover": "3.5",
        "stereo": "mono",
    }
    assert as_(researcher).post(address, given).status_code == 403
    answer = as_(desk).post(address, given)
    scene.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, "/desk/scenes/")
    assert (scene.is_complete, scene.cloud_cover) == (True, 3.5)


def test_the_desks_form_says_what_is_wrong_with_a_footprint(as_, desk):
    scene = scenes.from_identifier(UNKNOWN, by=make.BY)
    given = {
        "footprint": "POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))",
        "footprint_source": "supplier",
        "stereo": "mono",
    }
    answer = as_(desk).post(f"/desk/scenes/{UNKNOWN}/", given)
    scene.refresh_from_db()
    assert answer.status_code == 200
    assert answer.context["form"].errors["footprint"]
    assert not scene.is_complete


@pytest.mark.parametrize("category", sorted(MAY_DOWNLOAD))
def test_the_table_of_rights_answers_for_every_category_and_licence(category):
    european = category in ("european_scientist", "foreign_scientist")
    assert category_may_download(category, "open")
    assert category_may_download(category, "pleiades")
    assert category_may_download(category, "spot67") is not european
    assert not category_may_download(category, "another")


def test_files_are_for_members_and_never_for_visitors(researcher, stranger):
    pleiades = make.product(make.scene())
    free = make.product(make.scene(), licence="open")
    assert may_download(researcher, pleiades)
    assert may_download(stranger, free)
    assert not may_download(AnonymousUser(), free)
    with pytest.raises(NotAllowed) as refused:
        check_may_download(stranger, pleiades)
    assert refused.value.code == "no_active_affiliation"


def test_a_withdrawn_product_is_nobodys(researcher, desk):
    product = make.product(make.scene(), state="withdrawn")
    for person in (researcher, desk):
        with pytest.raises(NotFound):
            check_may_download(person, product)


def test_the_credit_of_an_invented_picture_is_in_the_language_of_the_page(visitor):
    scene = make.scene()
    corners = quicklooks.box_corners(-52.37, 4.81, -52.19, 4.99)
    quicklooks.attach(scene, picture=picture(), corners=corners, credit=CREDIT, by=make.BY)
    for address in (f"/catalogue/scenes/{scene.item_id}/", f"/catalogue/?scene={scene.item_id}"):
        for language, credit in (("en", "synthetic image"), ("fr", "image de synthèse")):
            page = visitor.get(address, headers={"accept-language": language}).content.decode()
            assert f"DINAMIS, {credit}" in page
