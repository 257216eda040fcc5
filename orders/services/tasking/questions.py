"""Questions to the requester of a line: a study's options, a quotation, a weather notice, an image.

One is open at a time. Each has a deadline and an answer for silence, both told when it is asked. What an
answer does besides being written down is `orders.services.tasking.answers`. Proposed images are asked
and answered by `acquisitions`, which keeps their question in step.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dinamis.actors import Actor
from dinamis.errors import Invalid, NotNow
from orders.models import Acquisition, Attempt, Line, Question
from orders.policies.questions import check_may_ask, check_may_take
from orders.services.lines.history import locked, note
from orders.services.tasking import answers
from orders.services.tasking.question_rows import free, move, write
from orders.states import QUESTION, AttemptState, QuestionState, Supply

MOST_OPTIONS = 9
WITH_SUPPLIER = frozenset({Supply.TO_PLACE, Supply.PLACED, Supply.ATTEMPTING})


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked. `options` are for a study only; the other kinds have theirs fixed.

    Of an option: `label`, and where it changes the request `ends_on` (ISO day), `max_cloud`,
    `max_incidence`. `facts` are told as they are: `class`, `chance`, `price_eur`, `reference`, `cloud`.
    """

    kind: str
    said: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    options: Sequence[Mapping[str, Any]] = ()
    silence: str = ""
    due_at: datetime | None = None
    attempt: Attempt | None = None


@transaction.atomic
def ask(line: Line, asked: Asked, *, by: Actor) -> Question:
    """Ask the requester; they are told. Without `due_at`, the rules' days from now.

    Raises NotNow (question_open: one at a time; not_with_supplier), Invalid (options, deadline).
    """
    line = locked(line)
    check_may_ask(by, line)
    if line.supply not in WITH_SUPPLIER:
        raise NotNow(
            "not_with_supplier",
            _("Nothing is asked about a line that is not being placed or attempted."),
            supply=line.supply,
        )
    rules = line.quote.rule_version.rules.tasking[line.sensor_id]
    now = timezone.now()
    due_at = asked.due_at or _usual_deadline(asked, now, days=rules.answer_days)
    options = answers.options_of(asked)
    silence = asked.silence or answers.SILENCES[asked.kind]
    _check(asked, line, options, silence=silence, due_at=due_at, now=now)
    _check_none_open(line)
    question = Question.objects.create(
        line=line,
        kind=asked.kind,
        attempt=asked.attempt,
        said=asked.said.strip(),
        facts=dict(asked.facts),
        options=options,
        silence=silence,
        asked_at=now,
        state_since=now,
        due_at=due_at,
    )
    write(question, "ask", by=by)
    line.asks, line.due_at = asked.kind, due_at
    line.state_since = now
    line.save(update_fields=["asks", "due_at", "state_since"])
    note(line, f"ask_{asked.kind}", by=by, reason=question.said, until=due_at.isoformat())
    return question


@transaction.atomic
def answer(question: Question, key: str, *, by: Actor, reason: str = "") -> Question:
    """Answer with one of its options, and do what the answer says.

    Raises Invalid (no such option), NotNow (answered already, too late), NotAllowed.
    """
    line, question = _both(question)
    if question.acquisition_id:
        raise Invalid("answered_elsewhere", _("A proposed image is accepted or refused."))
    _take(question, line, "answer", key=key, by=by, reason=reason)
    answers.act(question, line)
    return question


@transaction.atomic
def answer_for_silence(question: Question, *, by: Actor) -> Question:
    """Nobody answered: the question lapses, and what silence means is done."""
    line, question = _both(question)
    _take(question, line, "lapse", key=question.silence, by=by)
    answers.act(question, line)
    return question


@transaction.atomic
def take_back(question: Question, *, by: Actor, reason: str) -> Question:
    """The desk was wrong to ask, or the answer came another way."""
    line, question = _both(question)
    if not reason.strip():
        raise Invalid("reason_missing", _("Say why: the other side will read it."))
    _take(question, line, "take_back", key="", by=by, reason=reason)
    return question


# The question of a proposed image: the caller holds the line's lock, and has judged the actor.


def open_for(image: Acquisition, *, by: Actor) -> Question:
    """The question of an image that is being proposed."""
    now = timezone.now()
    _check_none_open(image.line)
    question = Question.objects.create(
        line=image.line,
        kind=Question.Kind.PROPOSAL,
        acquisition=image,
        options=answers.FIXED[Question.Kind.PROPOSAL],
        silence=image.silence,
        asked_at=now,
        state_since=now,
        due_at=image.due_at,
    )
    write(question, "ask", by=by)
    return question


def close_for(image: Acquisition, step: str, *, key: str, by: Actor, reason: str = "") -> None:
    """Keep the question of an image in step with what became of the image."""
    rows = Question.objects.select_for_update(of=("self",), no_key=True)
    question = rows.filter(acquisition=image, state=QuestionState.OPEN).first()
    if question is not None:
        move(question, step, by=by, key=key, reason=reason)


def _take(
    question: Question, line: Line, step: str, *, key: str, by: Actor, reason: str = ""
) -> None:
    check_may_take(by, step, question)
    QUESTION.check(step, question.state)
    if step == "answer" and question.option(key) is None:
        raise Invalid("answer_unknown", _("This answer is not one of those offered."), answer=key)
    free(line, question, step, by=by, key=key, reason=reason)


def _both(question: Question) -> tuple[Line, Question]:
    line = locked(question.line)
    rows = Question.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("attempt").get(pk=question.pk)
    found.line = line
    return line, found


def _check_none_open(line: Line) -> None:
    if Question.objects.filter(line=line, state=QuestionState.OPEN).exists():
        raise NotNow(
            "question_open",
            _("The requester is being asked something about this line already: one at a time."),
        )


def _usual_deadline(asked: Asked, now: datetime, *, days: int) -> datetime:
    """The rules' days; a weather notice is answered before the pass it speaks of."""
    if asked.kind == Question.Kind.WEATHER and asked.attempt is not None:
        return min(asked.attempt.planned_at, now + timedelta(days=days))
    return now + timedelta(days=days)


def _check(
    asked: Asked,
    line: Line,
    options: list[dict[str, Any]],
    *,
    silence: str,
    due_at: datetime,
    now: datetime,
) -> None:
    if due_at <= now:
        raise Invalid("deadline_past", _("The deadline must lie in the future."))
    if not 2 <= len(options) <= MOST_OPTIONS + 1:
        raise Invalid(
            "options_out_of_range",
            _("A study offers between 1 and %(most)s options.") % {"most": MOST_OPTIONS},
        )
    if silence not in {one["key"] for one in options}:
        raise Invalid("silence_unknown", _("Silence must mean one of the answers offered."))
    weather = asked.kind == Question.Kind.WEATHER
    if weather and (
        asked.attempt is None
        or asked.attempt.line_id != line.pk
        or asked.attempt.state != AttemptState.PLANNED
    ):
        raise Invalid("attempt_missing", _("A weather notice is about a planned attempt."))
