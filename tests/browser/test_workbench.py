"""The workbench in a real browser: drawn, sent, lit both ways, kept in the address, on any screen."""

import json
import re
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect
from shapely.geometry import Polygon, box, mapping

from catalogue.places import index
from catalogue.services import quicklooks, scenes, search
from tests.browser.axe import assert_accessible
from tests.catalogue import make
from tests.catalogue.test_scenes import UNKNOWN, picture
from tests.orders import project_making

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _references(transactional_db) -> None:
    """The ways are served by the room above, by its rules."""


@pytest.fixture
def archive() -> list[str]:
    """Three scenes over the mouth of the Mahury, the newest first; the first two overlap."""
    made = []
    for year, lon, cloud in ((2024, -52.28, 4.0), (2020, -52.25, 12.0), (2016, -51.8, 60.0)):
        scene = make.scene(
            at=datetime(year, 8, 14, 14, tzinfo=UTC), lon=lon, lat=4.9, cloud_cover=cloud
        )
        corners = quicklooks.box_corners(lon - 0.09, 4.81, lon + 0.09, 4.99)
        quicklooks.attach(scene, picture=picture(), corners=corners, by=make.BY)
        made.append(scene.item_id)
    return made


@pytest.fixture
def mahury() -> str:
    """The address of the area."""
    return f"/catalogue/?area={make.area(name='Embouchure du Mahury').key}"


def row(page: Page, item_id: str):
    return page.locator(f'[data-scene="{item_id}"]')


def lit(page: Page):
    return page.locator("path.fp.is-on")


def test_a_row_lights_its_footprint_and_a_footprint_its_row(visit, archive, mahury):
    page = visit(mahury)
    expect(page.locator("path.fp")).to_have_count(2)
    row(page, archive[0]).hover()
    expect(lit(page)).to_have_count(1)
    page.locator(".bench-list .list-head").hover()
    expect(lit(page)).to_have_count(0)
    row(page, archive[1]).focus()
    expect(lit(page)).to_have_count(1)
    page.locator("path.fp").first.dispatch_event("mouseover")
    expect(row(page, archive[0])).to_have_class(re.compile("is-on"))


def test_a_chosen_scene_lays_its_quicklook_and_stands_in_the_address(visit, archive, mahury):
    page = visit(mahury)
    row(page, archive[1]).click()
    expect(page.locator("img.quicklook")).to_have_count(1)
    expect(page.locator("[data-scene-card]")).to_be_visible()
    assert f"scene={archive[1]}" in page.url
    again = page.context.new_page()
    again.goto(page.url)
    expect(again.locator("img.quicklook")).to_have_count(1)
    expect(row(again, archive[1])).to_have_class(re.compile("is-on"))
    row(page, archive[1]).click()
    page.wait_for_url(f"**/catalogue/scenes/{archive[1]}/**")


def test_where_footprints_overlap_the_reader_chooses(
    visit, archive, mahury, researcher, as_, live_server
):
    project = project_making.draft(researcher)
    page = visit("/catalogue/")
    session = as_(researcher).cookies["session"].value
    page.context.add_cookies([{"name": "session", "value": session, "url": live_server.url}])
    page.goto(mahury)
    expect(page.locator("path.fp")).to_have_count(2)
    page.evaluate(
        """() => document.querySelector("path.fp").dispatchEvent(new MouseEvent("click", {
             bubbles: true, ...(() => { const b = document.querySelector("path.aoi").getBoundingClientRect();
             return { clientX: b.x + b.width / 2, clientY: b.y + b.height / 2 }; })() }))"""
    )
    expect(page.locator(".chooser button")).to_have_count(2)
    page.locator(".chooser button").nth(1).click()
    expect(page.locator("img.quicklook")).to_have_count(1)
    page.locator("[data-scene-card]").get_by_text("panier").click()
    page.locator("main form .btn-primary").click()
    page.wait_for_url(f"**/{project.reference}/basket*")
    expect(page.locator(f'main li a[href^="/catalogue/scenes/{archive[1]}/"]')).to_be_visible()
    assert_accessible(page)


def test_an_area_drawn_by_pointer_is_measured_and_searched(visit, archive):
    page = visit("/catalogue/")
    page.get_by_role("button", name="Dessiner un rectangle").or_(
        page.get_by_role("button", name="Draw a rectangle")
    ).click()
    frame = page.locator("#bench-map").bounding_box()
    x, y = frame["x"] + frame["width"] * 0.45, frame["y"] + frame["height"] * 0.4
    page.mouse.click(x, y)
    page.mouse.move(x + 90, y + 60, steps=4)
    page.mouse.click(x + 90, y + 60)
    expect(page.locator(".area-card .kpi")).to_be_visible()
    expect(page).to_have_url(re.compile(r"area=[0-9a-f-]{36}"))


