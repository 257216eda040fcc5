"""A pasted list of identifiers: cut into names, each once, whatever stands between them."""

import re

from django.utils.translation import gettext as _

MAX_IDENTIFIERS = 1000
_BETWEEN = re.compile(r"[\s,;|\"'“”«»]+")


def split(text: str) -> tuple[str, ...]:
    """Cut at blanks, commas, semicolons, bars and quotes; the same name twice is once."""
    once: dict[str, str] = {}
    for word in _BETWEEN.split(text):
        if word:
            once.setdefault(word.upper().removeprefix("DS_"), word[:120])
    return tuple(once.values())


def too_many_sentence() -> str:
    """What to say of a list over the limit."""
    return _("At most %(limit)s identifiers can be looked up at once.") % {"limit": MAX_IDENTIFIERS}
