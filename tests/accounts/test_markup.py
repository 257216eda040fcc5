"""Texts of licences as HTML: what administrators write is read, never obeyed."""

import pytest

from accounts import markup


def test_plain_text_is_paragraphs_and_lines():
    assert (
        markup.html("One\ntwo\n\nThree", is_markdown=False) == "<p>One<br>two</p>\n\n<p>Three</p>"
    )


def test_headings_begin_below_those_of_the_page():
    read = markup.html("# Use\n\n#### Detail\n\n##### Deeper", is_markdown=True)
    assert read == "<h3>Use</h3>\n<h6>Detail</h6>\n<h6>Deeper</h6>\n"


def test_lists_and_stress_are_commonmark():
    read = markup.html("1. **All**\n2. *some*\n   - nested", is_markdown=True)
    assert "<li><strong>All</strong></li>" in read
    assert "<li><em>some</em>\n<ul>\n<li>nested</li>" in read


@pytest.mark.parametrize("is_markdown", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "<a href='javascript:alert(1)'>x</a>",
    ],
)
def test_html_is_shown_and_not_obeyed(text, is_markdown):
    read = markup.html(text, is_markdown=is_markdown)
    assert not any(tag in read for tag in ("<script", "<img", "<a "))
    assert "&lt;" in read


@pytest.mark.parametrize(
    "text",
    ["[x](javascript:alert(1))", "[x](data:text/html,1)", "![x](https://other.example/x.png)"],
)
def test_no_link_runs_code_and_no_picture_is_fetched(text):
    read = markup.html(text, is_markdown=True)
    assert 'href="javascript' not in read
    assert 'href="data' not in read
    assert "<img" not in read


def test_an_ordinary_link_is_a_link():
    read = markup.html("[the text](https://law.example/a?b=1&c=2)", is_markdown=True)
    assert read == '<p><a href="https://law.example/a?b=1&amp;c=2">the text</a></p>\n'
