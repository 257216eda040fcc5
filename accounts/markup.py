"""Text of administrators as HTML: paragraphs, and of Markdown headings, lists, bold and italics; no raw HTML."""

import re
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_HEADING = re.compile(r"(#{1,3})\s+(.+)")
_ITEM = re.compile(r"(?:[-*]|\d{1,3}[.)])\s+(.+)")
_STRONG = re.compile(r"\*\*(.+?)\*\*")
_EMPHASIS = re.compile(r"(?<!\*)\*([^*\s][^*]*?)\*(?!\*)")
# The page's own headings stand above: a text's begin at the third level.
_TOP = 3


def html(text: str, *, is_markdown: bool) -> SafeString:
    """The text as paragraphs; everything a person wrote is escaped first."""
    blocks = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    show = _block if is_markdown else _paragraph
    return mark_safe("\n".join(show(block) for block in blocks))  # noqa: S308  escaped in each block


def _paragraph(block: str) -> str:
    return f"<p>{'<br>'.join(escape(line) for line in block.splitlines())}</p>"


def _block(block: str) -> str:
    """One block of Markdown: runs of list items, headings and lines, each in its own element."""
    shown = []
    for kind, run in groupby(block.splitlines(), _kind):
        lines = [line.strip() for line in run]
        if kind in ("ul", "ol"):
            items = "".join(f"<li>{_inline(_ITEM.fullmatch(line)[1])}</li>" for line in lines)
            shown.append(f"<{kind}>{items}</{kind}>")
        elif kind == "heading":
            shown += [_heading(line) for line in lines]
        else:
            shown.append(f"<p>{'<br>'.join(_inline(line) for line in lines)}</p>")
    return "\n".join(shown)


def _kind(line: str) -> str:
    line = line.strip()
    if _HEADING.fullmatch(line):
        return "heading"
    if _ITEM.fullmatch(line):
        return "ol" if line[0].isdigit() else "ul"
    return "text"


def _heading(line: str) -> str:
    marks, words = _HEADING.fullmatch(line).groups()
    level = _TOP + len(marks) - 1
    return f"<h{level}>{_inline(words)}</h{level}>"


def _inline(words: str) -> str:
    return _EMPHASIS.sub(r"<em>\1</em>", _STRONG.sub(r"<strong>\1</strong>", escape(words)))