def test_a_file_is_sent_shown_and_searched(visit, archive, tmp_path):
    file = make.file(tmp_path, "mahury.geojson", json.dumps(mapping(Polygon(make.MAHURY))))
    page = visit("/catalogue/")
    page.locator("[data-pill=area]").click()
    page.locator("#area-file").set_input_files(file)
    page.locator("[data-area-form=file] button").click()
    expect(page.locator(".area-card .kpi")).to_contain_text("63,4")
    expect(page.locator("path.aoi")).to_have_count(1)
    expect(page.locator("[data-scene]")).to_have_count(2)


@pytest.mark.parametrize(
    ("language", "width", "name"), [("fr", 1440, "La Réunion"), ("en", 390, "Réunion")]
)
def test_a_place_is_found_by_its_name_shown_and_searched(visit, archive, language, width, name):
    index.ready()  # making it takes longer than a page is waited for
    page = visit("/catalogue/", language=language, width=width)
    page.locator("[data-open-area=place]").click()
    field = page.locator("#ask-place")
    expect(field).to_be_focused()
    field.press_sequentially("qzqz")
    expect(page.locator("[data-place-form] [role=status]")).to_contain_text(
        re.compile("Aucun lieu|No place")
    )
    field.fill("reunio")
    expect(page.locator("#ask-place-list [role=option]").first).to_contain_text(name)
    field.press("Escape")
    expect(page.locator("#ask-place-list")).to_be_hidden()
    expect(field).to_be_visible()
    field.press("ArrowDown")
    expect(page.locator("#ask-place-list")).to_be_visible()
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "ask-place-list-0")
    assert_accessible(page)
    field.press("Enter")
    page.wait_for_url(re.compile(r"map=-21\.1\d+%2C55\.5"))
    here = page.locator("[data-place-here]")
    expect(here).to_be_focused()
    expect(here).to_contain_text("km²")
    assert "area=" not in page.url
    here.press("Enter")
    page.wait_for_url(re.compile(r"area=[0-9a-f-]{36}"))
    expect(page.locator("[data-pill=area]")).to_contain_text(name)
    expect(page.locator("#bench-map path.aoi")).to_have_count(1)
    expect(page.locator(".toast-d")).to_have_count(1)  # "being checked" gave way to the count


def test_a_crossing_outline_is_refused_with_the_place_shown(visit, archive, faults):
    page = visit("/catalogue/", width=390)  # where it once stood below the map, unseen
    page.locator("[data-pill=area]").click()
    page.locator("#area-text").fill("POLYGON ((-52.4 4.8, -52.2 5, -52.2 4.8, -52.4 5, -52.4 4.8))")
    page.locator("[data-area-form=text] button").click()
    refusal = page.locator("[data-area-refusal]")
    expect(refusal).to_be_in_viewport(ratio=1)
    expect(refusal).to_be_focused()
    expect(page.locator("path.aoi.is-bad")).to_have_count(2)  # the outline, and the place on it
    refusal.get_by_role("button").press("Enter")
    expect(page.locator("[data-pill=area]")).to_be_focused()
    expect(page.locator(".toast-d")).to_have_count(0)  # nothing is being checked any more
    assert "area=" not in page.url
    faults[:] = [fault for fault in faults if "/catalogue/area" not in fault and "422" not in fault]


def test_swapped_axes_are_offered_the_other_way_round(visit, archive, faults):
    page = visit("/catalogue/")
    page.locator("[data-pill=area]").click()
    page.locator("#area-text").fill("4.84, -52.34, 4.95, -52.22")
    page.locator("[data-area-form=text] button").click()
    page.locator("[data-area-refusal] .btn-primary").press("Enter")
    expect(page.locator("[data-pill=area]")).to_be_focused()
    expect(page.locator(".area-card .kpi")).to_be_visible()
    expect(page.locator("[data-scene]")).to_have_count(2)
    faults[:] = [fault for fault in faults if "422" not in fault]


