"""HTML becomes PDF/A-3u, with one font of our own and nothing fetched from anywhere else.

Imported by whoever prints, when it prints: weasyprint and the libraries it opens are a sixth of what a
Python with all of DINAMIS takes to start, and most of them never print a page.
"""

import warnings
from typing import Any

from django.conf import settings
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from dinamis import folders

FONTS = settings.BASE_DIR / "node_modules" / "@fontsource-variable" / "geist" / "files"
FONT = "font:"


class OwnFonts(URLFetcher):
    """Answers `font:NAME` from the locked npm package and refuses every other address."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        name = url.removeprefix(FONT)
        if not url.startswith(FONT) or not name.replace("-", "").isalnum():
            raise ValueError(f"documents fetch nothing from outside: {url}")
        content = (FONTS / f"{name}.woff2").read_bytes()
        return URLFetcherResponse(url, content, {"Content-Type": "font/woff2"})


def pages(html: str) -> bytes:
    """Return a whole page of HTML as the bytes of a PDF."""
    document = HTML(string=html, url_fetcher=OwnFonts(), base_url=None)
    with folders.own("pdf") as folder, warnings.catch_warnings():
        fonts = FontConfiguration()
        # Where it unpacks fonts. Of its own accord it makes a folder that a killed process leaves for ever.
        fonts._folder = folder
        # weasyprint 70 leaves the file of its colour profile to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        return document.write_pdf(font_config=fonts, pdf_variant="pdf/a-3u")
