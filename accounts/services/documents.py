"""Documents as PDF: one page style, one font of our own, and nothing fetched from anywhere else."""

import warnings
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

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


def pdf(template: str, context: dict[str, Any], language: str) -> bytes:
    """Render a template of templates/documents/ as PDF/A-3u, in one language."""
    with translation.override(language):
        html = render_to_string(f"documents/{template}.html", context | {"language": language})
    document = HTML(string=html, url_fetcher=OwnFonts(), base_url=None)
    with warnings.catch_warnings():
        # weasyprint 70 leaves the file of its colour profile to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        return document.write_pdf(pdf_variant="pdf/a-3u")