def test_metres_are_read_in_the_system_that_the_reader_chooses(visit, archive, faults):
    page = visit("/catalogue/", language="en")
    page.locator("[data-pill=area]").click()
    page.locator("#area-text").fill("352300, 535100, 365600, 547300")
    page.locator("[data-area-form=text] button").click()
    refusal = page.locator("[data-area-refusal]")
    expect(refusal).to_contain_text("These look like metres in WGS 84 / UTM zone 22N")
    refusal.get_by_label("Coordinate system").select_option("EPSG:32622")
    assert_accessible(page)
    refusal.locator(".btn-primary").press("Enter")
    expect(page.locator(".area-card .kpi")).to_be_visible()
    expect(page.locator("[data-scene]")).to_have_count(2)
    expect(page.locator(".area-card")).to_contain_text("km²")
    faults[:] = [fault for fault in faults if "422" not in fault]


def test_a_small_area_grows_to_what_is_charged_at_one_click(visit, archive, mahury):
    page = visit(mahury)
    page.locator("[data-area-form=grow] button").click()
    expect(page.locator("[data-area-form=grow]")).to_have_count(0)
    expect(page.locator(".area-card .kpi")).to_contain_text("100")


def test_every_change_of_the_question_is_in_the_address_and_comes_back(visit, archive, mahury):
    page = visit(mahury)
    page.locator("[data-pill=cloud]").click()
    page.locator("#ask-cloud").fill("5")
    expect(page.locator("[data-scene]")).to_have_count(1)
    page.locator("[data-pill=filters]").click()
    page.locator("#ask-stereo").check()
    expect(page.locator("[data-scene]")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"cloud=5.*stereo=1"))
    page.reload()
    expect(page.locator("#ask-cloud")).to_have_value("5")
    expect(page.locator("#ask-stereo")).to_be_checked()
    expect(page.locator(".empty")).to_be_visible()


@pytest.mark.parametrize(("language", "width"), [("fr", 1440), ("en", 390)])
def test_figures_are_bounded_under_the_filters(visit, archive, language, width):
    page = visit("/catalogue/?resolution=0.5&sun=20", language=language, width=width)
    page.locator("[data-pill=filters]").click()
    typed = {"resolution": "0.5", "sun": "20", "along": ""}
    for name, value in typed.items():
        expect(page.locator(f"#ask-{name}")).to_have_value(value)
    assert_accessible(page)
    page.locator("#ask-viewing").fill("12.5")
    page.locator("#ask-viewing").press("Enter")
    page.wait_for_url("**viewing=12.5**")
    expect(page.locator("[data-pill=filters] .count")).to_have_text("3")
    page.locator("[data-pill=filters]").click()  # Enter asked and closed it
    page.locator("#ask-level-ortho").check()
    page.wait_for_url("**level=ortho**")
    page.locator("#ask-bands-ms").check()
    page.wait_for_url("**level=ortho&bands=ms**")
    expect(page.locator("[data-pill=filters] .count")).to_have_text("5")
    expect(page.locator(".empty")).to_contain_text(re.compile("fichiers|files"))
    page.locator("#ask-level-ortho").uncheck()
    page.locator("#ask-bands-ms").uncheck()
    page.keyboard.press("Escape")
    page.locator(".ask-words").fill("volcan, Pleiades")
    page.locator(".ask-words").press("Enter")
    page.wait_for_url("**words=volcan*leiades**")
    expect(page.locator(".pill .ask-words")).to_have_value("volcan, Pleiades")


def test_a_handle_of_the_histogram_moves_by_keyboard(visit, archive, mahury):
    page = visit(mahury)
    page.locator("[data-year=from]").focus()
    for _year in range(3):
        page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"from=20(1[89]|2\d)-01-01"))


def test_an_unknown_identifier_can_be_ordered_from_the_list(visit, archive):
    page = visit("/catalogue/")
    page.locator("[data-pill=names]").click()
    page.locator("#ask-names").fill(f"{archive[0]}\n{UNKNOWN}")
    page.locator("[data-names-form] button").click()
    expect(row(page, archive[0])).to_be_visible()
    expect(page.locator(".scene-note")).to_contain_text(UNKNOWN[:30])


def test_a_narrow_screen_shows_map_list_or_ways(visit, archive, mahury):
    page = visit(mahury, width=390)
    expect(page.locator(".bench-map")).to_be_visible()
    expect(page.locator(".bench-list")).to_be_hidden()
    page.locator("[data-tab=list]").click()
    expect(page.locator(".bench-list")).to_be_visible()
    expect(page.locator(".bench-map")).to_be_hidden()
    assert "view=list" in page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("[data-pill=area]").click()
    expect(page.locator("#area-text")).to_be_visible()


