"""The look: pages open to all are clean for screen readers, fit a phone, and follow theme and language."""

import re

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from tests.browser.axe import assert_accessible

PAGES = {"landing": "/", "components": "/components/", "sign-in": "/accounts/login/"}


@pytest.fixture(autouse=True)
def _demonstration() -> object:
    with override_settings(DEMO=True):
        yield


def overflow(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


@pytest.mark.parametrize(
    ("theme", "width", "language"),
    [("light", 1440, "fr"), ("dark", 1440, "en"), ("light", 390, "en"), ("dark", 390, "fr")],
)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_clean_in_every_theme_width_and_language(
    visit, shoot, name, theme, width, language
):
    page = visit(PAGES[name], theme=theme, width=width, language=language)
    assert page.locator("html").get_attribute("lang") == language
    expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
    expect(page.locator("main")).to_have_count(1)
    expect(page.locator("h1")).to_have_count(1)
    assert overflow(page) <= 0
    shoot(page, f"{name}-{theme}-{width}-{language}")
    assert_accessible(page)


def test_the_theme_changes_at_once_and_is_remembered(visit):
    page = visit("/components/")
    page.locator("header [data-theme-switch] button.ico").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_language_changes_and_the_page_stays(visit):
    page = visit("/components/", language="fr")
    page.locator("header .hide-m .lang").click()
    expect(page).to_have_url(re.compile(r"/components/$"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_have_text("Components")


def test_the_menu_opens_on_a_phone_by_its_button(visit):
    page = visit("/components/", width=390)
    menu = page.locator("#menu")
    expect(menu).to_be_hidden()
    page.locator("[popovertarget=menu]").click()
    expect(menu).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()


def test_the_keyboard_reaches_the_content_first(visit):
    page = visit("/components/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("href", "#content")
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_the_map_names_land_in_the_language_of_the_page(visit):
    for language, name in {"fr": "Guyane française", "en": "French Guiana"}.items():
        page = visit("/components/", language=language)
        expect(page.locator(".map-label.country", has_text=name)).to_have_count(1)


def test_an_area_is_drawn_and_its_surface_told(visit):
    page = visit("/components/")
    expect(page.locator("#gallery-area")).to_have_text(re.compile(r"^≈ 63[.,]"))
    page.locator("[data-draw=remove]").click()
    expect(page.locator("[data-draw=edit]")).to_be_disabled()
    page.locator("[data-draw=rectangle]").click()
    expect(page.locator("[data-draw=rectangle]")).to_have_attribute("aria-pressed", "true")
    page.locator("#gallery-map").scroll_into_view_if_needed()
    box = page.locator("#gallery-map").bounding_box()
    for share in (0.3, 0.7):
        page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] * share)
        page.mouse.click(box["x"] + box["width"] * share, box["y"] + box["height"] * share)
    expect(page.locator("[data-draw=edit]")).to_be_enabled()
    expect(page.locator("#gallery-area")).not_to_have_text(re.compile(r"^≈ (63|0)[.,]"))
    expect(page.locator("#gallery-map path.aoi")).to_have_count(1)
    assert_accessible(page)


def test_a_place_under_several_footprints_offers_a_choice(visit):
    page = visit("/components/")
    page.locator("#gallery-map").scroll_into_view_if_needed()
    first = page.locator("#gallery-map path.fp-produce")
    box = first.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.6)
    choices = page.locator(".chooser button")
    expect(choices).to_have_count(2)
    expect(choices.first).to_be_focused()
    choices.first.press("Enter")
    page.mouse.move(5, 5)
    expect(page.locator("#gallery-map path.fp.is-on")).to_have_count(1)


def test_a_page_that_does_not_exist_is_a_crossroads(visit):
    page = visit("/nothing-here/", language="en")
    expect(page.locator("h1")).to_have_text("There is nothing here for you")
    assert_accessible(page)


def test_the_question_of_the_first_page_reaches_the_catalogue(visit):
    page = visit("/", language="en")
    page.get_by_label("What for").fill("To follow the coastline")
    page.get_by_label("Since").fill("2019-01-01")
    page.get_by_role("button", name="See the ways").click()
    expect(page).to_have_url(re.compile(r"/catalogue/\?.*purpose=To\+follow.*from=2019-01-01"))
