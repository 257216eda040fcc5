"""The place of a page in a list: after which scene it begins, so that no page is ever skipped."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_FORM = re.compile(r"([nu])\.(\d{1,9})\.(-?\d{1,18})\.(\d{1,18})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last scene already shown: its instant and number, and its usefulness (0 to 1,000,000).

    In the order of usefulness the page begins after (usefulness, instant, number), else after
    (instant, number), both downwards.
    """

    at: datetime
    pk: int
    useful: int | None = None

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """The cursor that `str` wrote; None for anything else."""
        found = _FORM.fullmatch(text)
        if found is None:
            return None
        kind, useful, microseconds, pk = found.groups()
        try:
            at = _EPOCH + timedelta(microseconds=int(microseconds))
        except OverflowError:
            return None
        return cls(at=at, pk=int(pk), useful=int(useful) if kind == "u" else None)

    def __str__(self) -> str:
        microseconds = (self.at - _EPOCH) // timedelta(microseconds=1)
        kind = "n" if self.useful is None else "u"
        return f"{kind}.{self.useful or 0}.{microseconds}.{self.pk}"
