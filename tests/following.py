"""Pairs of steps, walked once to where they part: the way there is long, what follows it is many."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db import transaction


def gathered(pairs: Iterable[tuple[str, ...]]) -> list[tuple]:
    """Return `(…, step, followings)` for the pairs `(…, step, following)`, in their order."""
    found: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for *way, following in pairs:
        found[tuple(way)].append(following)
    return [(*way, followings) for way, followings in found.items()]


def each_undone(followings: list[str]) -> Iterator[str]:
    """Give one after the other; what the body of the loop did in the database is undone each time."""
    for following in followings:
        with transaction.atomic():
            yield following
            transaction.set_rollback(True)
