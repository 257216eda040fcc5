"""The trail: one view over the histories that each room keeps, told in the reader's words.

A room registers its histories in its `ready()`. A page of the trail takes the newest rows of each and
merges them by (instant, history, key), so that it costs the same on the first page and on the last.
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

PAGE = 50


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose trail: an organisation's or a person's. Exactly one of them."""

    organisation: Any = None
    person: Any = None

    def __post_init__(self) -> None:
        if (self.organisation is None) == (self.person is None):
            raise ValueError("a trail is of an organisation or of a person")


@dataclass(frozen=True, slots=True)
class History:
    """One history: `rows` gives those of a scope, `who` and `told` say a row in words.

    `names` and `words` are the lookups that a search goes through: people, and what is told.
    """

    name: str
    label: Any
    rows: Callable[[Scope], QuerySet[Any]]
    who: Callable[[Any], str]
    told: Callable[[Any], str]
    names: tuple[str, ...]
    words: tuple[str, ...]
    at: str = "at"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader looks for; everything may be left open. `since` and `until` are instants."""

    what: str = ""
    who: str = ""
    words: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the trail. `ip` is filled for administrators alone."""

    at: datetime
    history: str
    key: int
    label: Any
    who: str
    text: str
    ip: str = ""

    @property
    def cursor(self) -> str:
        """Where the next page begins: after this line."""
        return f"{self.at.isoformat()}~{self.history}~{self.key}"


_histories: dict[str, History] = {}


def register(history: History) -> None:
    """Add a history, or replace the one of the same name."""
    _histories[history.name] = history


def histories() -> list[History]:
    """In the order of their names, which is that of lines of one instant."""
    return sorted(_histories.values(), key=lambda history: history.name)


def lines(
    scope: Scope, asked: Asked, *, after: str = "", most: int = PAGE, with_address: bool = False
) -> list[Told]:
    """The newest lines after a cursor, at most so many; a cursor that is none begins at the top."""
    found = [
        _told(history, row, with_address=with_address)
        for history in histories()
        if asked.what in {"", history.name}
        for row in _rows(history, scope, asked, read_cursor(after))[:most]
    ]
    return heapq.nlargest(most, found, key=lambda line: (line.at, line.history, line.key))


def every(scope: Scope, asked: Asked, *, most: int, with_address: bool = False) -> Iterator[Told]:
    """Lines until there are no more, at most `most`, read a thousand at a time."""
    after, left = "", most
    while left > 0:
        found = lines(scope, asked, after=after, most=min(left, 1000), with_address=with_address)
        yield from found
        if not found:
            return
        after, left = found[-1].cursor, left - len(found)


def read_cursor(text: str) -> tuple[datetime, str, int] | None:
    try:
        at, name, key = text.split("~")
        instant = datetime.fromisoformat(at)
        return (instant, name, int(key)) if timezone.is_aware(instant) else None
    except ValueError:
        return None


def _rows(
    history: History, scope: Scope, asked: Asked, after: tuple[datetime, str, int] | None
) -> QuerySet[Any]:
    at = history.at
    floor = timezone.now() - settings.RETENTION["trail"]
    rows = history.rows(scope).filter(**{f"{at}__gte": max(asked.since or floor, floor)})
    if asked.until:
        rows = rows.filter(**{f"{at}__lt": asked.until})
    for words, lookups in ((asked.who, history.names), (asked.words, history.words)):
        if words:
            rows = rows.filter(_any(lookups, words))
    if after:
        instant, name, key = after
        rows = rows.filter(**{f"{at}__lte": instant})
        if history.name == name:
            rows = rows.filter(Q(**{f"{at}__lt": instant}) | Q(pk__lt=key))
        elif history.name > name:
            rows = rows.filter(**{f"{at}__lt": instant})
    return rows.order_by(f"-{at}", "-pk")


def _any(lookups: tuple[str, ...], words: str) -> Q:
    found = Q(pk__in=[])
    for lookup in lookups:
        found |= Q(**{f"{lookup}__icontains": words})
    return found


def _told(history: History, row: Any, *, with_address: bool) -> Told:
    return Told(
        at=getattr(row, history.at),
        history=history.name,
        key=row.pk,
        label=history.label,
        who=history.who(row),
        text=history.told(row),
        ip=(getattr(row, "ip", None) or "") if with_address else "",
    )


def said(about: Any, words: Any, reason: str = "") -> str:
    """What a line of a trail says: of what, what happened, and why where a reason was given."""
    text = _("%(about)s: %(words)s") % {"about": about, "words": words}
    return f"{text} — {reason}" if reason else text
