"""Documents as PDF: one page style for all of them; accounts/services/typesetting.py sets the type."""

from importlib import import_module
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation


def pdf(template: str, context: dict[str, Any], language: str) -> bytes:
    """Render a template of templates/documents/ as PDF/A-3u, in one language."""
    with translation.override(language):
        html = render_to_string(f"documents/{template}.html", context | {"language": language})
    return typeset(html)


def typeset(html: str) -> bytes:
    """Return a whole page of HTML as the bytes of a PDF."""
    # Imported here and not above: half a second for each process that never prints.
    return import_module("accounts.services.typesetting").pages(html)