def test_the_list_works_without_script(browser, live_server, archive, mahury):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(mahury)
    expect(page.locator("[data-scene]")).to_have_count(2)
    page.locator("[data-pill=cloud]").click()
    page.locator("#ask-cloud").fill("5")
    page.locator(".ask-one[open] button[form=ask]").click()
    expect(page.locator("[data-scene]")).to_have_count(1)
    page.locator("[data-scene]").click()
    page.wait_for_url("**/catalogue/scenes/**")
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_workbench_is_accessible_in_every_theme_width_and_language(
    visit, shoot, archive, mahury, theme, width, language
):
    page = visit(f"{mahury}&cloud=20", theme=theme, width=width, language=language)
    expect(page.locator("path.fp")).to_have_count(2)
    assert_accessible(page)
    shoot(page, f"workbench-{theme}-{width}-{language}")


def test_the_scene_page_is_accessible_and_shows_its_map(visit, shoot, archive, mahury):
    page = visit(f"/catalogue/scenes/{archive[0]}/{mahury.removeprefix('/catalogue/')}")
    expect(page.locator("img.quicklook")).to_have_count(1)
    assert_accessible(page)
    shoot(page, "scene")


def test_the_desk_draws_the_footprint_of_an_unknown_scene(visit, desk, live_server, as_):
    scenes.from_identifier(UNKNOWN, by=make.BY)
    page = visit("/catalogue/")
    session = as_(desk).cookies["session"].value
    page.context.add_cookies([{"name": "session", "value": session, "url": live_server.url}])
    page.goto(f"/desk/scenes/{UNKNOWN}/")
    expect(page.locator("path.ar-charged")).to_have_count(1)
    assert_accessible(page)
    page.locator("#id_footprint").fill("-52.4, 4.8, -52.2, 5.0")
    page.locator("#id_cloud_cover").fill("3.5")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/desk/scenes/")
    assert scenes.find(UNKNOWN).is_complete
    assert box(-52.4, 4.8, -52.2, 5.0).equals(make.geo.to_shapely(scenes.find(UNKNOWN).footprint))


def test_two_quicklooks_are_compared_by_a_border_or_one_through_the_other(visit, archive, mahury):
    page = visit(mahury, language="en")
    row(page, archive[0]).click()
    page.get_by_role("button", name="Compare…").click()
    bar = page.locator("[data-compare]")
    expect(bar).to_contain_text("choose the other one")
    row(page, archive[1]).click()
    expect(page.locator("img.quicklook")).to_have_count(2)
    slider = bar.get_by_role("slider")
    expect(slider).to_have_accessible_name(re.compile("Border between .* on the left"))
    pane = page.locator(".leaflet-beside-pane")
    before = pane.evaluate("pane => pane.style.clipPath")
    slider.press("ArrowRight")
    assert before.startswith("polygon")
    assert pane.evaluate("pane => pane.style.clipPath") != before
    bar.get_by_label("One through the other").check()
    assert pane.evaluate("pane => [pane.style.clipPath, pane.style.opacity]") == ["", "0.51"]
    assert_accessible(page)
    again = page.context.new_page()
    again.goto(page.url)
    expect(again.locator("[data-compare]")).to_be_visible()
    bar.get_by_role("button", name="Stop comparing").click()
    expect(page.locator("img.quicklook")).to_have_count(1)
    assert "beside=" not in page.url


def test_the_readers_view_and_comparison_are_in_the_address(visit, archive, mahury):
    page = visit(mahury, language="en")
    expect(page.locator("path.fp")).to_have_count(2)
    assert "map=" not in page.url
    frame = page.locator("#bench-map").bounding_box()
    page.mouse.move(frame["x"] + frame["width"] / 2, frame["y"] + 40)
    page.mouse.down()
    page.mouse.move(frame["x"] + frame["width"] / 2 + 80, frame["y"] + 90, steps=5)
    page.mouse.up()
    expect(page).to_have_url(re.compile("map="))
    row(page, archive[0]).click()
    page.get_by_role("button", name="Compare…").click()
    row(page, archive[1]).click()
    page.get_by_label("One through the other").check()
    page.locator("[data-compare-at]").press("ArrowRight")
    expect(page).to_have_url(re.compile("by=fade.*split=51|split=51.*by=fade"))
    before, where = page.url, "document.querySelector('#bench-map').leafletMap.getCenter()"
    middle = page.evaluate(where)
    page.reload()
    expect(page.locator("[data-compare-at]")).to_have_value("51")
    expect(page.get_by_label("One through the other")).to_be_checked()
    expect(page.locator(".bench-ways article")).to_have_count(4)
    assert page.url == before
    again = page.evaluate(where)
    assert (again["lat"], again["lng"]) == pytest.approx((middle["lat"], middle["lng"]), abs=1e-3)
    page.locator("[data-compare-stop]").click()
    assert not re.search("by=|split=|beside=", page.url)
    page.locator("[data-area-form=grow] button").click()
    expect(page).not_to_have_url(re.compile("map="))


