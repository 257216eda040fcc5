"""A browser for tests: Debian's Chromium, watched so that no fault of a page goes unseen.

A test asks `visit` for a page in a theme, width and language; at its end it fails if any page wrote an
error to the console (a refusal of the content security policy is one), threw, or asked another origin.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

# Playwright keeps an event loop in this thread; the tests themselves touch the database from it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

SCREENSHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots"
LOCALES = {"fr": "fr-FR", "en": "en-GB"}
HEIGHTS = {390: 844}

Visit = Callable[..., Page]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin what takes minutes; the rest, in any order, fills what the other workers have left."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    program = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    names = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
    return {
        **browser_type_launch_args,
        "executable_path": program,
        "args": ["--no-sandbox", names],
    }


@pytest.fixture(autouse=True)
def _pages_are_typeset(typeset: None) -> None:
    """Whoever clicks on a document gets the document."""


@pytest.fixture
def faults() -> list[str]:
    """What went wrong in any page of this test; a test that expects one takes it out."""
    return []


@pytest.fixture
def visit(browser: Browser, live_server: object, faults: list[str]) -> Iterator[Visit]:
    """Return a maker of pages: `visit("/path", theme=, width=, language=)`; each has its own session."""
    contexts = []

    def open_page(
        path: str = "/", *, theme: str = "light", width: int = 1440, language: str = "fr"
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            color_scheme=theme,
            locale=LOCALES[language],
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        watch(page, live_server.url, faults)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


def watch(page: Page, origin: str, faults: list[str]) -> None:
    """Write down each fault of a page as it happens."""

    def on_console(message: ConsoleMessage) -> None:
        # A page that answers 4xx on purpose is told by the browser as an error; its own tests judge it.
        refused = message.text.startswith("Failed to load resource") and (
            message.location.get("url") == page.url
        )
        if message.type in ("error", "warning") and not refused:
            faults.append(f"{page.url} console {message.type}: {message.text}")

    def on_request(request: Request) -> None:
        if not request.url.startswith((origin, "data:", "blob:", "about:")):
            faults.append(f"{page.url} asked {request.url}")

    page.on("console", on_console)
    page.on("request", on_request)
    page.on("pageerror", lambda error: faults.append(f"{page.url} threw {error}"))


@pytest.fixture
def shoot() -> Callable[[Page, str], Path]:
    """Return a taker of pictures: `shoot(page, "landing-dark")` writes var/screenshots/landing-dark.png."""

    def take(page: Page, name: str) -> Path:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        path = SCREENSHOTS / f"{name}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return take
