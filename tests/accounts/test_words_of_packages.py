"""The words of allauth in English: in sentence case, as ours are; French has its own."""

import re
from pathlib import Path

import allauth
import polib
import pytest
from django.utils import translation

THEIRS = Path(allauth.__file__).parent / "locale" / "en" / "LC_MESSAGES" / "django.po"
PLACES = re.compile(r"%\([^)]*\)s|<[^>]*>|\"[^\"]*\"")
NAMES = {"JavaScript", "OAuth", "OAuth1", "OAuth2"}


def capitals(words: str) -> list[str]:
    """The words that begin with a capital in the middle of a sentence, names aside."""
    found = []
    for sentence in re.split(r"(?<=[.?!:])\s+", PLACES.sub("", words)):
        inside = re.findall(r"[A-Za-z][A-Za-z'’]*", sentence)[1:]
        found += [one for one in inside if one[0].isupper() and not one.isupper()]
    return [one for one in found if one not in NAMES]


def test_every_heading_and_button_of_theirs_is_in_sentence_case():
    with translation.override("en"):
        told = [
            translation.pgettext(one.msgctxt, one.msgid)
            if one.msgctxt
            else translation.gettext(one.msgid)
            for one in polib.pofile(str(THEIRS))
            if len(one.msgid.split()) < 9
        ]
    assert len(told) > 100
    assert [one for one in told if capitals(one)] == []


def test_french_stays_theirs_or_ours():
    with translation.override("fr"):
        told = [translation.gettext(one) for one in ("Sign Up", "Remember Me")]
    assert told == ["Créer mon compte", "Se souvenir de moi"]


@pytest.mark.parametrize(
    ("page", "shown", "hidden"),
    [
        ("/accounts/signup/", ["Sign up", "E-mail address"], ["Sign Up"]),
        ("/accounts/login/", ["Sign in", "Remember me"], ["Sign In", "Remember Me"]),
        ("/accounts/password/reset/", ["Password reset", "Reset my password"], ["Reset My"]),
    ],
)
@pytest.mark.django_db
def test_the_pages_of_an_account_write_as_ours_do(client, page, shown, hidden):
    client.cookies["django_language"] = "en"
    text = client.get(page).content.decode()
    assert [one for one in shown if one not in text] == []
    assert [one for one in hidden if one in text] == []
