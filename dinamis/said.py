"""Sentences that are kept: told again in the language of whoever reads them, not of the worker that wrote.

A module whose sentences are kept takes its `_` from here instead of from Django:

    from dinamis.said import gettext as _

What it says then is a plain text to everybody, and knows besides of what it was made.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import translation


class Said(str):
    """A sentence in the language that was active, with its English words and what stands in them."""

    __slots__ = ("facts", "words")

    def __new__(cls, words: str, facts: Mapping[str, Any] | None = None) -> "Said":
        text = translation.gettext(words)
        made = super().__new__(cls, text if facts is None else text % facts)
        made.words, made.facts = words, facts
        return made

    def __mod__(self, facts: Any) -> "Said":
        return Said(self.words, facts)


def gettext(words: str) -> Said:
    """A sentence in the active language; `%` puts its facts in, by name."""
    return Said(words)


def joined(*parts: str) -> Said:
    """Several sentences in a row, as one."""
    facts = {f"part_{number}": part for number, part in enumerate(parts)}
    return Said(" ".join(f"%({name})s" for name in facts), facts)


def kept(sentence: object) -> dict[str, Any]:
    """What a JSON column keeps of a sentence; {} of a text that is told in one language only."""
    if not isinstance(sentence, Said):
        return {}
    if sentence.facts is None:
        return {"words": sentence.words}
    return {
        "words": sentence.words,
        "facts": {name: _plain(value) for name, value in sentence.facts.items()},
    }


def told(said: Mapping[str, Any] | None, text: str) -> str:
    """A kept sentence in the active language; `text` where nothing else was kept of it."""
    if not said:
        return text
    words = translation.gettext(said["words"])
    if "facts" not in said:
        return words
    return words % {name: _again(value) for name, value in said["facts"].items()}


def note_kept(code: str, path: str, sentence: str) -> dict[str, Any]:
    """A note about a file as JSON: the sentence as it was told, and `said`, what tells it again."""
    note = {"code": code, "path": path, "sentence": str(sentence)}
    return note | ({"said": said} if (said := kept(sentence)) else {})


def notes_told(notes: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Notes as they are shown: each with its sentence in the active language."""
    return [
        {
            "code": note["code"],
            "path": note["path"],
            "sentence": told(note.get("said"), _as_before(note["sentence"])),
        }
        for note in notes
    ]


def _as_before(sentence: str) -> str:
    """A note without `said`: of one in English without facts the French is known all the same."""
    return translation.gettext(sentence) if sentence else ""


def _plain(value: Any) -> Any:
    """A fact as JSON keeps it: a sentence in the sentence as one, figures as figures."""
    if isinstance(value, Said):
        return kept(value)
    return value if isinstance(value, int | float) else str(value)


def _again(value: Any) -> Any:
    return told(value, "") if isinstance(value, Mapping) else value
