"""What every template leans on: icons that exist, bars that add up, markup that is safe."""

import re

import pytest
from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
ICONS = settings.BASE_DIR / "node_modules" / "lucide-static" / "icons"


def draw(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def test_every_icon_named_in_a_template_exists():
    named = re.compile(r"{%\s*icon\s+\"([a-z0-9-]+)\"|icon=\"([a-z0-9-]+)\"")
    missing = {
        f"{path.name}: {name}"
        for path in TEMPLATES
        for pair in named.findall(path.read_text())
        for name in pair
        if name and not (ICONS / f"{name}.svg").is_file()
    }
    assert missing == set()


def test_every_template_can_be_read():
    for path in TEMPLATES:
        get_template(str(path.relative_to(settings.BASE_DIR / "templates")))


def test_no_template_holds_a_style_or_a_script_of_its_own():
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*(?:src=|application/json))")
    guilty = [
        path.name
        for path in TEMPLATES
        if not {"email", "documents"} & set(path.parts) and inline.search(path.read_text())
    ]
    assert guilty == []


def test_an_icon_that_does_not_exist_fails_the_tests():
    with pytest.raises(ValueError, match="no icon named"):
        draw('{% icon "no-such-thing" %}')


def test_an_identifier_breaks_after_underscores_and_stays_harmless():
    assert draw("{{ x|identifier }}", x="DS_PHR1A<b>") == "DS_<wbr>PHR1A&lt;b&gt;"


def test_a_bar_never_overflows_and_says_what_it_shows():
    drawn = draw('{% meter 1200 "588 used" used=588 held=100 now=900 left=True %}')
    widths = [float(width) for width in re.findall(r'width="([\d.]+)%"', drawn)]
    assert widths == [49.0, 8.33, 42.67, 0.0]
    assert 'aria-label="588 used"' in drawn
    assert "m-used" in draw("{% meter 0 used=0 %}")


def test_a_person_is_shown_by_two_letters():
    assert draw("{{ x|initials }}", x="marie-anne.curie@example.org") == "MC"
    assert draw("{{ x|initials }}", x="desk@example.org") == "DE"
