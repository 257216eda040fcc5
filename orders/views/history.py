"""The history of a line in words: every step with who and when, and what comes next."""

from collections.abc import Iterable
from typing import Any

from orders.models import LineEvent
from orders.services.lines.reading import Turn
from orders.services.lines.telling import title_of

# Steps that the reader does not need beside the ones they follow from.
QUIET = {("supply", "prepare"), ("supply", "stop"), ("money", "hold")}
BAD = {"refuse", "withdraw", "lapse", "fail", "close", "attempt_missed", "attempt_cloudy"}


def timeline(events: Iterable[LineEvent], turn: Turn) -> list[dict[str, Any]]:
    """The events for components/timeline.html, oldest first; the reader's turn is the last."""
    shown = [_entry(event) for event in events if (event.life, event.step) not in QUIET]
    if turn.is_yours:
        shown.append({"title": turn.text, "kind": "you", "badge": turn.label})
    return shown


def _entry(event: LineEvent) -> dict[str, Any]:
    title = title_of(event)
    if event.reason:
        title = f"{title} : {event.reason_told}" if title else event.reason_told
    kind = "bad" if event.step in BAD else ("out" if event.life == "supply" else "")
    return {"title": title, "who": event.by_name, "at": event.at, "kind": kind}
