"""How a question is written: its row, its history, the line that it hangs on. The caller holds the lock."""

from typing import Any

from django.utils import timezone

from dinamis.actors import Actor
from dinamis.lifecycle import advance
from orders.models import Line, Question, QuestionEvent
from orders.services.lines.history import note
from orders.states import QUESTION, QuestionState


def write(
    question: Question, step: str, *, by: Actor, answer: str = "", reason: str = ""
) -> QuestionEvent:
    """One line of a question's history."""
    return QuestionEvent.objects.create(
        question=question,
        step=step,
        answer=answer,
        reason=reason,
        at=timezone.now(),
        **by.columns(),
    )


def move(question: Question, step: str, *, by: Actor, key: str = "", reason: str = "") -> None:
    """One step of a question. Raises NotNow when it does not leave its state."""
    advance(question, QUESTION, step, at=timezone.now())
    question.answer = key
    question.save(update_fields=["state", "state_since", "due_at", "answer"])
    write(question, step, by=by, answer=key, reason=reason)


def free(
    line: Line, question: Question, step: str, *, by: Actor, key: str = "", reason: str = ""
) -> None:
    """One step of a question that was the line's turn: the line waits for nobody's answer any more."""
    move(question, step, by=by, key=key, reason=reason)
    line.asks, line.due_at, line.state_since = "", None, timezone.now()
    line.save(update_fields=["asks", "due_at", "state_since"])
    option = question.option(key) or {}
    said: dict[str, Any] = {"answer": option["label"]} if option else {}
    note(line, f"{step}_{question.kind}", by=by, reason=reason, **said)


def open_of(line: Line) -> Question | None:
    """The question that a line asks now, a proposed image aside; locked."""
    rows = Question.objects.select_for_update(of=("self",), no_key=True)
    return rows.filter(line=line, state=QuestionState.OPEN, acquisition=None).first()
