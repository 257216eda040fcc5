"""Tables for spreadsheets: everything we hand out as CSV is written here, by one rule.

UTF-8 with its mark (without it Excel misreads accents), a comma between cells, CRLF between lines
(RFC 4180). For a French reader cells are parted by a semicolon and figures have a decimal comma: a
French Excel opens nothing else in columns (ADR 21). Days are ISO in both. A text that a spreadsheet
would compute gets an apostrophe (OWASP, CSV injection): a name typed by one person must never run
on the machine of another.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal

from django.http import StreamingHttpResponse
from django.utils import translation

MARK = "\ufeff"
TYPE = "text/csv; charset=utf-8"
# The first character of what Excel, LibreOffice or Google Sheets compute; the wide ones as a
# Japanese or Chinese Excel reads them.
_COMPUTED = frozenset("=+-@\t\r\n\0＝＋－＠")
_BLANK = " \u00a0\u202f\u2007\ufeff"  # skipped by some importers before they look


class _Echo:
    """What the csv module writes to, that hands the row straight back."""

    def write(self, row: str) -> str:
        return row


def cell(value: object, *, comma: bool = False) -> object:
    """A value as it is written: figures as figures, days as ISO, and no text that is a formula.

    With `comma`, the decimals of a figure stand behind a comma.
    """
    if value is None:
        return ""
    if isinstance(value, bool | int | float | Decimal):
        return str(value).replace(".", ",") if comma and not isinstance(value, bool) else value
    if isinstance(value, date | datetime):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.lstrip(_BLANK)[:1] in _COMPUTED and text.strip(_BLANK) else text


def lines(rows: Iterable[Iterable[object]], *, language: str | None = None) -> Iterator[str]:
    """The document, line by line; the first row is the header.

    `rows` may be a generator: each of its rows is made in `language` (that of now, when not told),
    even when the document is sent after the request has put its language away.
    """
    language = language or translation.get_language() or "fr"
    return _lines(iter(rows), language)


def answer(
    name: str, rows: Iterable[Iterable[object]], *, language: str | None = None
) -> StreamingHttpResponse:
    """The document as a download, kept by no cache on its way: most of it names people."""
    return StreamingHttpResponse(
        lines(rows, language=language),
        content_type=TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


def _lines(rows: Iterator[Iterable[object]], language: str) -> Iterator[str]:
    french = language.startswith("fr")
    writer, before = csv.writer(_Echo(), delimiter=";" if french else ","), MARK
    while True:
        with translation.override(language):
            row = next(rows, None)
            if row is None:
                return
            line = writer.writerow([cell(value, comma=french) for value in row])
        yield before + line
        before = ""
