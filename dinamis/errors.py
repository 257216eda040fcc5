"""The ways a rule says no: a code and facts for programs, a status, a sentence for the reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class WayOn:
    """One thing the reader can do instead: a label and an address, already filled in."""

    label: str
    url: str


class Refused(Exception):
    """A rule says no. Caught in two places only: the page's middleware and the API's handler.

    `code` is a stable word for programs, `sentence` (lazy, translated) is for the reader, `ways_on`
    are offers, and any other keyword is a fact a program can use (`available=`, `required=`).
    """

    status = 400

    def __init__(
        self, code: str, sentence: Any, *, ways_on: Sequence[WayOn] = (), **details: Any
    ) -> None:
        super().__init__(code, str(sentence))
        self.code = code
        self.sentence = sentence
        self.ways_on = tuple(ways_on)
        self.details = details


class Malformed(Refused):
    """The question itself cannot be read (400), where a standard asks for that status."""


class Invalid(Refused):
    """What was sent does not say what it must (422)."""

    status = 422


class TooLarge(Refused):
    """What was sent is over a limit that is told (413)."""

    status = 413


class NotFound(Refused):
    """It does not exist, or not for this reader (404)."""

    status = 404


class NotAllowed(Refused):
    """It can be seen, and this person may not do this to it (403)."""

    status = 403


class NotNow(Refused):
    """It may be done, but not in the present state of things (409)."""

    status = 409


class Gone(Refused):
    """It was there and its time is over: a used or expired link (410)."""

    status = 410


class TooOften(Refused):
    """Asked too many times from the same place within a short while (429)."""

    status = 429
