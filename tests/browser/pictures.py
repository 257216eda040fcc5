"""The README's pictures, taken from a demonstration that runs: `python -m tests.browser.pictures ADDRESS`.

Each is docs/img/NAME.webp, in French, at most 150 kB. The site must hold the demonstration's data.
"""

import io
import os
import re
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from accounts.demo import totp_secret
from tests.browser.axe import SOURCE
from tools import totp

FOLDER = SOURCE.parents[2] / "docs" / "img"
MOST = 150_000  # bytes
PASSWORD = "mangrove-et-glacier"  # the demonstration's, stated to everybody
RESEARCHER = "lou.mascaret@ecologie-littorale.example"
DESK = "guichet@dinamis.example"
SCENE = "DS_PHR1A_201910281410119_FR1_PX_W053N04_0922_01426"
BOX = "-52.36, 4.83, -52.24, 4.94"


def main(address: str) -> None:
    """Take every picture, one after the other."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    program = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = opened(browser, address)
        save(page, "landing")
        for name, theme in (("workbench", "light"), ("workbench-dark", "dark")):
            page = opened(browser, address, who=RESEARCHER, theme=theme)
            workbench(page)
            save(page, name)
        page = opened(browser, address, who=RESEARCHER)
        page.goto(proposed(page))
        save(page, "order")
        page.goto("/quota/")
        save(page, "quota")
        page = opened(browser, address, who=DESK)
        page.goto("/desk/orders/")
        save(page, "desk")
        page = opened(browser, address, who=RESEARCHER, width=390)
        page.goto(proposed(page))
        save(page, "phone")
        browser.close()


def opened(
    browser: Browser, address: str, *, who: str = "", theme: str = "light", width: int = 1440
) -> Page:
    """A browser of its own at the first page, signed in as somebody if asked."""
    context = browser.new_context(
        base_url=address,
        locale="fr-FR",
        color_scheme=theme,
        reduced_motion="reduce",
        viewport={"width": width, "height": 900 if width > 700 else 844},
        device_scale_factor=2 if width < 700 else 1,
    )
    page = context.new_page()
    page.goto("/accounts/login/" if who else "/")
    if who:
        page.locator("main [name=login]").fill(who)
        page.locator("main [name=password]").fill(PASSWORD)
        page.locator("main [name=password]").press("Enter")
        page.wait_for_url(lambda url: "/login/" not in url)
    if page.locator("main [name=code]").count():
        page.locator("main [name=code]").fill(totp.code(totp_secret("desk")))
        page.locator("main [name=code]").press("Enter")
        page.wait_for_url(lambda url: "/2fa/" not in url)
    return page


def workbench(page: Page) -> None:
    """An area over the mouth of the Mahury, its scenes lit, one quicklook laid on the map."""
    page.goto("/catalogue/?from=2017-01-01&cloud=20")
    page.locator("[data-pill=area]").click()
    page.locator("#area-text").fill(BOX)
    page.locator("[data-area-form=text] button").click()
    page.wait_for_url(re.compile("area="))
    page.locator("path.fp").first.wait_for()
    page.locator(f"[data-scene='{SCENE}']").click()
    laid = page.locator("img.quicklook").first
    laid.wait_for()
    laid.evaluate("it => it.decode()")
    expect(page.locator(".toast-d")).to_have_count(0, timeout=30_000)


def proposed(page: Page) -> str:
    """The address of the order whose image waits for an answer."""
    page.goto("/orders/")
    row = page.locator("main tr", has_text="Littoral guyanais, saison sèche")
    return row.first.locator("a").first.get_attribute("href")


def save(page: Page, name: str) -> None:
    """Write what the window shows, as small as it must be."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(800)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for quality in range(88, 30, -6):
        packed = io.BytesIO()
        picture.save(packed, "WEBP", quality=quality, method=6)
        if packed.tell() <= MOST:
            break
    path = Path(FOLDER / f"{name}.webp")
    path.write_bytes(packed.getvalue())
    sys.stdout.write(f"{path.name}: {picture.width} × {picture.height}, {packed.tell()} bytes\n")


if __name__ == "__main__":
    main(sys.argv[1])
