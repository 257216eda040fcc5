"""Text of administrators as HTML: plain paragraphs, or CommonMark without HTML and without images."""

from functools import cache

from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

# The page's own headings stand above: a text's begin at the third level.
_SHIFT = 2
_DEEPEST = 6


def html(text: str, *, is_markdown: bool) -> SafeString:
    """The text as it is read. Whatever looks like HTML in it is shown, never obeyed."""
    if not is_markdown:
        return mark_safe(linebreaks(text, autoescape=True))  # noqa: S308  escaped by Django
    return mark_safe(_markdown().render(text))  # noqa: S308  html=False escapes; links are checked


@cache
def _markdown() -> MarkdownIt:
    # A picture would be fetched from elsewhere; the policy of the pages refuses it anyway.
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable("image")
    reader.core.ruler.push("below_the_page", _lower_headings)
    return reader


def _lower_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1:]) + _SHIFT, _DEEPEST)}"
