"""One step of one life of a locked line: the history row, the column, the promise of a mail."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from dinamis.actors import Actor
from dinamis.compiled import Compiled
from dinamis.lifecycle import advance
from dinamis.outbox import after_commit
from dinamis.said import kept
from orders.emails.lines import TOLD
from orders.models import Line, LineEvent, Supplier
from orders.models.event import SAID
from orders.services.lines import programs
from orders.states import LINE_LIVES

# Every step of every line begins with it, so it is written once.
_locked = Compiled(
    lambda line: (
        Line.objects.select_for_update(of=("self",), no_key=True)
        .select_related(
            "order__organisation",
            "order__requester",
            "order__project",
            "quote__rule_version",
            "sensor",
            "scene",
        )
        .filter(pk=line)
    )
)


def locked(line: Line) -> Line:
    """The row as it is now, ours until the transaction ends."""
    for found in _locked(line.pk):
        return found
    raise Line.DoesNotExist


def move(
    line: Line,
    life: str,
    name: str,
    *,
    by: Actor,
    reason: str = "",
    due_at: datetime | None = None,
    changed: tuple[str, ...] = (),
    **facts: Any,
) -> LineEvent:
    """Take a step that its caller has already judged; `changed` names other columns to save with it.

    A step of the money leaves the line's clock alone: it is the sentence's, not the ledger's.
    """
    at = timezone.now()
    source = getattr(line, life)
    clock = (line.state_since, line.due_at)
    advance(line, LINE_LIVES[life], name, at=at, due_at=due_at, column=life)
    if life == "money":
        line.state_since, line.due_at = clock
    line.save(update_fields=[life, "state_since", "due_at", *changed])
    event = LineEvent.objects.create(
        line=line,
        life=life,
        step=name,
        source=source,
        target=getattr(line, life),
        reason=reason,
        facts=_facts(facts, reason),
        at=at,
        **by.columns(),
    )
    if (life, name) in TOLD:
        after_commit("orders.tasks.tell", event.pk)
    programs.tell(event)
    if life == "supply":
        _tell_supplier(line, name, event)
    return event


def _tell_supplier(line: Line, name: str, event: LineEvent) -> None:
    """Promise what a supplier that is asked by program must hear of this step."""
    if name == "prepare":
        if Supplier.objects.by_program().filter(places_by_itself=True).exists():
            after_commit("orders.tasks.send_by_itself", line.pk)
    elif (
        name in {"take_image", "leave_image"}
        and line.supplier_orders.filter(ended_at=None).exists()
    ):
        after_commit("orders.tasks.answer_supplier", event.pk)


def note(line: Line, name: str, *, by: Actor, reason: str = "", **facts: Any) -> LineEvent:
    """Write in the history something that moves no life: an attempt, an offer, a new quote."""
    event = LineEvent.objects.create(
        line=line,
        life=LineEvent.Life.NOTE,
        step=name,
        reason=reason,
        facts=_facts(facts, reason),
        at=timezone.now(),
        **by.columns(),
    )
    if ("note", name) in TOLD:
        after_commit("orders.tasks.tell", event.pk)
    return event


def _facts(facts: dict[str, Any], reason: str) -> dict[str, Any]:
    """What the history keeps beside the words: facts as text, and what tells the system's own reason."""
    said = kept(reason)
    return {key: str(value) for key, value in facts.items()} | ({SAID: said} if said else {})
