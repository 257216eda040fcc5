"""Figures and delays are said in the reader's language, with spaces that do not break."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from dinamis import formats

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "places", "french", "english"),
    [
        (Decimal("63.40"), None, "63,4", "63.4"),
        (Decimal("100.00"), None, "100", "100"),
        (Decimal("0.00"), None, "0", "0"),
        (100, 1, "100,0", "100.0"),
        (13100, None, "13\xa0100", "13,100"),
        (Decimal("-1234.567"), None, "-1\xa0234,57", "-1,234.57"),
        (4.161692, None, "4,16", "4.16"),
    ],
)
def test_a_number_follows_the_language(value, places, french, english):
    with translation.override("fr"):
        assert formats.number(value, places) == french
    with translation.override("en"):
        assert formats.number(value, places) == english


def test_a_unit_never_leaves_its_number():
    with translation.override("fr"):
        assert formats.area(Decimal("36.60")) == "36,6\xa0km²"
        assert formats.percent(7.6) == "7,6\xa0%"
        assert formats.euros(0) == "0,00\xa0€"
        assert formats.file_size(2_700_000_000) == "2,7\xa0Go"
        assert formats.file_size(512) == "512\xa0o"
    with translation.override("en"):
        assert formats.percent(7.6) == "7.6%"
        assert formats.euros(0, 0) == "€0"
        assert formats.file_size(145_800_000) == "146\xa0MB"
        assert formats.attempts(1) == "1 attempt"
        assert formats.attempts(3) == "3 attempts"


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=5, minutes=59), "5 hours ago"),
        (timedelta(days=13), "13 days ago"),
        (timedelta(days=15), "on Nov. 7, 2026"),
    ],
)
def test_the_past_is_told_in_the_largest_unit(before, said):
    with translation.override("en"):
        assert formats.ago(NOW - before, now=NOW) == said


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(days=2, hours=4), "2 d 4 h left"),
        (timedelta(days=9, hours=4), "9 d left"),
        (timedelta(minutes=90), "1 h left"),
        (timedelta(seconds=5), "1 min left"),
        (timedelta(days=-3), "late by 3 d"),
    ],
)
def test_a_deadline_tells_what_is_left_or_how_late_it_is(left, said):
    with translation.override("en"):
        assert formats.until(NOW + left, now=NOW) == said


def test_an_iso_day_inside_a_title_is_said_in_the_language_and_nothing_else_moves():
    title = "Pléiades 1A · 2021-09-17 · PMS · ortho"
    with translation.override("fr"):
        assert formats.dated(title) == "Pléiades 1A · 17 septembre 2021 · PMS · ortho"
    with translation.override("en"):
        assert formats.dated("C-2026-0010-1, 2021-13-45") == "C-2026-0010-1, 2021-13-45"


@pytest.mark.parametrize(
    ("told", "name"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox 140 · Linux",
        ),
        ("curl/8.14.1", "curl 8"),
        ("", "another program"),
        ("<b>" * 200, "another program"),
    ],
)
def test_a_browser_is_named_as_people_call_it(told, name):
    assert formats.browser(told) == name


def test_the_first_of_a_month_is_an_ordinal_in_french_alone():
    first = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    with translation.override("fr"):
        assert formats.day(first) == "1er mars 2026"
        assert formats.instant(first) == "1er mars 2026 à 13:00"
        assert formats.dated("until 2026-03-01, not 2026-03-11") == (
            "until 1er mars 2026, not 11 mars 2026"
        )
    with translation.override("en"):
        assert "1er" not in formats.day(first)
        assert formats.instant(first) == "March 1, 2026, 13:00"


def test_the_filter_of_dates_says_them_as_everywhere():
    first = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    page = Template(
        '{{ at|date }}; {{ at|date:"DATETIME_FORMAT" }}; {{ at|date:"Y-m-d" }}; {{ no|date }}'
    )
    with translation.override("fr"):
        said = page.render(Context({"at": first, "no": None}))
    assert said == "1er mars 2026; 1er mars 2026 à 13:00; 2026-03-01; "
