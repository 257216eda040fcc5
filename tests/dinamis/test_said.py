"""Sentences that are kept and told again in the language of their reader."""

import json

import pytest
from django.utils import translation

from dinamis import said
from dinamis.errors import Invalid
from dinamis.said import gettext as _

MISSING = "The image tile %(tile)s is missing."
FRENCH = "La tuile d’image a.tif manque."


def again(kept, language: str, text: str = "") -> str:
    """As it is told after it lay in the database."""
    with translation.override(language):
        return said.told(json.loads(json.dumps(kept)), text)


def test_what_was_said_in_one_language_is_told_in_the_other():
    with translation.override("fr"):
        sentence = _("The image tile %(tile)s is missing.") % {"tile": "a.tif"}
    assert sentence == FRENCH
    assert again(said.kept(sentence), "en") == "The image tile a.tif is missing."
    assert again(said.kept(sentence), "fr") == FRENCH


def test_a_sentence_within_a_sentence_and_figures_are_told_again_too():
    with translation.override("fr"):
        why = _("The image tile %(tile)s is missing.") % {"tile": "a.tif"}
        whole = _("%(reason)s The orbit stays unknown.") % {"reason": why}
        figures = _("The footprint covers %(found).1f km² where %(stated).1f km² are stated.")
        figures %= {"found": 12.34, "stated": 20.0}
    assert again(said.kept(whole), "en").startswith("The image tile a.tif is missing. The orbit")
    assert again(said.kept(figures), "en").startswith("The footprint covers 12.3 km² where 20.0")
    both = said.joined(why, "(time)")
    assert (both, again(said.kept(both), "en")) == (
        f"{FRENCH} (time)",
        "The image tile a.tif is missing. (time)",
    )


def test_a_per_cent_sign_of_a_sentence_without_facts_stays_itself():
    whole = _("No cloud figure is given: it is unknown, not 0 %.")
    assert again(said.kept(whole), "en") == "No cloud figure is given: it is unknown, not 0 %."


@pytest.mark.parametrize("text", ["Pas à nous.", "", MISSING])
def test_what_a_person_wrote_or_was_kept_before_stays_as_it_is(text):
    assert said.kept(text) == {}
    assert again({}, "en", text) == text


def test_a_refusal_carries_its_sentence_whole():
    with translation.override("fr"):
        refused = Invalid("missing_tile", _("The image tile %(tile)s is missing.") % {"tile": "b"})
    assert again(said.kept(refused.sentence), "en") == "The image tile b is missing."


def test_a_note_of_before_is_told_as_it_was_or_in_french_where_it_had_no_facts():
    old = [
        {"code": "a", "path": "x", "sentence": "Le fichier x manque."},
        {"code": "b", "path": "", "sentence": "No date of acquisition is given."},
        {"code": "c", "path": "", "sentence": ""},
    ]
    with translation.override("fr"):
        told = [note["sentence"] for note in said.notes_told(old)]
    assert told == ["Le fichier x manque.", "Aucune date de prise de vue n’est donnée.", ""]
