"""The entries of the menus, which each app adds for itself when it is ready."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from dinamis.counting import Rows, count_all


def everybody(request: HttpRequest) -> bool:
    """Show the entry to all."""
    return True


def signed_in(request: HttpRequest) -> bool:
    """Show the entry to people with a session."""
    return request.user.is_authenticated


Counted = int | Rows | list[Rows]
# What the header shows is counted together, whichever part of it is drawn first.
HEADER = ("main", "bell")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a menu: where it leads, who sees it, how many things wait there for the reader.

    `place` is "main" (the header), "bell" (beside the initials), "account" (under the initials),
    "search" (the header's search form, which sends `q`), "desk" (the desk's queues, under the heading
    `group`), "organisation" (the tabs of the referent's area) or "foot".
    `show` and `count` are asked once per request, however many entries share them, and must be cheap.
    A `count` that gives rows is counted together with those of the whole menu, in one query; what every
    page asks is best written once, as `dinamis.compiled.Keys`. The menu under the initials shows no counts.
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
    mine = _shown(request, (place,))
    counts = _counts(request, _shown(request, HEADER) if place in HEADER else mine)
    shown = [_link(request, entry, counts.get(entry.count, 0)) for entry in mine]
    groups = list(dict.fromkeys(str(link.group) for link in shown))
    shown.sort(key=lambda link: groups.index(str(link.group)))
    # /account/keys/ lies below /account/ too: only the closest entry is the current one.
    closest = max((len(link.url) for link in shown if link.current), default=0)
    return [replace(link, current=False) if len(link.url) < closest else link for link in shown]


def _shown(request: HttpRequest, places: tuple[str, ...]) -> list[Entry]:
    here = [entry for entry in _entries.values() if entry.place in places]
    here.sort(key=lambda entry: (entry.order, entry.name))
    return [entry for entry in here if _asked(request, entry.show)]


def _asked(request: HttpRequest, question: Callable[[HttpRequest], bool]) -> bool:
    """Ask a question that several entries share once for each request."""
    known: dict[Any, bool] = request.__dict__.setdefault("_menu_answers", {})
    if question not in known:
        known[question] = question(request)
    return known[question]


def _counts(request: HttpRequest, entries: list[Entry]) -> dict[Any, int]:
    """What each question of these entries counts; what this request has not counted yet in one query."""
    known: dict[Any, int] = request.__dict__.setdefault("_menu_counts", {})
    sets: list[Rows] = []
    owners: list[Any] = []
    for question in dict.fromkeys(entry.count for entry in entries if entry.count):
        if question in known:
            continue
        found = question(request)
        known[question] = found if isinstance(found, int) else 0
        if not isinstance(found, int):
            these = found if isinstance(found, list) else [found]
            sets += these
            owners += [question] * len(these)
    for question, number in zip(owners, count_all(sets), strict=True):
        known[question] += number
    return known


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
