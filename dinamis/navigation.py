"""The entries of the menus, which each app adds for itself when it is ready."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from dinamis.counting import count_all


def everybody(request: HttpRequest) -> bool:
    """Show the entry to all."""
    return True


def signed_in(request: HttpRequest) -> bool:
    """Show the entry to people with a session."""
    return request.user.is_authenticated


Counted = int | QuerySet[Any] | list[QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a menu: where it leads, who sees it, how many things wait there for the reader.

    `place` is "main" (the header), "bell" (beside the initials), "account" (under the initials),
    "search" (the header's search form, which sends `q`), "desk" (the desk's queues, under the heading
    `group`), "organisation" (the tabs of the referent's area) or "foot".
    `show` and `count` are asked once per request, however many entries share them, and must be cheap.
    A `count` that gives querysets is counted together with those of the whole menu, in one query.
    """

    name: str
    url_name: str
    label: Any
    show: Callable[[HttpRequest], bool] = everybody
    count: Callable[[HttpRequest], Counted] | None = None
    order: int = 50
    place: str = "main"
    icon: str = ""
    group: Any = ""
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one reader sees it on one page."""

    name: str
    url: str
    label: Any
    count: int
    current: bool
    icon: str
    group: Any = ""


_entries: dict[str, Entry] = {}


def register(entry: Entry) -> None:
    """Add an entry, or replace the one of the same name."""
    _entries[entry.name] = entry


def links(request: HttpRequest, place: str) -> list[Link]:
    """Return the entries of a place that this reader may use, in order.

    A group stands together, where its first entry puts it: the rooms need not agree on numbers.
    """
    here = [entry for entry in _entries.values() if entry.place == place]
    here.sort(key=lambda entry: (entry.order, entry.name))
    mine = [entry for entry in here if _asked(request, entry.show)]
    counts = _counts(request, mine)
    shown = [_link(request, entry, counts[entry.name]) for entry in mine]
    groups = list(dict.fromkeys(str(link.group) for link in shown))
    shown.sort(key=lambda link: groups.index(str(link.group)))
    # /account/keys/ lies below /account/ too: only the closest entry is the current one.
    closest = max((len(link.url) for link in shown if link.current), default=0)
    return [replace(link, current=False) if len(link.url) < closest else link for link in shown]


def _asked(request: HttpRequest, question: Callable[[HttpRequest], Any]) -> Any:
    """Ask a question that several entries share once for each request."""
    known = request.__dict__.setdefault("_menu_answers", {})
    if question not in known:
        known[question] = question(request)
    return known[question]


def _counts(request: HttpRequest, entries: list[Entry]) -> dict[str, int]:
    """What waits at each entry, all querysets counted in one query."""
    totals, sets, owners = dict.fromkeys((entry.name for entry in entries), 0), [], []
    for entry in entries:
        found = _asked(request, entry.count) if entry.count else 0
        if isinstance(found, int):
            totals[entry.name] = found
            continue
        for one in [found] if isinstance(found, QuerySet) else found:
            sets.append(one)
            owners.append(entry.name)
    for name, number in zip(owners, count_all(sets), strict=True):
        totals[name] += number
    return totals


def _link(request: HttpRequest, entry: Entry, count: int) -> Link:
    url = reverse(entry.url_name, args=entry.arguments)
    return Link(
        name=entry.name,
        url=url,
        label=entry.label,
        count=count,
        current=request.path == url or (url != "/" and request.path.startswith(url)),
        icon=entry.icon,
        group=entry.group,
    )
