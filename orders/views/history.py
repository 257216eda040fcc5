"""The history of a line in words: every step with who and when, and what comes next."""

from collections.abc import Iterable, Sequence
from typing import Any

from orders.models import LineEvent
from orders.services.lines.coming import Coming
from orders.services.lines.reading import Turn
from orders.services.lines.telling import title_of

# Steps that the reader does not need beside the ones they follow from.
QUIET = {("supply", "prepare"), ("supply", "stop"), ("money", "hold")}
BAD = {"refuse", "withdraw", "lapse", "fail", "close", "attempt_missed", "attempt_cloudy"}


def timeline(
    events: Iterable[LineEvent], turn: Turn, to_come: Sequence[Coming] = ()
) -> list[dict[str, Any]]:
    """The events for components/timeline.html, oldest first, then what is to come.

    Where it is the reader's turn, that stands in the place of the step that is under way.
    """
    shown = [_entry(event) for event in events if (event.life, event.step) not in QUIET]
    if turn.is_yours:
        when = to_come[0].when if to_come else ""
        shown.append({"title": turn.text, "kind": "you", "badge": turn.label, "when": when})
        to_come = to_come[1:]
    return shown + [{"title": one.title, "kind": "next", "when": one.when} for one in to_come]


def _entry(event: LineEvent) -> dict[str, Any]:
    title = title_of(event)
    if event.reason:
        title = f"{title} : {event.reason_told}" if title else event.reason_told
    kind = "bad" if event.step in BAD else ("out" if event.life == "supply" else "")
    return {"title": title, "who": event.by_name, "at": event.at, "kind": kind}
