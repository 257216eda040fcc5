"""Free text (`q`): terms of which one is enough, each looked for in what is written of collections and satellites."""

import unicodedata
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from dinamis.errors import Malformed

MAX_TERMS = 20
MAX_TERM = 100  # characters
# Letters that are no accented ones, as people type them.
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})


def read(written: Any) -> tuple[str, ...]:
    """`"pleiades,spot 6"` or a list. Raises Malformed (search_wrong)."""
    if written in (None, "", []):
        return ()
    several = written.split(",") if isinstance(written, str) else written
    if not isinstance(several, list) or not all(isinstance(one, str) for one in several):
        raise _wrong()
    terms = tuple(dict.fromkeys(one.replace("\x00", "").strip() for one in several if one.strip()))
    if len(terms) > MAX_TERMS or any(len(term) > MAX_TERM for term in terms):
        raise _wrong()
    return terms


def holds(terms: Iterable[str], texts: Iterable[str]) -> bool:
    """Whether one of the terms stands in one of the texts, whatever their case and accents."""
    folded = [fold(text) for text in texts]
    return any(fold(term) in text for term in terms for text in folded)


def fold(text: str) -> str:
    """Without accents, case, and what stands between words: "SPOT-6" and "spot 6" are one."""
    bare = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    kept = (char if char.isalnum() else " " for char in bare if not unicodedata.combining(char))
    return " ".join("".join(kept).split())


def _wrong() -> Malformed:
    return Malformed(
        "search_wrong",
        _("“q” has at most %(limit)s terms of %(length)s characters.")
        % {"limit": MAX_TERMS, "length": MAX_TERM},
        field="q",
    )