def test_the_list_and_what_is_chosen_answer_the_keyboard(visit, archive, mahury):
    page = visit(mahury, language="en")
    page.get_by_role("link", name="Skip to the scenes").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(row(page, archive[0])).to_be_focused()
    page.keyboard.press("End")
    expect(row(page, archive[1])).to_be_focused()
    page.keyboard.press("Home")
    expect(row(page, archive[0])).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("link", name="All its figures")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(row(page, archive[0])).to_be_focused()
    page.get_by_role("button", name="Compare…").press("Enter")
    expect(page.locator("[data-compare]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-compare]")).to_be_hidden()
    expect(page.locator("img.quicklook")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("img.quicklook")).to_have_count(0)
    assert "scene=" not in page.url
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="By keyboard")).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="By keyboard")).to_be_hidden()


def test_counts_do_not_lie_on_each_other(visit, monkeypatch):
    monkeypatch.setattr(search.ask, "__kwdefaults__", {"size": 2})
    for day in range(1, 13):
        make.scene(at=datetime(2020, 1, day, 14, tzinfo=UTC), lon=-53 + day / 4, lat=4.9)
    page = visit("/catalogue/", language="en")
    expect(page.locator("path.crowd")).to_have_count(1)
    expect(page.locator(".bench-ways article")).to_have_count(4)
    page.locator("#bench-map").dispatch_event("keydown", {"key": "x"})  # the reader's hand
    for zoom in (2, 3, 4, 5):
        # An answer would be the whole map with all the coasts of the world, spelt out for half a minute.
        page.evaluate(
            "(zoom) => { document.querySelector('#bench-map').leafletMap"
            ".setView([4.9, -51], zoom, {animate: false}); }",
            zoom,
        )
        counts = page.locator(".crowd-count").evaluate_all(
            "all => all.map(one => [one.getBoundingClientRect(), Number(one.textContent)])"
        )
        assert sum(number for _box, number in counts) == 12
        places = sorted((box["x"] + box["width"] / 2, box["width"]) for box, _number in counts)
        for (left, size), (right, other) in pairwise(places):
            assert right - left >= (size + other) / 2 - 1, zoom


def test_more_footprints_than_the_list_shows_are_counted_or_drawn(
    visit, monkeypatch, researcher, as_, live_server
):
    monkeypatch.setattr(search.ask, "__kwdefaults__", {"size": 2})
    for day in range(1, 7):
        make.scene(at=datetime(2020, 1, day, 14, tzinfo=UTC), lon=-52.3 + day / 20, lat=4.9)
    page = visit("/catalogue/", language="en")
    expect(page.locator("path.fp")).to_have_count(2)
    expect(page.locator("path.crowd")).to_have_count(1)
    # Without an answer, as above.
    page.evaluate(
        "() => { document.querySelector('#bench-map').leafletMap"
        ".setView([4.9, -52.1], 3, {animate: false}); }"
    )
    expect(page.locator(".crowd-count")).to_have_text("6")
    expect(page.locator("path.crowd")).to_have_count(0)
    page.locator(".crowd-count").click()
    expect(page.locator("path.crowd")).to_have_count(1)
    session = as_(researcher).cookies["session"].value
    page.context.add_cookies([{"name": "session", "value": session, "url": live_server.url}])
    page.reload()
    expect(page.locator("path.crowd")).to_have_count(1)
    page.evaluate(
        "() => { const map = document.querySelector('#bench-map').leafletMap;"
        "map.setView([4.9, -52.1], 10, {animate: false}); map.fire('click', {latlng: L.latLng(4.9, -52.3)}); }"
    )
    into = page.locator(".chooser-row").first.get_by_text("Into the basket…")
    expect(into).to_have_attribute("href", re.compile(r"\?scene=DS_PHR1A_20200101"))
    assert_accessible(page)
