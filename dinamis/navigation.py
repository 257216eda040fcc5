"""The entries of the menus, which each app adds for itself when it is ready."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse


def everybody(request: HttpRequest) -> bool:
    """Show the entry to all."""
    return True


def signed_in(request: HttpRequest) -> bool:
    """Show the entry to people with a session."""
    return request.user.is_authenticated


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a menu: where it leads, who sees it, how many things wait there for the reader.

    `place` is "main" (the header), "account" (under the initials), "search" (the header's search
    form, which sends `q`), "desk" (the desk's queues, under the heading `group`), "organisation" (the
    tabs of the referent's area) or "foot".
    `show` and `count` are asked once per request, however many entries share them, and must be cheap.
    """

    name: str
    url_name: str
    label: Any
    show: Callable[[HttpRequest], bool] = everybody
    count: Callable[[HttpRequest], int] | None = None
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
    shown = [_link(request, entry) for entry in here if _asked(request, entry.show)]
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


def _link(request: HttpRequest, entry: Entry) -> Link:
    url = reverse(entry.url_name, args=entry.arguments)
    return Link(
        name=entry.name,
        url=url,
        label=entry.label,
        count=_asked(request, entry.count) if entry.count else 0,
        current=request.path == url or (url != "/" and request.path.startswith(url)),
        icon=entry.icon,
        group=entry.group,
    )
