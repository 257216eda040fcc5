"""The edition of the catalogue: a number that whoever writes raises first, and what is remembered of one edition.

What is asked again and again (which satellites have scenes and since when, how many match, how an item reads)
changes only when somebody writes. A trigger on each table that search reads (`catalogue.models.edition`) raises
the number before the first row of a statement; what was found out while nobody was writing is true until it is
raised again. Nothing has a lifetime, and no writer can forget to tell. See docs/adr/0044-editions.md.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from functools import cached_property
from threading import Lock
from typing import Any, Generic, TypeVar
from weakref import WeakSet

from django.db import connection

from catalogue.models.edition import SEQUENCE, TABLES

Value = TypeVar("Value")


class Edition:
    """The catalogue as it stood when its number was read; `is_sure` once it was read for this answer."""

    def __init__(self, number: int, *, is_sure: bool = True) -> None:
        self.number = number
        self.is_sure = is_sure

    def confirm(self, number: int) -> None:
        """Take the number that was read with the first statement of an answer. Raises Changed."""
        if number != self.number:
            raise Changed
        self.is_sure = True

    @cached_property
    def is_settled(self) -> bool:
        """Whether nobody was writing at that time or since: then what is found out from now on is of this edition.

        A writer raises the number before it holds back what it wrote, and keeps its lock until others can
        see it. So one who wrote under this number and is not seen yet is found here by the lock; one who
        comes after this question raises the number.
        """
        with connection.cursor() as cursor:
            cursor.execute(_WRITERS, [list(TABLES)])
            return not cursor.fetchone()[0]


class Memory(Generic[Value]):
    """What is remembered, of `most` questions at most: those asked last. Any thread may ask."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, tuple[int, Value]] = OrderedDict()
        self._lock = Lock()
        _ALL.add(self)

    def of(self, question: Hashable, edition: Edition, find: Callable[[], Value]) -> Value:
        """What is known, else what `find` finds: remembered if nobody was writing meanwhile."""
        known = self.known(question, edition)
        if known is not None:
            return known
        is_settled = edition.is_settled  # before it is looked up, not after
        found = find()
        if is_settled:
            self.keep(question, edition, found)
        return found

    def known(self, question: Hashable, edition: Edition) -> Value | None:
        return self.all_known([question], edition).get(question)

    def all_known(self, questions: Iterable[Hashable], edition: Edition) -> dict[Hashable, Value]:
        """What is known of them, by question."""
        found: dict[Hashable, Value] = {}
        with self._lock:
            for question in questions:
                entry = self._kept.get(question)
                if entry is not None and entry[0] == edition.number:
                    self._kept.move_to_end(question)
                    found[question] = entry[1]
        return found

    def keep(self, question: Hashable, edition: Edition, value: Value) -> None:
        """Of a settled edition: see `Edition.is_settled`, which was asked before the value was found."""
        with self._lock:
            self._kept[question] = edition.number, value
            self._kept.move_to_end(question)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()


class Changed(Exception):
    """Somebody wrote since the edition was read that an answer was begun with: it is begun again."""


def now() -> Edition:
    """The edition that is read from now on."""
    with connection.cursor() as cursor:
        cursor.execute(READ)
        _LAST[0] = cursor.fetchone()[0]
    return Edition(_LAST[0])


def last() -> Edition:
    """That which this process read last, to be confirmed with the first statement of the answer."""
    return Edition(_LAST[0], is_sure=False)


def forget() -> None:
    """Forget all, where rows came past the triggers: a test's, or what was put back from a copy."""
    for memory in _ALL:
        memory.forget()


READ = f"SELECT last_value FROM {SEQUENCE}"  # noqa: S608  a name of ours
_LAST = [0]
_ALL: "WeakSet[Memory[Any]]" = WeakSet()
_WRITERS = """
SELECT EXISTS (
  SELECT FROM pg_locks l
  WHERE l.locktype = 'relation' AND l.relation = ANY(%s::regclass[]::oid[])
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND l.mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
)
"""
